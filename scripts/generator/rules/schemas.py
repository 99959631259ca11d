"""Rules about schemas: what the templates and the generated clients can carry, and that requests are bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from document import SCHEMAS, Document, Finding, child, children, mapping, sequence

SUPPORTED = {
    "$ref",
    "type",
    "format",
    "title",
    "description",
    "example",
    "default",
    "deprecated",
    "nullable",
    "enum",
    "x-enum-varnames",
    "properties",
    "required",
    "additionalProperties",
    "minProperties",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
}
INSTEAD = {
    "oneOf": "write one schema with optional members",
    "anyOf": "write one schema with optional members",
    "allOf": "write the members out",
    "discriminator": "write one schema with a plain string that tells the kinds apart",
    "readOnly": "use separate schemas for requests and answers",
    "writeOnly": "use separate schemas for requests and answers",
    "exclusiveMinimum": "write the next higher minimum",
    "exclusiveMaximum": "write the next lower maximum",
}
FORMATS = {
    "string": {"uuid", "date-time", "email", "uri", "password"},
    "integer": {"int32", "int64"},
}
TYPES = {"string", "integer", "boolean", "object", "array"}
CHARACTERS = ("upper_case_letter", "lower_case_letter", "digit")
# Rules that the program keeps, and the format that each is about.
KEPT_RULES = {"uncommon": "password", "future": "date-time"}
SELF_BOUNDED = {"uuid", "date-time"}
ON_NULLABLE = {"enum", "pattern", "minLength", "minItems", "minimum", "maximum"}


def inline(document: Document) -> Iterator[Finding]:
    for place, schema, named in document.schemas():
        if named:
            continue
        if "enum" in schema:
            yield Finding(place, "an enum without a name", "write it under components/schemas and refer to it")
        elif schema.get("type") == "object" or "properties" in schema:
            yield Finding(place, "an object without a name", "write it under components/schemas and refer to it")


def keywords(document: Document) -> Iterator[Finding]:
    for place, schema, _ in document.schemas():
        for key in schema:
            if key not in SUPPORTED and not key.startswith("x-"):
                mend = INSTEAD.get(key, "leave it out")
                yield Finding(child(place, key), f"`{key}` is not supported in a schema", mend)
        if "$ref" in schema:
            if len(schema) > 1:
                mend = "leave them out: OpenAPI 3.0 ignores what stands beside $ref"
                yield Finding(place, f"{', '.join(sorted(set(schema) - {'$ref'}))} beside $ref", mend)
            if not str(schema["$ref"]).startswith(SCHEMAS):
                yield Finding(child(place, "$ref"), "a schema that is no component", f"refer to {SCHEMAS}…")


def types(document: Document) -> Iterator[Finding]:
    for place, schema, _ in document.schemas():
        if "$ref" in schema:
            continue
        kind = schema.get("type")
        here = child(place, "type")
        if kind == "number":
            yield Finding(here, "`number` is not supported", "use an integer in a smaller unit, or text")
        elif kind not in TYPES:
            yield Finding(here, f"type {kind} is not supported", f"use one of {', '.join(sorted(TYPES))}")
        form = schema.get("format")
        if form is not None and form not in FORMATS.get(str(kind), set()):
            yield Finding(child(place, "format"), f"format {form} of {kind} is not supported", _formats(str(kind)))
        if kind == "integer" and form is None:
            yield Finding(place, "an integer without a format", "say int32 or int64")
        if kind == "array" and "items" not in schema:
            yield Finding(place, "an array of anything", "say what it holds with `items`")
        for bound in ("minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "minProperties"):
            if bound in schema and type(schema[bound]) is not int:
                yield Finding(child(place, bound), f"{bound} is no whole number", "write one")


def _formats(kind: str) -> str:
    known = ", ".join(sorted(FORMATS.get(kind, set())))
    return f"use one of {known}" if known else "leave it out"


def patterns(document: Document) -> Iterator[Finding]:
    for place, schema, _ in document.schemas():
        if "pattern" not in schema:
            continue
        here, text = child(place, "pattern"), str(schema["pattern"])
        if re.search(r"\(\?(?!:)", text):
            yield Finding(
                here, "look-around or flags in a pattern", "Rust's regex and the clients cannot; write it without"
            )
        elif re.search(r"\\(?!s|x[0-9a-f]{2})[A-Za-z0-9]", text):
            # `\s` is let through: which blanks beyond ASCII it knows makes a client more lenient, never stricter.
            yield Finding(here, "an escape that languages read differently", "write the characters out: [0-9], not \\d")
        else:
            try:
                re.compile(text)
            except re.error as error:
                yield Finding(here, f"the pattern does not compile: {error}", "mend it")


def needs(document: Document) -> Iterator[Finding]:
    for place, schema, _ in document.schemas():
        if "x-needs" not in schema:
            continue
        here = child(place, "x-needs")
        if schema.get("type") != "string":
            yield Finding(here, "only text is made of characters", "leave it out")
        for kind in set(map(str, sequence(schema["x-needs"]))) - set(CHARACTERS):
            yield Finding(here, f"{kind} is no kind of character", f"use some of {', '.join(CHARACTERS)}")


def kept_rules(document: Document) -> Iterator[Finding]:
    """Rules that the program keeps and the decoder only knows of."""
    for place, schema, _ in document.schemas():
        if "x-rule" not in schema:
            continue
        here, rule = child(place, "x-rule"), schema["x-rule"]
        if rule not in KEPT_RULES:
            yield Finding(here, f"{rule} is no rule", f"use one of {', '.join(KEPT_RULES)}")
        elif schema.get("type") != "string" or schema.get("format") != KEPT_RULES[rule]:
            yield Finding(here, f"{rule} is about text of the format {KEPT_RULES[rule]}", "leave it out")


def requirements(document: Document) -> Iterator[Finding]:
    """Members of a form that a value of another one asks for."""
    forms = open_forms(document)
    for place, schema, _ in document.schemas():
        members = mapping(schema.get("properties"))
        for name, member in members.items():
            if "x-requires" not in mapping(member):
                continue
            here = child(place, "properties", name, "x-requires")
            if place not in forms:
                yield Finding(here, "only forms of OAuth are judged by it", "write a schema for each kind of request")
            if member.get("type") != "string":
                yield Finding(here, "only text has values to go by", "leave it out")
            for value, others in mapping(member["x-requires"]).items():
                for other in sequence(others):
                    if other not in members:
                        yield Finding(child(here, value), f"{other} is not described", "describe it, or drop it")
                    elif other in sequence(schema.get("required")):
                        yield Finding(child(here, value), f"{other} is required anyway", "leave it out")


def open_forms(document: Document) -> set[str]:
    """Forms of OAuth, which may hold more than is known here (RFC 6749, section 3.2)."""
    operations = [operation for operation in document.operations() if operation.data.get("x-oauth-errors")]
    return {
        document.resolve(*schema)[0]
        for operation in operations
        for schema in document.content_schemas(*document.body(operation))
    }


def nullables(document: Document) -> Iterator[Finding]:
    answers = document.reachable(document.answer_schemas())
    for place, schema, named in document.schemas():
        if not schema.get("nullable"):
            continue
        if named:
            mend = "let the members that refer to it decide, or write the type out there"
            yield Finding(child(place, "nullable"), "a named schema that is nullable", mend)
        banned = ON_NULLABLE | ({"maxLength", "maxItems"} if place in answers else set())
        for key in sorted(banned & set(schema)):
            mend = "leave it out: clients check it against null; judge it in the service"
            yield Finding(child(place, key), f"{key} on a nullable", mend)


def objects(document: Document) -> Iterator[Finding]:
    requests = document.reachable(document.request_schemas())
    answers = document.reachable(document.answer_schemas())
    forms = open_forms(document)
    for place, schema, _ in document.schemas():
        if schema.get("type") != "object":
            continue
        extra = schema.get("additionalProperties")
        here = child(place, "additionalProperties")
        if isinstance(extra, dict):
            yield Finding(here, "maps are not supported", "name the members, or use an array of key and value")
        elif place in forms:
            if extra is not True:
                mend = "write `additionalProperties: true`: RFC 6749, section 3.2"
                yield Finding(here, "a form of OAuth that refuses unknown members", mend)
        elif place in requests and extra is not False:
            yield Finding(here, "a request that takes unknown members", "write `additionalProperties: false`")
        elif place in answers and extra is not True:
            mend = "write `additionalProperties: true`, so that answers may grow"
            yield Finding(here, "an answer that can never grow", mend)
        for name in sequence(schema.get("required")):
            if name not in mapping(schema.get("properties")):
                yield Finding(
                    child(place, "required"), f"{name} is required but not described", "describe it, or drop it"
                )
        for name in mapping(schema.get("properties")):
            if not re.fullmatch("[a-z][a-z0-9_]*", name):
                yield Finding(child(place, "properties", name), f"{name} is not in snake_case", "rename the member")


def both_ways(document: Document) -> Iterator[Finding]:
    """One object can be strict for requests or open for answers, not both."""
    answers = document.reachable(document.answer_schemas())
    for place, schema in document.reachable(document.request_schemas()).items():
        if place in answers and schema.get("type") == "object":
            yield Finding(place, "an object both of requests and of answers", "write one schema for each")


def recursion(document: Document) -> Iterator[Finding]:
    for name in document.component("schemas"):
        place = SCHEMAS + name
        inner = iter(list(children(place, mapping(document.find(place)))))
        if place in document.reachable(inner):
            yield Finding(place, f"{name} contains itself", "break the circle with an id")


def bounds(document: Document) -> Iterator[Finding]:
    for place, schema in sorted(document.reachable(document.request_schemas()).items()):
        kind = schema.get("type")
        if kind == "string" and not ({"enum", "maxLength"} & set(schema) or schema.get("format") in SELF_BOUNDED):
            yield Finding(place, "text of any length in a request", "add maxLength")
        if kind == "array" and "maxItems" not in schema:
            yield Finding(place, "an array of any length in a request", "add maxItems")
        if kind == "integer" and not {"minimum", "maximum"} <= set(schema):
            yield Finding(place, "a number of any size in a request", "add minimum and maximum")


def enums(document: Document) -> Iterator[Finding]:
    """Go puts every enum value into one package, so that constants must differ over all enums and types."""
    seen = {name: f"schema {name}" for name in document.component("schemas")}
    answers = document.reachable(document.answer_schemas())
    for name, schema in document.component("schemas").items():
        place, values = SCHEMAS + name, sequence(mapping(schema).get("enum"))
        if not values:
            continue
        if place in answers:
            mend = "answer a plain string, so that a new value breaks no client"
            yield Finding(place, "an enum in an answer", mend)
        if mapping(schema).get("type") != "string":
            yield Finding(place, "an enum that is no text", "use strings")
        constants = sequence(schema.get("x-enum-varnames"))
        if constants and len(constants) != len(values):
            yield Finding(child(place, "x-enum-varnames"), "names and values differ in number", "name each value once")
        for constant in constants or [_constant(value) for value in values]:
            if constant in seen:
                mend = "name the values with x-enum-varnames so that they differ everywhere"
                yield Finding(child(place, "enum"), f"{constant} is taken by {seen[constant]}", mend)
            seen.setdefault(constant, f"enum {name}")


def _constant(value: Any) -> str:
    return re.sub("[^A-Z0-9]+", "_", str(value).upper())


RULES = [
    inline, keywords, types, patterns, needs, kept_rules, requirements, nullables, objects, both_ways, recursion, bounds, enums,
]
