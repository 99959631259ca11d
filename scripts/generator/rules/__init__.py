"""The rules, by what they judge. Each is a function from the document to findings."""

from . import caching, idempotency, links, operations, policies, responses, schemas, security, selections, workflow

ALL = [
    rule
    for judges in (
        operations,
        security,
        responses,
        schemas,
        policies,
        caching,
        selections,
        idempotency,
        workflow,
        links,
    )
    for rule in judges.RULES
]
