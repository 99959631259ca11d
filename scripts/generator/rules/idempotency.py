"""Rules about repeats (`x-idempotent`): what creates can be repeated, and says so in all the places where callers look."""

from __future__ import annotations

from collections.abc import Iterator

from document import Document, Finding, Operation, child, mapping, sequence

from .operations import FORM_BODY

KEY = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
IN_USE, REUSED = "idempotency_key_in_use", "idempotency_key_reused"
# What the runtime takes for a key: a string of RFC 8941 or bare characters, 1 to 255 of printable ASCII.
KEY_SCHEMA = {
    "type": "string",
    "pattern": r'^("([ !#-\[\]-~]|\\["\\]){1,255}"|[!#-~]([ -~]{0,253}[!-~])?)$',
    "minLength": 1,
    "maxLength": 512,
}


def is_idempotent(operation: Operation) -> bool:
    return operation.data.get("x-idempotent") is True


def creations(document: Document) -> Iterator[Finding]:
    """Who does not hear the answer of a creation must be able to ask again."""
    for operation in document.operations():
        creates = operation.method == "post" and "201" in mapping(operation.data.get("responses"))
        if creates and not is_idempotent(operation):
            yield Finding(operation.pointer, "a POST that creates and cannot be repeated", "add `x-idempotent: true`")


def repeat_keys(document: Document) -> Iterator[Finding]:
    for operation in document.operations():
        found = [(place, p) for place, p in operation.parameters if (p.get("in"), p.get("name")) == ("header", KEY)]
        if is_idempotent(operation) and not found:
            yield Finding(operation.pointer, f"x-idempotent without the header {KEY}", "list the parameter")
        for place, parameter in found:
            if not is_idempotent(operation):
                mend = "add `x-idempotent: true`, or leave it out"
                yield Finding(operation.pointer, f"the header {KEY}, which nothing would heed", mend)
            if parameter.get("required") is True:
                yield Finding(child(place, "required"), f"{KEY} must not be demanded", "leave it out")
            if parameter.get("schema") != KEY_SCHEMA:
                mend = f"write exactly {KEY_SCHEMA}"
                yield Finding(child(place, "schema"), "other keys than the runtime takes", mend)


def repeat_answers(document: Document) -> Iterator[Finding]:
    for operation in document.operations():
        repeats = is_idempotent(operation)
        for status, used, place, response in document.responses(operation):
            tells = REPLAYED in mapping(response.get("headers"))
            if repeats and status < "300" and not tells:
                yield Finding(used, f"the header {REPLAYED} is missing", "list it: the answer may be a replay")
            if tells and not (repeats and status < "300"):
                here = child(place, "headers", REPLAYED)
                yield Finding(here, "an answer that is never a replay", "leave it out: only successes are replayed")
        listed = {code for _, _, _, r in document.responses(operation) for code in sequence(r.get("x-codes"))}
        here = child(operation.pointer, "responses")
        for status, code in (("409", IN_USE), ("422", REUSED)):
            if repeats and code not in listed:
                yield Finding(here, f"{code} is missing: the key may be taken", f"list a {status} with it")
            if not repeats and code in listed:
                yield Finding(here, f"{code} cannot happen: there is no key", f"use a {status} without it")


def repeat_requests(document: Document) -> Iterator[Finding]:
    """A request is told from another by its path and its JSON body; whatever else it held would be overlooked."""
    for operation in document.operations():
        if not is_idempotent(operation):
            continue
        for place, parameter in operation.parameters:
            if parameter.get("in") == "query":
                mend = "move it into the body"
                yield Finding(place, "a query parameter that would not tell requests apart", mend)
        place, body = document.body(operation)
        if FORM_BODY in mapping(body.get("content")):
            yield Finding(place, "a form that would not tell requests apart", "take JSON")


RULES = [creations, repeat_keys, repeat_answers, repeat_requests]
