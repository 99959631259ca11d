"""Rules about workflows (`x-workflow`): states that exist and can be reached, steps that somebody may take, and a stock
that is taken and put back in turn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from document import SCHEMAS, Document, Finding, child, mapping, sequence

from .security import declared_scopes

KEYS = {"member", "states", "initial", "placing", "steps"}
STEP_KEYS = {"name", "from", "to", "scopes", "stock"}
STOCK = ("take", "put_back", "none")


def declared(document: Document) -> Iterator[tuple[str, dict[str, Any], list[str]]]:
    """Place and content of each workflow, and the states that its enum lists."""
    for name, schema in document.component("schemas").items():
        if "x-workflow" in mapping(schema):
            flow = mapping(schema["x-workflow"])
            enum = mapping(document.component("schemas").get(str(flow.get("states"))))
            yield child(SCHEMAS + name, "x-workflow"), flow, sequence(enum.get("enum"))


def steps(flow: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    yield from ((index, mapping(step)) for index, step in enumerate(sequence(flow.get("steps"))))


def workflows(document: Document) -> Iterator[Finding]:
    for here, flow, states in declared(document):
        yield from _keys(here, flow, KEYS)
        schema = mapping(document.find(here.rpartition("/")[0]))
        _, member = document.resolve("", mapping(schema.get("properties")).get(str(flow.get("member"))))
        if member.get("type") != "string":
            yield Finding(child(here, "member"), f"{flow.get('member')} is no text of the schema", "name one that is")
        if not states:
            mend = "name a schema that lists every state as a value"
            yield Finding(child(here, "states"), f"{flow.get('states')} is no enum", mend)
        if flow.get("initial") not in states:
            yield Finding(child(here, "initial"), f"{flow.get('initial')} is no state", "name one of the enum")
        if flow.get("placing") not in STOCK:
            yield Finding(child(here, "placing"), "nothing says what becomes of the stock", f"use one of {STOCK}")


def workflow_steps(document: Document) -> Iterator[Finding]:
    scopes = declared_scopes(document)
    for here, flow, states in declared(document):
        names: set[str] = set()
        ways: set[tuple[str, str]] = set()
        for index, step in steps(flow):
            at = child(here, "steps", index)
            yield from _keys(at, step, STEP_KEYS)
            yield from _step(at, step, states, scopes)
            name = str(step.get("name"))
            if name in names:
                yield Finding(child(at, "name"), f"{name} is also another step", "give each step a name of its own")
            names.add(name)
            for way in [(state, str(step.get("to"))) for state in sequence(step.get("from"))]:
                if way in ways:
                    mend = "keep one: nobody could say which is meant"
                    yield Finding(at, f"another step leads from {way[0]} to {way[1]}", mend)
                ways.add(way)


def _keys(here: str, holder: dict[str, Any], known: set[str]) -> Iterator[Finding]:
    for key in sorted(known ^ set(holder)):
        reason = f"`{key}` is missing" if key in known else f"`{key}` is not known here"
        yield Finding(child(here, key), reason, f"write {', '.join(sorted(known))}, and nothing else")


def _step(at: str, step: dict[str, Any], states: list[str], scopes: set[str]) -> Iterator[Finding]:
    if not re.fullmatch("[a-z][a-z0-9_]*", str(step.get("name"))):
        yield Finding(child(at, "name"), f"{step.get('name')} is not in snake_case", "rename the step")
    sources = sequence(step.get("from"))
    if not sources:
        yield Finding(child(at, "from"), "the step begins nowhere", "list the states from which it can be taken")
    for state in sources:
        if state not in states:
            yield Finding(child(at, "from"), f"{state} is no state", "name one of the enum")
    if step.get("to") not in states:
        yield Finding(child(at, "to"), f"{step.get('to')} is no state", "name one of the enum")
    elif step["to"] in sources:
        yield Finding(child(at, "to"), "the step leads to where it begins", "name another state")
    if not sequence(step.get("scopes")):
        yield Finding(child(at, "scopes"), "nobody may take the step", "list scopes, of which any is enough")
    for scope in sequence(step.get("scopes")):
        if scope not in scopes:
            yield Finding(child(at, "scopes"), f"scope {scope} is not declared", "declare it in the flows")
    if step.get("stock") not in STOCK:
        yield Finding(child(at, "stock"), "nothing says what becomes of the stock", f"use one of {', '.join(STOCK)}")


def workflow_states(document: Document) -> Iterator[Finding]:
    """Each state can be reached, and on every way to it the stock is held, or on none."""
    for here, flow, states in declared(document):
        held = {str(flow.get("initial")): flow.get("placing") == "take"}
        if flow.get("placing") == "put_back":
            yield Finding(child(here, "placing"), "there is nothing to put back", "write take or none")
        todo = list(held)
        while todo:
            state = todo.pop()
            for index, step in steps(flow):
                if state not in sequence(step.get("from")):
                    continue
                at, to = child(here, "steps", index), str(step.get("to"))
                if step.get("stock") == ("take" if held[state] else "put_back"):
                    what = "taken" if held[state] else "put back"
                    yield Finding(child(at, "stock"), f"from {state} the stock would be {what} twice", "write none")
                after = {"take": True, "put_back": False}.get(str(step.get("stock")), held[state])
                if to not in held:
                    held[to] = after
                    todo.append(to)
                elif held[to] != after:
                    mend = "make two states of it"
                    yield Finding(child(at, "stock"), f"whether the stock of {to} is held depends on the way", mend)
        for state in states:
            if state not in held:
                yield Finding(child(here, "steps"), f"no way leads to {state}", "add a step, or drop the state")


RULES = [workflows, workflow_steps, workflow_states]
