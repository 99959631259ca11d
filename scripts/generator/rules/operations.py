"""Rules about operations: names, words, examples, parameters, bodies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from document import METHODS, SCHEMAS, Document, Finding, Operation, child, mapping, sequence

PATH_KEYS = {*METHODS, "parameters", "summary", "description"}
OPERATION_KEYS = {
    "operationId",
    "tags",
    "summary",
    "description",
    "security",
    "parameters",
    "requestBody",
    "responses",
    "deprecated",
}
MOST_PATH_PARAMETERS = 4
LIST_STYLES = {"query": "form", "path": "simple", "header": "simple"}
JSON_BODIES = {"application/json", "application/merge-patch+json"}
FORM_BODY = "application/x-www-form-urlencoded"


def version(document: Document) -> Iterator[Finding]:
    if not str(document.data.get("openapi", "")).startswith("3.0."):
        yield Finding("#/openapi", "the templates are for OpenAPI 3.0", "write 3.0.3")


def repeated_keys(document: Document) -> Iterator[Finding]:
    for pointer in document.repeated:
        yield Finding(pointer, "the key stands twice, and only the last would count", "keep one of them")


def references(document: Document) -> Iterator[Finding]:
    """A `$ref` that leads nowhere would let its response, parameter or example vanish silently."""
    todo = [("#", document.data)]
    while todo:
        here, value = todo.pop()
        if isinstance(value, list):
            todo.extend((child(here, index), item) for index, item in enumerate(value))
        for key, item in mapping(value).items():
            if key == "$ref":
                if not str(item).startswith("#/components/") or document.find(item) is None:
                    yield Finding(child(here, key), f"{item} leads nowhere", "name a component of this document")
            elif key not in ("example", "value"):
                todo.append((child(here, key), item))


def path_items(document: Document) -> Iterator[Finding]:
    for path, item in mapping(document.data.get("paths")).items():
        here = child("#/paths", path)
        for key in mapping(item):
            if key not in PATH_KEYS:
                mend = "leave it out; HEAD and OPTIONS are answered by themselves"
                yield Finding(child(here, key), f"`{key}` is not supported in a path", mend)


def keys(document: Document) -> Iterator[Finding]:
    for operation in document.operations():
        for key in operation.data:
            if key not in OPERATION_KEYS and not key.startswith("x-"):
                yield Finding(
                    child(operation.pointer, key), f"`{key}` is not supported in an operation", "leave it out"
                )


def names(document: Document) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for operation in document.operations():
        here = child(operation.pointer, "operationId")
        name = str(operation.data.get("operationId", ""))
        if not re.fullmatch("[a-z][A-Za-z0-9]*", name):
            yield Finding(here, "the operation has no lowerCamelCase name", "give it an operationId such as listOrders")
        elif name in seen:
            yield Finding(here, f"{name} is also the name of {seen[name]}", "give each operation a name of its own")
        seen.setdefault(name, operation.pointer)


def words(document: Document) -> Iterator[Finding]:
    declared = {mapping(tag).get("name") for tag in sequence(document.data.get("tags"))}
    for operation in document.operations():
        for key in ("summary", "description"):
            if not str(operation.data.get(key) or "").strip():
                yield Finding(child(operation.pointer, key), f"the operation has no {key}", "say what it does")
        tags = sequence(operation.data.get("tags"))
        here = child(operation.pointer, "tags")
        if len(tags) != 1:
            yield Finding(here, "the operation needs exactly one tag", "name the trait that it belongs to")
        for tag in tags:
            if tag not in declared:
                yield Finding(here, f"tag {tag} is not declared", "describe it under the root's tags")


def examples(document: Document) -> Iterator[Finding]:
    for operation in document.operations():
        holders = [document.body(operation)]
        holders += [(place, response) for _, _, place, response in document.responses(operation)]
        for place, holder in holders:
            for media_type, media in mapping(holder.get("content")).items():
                if not {"example", "examples"} & set(mapping(media)):
                    yield Finding(child(place, "content", media_type), "there is no example", "add one that is valid")


def parameters(document: Document) -> Iterator[Finding]:
    for operation in document.operations():
        seen: set[tuple[str, str]] = set()
        for place, parameter in operation.parameters:
            yield from _parameter(document, place, parameter)
            key = (str(parameter.get("in")), str(parameter.get("name")))
            if key in seen:
                yield Finding(place, f"the operation has two parameters {key[1]} in {key[0]}", "keep one")
            seen.add(key)
        yield from _path_template(operation)


def _parameter(document: Document, place: str, parameter: dict) -> Iterator[Finding]:
    location, name = parameter.get("in"), str(parameter.get("name"))
    if location not in LIST_STYLES:
        yield Finding(child(place, "in"), f"parameters in {location} are not supported", "use query, path or header")
        return
    if location == "query" and not re.fullmatch("[a-z][a-z0-9_]*", name):
        yield Finding(child(place, "name"), f"{name} is not in snake_case", "rename the parameter")
    if not parameter.get("description"):
        yield Finding(child(place, "description"), f"parameter {name} has no description", "say what it does")
    if parameter.get("style", LIST_STYLES[location]) != LIST_STYLES[location]:
        mend = f"leave it out: {LIST_STYLES[location]} is what is decoded"
        yield Finding(child(place, "style"), f"style {parameter['style']} is not supported", mend)
    for key in ("content", "allowReserved", "allowEmptyValue", "deprecated", "examples"):
        if key in parameter:
            yield Finding(child(place, key), f"`{key}` is not supported in a parameter", "leave it out")
    if "schema" not in parameter:
        yield Finding(child(place, "schema"), f"parameter {name} has no schema", "give it one")
    _, schema = document.resolve(child(place, "schema"), parameter.get("schema"))
    if schema.get("type") == "object" or schema.get("nullable"):
        mend = "use a scalar or an array of scalars"
        yield Finding(child(place, "schema"), "a parameter can be neither an object nor null", mend)


def _path_template(operation: Operation) -> Iterator[Finding]:
    wanted = set(re.findall(r"\{([^}]*)\}", operation.path))
    given = {p["name"] for _, p in operation.parameters if p.get("in") == "path" and p.get("required") is True}
    if wanted != given:
        odd = ", ".join(sorted(wanted ^ given))
        mend = "declare each with `in: path` and `required: true`, and no other"
        yield Finding(operation.pointer, f"path and path parameters differ in: {odd}", mend)
    if len(wanted) > MOST_PATH_PARAMETERS:
        mend = f"at most {MOST_PATH_PARAMETERS} are supported (contract/src/route.rs)"
        yield Finding(operation.pointer, f"the path has {len(wanted)} parameters", mend)


def bodies(document: Document) -> Iterator[Finding]:
    for operation in document.operations():
        if "requestBody" not in operation.data:
            continue
        place, body = document.body(operation)
        if operation.method in ("get", "delete"):
            yield Finding(place, f"{operation.method.upper()} takes no body", "use parameters, or another method")
        types = set(mapping(body.get("content")))
        if not types or not (types <= JSON_BODIES or types == {FORM_BODY}):
            mend = f"use {', '.join(sorted(JSON_BODIES))}, or {FORM_BODY} alone"
            yield Finding(child(place, "content"), "these body media types are not supported together", mend)
        schemas = list(document.content_schemas(place, body))
        if len({mapping(schema).get("$ref") for _, schema in schemas}) > 1:
            yield Finding(
                child(place, "content"), "the media types have different schemas", "use the same $ref in each"
            )
        if types == {FORM_BODY}:
            for at, schema in schemas:
                yield from _form(document, at, schema)


def _form(document: Document, at: str, schema: object) -> Iterator[Finding]:
    place, schema = document.resolve(at, schema)
    for name, member in mapping(schema.get("properties")).items():
        if "$ref" in mapping(member) or set(mapping(member)) & {"enum", "nullable"} or member.get("type") != "string":
            here = child(place, "properties", name)
            yield Finding(here, f"form member {name} is no plain string", "make it one; clients send forms as text")


def body_is_named(document: Document) -> Iterator[Finding]:
    for operation in document.operations():
        holders = [document.body(operation)]
        holders += [(place, response) for _, _, place, response in document.responses(operation)]
        for place, holder in holders:
            for media_type, media in mapping(holder.get("content")).items():
                schema = mapping(mapping(media).get("schema"))
                if not str(schema.get("$ref", "")).startswith(SCHEMAS):
                    here = child(place, "content", media_type, "schema")
                    yield Finding(
                        here, "the body is no named schema", "write it under components/schemas and refer to it"
                    )


RULES = [
    version,
    repeated_keys,
    references,
    path_items,
    keys,
    names,
    words,
    examples,
    parameters,
    bodies,
    body_is_named,
]
