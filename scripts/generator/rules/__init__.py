"""The rules, by what they judge. Each is a function from the document to findings."""

from . import caching, operations, policies, responses, schemas, security, selections

ALL = [
    rule
    for judges in (operations, security, responses, schemas, policies, caching, selections)
    for rule in judges.RULES
]
