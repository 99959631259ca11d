"""Writes the document that the templates read: the same one, with what mustache cannot work out put beside it.

Everything added is called `x-rust`: at the root (problems, policies, schemes, roles), on each operation, and on each
response (the headers that the handler gives). Lists of maps are used throughout, since mustache cannot walk a map.

Usage: prepare.py openapi.yaml OUTPUT
"""

from __future__ import annotations

import copy
import sys
from pathlib import Path
from typing import Any

import yaml
from document import METHODS, Document, Operation, mapping, sequence
from lint import load_linted
from rules.policies import body_members, moment
from rules.security import TOKEN_SCHEMES, roles, scheme_kind

# Headers that the runtime writes on every answer that needs them, so that no handler has to.
RUNTIME_HEADERS = {
    "Allow",
    "Cache-Control",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-Id",
}


def prepare(document: Document) -> dict[str, Any]:
    """A new document; the given one stays as it is. Paths and operations keep the order of the document."""
    prepared = copy.deepcopy(document.data)
    prepared["x-rust"] = root_facts(document)
    for operation in document.operations():
        prepared["paths"][operation.path][operation.method]["x-rust"] = operation_facts(document, operation)
    for response in mapping(mapping(prepared.get("components")).get("responses")).values():
        response["x-rust"] = response_facts(document, response)
    for item in prepared["paths"].values():
        for method in METHODS:
            for response in mapping(mapping(item.get(method)).get("responses")).values():
                if "$ref" not in response:
                    response["x-rust"] = response_facts(document, response)
    return prepared


def root_facts(document: Document) -> dict[str, Any]:
    audiences = ["anonymous", *roles(document)]
    return {
        "body_limit": document.data["x-body-limit"],
        "problems": [
            {"code": code, "constant": code.upper(), **kind} for code, kind in document.data["x-problems"].items()
        ],
        "policies": [
            {
                "name": name,
                "window_seconds": policy["window_seconds"],
                "partition": policy.get("partition", False),
                "quotas": [{"audience": audience, "limit": policy[audience]} for audience in audiences],
            }
            for name, policy in document.data["x-rate-limit-policies"].items()
        ],
        "roles": [{"name": role, "scopes": scopes} for role, scopes in roles(document).items()],
        "schemes": [
            {
                "name": name,
                "constant": "".join(f"_{c}" if c.isupper() else c for c in name).upper(),
                "bearer": scheme_kind(scheme) in ("oauth2", "http-bearer"),
                "basic": scheme_kind(scheme) == "http-basic",
                "header": scheme["name"].lower() if scheme_kind(scheme) == "apiKey" else False,
            }
            for name, scheme in document.component("securitySchemes").items()
        ],
    }


def operation_facts(document: Document, operation: Operation) -> dict[str, Any]:
    data = operation.data
    responses = [(status, response) for status, _, _, response in document.responses(operation)]
    _, body = document.body(operation)
    facts = {
        "security": alternatives(document, data["security"]),
        "public": data["security"] == [],
        "limits": limits(document, operation),
        "cache": cache(data.get("x-cache") or {"scope": "no-store"}),
        "body_limit": data.get("x-body-limit", document.data["x-body-limit"]),
        "body_required": body.get("required", False),
        "consumes": list(mapping(body.get("content"))),
        "produces": distinct(t for s, r in responses if s < "300" for t in mapping(r.get("content"))),
        "statuses": [int(status) for status, _ in responses],
        "codes": distinct(code for _, response in responses for code in sequence(response.get("x-codes"))),
        "oauth_errors": data.get("x-oauth-errors", False),
        "idempotent": data.get("x-idempotent", False),
        "deprecated": data.get("deprecated", False),
    }
    if "x-owner" in data:
        facts["owner"] = dict(data["x-owner"])
    if facts["deprecated"]:
        facts["deprecated_at"] = moment(data["x-deprecated-at"])
        facts["sunset_at"] = moment(data["x-sunset-at"])
    return facts


def alternatives(document: Document, security: list[dict[str, list[str]]]) -> list[dict[str, Any]]:
    """The alternatives, each bearer or key alternative once for every scope set that the document writes on oauth2."""
    kinds = {name: scheme_kind(scheme) for name, scheme in document.component("securitySchemes").items()}
    scope_sets = [scopes for entry in security for name, scopes in entry.items() if kinds[name] == "oauth2"]
    expanded: list[dict[str, list[str]]] = []
    for entry in security:
        tokens = [name for name in entry if kinds[name] in TOKEN_SCHEMES]
        for scopes in scope_sets if tokens else [[]]:
            expanded.append({name: scopes if name in tokens else own for name, own in entry.items()})
    return [{"needs": [{"scheme": name, "scopes": scopes} for name, scopes in entry.items()]} for entry in expanded]


def limits(document: Document, operation: Operation) -> list[dict[str, Any]]:
    """The policies; `partition_expr` gives the `Option<&str>` that joins the key, from the decoded `body`."""
    found = []
    for name in operation.data.get("x-rate-limit", ["default"]):
        limit: dict[str, Any] = {"policy": name, "partitioned": False}
        member = document.data["x-rate-limit-policies"][name].get("partition")
        if member is not None:
            required = body_members(document, operation)[member]
            expression = f"Some(body.{member}.as_str())" if required else f"body.{member}.as_deref()"
            limit |= {"partitioned": True, "partition": member, "partition_expr": expression}
        found.append(limit)
    return found


def cache(written: dict[str, Any]) -> dict[str, Any]:
    """`x-cache` with the Cache-Control that it means; an age of 0 allows keeping, but asks each time (RFC 9111)."""
    scope, age = written["scope"], written.get("max_age", 0)
    if scope == "no-store":
        control = "no-store"
    else:
        control = f"{scope}, max-age={age}" if age else f"{scope}, no-cache"
    return {"scope": scope, "max_age": age, "control": control, "public": scope == "public"}


def response_facts(document: Document, response: dict[str, Any]) -> dict[str, Any]:
    """The headers that the handler must or may give."""
    given = []
    for name, header in mapping(response.get("headers")).items():
        if name not in RUNTIME_HEADERS:
            _, header = document.resolve("", header)
            given.append(
                {"name": name, "field": name.lower().replace("-", "_"), "required": header.get("required", False)}
            )
    return {"headers": given, "problem": "x-codes" in response, "codes": sequence(response.get("x-codes"))}


def distinct(items: Any) -> list[Any]:
    return list(dict.fromkeys(items))


class Plain(yaml.SafeDumper):
    """Without anchors, which the generator's parser limits; width as large as it takes, so that no text is folded."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    document = load_linted(Path(arguments[0]))
    if document is None:
        return 1
    text = yaml.dump(prepare(document), Dumper=Plain, sort_keys=False, allow_unicode=True, width=1_000_000)
    Path(arguments[1]).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
