"""Rules about what callers choose: members of an answer (`fields`), and parameters that exclude each other."""

from __future__ import annotations

from collections.abc import Iterator

from document import SCHEMAS, Document, Finding, Operation, child, mapping

JSON = "application/json"
SELECTION = "application/vnd.shopkeeper.selection+json"
FIELDS = "fields"
# As many as the runtime's choice can hold.
MOST_MEMBERS = 64


def selections(document: Document) -> Iterator[Finding]:
    """`fields` and the media type of its answers come together, or typed clients would miss members."""
    for operation in document.operations():
        chooses = operation.parameter("query", FIELDS) is not None
        for status, used, place, response in document.responses(operation):
            selected = child(place, "content", SELECTION)
            is_there = SELECTION in mapping(response.get("content"))
            if is_there and not (chooses and status == "200"):
                mend = "leave it out, or list the parameter `fields` on a read that answers 200"
                yield Finding(selected, "a selection that nobody can ask for", mend)
            elif chooses and status == "200" and not is_there:
                yield Finding(used, f"`fields`, but no answer in {SELECTION}", "list it beside the full answer")
        if chooses:
            yield from _chosen(document, operation)


def _chosen(document: Document, operation: Operation) -> Iterator[Finding]:
    if operation.method != "get":
        yield Finding(operation.pointer, "`fields` on what is no read", "leave it out")
    parameter = operation.parameter("query", FIELDS)
    _, schema = document.resolve("", mapping(parameter).get("schema"))
    if schema.get("type") != "string":
        yield Finding(operation.pointer, "`fields` is no text", "make it a string of names")
    for status, _, place, response in document.responses(operation):
        content = mapping(response.get("content"))
        if status == "200":
            full = child(place, "content", JSON, "schema")
            names, listed = selectable(document, full, mapping(content.get(JSON)).get("schema"))
            if not 1 <= len(names) <= MOST_MEMBERS:
                mend = f"answer an object, or a page of objects, with 1 to {MOST_MEMBERS} members"
                yield Finding(full, f"`fields` has {len(names)} names to choose from", mend)
            wanted = SCHEMAS + ("SelectionPage" if listed else "Selection")
            used = mapping(mapping(content.get(SELECTION)).get("schema")).get("$ref")
            if SELECTION in content and used != wanted:
                here = child(place, "content", SELECTION, "schema")
                yield Finding(here, f"a selection of this answer is no {used}", f"refer to {wanted}")


def selectable(document: Document, place: str, schema: object) -> tuple[list[str], bool]:
    """The names to choose from, and whether they are those of a page's entries."""
    _, answer = document.resolve(place, schema)
    members = mapping(answer.get("properties"))
    listed = {"data", "pagination"} <= set(members)
    if listed:
        _, entries = document.resolve(place, members["data"])
        _, entry = document.resolve(place, entries.get("items"))
        members = mapping(entry.get("properties"))
    return list(members), listed


def exclusions(document: Document) -> Iterator[Finding]:
    for operation in document.operations():
        groups: dict[str, list[str]] = {}
        for place, parameter in operation.parameters:
            group = parameter.get("x-exclusive")
            if group is None:
                continue
            groups.setdefault(str(group), []).append(place)
            if parameter.get("in") != "query":
                yield Finding(child(place, "x-exclusive"), "only query parameters can exclude others", "leave it out")
            if parameter.get("required") is True or "default" in mapping(parameter.get("schema")):
                mend = "make it optional, without a default"
                yield Finding(child(place, "x-exclusive"), "it is always there, so that no other ever could be", mend)
        for group, places in groups.items():
            if len(places) < 2:
                mend = "list another parameter of the group, or use one without x-exclusive"
                yield Finding(operation.pointer, f"only one parameter of the group {group}", mend)


RULES = [selections, exclusions]
