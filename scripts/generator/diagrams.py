"""Workflows (`x-workflow`) drawn as text, for the document that people read."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from document import Document, mapping

STOCK = {"take": "takes the stock", "put_back": "puts the stock back", "none": ""}
FENCE = "```"


def draw(flow: dict[str, Any]) -> str:
    """The steps as a tree from the first state on. A state that was shown before is not shown with its steps again."""
    rows = [(f"▶ {flow['initial']}", STOCK[flow["placing"]])]
    rows += _steps(flow, flow["initial"], "", {flow["initial"]})
    width = max(len(row) for row, _ in rows)
    return "\n".join(f"{row.ljust(width)}   {note}".rstrip() for row, note in rows)


def _steps(flow: dict[str, Any], state: str, margin: str, shown: set[str]) -> Iterator[tuple[str, str]]:
    steps = [step for step in flow["steps"] if state in step["from"]]
    for step in steps:
        last = step is steps[-1]
        to = step["to"]
        leads_on = any(to in other["from"] for other in flow["steps"])
        again = leads_on and to in shown
        mark = "" if leads_on else " ■"
        notes = [" or ".join(step["scopes"]), STOCK[step["stock"]]]
        branch = "└─" if last else "├─"
        yield f"{margin}{branch} {step['name']} ─▶ {to}{' (see above)' if again else mark}", "; ".join(filter(None, notes))
        if leads_on and not again:
            shown.add(to)
            yield from _steps(flow, to, margin + ("   " if last else "│  "), shown)


def illustrated(document: dict[str, Any]) -> dict[str, Any]:
    """A copy of the document that shows each workflow with its schema, and with the operations that take its steps."""
    shown = copy.deepcopy(document)
    for schema in shown["components"]["schemas"].values():
        flow = schema.get("x-workflow")
        if flow is None:
            continue
        picture = f"\n\n{FENCE}text\n{draw(flow)}\n{FENCE}\n"
        schema["description"] = schema["description"].rstrip() + picture
        for operation in takers(shown, flow["states"]):
            operation["description"] = operation["description"].rstrip() + picture
    return shown


def takers(document: dict[str, Any], states: str) -> Iterator[dict[str, Any]]:
    """The operations whose body names a state."""
    wanted = {"$ref": f"#/components/schemas/{states}"}
    source = Document(document)
    for operation in source.operations():
        for place, schema in source.content_schemas(*source.body(operation)):
            _, body = source.resolve(place, schema)
            if wanted in mapping(body.get("properties")).values():
                yield operation.data
                break
