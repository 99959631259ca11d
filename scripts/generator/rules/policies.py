"""Rules about the extensions that carry policy: each is known, well formed and names only what is declared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from document import METHODS, Document, Finding, Operation, child, mapping, sequence

from .security import declared_scopes, roles

OPERATION = rf"#/paths/[^/]+/({'|'.join(METHODS)})"
RESPONSE = rf"(#/components/responses/[^/]+|{OPERATION}/responses/[^/]+)"
EXTENSIONS = {
    "x-rate-limit-policies": "#",
    "x-body-limit": rf"(#|{OPERATION})",
    "x-problems": "#",
    "x-rate-limit": OPERATION,
    "x-resources": "#",
    "x-owner": OPERATION,
    "x-cache": OPERATION,
    "x-invalidates": OPERATION,
    "x-exclusive": r"#/components/parameters/[^/]+",
    "x-idempotent": OPERATION,
    "x-workflow": "#/components/schemas/[^/]+",
    "x-oauth-errors": OPERATION,
    "x-deprecated-at": OPERATION,
    "x-sunset-at": OPERATION,
    "x-codes": RESPONSE,
    "x-role-scopes": "#/components/securitySchemes/[^/]+",
    "x-enum-varnames": "#/components/schemas/[^/]+",
    "x-needs": "#/components/schemas/[^/]+/properties/[^/]+",
    "x-rule": "#/components/schemas/[^/]+/properties/[^/]+",
    "x-requires": "#/components/schemas/[^/]+/properties/[^/]+",
}


def extensions(document: Document) -> Iterator[Finding]:
    """An unknown extension is a policy that nobody would keep."""
    todo: list[tuple[str, Any]] = [("#", document.data)]
    while todo:
        here, value = todo.pop()
        if isinstance(value, list):
            todo.extend((child(here, index), item) for index, item in enumerate(value))
        for key, item in mapping(value).items():
            names_only = here.endswith(("/properties", "/headers", "/content", "/x-problems", "/scopes"))
            if key.startswith("x-") and not names_only:
                if not re.fullmatch(EXTENSIONS.get(key, "-"), here):
                    mend = "mind the spelling and the place; known are " + ", ".join(EXTENSIONS)
                    yield Finding(child(here, key), f"extension {key} is not known here", mend)
            elif key not in ("example", "examples", "default", "enum"):
                todo.append((child(here, key), item))


def rate_limit_policies(document: Document) -> Iterator[Finding]:
    audiences = {"anonymous", *roles(document)}
    policies = mapping(document.data.get("x-rate-limit-policies"))
    if "default" not in policies:
        mend = "declare it: operations without x-rate-limit use it"
        yield Finding("#/x-rate-limit-policies", "there is no policy `default`", mend)
    for name, policy in policies.items():
        here = child("#/x-rate-limit-policies", name)
        for key in {"window_seconds", *audiences}:
            if type(mapping(policy).get(key)) is not int or policy[key] < 1:
                yield Finding(child(here, key), f"{name} does not say {key}", "write a whole number above 0")
        for key in set(mapping(policy)) - {"window_seconds", "partition", "by"} - audiences:
            yield Finding(child(here, key), f"{key} is no audience", "use anonymous and the roles")


def rate_limits(document: Document) -> Iterator[Finding]:
    policies = mapping(document.data.get("x-rate-limit-policies"))
    for operation in document.operations():
        here = child(operation.pointer, "x-rate-limit")
        if not isinstance(operation.data.get("x-rate-limit", []), list):
            yield Finding(here, "x-rate-limit is no list", "list the policies, as in [default]")
        for name in sequence(operation.data.get("x-rate-limit")):
            if name not in policies:
                yield Finding(here, f"policy {name} is not declared", "declare it under x-rate-limit-policies")
                continue
            member = mapping(policies[name]).get("partition")
            if member is not None and member not in body_members(document, operation):
                mend = "name a string member of the body in `partition`, or use another policy"
                yield Finding(here, f"{name} counts by {member}, which the body does not have", mend)


def body_members(document: Document, operation: Operation) -> dict[str, bool]:
    """The string members of the request body, and whether each is required."""
    for place, schema in document.content_schemas(*document.body(operation)):
        _, schema = document.resolve(place, schema)
        return {
            name: name in sequence(schema.get("required"))
            for name, member in mapping(schema.get("properties")).items()
            if mapping(member).get("type") == "string"
        }
    return {}


def owners(document: Document) -> Iterator[Finding]:
    scopes = declared_scopes(document)
    known = sequence(document.data.get("x-resources"))
    for operation in document.operations():
        if "x-owner" not in operation.data:
            continue
        here, owner = child(operation.pointer, "x-owner"), mapping(operation.data["x-owner"])
        if len({"parameter", "resource"} & set(owner)) != 1 or set(owner) - {"parameter", "resource", "lifted_by"}:
            yield Finding(here, "not one owner", "write {parameter: …} or {resource: …}, with lifted_by")
        if "parameter" in owner and operation.parameter("path", owner["parameter"]) is None:
            mend = "name a path parameter of this operation"
            yield Finding(child(here, "parameter"), f"{owner['parameter']} is not declared", mend)
        if "resource" in owner and owner["resource"] not in known:
            yield Finding(child(here, "resource"), f"{owner['resource']} is no resource", "name it in x-resources")
        if not isinstance(owner.get("lifted_by"), list):
            yield Finding(child(here, "lifted_by"), "nothing says who reaches others' things", "list scopes, or []")
        for scope in sequence(owner.get("lifted_by")):
            if scope not in scopes:
                yield Finding(child(here, "lifted_by"), f"scope {scope} is not declared", "declare it in the flows")
        security = operation.data.get("security")
        if security == [] or {} in sequence(security):
            yield Finding(here, "an owner, but anonymous callers", "ask for credentials")


def flags(document: Document) -> Iterator[Finding]:
    for operation in document.operations():
        for key in ("x-idempotent", "x-oauth-errors", "deprecated"):
            if not isinstance(operation.data.get(key, False), bool):
                yield Finding(
                    child(operation.pointer, key), f"{key} is neither true nor false", "write true, or nothing"
                )
        if operation.data.get("x-idempotent") and operation.method != "post":
            yield Finding(child(operation.pointer, "x-idempotent"), "only POST needs keys", "leave it out")
        codes = {c for _, _, _, r in document.responses(operation) for c in sequence(r.get("x-codes"))}
        if operation.data.get("x-oauth-errors") and "invalid_request" not in codes:
            mend = "list a 400 with invalid_request (RFC 6749, section 5.2)"
            yield Finding(child(operation.pointer, "x-oauth-errors"), "no answer to invalid input", mend)


def body_limits(document: Document) -> Iterator[Finding]:
    if "x-body-limit" not in document.data:
        yield Finding("#/x-body-limit", "bodies have no limit", "write the largest number of bytes")
    holders = [("#", document.data), *((o.pointer, o.data) for o in document.operations())]
    for pointer, holder in holders:
        limit = holder.get("x-body-limit", 1)
        if type(limit) is not int or limit < 1:
            yield Finding(
                child(pointer, "x-body-limit"), f"{limit} is no number of bytes", "write a whole number above 0"
            )


def retirement(document: Document) -> Iterator[Finding]:
    for operation in document.operations():
        dates = {key: operation.data.get(key) for key in ("x-deprecated-at", "x-sunset-at")}
        if not operation.data.get("deprecated"):
            for key, value in dates.items():
                if value is not None:
                    yield Finding(
                        child(operation.pointer, key), f"{key} on what is not deprecated", "add `deprecated: true`"
                    )
            continue
        moments = {key: moment(value) for key, value in dates.items()}
        for key, value in moments.items():
            if value is None:
                mend = "write an RFC 3339 time such as 2027-01-31T00:00:00Z"
                yield Finding(child(operation.pointer, key), f"deprecated without {key}", mend)
        if None not in moments.values() and moments["x-deprecated-at"] >= moments["x-sunset-at"]:
            yield Finding(child(operation.pointer, "x-sunset-at"), "it ends before it is deprecated", "mend the dates")


def moment(value: Any) -> int | None:
    """Unix seconds of an RFC 3339 time, or None."""
    try:
        parsed = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return int(parsed.timestamp()) if parsed.tzinfo else None


RULES = [extensions, rate_limit_policies, rate_limits, owners, flags, body_limits, retirement]
