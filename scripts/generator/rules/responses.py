"""Rules about answers: statuses by number, problems with their codes, and what the runtime itself will answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from document import Document, Finding, Operation, child, mapping, sequence

STATUS = "[1-5][0-9][0-9]"
PROBLEM_JSON = "application/problem+json"
JSON_ANSWER = re.compile(r"application/(json|[a-z0-9.-]+\+json)(;.*)?")


def statuses(document: Document) -> Iterator[Finding]:
    for operation in document.operations():
        if not operation.data.get("responses"):
            yield Finding(operation.pointer, "the operation lists no responses", "list each status that it can give")
        for status, used, place, response in document.responses(operation):
            if not re.fullmatch(STATUS, status):
                yield Finding(used, f"{status} is no status", "list each status by its number")
            elif not str(response.get("description", "")).startswith(f"{status} "):
                mend = f"begin the description with {status}"
                yield Finding(child(place, "description"), f"used as {status}, but does not say so", mend)


def media_types(document: Document) -> Iterator[Finding]:
    for operation in document.operations():
        for status, _, place, response in document.responses(operation):
            for media_type in mapping(response.get("content")):
                here = child(place, "content", media_type)
                if not JSON_ANSWER.fullmatch(media_type):
                    yield Finding(here, f"answers in {media_type} are not supported", "answer in a JSON media type")
                if (media_type == PROBLEM_JSON) != (status >= "400"):
                    mend = f"use {PROBLEM_JSON} from 400 on, and only there"
                    yield Finding(here, f"{media_type} does not fit the status {status}", mend)


def problems(document: Document) -> Iterator[Finding]:
    known = mapping(document.data.get("x-problems"))
    for operation in document.operations():
        for status, used, place, response in document.responses(operation):
            if not re.fullmatch(STATUS, status):
                continue
            if status < "400":
                if "x-codes" in response:
                    yield Finding(child(place, "x-codes"), f"{status} is no problem", "leave x-codes out")
                continue
            if not place.startswith("#/components/responses/"):
                yield Finding(used, "a problem is written in place", "write it under components/responses")
            if PROBLEM_JSON not in mapping(response.get("content")):
                yield Finding(place, "a problem without a body", f"answer {PROBLEM_JSON}")
            codes = sequence(response.get("x-codes"))
            here = child(place, "x-codes")
            if not codes:
                yield Finding(here, "the problem names no codes", "list the codes that it may carry")
            for code in codes:
                if code not in known:
                    yield Finding(here, f"code {code} is not in x-problems", "describe it there")
                elif str(mapping(known[code]).get("status")) != status:
                    mend = f"use a code of {status}, or another response"
                    yield Finding(here, f"{code} belongs to {mapping(known[code]).get('status')}, not {status}", mend)


def catalogue(document: Document) -> Iterator[Finding]:
    for code, kind in mapping(document.data.get("x-problems")).items():
        here = child("#/x-problems", code)
        if not re.fullmatch("[a-z][a-z0-9_]*", code):
            yield Finding(here, f"{code} is not in snake_case", "rename the code")
        if not isinstance(mapping(kind).get("status"), int) or not 400 <= kind["status"] <= 599:
            yield Finding(child(here, "status"), f"{code} has no problem status", "give it one between 400 and 599")
        for key in ("title", "cause", "mend"):
            if not mapping(kind).get(key):
                yield Finding(child(here, key), f"{code} has no {key}", "write it for the page about the problem")
        for key in set(mapping(kind)) - {"status", "title", "cause", "mend"}:
            yield Finding(child(here, key), f"`{key}` is not known here", "leave it out")


def complete(document: Document) -> Iterator[Finding]:
    """The runtime answers these by itself, so that an operation which does not list them would answer undocumented."""
    for operation in document.operations():
        listed = {status: mapping(r).get("x-codes", []) for status, _, _, r in document.responses(operation)}
        here = child(operation.pointer, "responses")
        wanted, barred = _expected(document, operation)
        for status, why in sorted(wanted.items()):
            if status not in listed:
                yield Finding(here, f"{status} is missing: {why}", f"list {status}")
        for status, why in sorted(barred.items()):
            if status in listed:
                yield Finding(child(here, status), f"{status} cannot happen: {why}", "leave it out")
        yield from _scope_code(operation, listed)


def _expected(document: Document, operation: Operation) -> tuple[dict[str, str], dict[str, str]]:
    security = sequence(operation.data.get("security"))
    answers = any(
        status < "300" and response.get("content") for status, _, _, response in document.responses(operation)
    )
    wanted = {"429": "limits apply", "500": "anything may fail", "503": "the server may be overloaded"}
    barred: dict[str, str] = {}

    def decide(holds: bool, status: str, why: str, why_not: str) -> None:
        (wanted if holds else barred)[status] = why if holds else why_not

    body = "requestBody" in operation.data
    decide(body, "413", "the body may be too large", "there is no body")
    decide(body, "415", "the body may be of another type", "there is no body")
    if body:
        wanted["400"] = "the body may not parse"
    decide(answers, "406", "`Accept` may rule JSON out", "the answer has no body")
    if_match = operation.parameter("header", "If-Match") is not None
    decide(if_match, "412", "If-Match may fail", "If-Match is not declared")
    if_none_match = operation.parameter("header", "If-None-Match") is not None
    decide(if_none_match, "304", "If-None-Match may hold", "If-None-Match is not declared")
    oauth = operation.data.get("x-oauth-errors") is True
    decide(not oauth, "422", "an unknown query parameter is invalid", "with x-oauth-errors invalid input is 400")
    if security:
        wanted["401"] = "the credentials may be wrong"
    if "{" in operation.path:
        wanted["404"] = "there may be nothing of that id"
    return wanted, barred


def _scope_code(operation: Operation, listed: dict[str, list[str]]) -> Iterator[Finding]:
    """Every alternative that knows scopes asks for one: then a valid caller can lack it."""
    security = [mapping(alternative) for alternative in sequence(operation.data.get("security"))]
    scoped = [alternative["oauth2"] for alternative in security if "oauth2" in alternative]
    lacking = bool(scoped) and all(scoped) and {} not in security
    here = child(operation.pointer, "responses", "403")
    if lacking and "insufficient_scope" not in listed.get("403", []):
        yield Finding(here, "insufficient_scope is missing: a caller may lack the scopes", "list 403 with this code")
    if not lacking and "insufficient_scope" in listed.get("403", []):
        yield Finding(
            here, "insufficient_scope cannot happen: no scope is asked for", "use a response without this code"
        )


RULES = [statuses, media_types, problems, catalogue, complete]
