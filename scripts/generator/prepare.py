"""Writes the document that the templates read.

It is openapi.yaml plus what mustache cannot compute: policies resolved per operation (`x-rust`), which schemas
requests reach (`x-request`), and without what the runtime answers by itself (problems, 304, its headers).
"""

import copy
import json
import re
import sys
from datetime import datetime
from pathlib import Path

import yaml
from diagrams import illustrated
from document import METHODS, Document
from rules.selections import FIELDS, JSON, SELECTION, selectable

# What an operation's implementation says in headers; all others are the pipeline's.
HANDLER_HEADERS = ("ETag", "Location", "Link")
# Conditions on reads are judged on the finished answer.
PIPELINE_PARAMETERS = ("If-None-Match",)
REPEAT_KEY = "Idempotency-Key"


def prepare(document: dict) -> dict:
    """The prepared copy of `document`."""
    prepared = copy.deepcopy(document)
    request_schemas = set()
    operations = list(operations_of(prepared))
    for path, method, operation in operations:
        body = resolve(prepared, operation.get("requestBody", {}))
        for content in body.get("content", {}).values():
            reach(prepared, content["schema"], request_schemas)
        operation["x-rust"] = describe(prepared, operation, body)
        name_fields(prepared, operation)
        operation["responses"] = successes(prepared, operation["responses"])
        operation["x-rust"]["judged"] = drop_pipeline_parameters(prepared, operation)
    # The generator visits operations tag by tag; the index must follow its order, not the document's.
    for index, (_, _, operation) in enumerate(sorted(operations, key=lambda entry: entry[2]["operationId"])):
        operation["x-rust"]["index"] = index
    for name in request_schemas:
        schema = prepared["components"]["schemas"][name]
        schema["x-request"] = True
        for member in schema.get("properties", {}).values():
            if "x-needs" in member:
                member["x-needs"] = [camel(kind) for kind in member["x-needs"]]
            if "x-rule" in member:
                member[f"x-{member['x-rule']}"] = True
    for parameter in prepared["components"]["parameters"].values():
        if parameter["name"] == REPEAT_KEY:
            parameter["x-repeat-key"] = True
    prepared["x-rust"] = declared_once(prepared)
    forget_selections(document, prepared)
    return prepared


def operations_of(document: dict):
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def resolve(document: dict, node: dict) -> dict:
    """The node itself, or what its `$ref` names."""
    _, content = Document(document).resolve("", node)
    return content


def reach(document: dict, schema: dict, found: set) -> None:
    """Collects the names of the schemas that a request brings."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        if name in found:
            return
        found.add(name)
        schema = resolve(document, schema)
    for member in schema.get("properties", {}).values():
        reach(document, member, found)
    if "items" in schema:
        reach(document, schema["items"], found)


def describe(document: dict, operation: dict, body: dict) -> dict:
    """One row of the operation table."""
    responses = {int(code): resolve(document, response) for code, response in operation["responses"].items()}
    consumes = list(body.get("content", {}))
    produces = {media for code, response in responses.items() if code < 300 for media in response.get("content", {})}
    return {
        "tag": operation["tags"][0],
        "public": operation["security"] == [],
        "security": alternatives(document, operation["security"]),
        "owner": owner(operation),
        "limits": [limit(document, operation, name, consumes) for name in operation.get("x-rate-limit", ["default"])],
        "cache": cache(document, operation),
        "invalidates": operation.get("x-invalidates", []),
        "exclusive": exclusive(document, operation),
        "requires": requires(document, body),
        "idempotent": operation.get("x-idempotent", False),
        "consumes": consumes,
        "body_required": body.get("required", False),
        "body_limit": operation.get("x-body-limit", document["x-body-limit"]),
        "produces": sorted(produces),
        "statuses": sorted(responses),
        "codes": sorted({code for response in responses.values() for code in response.get("x-codes", [])}),
        "oauth_errors": operation.get("x-oauth-errors", False),
        "deprecated": operation.get("deprecated", False),
        "deprecated_at": seconds(operation.get("x-deprecated-at")),
        "sunset_at": seconds(operation.get("x-sunset-at")),
        "walk": walk(document, operation),
    }


def walk(document: dict, operation: dict):
    """How a client calls a list that it walks through by cursor, and what it meets there."""
    parameters = {resolve(document, parameter)["name"] for parameter in operation.get("parameters", [])}
    if "cursor" not in parameters:
        return None
    page = resolve(document, resolve(document, operation["responses"]["200"])["content"][JSON]["schema"])
    item = page["properties"]["data"]["items"]["$ref"].rsplit("/", 1)[1]
    return {"name": f"walk_{constant(operation['operationId']).lower().removeprefix('list_')}", "item": item}


def alternatives(document: dict, security: list) -> list:
    """Any of these, all needs of one. Scopes written on oauth2 bind the other ways of sending a token as well."""
    schemes = document["components"]["securitySchemes"]
    scope_sets = [needs[name] for needs in security for name in needs if schemes[name]["type"] == "oauth2"]
    expanded = []
    for needs in security:
        inherits = len(needs) == 1 and all(carries_scopes(schemes[name]) for name in needs)
        for scopes in scope_sets if inherits else [None]:
            entry = [
                {"scheme": constant(name), "scopes": own if scopes is None else scopes} for name, own in needs.items()
            ]
            if {"needs": entry} not in expanded:
                expanded.append({"needs": entry})
    return expanded


def carries_scopes(scheme: dict) -> bool:
    return scheme["type"] in ("oauth2", "apiKey") or scheme.get("scheme") == "bearer"


def constant(name: str) -> str:
    """`clientBasic` → `CLIENT_BASIC`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()


