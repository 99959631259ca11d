"""Rules about links: where an answer leads, in a way that a program can follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from document import Document, Finding, Operation, child, mapping

from .selections import JSON

LINKS = "#/components/links/"
KEYS = {"operationId", "parameters", "description"}
EXPRESSION = re.compile(r"\$request\.path\.([a-z][a-z0-9_]*)|\$response\.body#/([a-z][a-z0-9_]*)")


def links(document: Document) -> Iterator[Finding]:
    operations = {str(operation.data.get("operationId")): operation for operation in document.operations()}
    used = set()
    for operation in document.operations():
        for status, _, place, response in document.responses(operation):
            for name, link in mapping(response.get("links")).items():
                here = child(place, "links", name)
                reference = str(mapping(link).get("$ref"))
                used.add(reference)
                if not reference.startswith(LINKS):
                    yield Finding(here, "a link in place", "write it under components/links and refer to it")
                    continue
                if status >= "300":
                    yield Finding(here, f"a link from {status}", "link from successes only")
                at, link = document.resolve(here, link)
                yield from _leads(document, operations, (operation, place, response), here, link)
    for name, link in document.component("links").items():
        here = LINKS + name
        for key in sorted(set(mapping(link)) - KEYS):
            yield Finding(child(here, key), f"`{key}` is not supported in a link", f"write {', '.join(sorted(KEYS))}")
        if here not in used:
            yield Finding(here, "no answer leads here", "list it with an answer, or drop it")


def _leads(
    document: Document,
    operations: dict[str, Operation],
    source: tuple[Operation, str, dict[str, Any]],
    here: str,
    link: dict[str, Any],
) -> Iterator[Finding]:
    """Judges a link by where it starts and where it ends."""
    target = operations.get(str(link.get("operationId")))
    if target is None:
        yield Finding(here, f"there is no operation {link.get('operationId')}", "name one by its operationId")
        return
    known = {str(p.get("name")): p.get("in") for _, p in target.parameters}
    given = mapping(link.get("parameters"))
    for name in sorted({name for name, place in known.items() if place == "path"} - set(given)):
        yield Finding(here, f"it does not say which {name}", "give every path parameter")
    operation, place, response = source
    _, answer = document.resolve(place, mapping(mapping(response.get("content")).get(JSON)).get("schema"))
    for name, expression in given.items():
        if name not in known:
            yield Finding(here, f"{target.data['operationId']} has no parameter {name}", "drop it")
        parts = EXPRESSION.fullmatch(str(expression))
        if parts is None:
            mend = "write $request.path.name or $response.body#/name"
            yield Finding(here, f"{expression} is not supported", mend)
        elif parts[1] and operation.parameter("path", parts[1]) is None:
            yield Finding(here, f"the request has no {parts[1]}", "name a path parameter of it")
        elif parts[2] and parts[2] not in mapping(answer.get("properties")):
            yield Finding(here, f"the answer has no {parts[2]}", "name a member of it")


RULES = [links]
