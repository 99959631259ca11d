"""The rules, by what they judge. Each is a function from the document to findings."""

from . import caching, operations, policies, responses, schemas, security

ALL = [*operations.RULES, *security.RULES, *responses.RULES, *schemas.RULES, *policies.RULES, *caching.RULES]