def camel(name: str) -> str:
    """`upper_case_letter` → `UpperCaseLetter`."""
    return "".join(word.capitalize() for word in name.split("_"))


def kind_of_scheme(scheme: dict) -> str:
    if scheme["type"] == "apiKey":
        return f'SchemeKind::HeaderKey("{scheme["name"].lower()}")'
    return "SchemeKind::Basic" if scheme.get("scheme") == "basic" else "SchemeKind::Bearer"


def owner(operation: dict):
    rule = operation.get("x-owner")
    if rule is None:
        return None
    kind = "Parameter" if "parameter" in rule else "Resource"
    return {"kind": kind, "name": rule[kind.lower()], "lifted_by": rule["lifted_by"]}


def limit(document: dict, operation: dict, policy: str, consumes: list) -> dict:
    declared = document["x-rate-limit-policies"][policy]
    by_address = declared.get("by") == "address"
    member = declared.get("partition")
    if member is None:
        return {"policy": policy, "partitioned": False, "by_address": by_address}
    is_form = "application/x-www-form-urlencoded" in consumes
    schema = resolve(document, resolve(document, operation["requestBody"])["content"][consumes[0]]["schema"])
    place = f"params.{member}" if is_form else f"params.body.{member}"
    required = member in schema.get("required", [])
    return {
        "policy": policy,
        "partitioned": True,
        "by_address": by_address,
        "partition": f"Some(&{place})" if required else f"{place}.as_deref()",
    }


def cache(document: dict, operation: dict) -> dict:
    """`Cache-Control`, `Vary`, and what a kept answer is made of."""
    rule = operation.get("x-cache", {"scope": "no-store"})
    scope, age = rule["scope"], rule.get("max_age", 0)
    if scope == "no-store":
        return {"control": scope, "public": False, "max_age": 0, "vary": "", "tags": []}
    freshness = f"max-age={age}" if age else "no-cache"
    return {
        "control": f"{scope}, {freshness}",
        "public": scope == "public",
        "max_age": age,
        "vary": ", ".join([*credential_headers(document, operation), "Accept-Encoding"]),
        "tags": [cache_tag(tag) for tag in rule.get("tags", [])],
    }


def credential_headers(document: dict, operation: dict) -> list:
    """The headers by which callers of the operation are told apart."""
    schemes = [document["components"]["securitySchemes"][name] for needs in operation["security"] for name in needs]
    names = [scheme["name"] if scheme["type"] == "apiKey" else "Authorization" for scheme in schemes]
    return list(dict.fromkeys(names))


def cache_tag(tag: str) -> dict:
    """`product:{product_id}` → its resource and its parameter; `product` is any of them."""
    resource, _, parameter = tag.partition(":")
    return {"resource": resource, "parameter": f'Some("{parameter[1:-1]}")' if parameter else "None"}


def exclusive(document: dict, operation: dict) -> list:
    """The groups of parameters of which at most one may be given."""
    groups: dict[str, list] = {}
    for parameter in operation.get("parameters", []):
        parameter = resolve(document, parameter)
        if "x-exclusive" in parameter:
            groups.setdefault(parameter["x-exclusive"], []).append(parameter["name"])
    return [{"names": names} for names in groups.values() if len(names) > 1]


def requires(document: dict, body: dict) -> list:
    """Which members of a form its other members ask for, by their values."""
    members = {}
    for content in body.get("content", {}).values():
        members |= resolve(document, content["schema"]).get("properties", {})
    found = [(name, member["x-requires"]) for name, member in members.items() if "x-requires" in member]
    return [
        {"by": name, "values": [{"value": value, "names": names} for value, names in table.items()]} for name, table in found
    ]


