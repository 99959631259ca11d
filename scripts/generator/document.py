"""The OpenAPI document as rules see it: plain data, the line of every place, and the walks that rules share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

METHODS = ("get", "put", "post", "delete", "patch")
SCHEMAS = "#/components/schemas/"


@dataclass(frozen=True, order=True)
class Finding:
    """What is wrong at a place, and how to mend it."""

    pointer: str
    reason: str
    mend: str


class Broken(Exception):
    """The text is no YAML mapping, so that there is nothing to judge."""

    def __init__(self, line: int, reason: str):
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True)
class Operation:
    """An operation, with the parameters of its path item joined in and references resolved."""

    pointer: str
    path: str
    method: str
    data: dict[str, Any]
    parameters: list[tuple[str, dict[str, Any]]]

    def parameter(self, location: str, name: str) -> dict[str, Any] | None:
        for _, parameter in self.parameters:
            if parameter.get("in") == location and parameter.get("name") == name:
                return parameter
        return None


def child(pointer: str, *tokens: str | int) -> str:
    """The pointer of a member (RFC 6901 in a URI fragment, without percent-encoding so that people can read it)."""
    return "/".join([pointer, *(str(token).replace("~", "~0").replace("/", "~1") for token in tokens)])


def mapping(value: Any) -> dict[str, Any]:
    """The value if it is a mapping, else an empty one: a rule about the wrong type reports it, the others go on."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


