"""Rules about what is kept and what drops it: resources by name, tags that lead somewhere, writes that invalidate."""

from __future__ import annotations

import re
from collections.abc import Iterator

from document import Document, Finding, Operation, child, mapping, sequence

CACHE_SCOPES = ("private", "public", "no-store")
CACHE_KEYS = {"scope", "max_age", "tags"}
# `product`, `product:{product_id}`, `user:{caller}`
TAG = re.compile(r"([a-z][a-z0-9_]*)(?::\{([a-z][a-z0-9_]*)\})?")
CALLER = "caller"


def resources(document: Document) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, name in enumerate(sequence(document.data.get("x-resources"))):
        here = child("#/x-resources", index)
        if not re.fullmatch("[a-z][a-z0-9_]*", str(name)):
            yield Finding(here, f"{name} is not in snake_case", "rename the resource")
        if name in seen:
            yield Finding(here, f"{name} stands twice", "keep one of them")
        seen.add(name)


def caches(document: Document) -> Iterator[Finding]:
    for operation in document.operations():
        if "x-cache" not in operation.data:
            continue
        here, cache = child(operation.pointer, "x-cache"), mapping(operation.data["x-cache"])
        if cache.get("scope") not in CACHE_SCOPES:
            yield Finding(here, f"scope {cache.get('scope')} is not known", f"use one of {', '.join(CACHE_SCOPES)}")
        elif cache["scope"] != "no-store" and operation.method != "get":
            yield Finding(here, "only reads can be kept", "write `scope: no-store`, or leave it out")
        age = cache.get("max_age", 0)
        if type(age) is not int or age < 0 or (cache.get("scope") == "no-store" and age):
            yield Finding(child(here, "max_age"), f"max_age {age} makes no sense", "write seconds, 0 for no-store")
        for key in set(cache) - CACHE_KEYS:
            yield Finding(child(here, key), f"`{key}` is not known here", "leave it out")
        if cache.get("scope") == "public" and (operation.data.get("security") != [] or "x-owner" in operation.data):
            mend = "use private: a shared cache would give it to others"
            yield Finding(here, "a public answer that depends on the caller", mend)


def tags(document: Document) -> Iterator[Finding]:
    changed = {name for operation in document.operations() for name in sequence(operation.data.get("x-invalidates"))}
    for operation in document.operations():
        cache = mapping(operation.data.get("x-cache"))
        here = child(operation.pointer, "x-cache", "tags")
        listed = cache.get("tags", [])
        if not isinstance(listed, list):
            yield Finding(here, "tags is no list", "list what the answer is made of, as in [product]")
            continue
        if listed and cache.get("scope") == "no-store":
            yield Finding(here, "tags on what nobody keeps", "leave them out")
        if not listed and cache.get("scope") == "public":
            mend = "list the resources that the answer is made of: without tags it could never be dropped"
            yield Finding(here, "a public answer without tags", mend)
        for index, tag in enumerate(listed):
            yield from _tag(document, operation, child(here, index), str(tag), changed)


def _tag(document: Document, operation: Operation, here: str, tag: str, changed: set[str]) -> Iterator[Finding]:
    parts = TAG.fullmatch(tag)
    if parts is None:
        yield Finding(here, f"{tag} is no tag", "write `resource`, or `resource:{parameter}`")
        return
    resource, parameter = parts.groups()
    if resource not in sequence(document.data.get("x-resources")):
        yield Finding(here, f"{resource} is no resource", "name it in x-resources")
    elif resource not in changed:
        yield Finding(here, f"no write invalidates {resource}", "name it in the x-invalidates of what changes it")
    if parameter == CALLER:
        security = sequence(operation.data.get("security"))
        if not security or {} in security:
            yield Finding(here, "nobody need be the caller here", "ask for credentials, or use a path parameter")
    elif parameter is not None and operation.parameter("path", parameter) is None:
        yield Finding(here, f"{parameter} is not declared", "name a path parameter of this operation, or `caller`")


def invalidations(document: Document) -> Iterator[Finding]:
    known = sequence(document.data.get("x-resources"))
    for operation in document.operations():
        if "x-invalidates" not in operation.data:
            continue
        here, listed = child(operation.pointer, "x-invalidates"), operation.data["x-invalidates"]
        if operation.method == "get":
            yield Finding(here, "a read changes nothing", "leave it out")
        if not isinstance(listed, list) or not listed:
            yield Finding(here, "x-invalidates is no list of resources", "list them, as in [product], or leave it out")
        for index, name in enumerate(sequence(listed)):
            if name not in known:
                yield Finding(child(here, index), f"{name} is no resource", "name it in x-resources")


def kept_headers(document: Document) -> Iterator[Finding]:
    """`Vary` goes with whatever may be kept, `Age` with what the server may keep for everybody."""
    for operation in document.operations():
        scope = mapping(operation.data.get("x-cache")).get("scope", "no-store")
        wanted = {"Vary"} if scope != "no-store" else set()
        if scope == "public":
            wanted.add("Age")
        for status, used, place, response in document.responses(operation):
            listed = set(mapping(response.get("headers"))) & {"Vary", "Age"}
            for name in sorted(wanted - listed) if status in ("200", "304") else []:
                yield Finding(used, f"the header {name} is missing: the answer is {scope}", "list it")
            for name in sorted(listed - (wanted if status in ("200", "304") else set())):
                here = child(place, "headers", name)
                yield Finding(here, f"the answer has no {name}: it is {scope}, or no answer to a read", "leave it out")


RULES = [resources, caches, tags, invalidations, kept_headers]