def name_fields(document: dict, operation: dict) -> None:
    """Tells the parameter `fields` which names there are: the members of the full answer, or of a page's entries."""
    for index, parameter in enumerate(operation.get("parameters", [])):
        parameter = resolve(document, parameter)
        if (parameter["in"], parameter["name"]) == ("query", FIELDS):
            answer = resolve(document, operation["responses"]["200"])
            names, listed = selectable(Document(document), "", answer["content"][JSON]["schema"])
            # A parameter of its own for each operation, in an object so that templates enter it once.
            facts = {"names": names, "shape": "Page" if listed else "One", "media_type": SELECTION}
            operation["parameters"][index] = {**parameter, "x-fields": facts}
            operation["x-rust"]["fields"] = facts


def forget_selections(document: dict, prepared: dict) -> None:
    """Drops the schemas that only selections use: the runtime makes those of the full answer, so that no template sees
    them."""
    selections, others = set(), set()
    for _, _, operation in operations_of(document):
        holders = [resolve(document, r) for r in operation["responses"].values()]
        for media, content in ((m, c) for holder in holders for m, c in holder.get("content", {}).items()):
            reach(document, content["schema"], selections if media == SELECTION else others)
    for name in selections - others:
        del prepared["components"]["schemas"][name]


def seconds(time) -> str:
    if time is None:
        return "None"
    moment = time if isinstance(time, datetime) else datetime.fromisoformat(time)
    return f"Some({int(moment.timestamp())})"


def successes(document: dict, responses: dict) -> dict:
    """The answers that an implementation gives: no problems, no 304, and only its own headers."""
    kept = {}
    for code, response in responses.items():
        if not 200 <= int(code) < 300:
            continue
        response = copy.deepcopy(resolve(document, response))
        declared = response.get("headers", {})
        headers = {name: head for name, head in declared.items() if name in HANDLER_HEADERS}
        answer = resolve(document, response.get("content", {}).get(JSON, {}).get("schema", {}))
        if "id" not in answer.get("properties", {}):
            # A list or a summary has no version: its tag is made of its bytes.
            headers.pop("ETag", None)
        response["headers"] = {name: {**resolve(document, head), "required": True} for name, head in headers.items()}
        response.get("content", {}).pop(SELECTION, None)
        response.pop("links", None)
        kept[code] = response
    return kept


def drop_pipeline_parameters(document: dict, operation: dict) -> list:
    """Takes away what no implementation sees. Returns what the decoder still has to judge: header and greatest length."""
    parameters = operation.get("parameters", [])
    dropped = [p for p in parameters if resolve(document, p)["name"] in PIPELINE_PARAMETERS]
    operation["parameters"] = [p for p in parameters if p not in dropped]
    return [
        {"header": parameter["name"], "max": parameter["schema"]["maxLength"]}
        for parameter in (resolve(document, p) for p in dropped)
    ]


def declared_once(document: dict) -> dict:
    """Schemes, roles, limits and problems as lists of what templates print."""
    schemes = document["components"]["securitySchemes"]
    roles = schemes["oauth2"]["x-role-scopes"]
    policies = document["x-rate-limit-policies"]
    settings = ("window_seconds", "partition", "by")
    return {
        "schemes": [
            {"name": name, "constant": constant(name), "kind": kind_of_scheme(scheme)}
            for name, scheme in schemes.items()
        ],
        "roles": [{"name": name, "scopes": scopes} for name, scopes in roles.items()],
        "limit_policies": [
            {
                "name": name,
                "window_seconds": policy["window_seconds"],
                "partitioned": "partition" in policy,
                "by_address": policy.get("by") == "address",
                "audiences": [{"name": a, "requests": n} for a, n in policy.items() if a not in settings],
            }
            for name, policy in policies.items()
        ],
        "problems": [
            {"code": code, "constant": code.upper(), **problem} for code, problem in document["x-problems"].items()
        ],
        "workflows": workflows(document),
    }


def workflows(document: dict) -> list:
    """The workflow of each schema that has one."""
    schemas = document["components"]["schemas"]
    return [
        {
            "schema": name,
            "constant": constant(name),
            "states_type": schema["x-workflow"]["states"],
            "states": schemas[schema["x-workflow"]["states"]]["enum"],
            "initial": schema["x-workflow"]["initial"],
            "placing": camel(schema["x-workflow"]["placing"]),
            "steps": [{**step, "stock": camel(step["stock"])} for step in schema["x-workflow"]["steps"]],
        }
        for name, schema in schemas.items()
        if "x-workflow" in schema
    ]


def main() -> None:
    source, prepared, as_json = map(Path, sys.argv[1:4])
    document = yaml.safe_load(source.read_text())
    prepared.write_text(yaml.safe_dump(prepare(document), sort_keys=False, allow_unicode=True))
    # Times stay text: what the document calls a string must not become something else on the way.
    as_json.write_text(json.dumps(illustrated(document), ensure_ascii=False, separators=(",", ":"), default=str) + "\n")


if __name__ == "__main__":
    main()