class Document:
    """A loaded document. Rules read `data`, and name places by pointer."""

    def __init__(self, data: dict[str, Any], lines: dict[str, int] | None = None, repeated: list[str] | None = None):
        self.data = data
        self.lines = lines or {}
        self.repeated = repeated or []

    @classmethod
    def load(cls, path: Path) -> Document:
        return cls.parse(path.read_text(encoding="utf-8"))

    @classmethod
    def parse(cls, text: str) -> Document:
        loader = yaml.SafeLoader(text)
        try:
            root = loader.get_single_node()
        except yaml.MarkedYAMLError as error:
            raise Broken(error.problem_mark.line + 1 if error.problem_mark else 1, str(error.problem)) from error
        if not isinstance(root, yaml.MappingNode):
            raise Broken(1, "the document is no mapping")
        lines: dict[str, int] = {}
        repeated: list[str] = []
        return cls(_plain(loader, root, "#", lines, repeated), lines, repeated)

    def line(self, pointer: str) -> int:
        """The line of the place, or of the nearest thing around it when the place is missing."""
        while pointer not in self.lines and "/" in pointer:
            pointer = pointer.rpartition("/")[0]
        return self.lines.get(pointer, 1)

    def find(self, reference: Any) -> Any:
        """What a local reference names, or None."""
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return None
        here: Any = self.data
        for token in reference[2:].split("/"):
            here = mapping(here).get(token.replace("~1", "/").replace("~0", "~"))
        return here

    def resolve(self, pointer: str, value: Any) -> tuple[str, dict[str, Any]]:
        """The place and content behind a chain of references; empty when it leads nowhere or round."""
        for _ in range(16):
            if "$ref" not in mapping(value):
                return pointer, mapping(value)
            pointer, value = str(value["$ref"]), self.find(value["$ref"])
        return pointer, {}

    def component(self, kind: str) -> dict[str, Any]:
        return mapping(mapping(self.data.get("components")).get(kind))

    def operations(self) -> Iterator[Operation]:
        for path, item in mapping(self.data.get("paths")).items():
            here = child("#/paths", path)
            shared = self._parameters(here, item)
            for method in METHODS:
                if method in mapping(item):
                    data = mapping(item[method])
                    place = child(here, method)
                    yield Operation(place, path, method, data, shared + self._parameters(place, data))

    def responses(self, operation: Operation) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        """Status, place of use, place of content, content."""
        for status, response in mapping(operation.data.get("responses")).items():
            used = child(operation.pointer, "responses", status)
            place, content = self.resolve(used, response)
            yield status, used, place, content

    def body(self, operation: Operation) -> tuple[str, dict[str, Any]]:
        return self.resolve(child(operation.pointer, "requestBody"), operation.data.get("requestBody"))

    def content_schemas(self, place: str, holder: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        for media_type, media in mapping(holder.get("content")).items():
            if "schema" in mapping(media):
                yield child(place, "content", media_type, "schema"), media["schema"]

    def request_schemas(self) -> Iterator[tuple[str, Any]]:
        for operation in self.operations():
            yield from self.content_schemas(*self.body(operation))
            for place, parameter in operation.parameters:
                yield child(place, "schema"), parameter.get("schema")

    def answer_schemas(self) -> Iterator[tuple[str, Any]]:
        for operation in self.operations():
            for _, _, place, response in self.responses(operation):
                yield from self.content_schemas(place, response)
                for name, header in mapping(response.get("headers")).items():
                    at, header = self.resolve(child(place, "headers", name), header)
                    yield child(at, "schema"), header.get("schema")

    def reachable(self, starts: Iterator[tuple[str, Any]]) -> dict[str, dict[str, Any]]:
        """Every schema that is met on the way from the starts, by pointer, through references."""
        met: dict[str, dict[str, Any]] = {}
        todo = list(starts)
        while todo:
            place, schema = self.resolve(*todo.pop())
            if schema and place not in met:
                met[place] = schema
                todo.extend(children(place, schema))
        return met

    def schemas(self) -> Iterator[tuple[str, dict[str, Any], bool]]:
        """Every schema that is written down: place, content, whether it is a named one."""
        named = {SCHEMAS + name for name in self.component("schemas")}
        todo = [(place, self.find(place)) for place in sorted(named)]
        for kind in ("parameters", "headers"):
            todo += [
                (child("#/components", kind, name, "schema"), item["schema"])
                for name, item in self.component(kind).items()
                if "schema" in mapping(item)
            ]
        for name, response in self.component("responses").items():
            todo += self.content_schemas(child("#/components/responses", name), mapping(response))
        for place, schema in [*self.request_schemas(), *self.answer_schemas()]:
            todo.append((place, schema))
        seen: set[str] = set()
        while todo:
            place, schema = todo.pop(0)
            if place not in seen and isinstance(schema, dict):
                seen.add(place)
                yield place, schema, place in named
                todo.extend(children(place, schema))

    def _parameters(self, pointer: str, holder: Any) -> list[tuple[str, dict[str, Any]]]:
        listed = sequence(mapping(holder).get("parameters"))
        return [self.resolve(child(pointer, "parameters", index), item) for index, item in enumerate(listed)]


def children(place: str, schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The schemas directly inside a schema."""
    for name, member in mapping(schema.get("properties")).items():
        yield child(place, "properties", name), member
    for key in ("items", "additionalProperties", "not"):
        if isinstance(schema.get(key), dict):
            yield child(place, key), schema[key]
    for key in ("allOf", "anyOf", "oneOf"):
        for index, member in enumerate(sequence(schema.get(key))):
            yield child(place, key, index), member


def _plain(loader: yaml.SafeLoader, node: yaml.Node, pointer: str, lines: dict[str, int], repeated: list[str]) -> Any:
    """Plain data with string keys; times stay text, as the extensions want them."""
    lines.setdefault(pointer, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        data: dict[str, Any] = {}
        for key, value in node.value:
            here = child(pointer, key.value)
            if key.value in data:
                repeated.append(here)
            lines[here] = key.start_mark.line + 1
            data[key.value] = _plain(loader, value, here, lines, repeated)
        return data
    if isinstance(node, yaml.SequenceNode):
        return [_plain(loader, item, child(pointer, index), lines, repeated) for index, item in enumerate(node.value)]
    if node.tag == "tag:yaml.org,2002:timestamp":
        return node.value
    return loader.construct_object(node)
