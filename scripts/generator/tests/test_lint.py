"""Every rule finds the fault that is planted for it in the real document, at its place; the document itself has none.

Run: python -m unittest discover -s scripts/generator/tests
"""

from __future__ import annotations

import copy
import sys
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any

GENERATOR = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(GENERATOR))

import rules  # noqa: E402
from document import Broken, Document  # noqa: E402
from lint import lint  # noqa: E402

SOURCE = (GENERATOR.parents[1] / "openapi.yaml").read_text(encoding="utf-8")
REAL = Document.parse(SOURCE)

LOGIN = "#/paths/~1auth~1login/post"
SESSIONS = "#/paths/~1auth~1sessions/get"
USERS = "#/paths/~1users/get"
USER = "#/paths/~1users~1{user_id}/get"
TOKEN = "#/paths/~1oauth~1token/post"
PRODUCTS = "#/paths/~1products/get"
PRODUCT = "#/paths/~1products~1{product_id}/get"
ORDERS = "#/paths/~1orders/post"
KEY = "#/components/parameters/IdempotencyKey"
LINK = "#/components/links/GetOrder"
FLOW = "#/components/schemas/Order/x-workflow"
SELECTION = "application~1vnd.shopkeeper.selection+json"
REMOVED = object()


def at(pointer: str, value: Any) -> Callable[[Document], None]:
    """A fault: the value at the place, REMOVED to take the place away, or what a function makes of the old value."""

    def plant(document: Document) -> None:
        *way, last = [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]
        here: Any = document.data
        for token in way:
            here = here[int(token)] if isinstance(here, list) else here.setdefault(token, {})
        key: Any = int(last) if isinstance(here, list) else last
        if value is REMOVED:
            del here[key]
        else:
            here[key] = value(here.get(key)) if callable(value) else value

    return plant


def member(schema: str, name: str, content: dict[str, Any]) -> Callable[[Document], None]:
    return at(f"#/components/schemas/{schema}/properties/{name}", content)


def parameter(content: dict[str, Any]) -> Callable[[Document], None]:
    """One more parameter of listUsers."""
    whole = {"in": "query", "name": "more", "description": "More.", "schema": {"type": "boolean"}} | content
    return at(f"{USERS}/parameters", lambda old: [*old, whole])


MORE = f"{USERS}/parameters/{len(REAL.find(f'{USERS}/parameters'))}"
NEW = "#/components/schemas/UserCreate/properties/new"


def new(**content: Any) -> Callable[[Document], None]:
    return member("UserCreate", "new", content)


# rule, fault, place of the finding, part of the reason
FAULTS: list[tuple[str, Callable[[Document], None], str, str]] = [
    # operations
    ("version", at("#/openapi", "3.1.0"), "#/openapi", "3.0"),
    ("references", at(f"{LOGIN}/responses/500/$ref", "#/components/responses/None"),
     f"{LOGIN}/responses/500/$ref", "leads nowhere"),
    ("path_items", at("#/paths/~1auth~1login/head", {}), "#/paths/~1auth~1login/head", "head"),
    ("keys", at(f"{LOGIN}/callbacks", {}), f"{LOGIN}/callbacks", "callbacks"),
    ("names", at(f"{LOGIN}/operationId", "logout"), "#/paths/~1auth~1logout/post/operationId", "also the name"),
    ("names", at(f"{LOGIN}/operationId", REMOVED), f"{LOGIN}/operationId", "no lowerCamelCase name"),
    ("words", at(f"{LOGIN}/summary", REMOVED), f"{LOGIN}/summary", "no summary"),
    ("words", at(f"{LOGIN}/description", " "), f"{LOGIN}/description", "no description"),
    ("words", at(f"{LOGIN}/tags", []), f"{LOGIN}/tags", "exactly one tag"),
    ("words", at(f"{LOGIN}/tags", ["other"]), f"{LOGIN}/tags", "not declared"),
    ("examples", at(f"{LOGIN}/requestBody/content/application~1json/examples", REMOVED),
     f"{LOGIN}/requestBody/content/application~1json", "no example"),
    ("examples", at(f"{USER}/responses/200/content/application~1json/examples", REMOVED),
     f"{USER}/responses/200/content/application~1json", "no example"),
    ("parameters", parameter({"in": "cookie"}), f"{MORE}/in", "cookie"),
    ("parameters", parameter({"name": "moreOf"}), f"{MORE}/name", "snake_case"),
    ("parameters", parameter({"style": "deepObject"}), f"{MORE}/style", "deepObject"),
    ("parameters", parameter({"style": "pipeDelimited"}), f"{MORE}/style", "pipeDelimited"),
    ("parameters", parameter({"style": "spaceDelimited"}), f"{MORE}/style", "spaceDelimited"),
    ("parameters", parameter({"content": {}}), f"{MORE}/content", "content"),
    ("parameters", parameter({"name": "role"}), MORE, "two parameters"),
    ("parameters", at(f"{USER}/parameters/0", REMOVED), USER, "user_id"),
    ("parameters", at("#/paths", lambda old: {**old, "/{a}/{b}/{c}/{d}/{e}": {"get": old["/users/{user_id}"]["get"]}}),
     "#/paths/~1{a}~1{b}~1{c}~1{d}~1{e}/get", "has 5 parameters"),
    ("bodies", at(f"{USER}/requestBody", {"content": {}}), f"{USER}/requestBody", "takes no body"),
    ("bodies", at(f"{LOGIN}/requestBody/content/text~1csv", {}), f"{LOGIN}/requestBody/content", "not supported"),
    ("bodies", at("#/paths/~1users~1me/patch/requestBody/content/application~1json/schema/$ref",
                  "#/components/schemas/UserReplace"),
     "#/paths/~1users~1me/patch/requestBody/content", "different schemas"),
    ("bodies", member("TokenRequest", "scope", {"type": "integer", "format": "int32"}),
     "#/components/schemas/TokenRequest/properties/scope", "no plain string"),
    ("body_is_named", at(f"{LOGIN}/requestBody/content/application~1json/schema", {"type": "object"}),
     f"{LOGIN}/requestBody/content/application~1json/schema", "no named schema"),
    # security
    ("schemes", at("#/components/securitySchemes/apiKey/in", "query"),
     "#/components/securitySchemes/apiKey/in", "header"),
    ("schemes", at("#/components/securitySchemes/bearerAuth/scheme", "digest"),
     "#/components/securitySchemes/bearerAuth", "not supported"),
    ("schemes", at("#/components/securitySchemes/oauth2/flows/password/scopes/more:read", "More"),
     "#/components/securitySchemes/oauth2/flows", "different scopes"),
    ("own_rule", at(f"{LOGIN}/security", REMOVED), LOGIN, "no security rule"),
    ("alternatives", at(f"{USERS}/security/0/oauth2", ["more:read"]), f"{USERS}/security/0/oauth2", "not declared"),
    ("alternatives", at(f"{USERS}/security/1", {"cookieAuth": []}), f"{USERS}/security/1/cookieAuth", "not declared"),
    ("alternatives", at(f"{USERS}/security/1/bearerAuth", ["users:read"]),
     f"{USERS}/security/1/bearerAuth", "no scopes"),
    ("order", at(f"{USERS}/security", lambda old: old[::-1]), f"{USERS}/security", "out of order"),
    ("order", at(f"{USERS}/security/0", REMOVED), f"{USERS}/security", "without oauth2"),
    ("role_scopes", at("#/components/securitySchemes/oauth2/x-role-scopes/user", ["more:read"]),
     "#/components/securitySchemes/oauth2/x-role-scopes/user", "not declared"),
    ("role_scopes", at("#/components/securitySchemes/oauth2/x-role-scopes/admin", []),
     "#/components/securitySchemes/oauth2/x-role-scopes", "no role holds admin:read"),
    # responses
    ("statuses", at(f"{LOGIN}/responses/default", {"$ref": "#/components/responses/InternalError"}),
     f"{LOGIN}/responses/default", "no status"),
    ("statuses", at(f"{LOGIN}/responses/4XX", {"$ref": "#/components/responses/NotFound"}),
     f"{LOGIN}/responses/4XX", "no status"),
    ("statuses", at("#/components/responses/NotFound/description", "Nothing"),
     "#/components/responses/NotFound/description", "does not say so"),
    ("media_types", at(f"{LOGIN}/responses/200/content/text~1csv", {}),
     f"{LOGIN}/responses/200/content/text~1csv", "not supported"),
    ("media_types", at(f"{LOGIN}/responses/200/content/application~1problem+json", {}),
     f"{LOGIN}/responses/200/content/application~1problem+json", "does not fit"),
    ("problems", at("#/components/responses/NotFound/x-codes", REMOVED),
     "#/components/responses/NotFound/x-codes", "no codes"),
    ("problems", at("#/components/responses/NotFound/x-codes", ["gone_fishing"]),
     "#/components/responses/NotFound/x-codes", "not in x-problems"),
    ("problems", at("#/components/responses/NotFound/x-codes", ["conflict"]),
     "#/components/responses/NotFound/x-codes", "belongs to 409"),
    ("problems", at(f"{LOGIN}/responses/500", {"description": "500 Oh"}), f"{LOGIN}/responses/500", "in place"),
    ("catalogue", at("#/x-problems/conflict/mend", REMOVED), "#/x-problems/conflict/mend", "no mend"),
    ("catalogue", at("#/x-problems/conflict/status", 200), "#/x-problems/conflict/status", "no problem status"),
    ("complete", at(f"{LOGIN}/responses/413", REMOVED), f"{LOGIN}/responses", "413 is missing"),
    ("complete", at(f"{USER}/responses/412", {"$ref": "#/components/responses/PreconditionFailed"}),
     f"{USER}/responses/412", "cannot happen"),
    ("complete", at(f"{USER}/responses/403/$ref", "#/components/responses/AccountSuspended"),
     f"{USER}/responses/403", "insufficient_scope is missing"),
    # schemas
    ("inline", new(type="object"), NEW, "object without a name"),
    ("inline", parameter({"schema": {"type": "string", "enum": ["a"]}}), f"{MORE}/schema", "enum without a name"),
    *[("keywords", new(type="string", maxLength=1, **{key: [] if key.endswith("Of") else {}}), f"{NEW}/{key}", key)
      for key in ("oneOf", "anyOf", "allOf", "not", "discriminator", "readOnly", "writeOnly", "xml", "multipleOf")],
    ("keywords", at("#/components/schemas/UserCreate/properties/role/nullable", True),
     "#/components/schemas/UserCreate/properties/role", "beside $ref"),
    ("types", new(type="number"), f"{NEW}/type", "number"),
    ("types", new(maxLength=3), f"{NEW}/type", "type None"),
    ("types", new(type="string", format="date", maxLength=9), f"{NEW}/format", "format date"),
    ("types", new(type="integer"), NEW, "without a format"),
    ("patterns", new(type="string", maxLength=9, pattern="^(?=a)"), f"{NEW}/pattern", "look-around"),
    ("patterns", new(type="string", maxLength=9, pattern=r"^\d$"), f"{NEW}/pattern", "escape"),
    ("patterns", new(type="string", maxLength=9, pattern="^["), f"{NEW}/pattern", "does not compile"),
    ("nullables", new(type="string", maxLength=9, minLength=1, nullable=True), f"{NEW}/minLength", "on a nullable"),
    ("nullables", at("#/components/schemas/Role/nullable", True), "#/components/schemas/Role/nullable", "nullable"),
    ("objects", at("#/components/schemas/UserCreate/additionalProperties", REMOVED),
     "#/components/schemas/UserCreate/additionalProperties", "unknown members"),
    ("objects", at("#/components/schemas/TokenRequest/additionalProperties", False),
     "#/components/schemas/TokenRequest/additionalProperties", "refuses unknown members"),
    ("objects", at("#/components/schemas/User/additionalProperties", False),
     "#/components/schemas/User/additionalProperties", "never grow"),
    ("objects", at("#/components/schemas/User/additionalProperties", {"type": "boolean"}),
     "#/components/schemas/User/additionalProperties", "maps"),
    ("objects", at("#/components/schemas/User/required", ["age"]),
     "#/components/schemas/User/required", "not described"),
    ("objects", member("User", "fullName", {"type": "boolean"}),
     "#/components/schemas/User/properties/fullName", "snake_case"),
    ("both_ways", member("UserCreate", "twin", {"$ref": "#/components/schemas/User"}),
     "#/components/schemas/User", "both of requests and of answers"),
    ("recursion", member("User", "parent", {"$ref": "#/components/schemas/User"}),
     "#/components/schemas/User", "contains itself"),
    ("bounds", new(type="string"), NEW, "any length"),
    ("bounds", new(type="array", items={"type": "boolean"}), NEW, "any length"),
    ("bounds", new(type="integer", format="int32", minimum=1), NEW, "any size"),
    ("bounds", at("#/components/parameters/Cursor/schema/maxLength", REMOVED),
     "#/components/parameters/Cursor/schema", "any length"),
    ("enums", at("#/components/schemas/New", {"type": "string", "enum": ["admin"]}),
     "#/components/schemas/New/enum", "ADMIN is taken by enum Role"),
    ("enums", at("#/components/schemas/Scope/x-enum-varnames", ["User"]),
     "#/components/schemas/Scope/x-enum-varnames", "differ in number"),
    ("enums", member("User", "role", {"$ref": "#/components/schemas/Role"}),
     "#/components/schemas/Role", "in an answer"),
    ("needs", at("#/components/schemas/UserCreate/properties/password/x-needs", ["vowel"]),
     "#/components/schemas/UserCreate/properties/password/x-needs", "no kind of character"),
    ("kept_rules", at("#/components/schemas/UserCreate/properties/password/x-rule", "lucky"),
     "#/components/schemas/UserCreate/properties/password/x-rule", "no rule"),
    ("kept_rules", at("#/components/schemas/UserCreate/properties/password/x-rule", "future"),
     "#/components/schemas/UserCreate/properties/password/x-rule", "of the format date-time"),
    ("needs", member("UserPage", "data", {"type": "array", "x-needs": [], "items": {"type": "string"}}),
     "#/components/schemas/UserPage/properties/data/x-needs", "only text"),
    ("requirements", at("#/components/schemas/TokenRequest/properties/grant_type/x-requires/password", ["user"]),
     "#/components/schemas/TokenRequest/properties/grant_type/x-requires/password", "not described"),
    ("requirements", at("#/components/schemas/TokenRequest/properties/username/x-requires", {"ada": ["grant_type"]}),
     "#/components/schemas/TokenRequest/properties/username/x-requires/ada", "required anyway"),
    ("requirements", at("#/components/schemas/UserCreate/properties/username/x-requires", {}),
     "#/components/schemas/UserCreate/properties/username/x-requires", "only forms of OAuth"),
    # policies
    ("extensions", at(f"{LOGIN}/x-rate-limits", []), f"{LOGIN}/x-rate-limits", "not known here"),
    ("extensions", at("#/components/schemas/User/x-owner", {}), "#/components/schemas/User/x-owner", "not known here"),
    ("rate_limit_policies", at("#/x-rate-limit-policies/login/admin", REMOVED),
     "#/x-rate-limit-policies/login/admin", "does not say admin"),
    ("rate_limit_policies", at("#/x-rate-limit-policies/default/guest", 1),
     "#/x-rate-limit-policies/default/guest", "no audience"),
    ("rate_limits", at(f"{LOGIN}/x-rate-limit", ["more"]), f"{LOGIN}/x-rate-limit", "not declared"),
    ("rate_limits", at(f"{USERS}/x-rate-limit", ["login"]), f"{USERS}/x-rate-limit", "does not have"),
    ("rate_limits", at(f"{USERS}/x-rate-limit", "default"), f"{USERS}/x-rate-limit", "no list"),
    ("owners", at(f"{USER}/x-owner/parameter", "id"), f"{USER}/x-owner/parameter", "not declared"),
    ("owners", at(f"{USER}/x-owner/lifted_by", ["more:read"]), f"{USER}/x-owner/lifted_by", "not declared"),
    ("owners", at(f"{USER}/x-owner/resource", "user"), f"{USER}/x-owner", "not one owner"),
    ("owners", at(f"{USER}/x-owner/resource", "guest"), f"{USER}/x-owner/resource", "guest is no resource"),
    ("owners", at(f"{USER}/security", []), f"{USER}/x-owner", "anonymous"),
    ("patterns", new(type="string", maxLength=9, pattern=r"^[\u00e4]$"), f"{NEW}/pattern", "escape"),
    # caching
    ("resources", at("#/x-resources", ["user", "User"]), "#/x-resources/1", "snake_case"),
    ("resources", at("#/x-resources", ["user", "user"]), "#/x-resources/1", "twice"),
    ("tags", at(f"{PRODUCT}/x-cache/tags", ["product:product_id"]), f"{PRODUCT}/x-cache/tags/0", "no tag"),
    ("tags", at(f"{PRODUCT}/x-cache/tags", "product"), f"{PRODUCT}/x-cache/tags", "no list"),
    ("tags", at(f"{PRODUCT}/x-cache/tags", ["gadget"]), f"{PRODUCT}/x-cache/tags/0", "gadget is no resource"),
    ("tags", at(f"{PRODUCT}/x-cache/tags", ["session"]), f"{PRODUCT}/x-cache/tags/0", "no write invalidates session"),
    ("tags", at(f"{PRODUCT}/x-cache/tags", ["product:{user_id}"]), f"{PRODUCT}/x-cache/tags/0", "not declared"),
    ("tags", at(f"{PRODUCT}/x-cache/tags", ["user:{caller}"]), f"{PRODUCT}/x-cache/tags/0", "nobody need be"),
    ("tags", at("#/paths/~1me~1limits/get/x-cache/tags", ["user:{caller}"]),
     "#/paths/~1me~1limits/get/x-cache/tags/0", "nobody need be"),
    ("tags", at(f"{PRODUCT}/x-cache/tags", REMOVED), f"{PRODUCT}/x-cache/tags", "public answer without tags"),
    ("tags", at(f"{LOGIN}/x-cache/tags", ["user"]), f"{LOGIN}/x-cache/tags", "nobody keeps"),
    ("invalidations", at(f"{PRODUCT}/x-invalidates", ["product"]), f"{PRODUCT}/x-invalidates", "changes nothing"),
    ("invalidations", at(f"{LOGIN}/x-invalidates", []), f"{LOGIN}/x-invalidates", "no list of resources"),
    ("invalidations", at(f"{LOGIN}/x-invalidates", ["gadget"]), f"{LOGIN}/x-invalidates/0", "gadget is no resource"),
    ("kept_headers", at(f"{PRODUCT}/responses/200/headers/Vary", REMOVED), f"{PRODUCT}/responses/200", "Vary"),
    ("kept_headers", at(f"{PRODUCT}/responses/304/$ref", "#/components/responses/NotModified"),
     f"{PRODUCT}/responses/304", "Age is missing"),
    ("kept_headers", at(f"{USER}/responses/304/$ref", "#/components/responses/PublicNotModified"),
     "#/components/responses/PublicNotModified/headers/Age", "no Age"),
    # selections
    ("selections", at(f"{PRODUCT}/responses/200/content/{SELECTION}", REMOVED),
     f"{PRODUCT}/responses/200", "no answer in"),
    ("selections", at(f"{PRODUCT}/parameters", lambda old: old[:1]),
     f"{PRODUCT}/responses/200/content/{SELECTION}", "nobody can ask for"),
    ("selections", at(f"{PRODUCT}/responses/200/content/{SELECTION}/schema/$ref", "#/components/schemas/SelectionPage"),
     f"{PRODUCT}/responses/200/content/{SELECTION}/schema", "is no #/components/schemas/SelectionPage"),
    ("selections", at(f"{PRODUCTS}/responses/200/content/{SELECTION}/schema/$ref", "#/components/schemas/Selection"),
     f"{PRODUCTS}/responses/200/content/{SELECTION}/schema", "is no #/components/schemas/Selection"),
    ("selections", at("#/components/schemas/Product/properties", {}),
     f"{PRODUCTS}/responses/200/content/application~1json/schema", "0 names"),
    ("selections", at(f"{LOGIN}/parameters", [{"$ref": "#/components/parameters/Fields"}]), LOGIN, "no read"),
    ("selections", at("#/components/parameters/Fields/schema/type", "boolean"), PRODUCT, "no text"),
    ("exclusions", at("#/components/parameters/Cursor/x-exclusive", "places"), PRODUCTS, "only one parameter"),
    ("exclusions", at("#/components/parameters/Page/schema/default", 1),
     "#/components/parameters/Page/x-exclusive", "always there"),
    ("exclusions", at("#/components/parameters/UserId/x-exclusive", "paging"),
     "#/components/parameters/UserId/x-exclusive", "only query parameters"),
    # repeats
    ("creations", at(f"{ORDERS}/x-idempotent", REMOVED), ORDERS, "cannot be repeated"),
    ("repeat_keys", at(f"{ORDERS}/parameters", []), ORDERS, "without the header"),
    ("repeat_keys", at(f"{LOGIN}/parameters", [{"$ref": KEY}]), LOGIN, "nothing would heed"),
    ("repeat_keys", at(f"{KEY}/required", True), f"{KEY}/required", "demanded"),
    ("repeat_keys", at(f"{KEY}/schema/maxLength", 100), f"{KEY}/schema", "than the runtime takes"),
    ("repeat_answers", at(f"{ORDERS}/responses/201/headers/Idempotent-Replayed", REMOVED),
     f"{ORDERS}/responses/201", "is missing"),
    ("repeat_answers", at(f"{USER}/responses/200/headers/Idempotent-Replayed", {}),
     f"{USER}/responses/200/headers/Idempotent-Replayed", "never a replay"),
    ("repeat_answers", at(f"{ORDERS}/responses/409", REMOVED), f"{ORDERS}/responses", "idempotency_key_in_use"),
    ("repeat_answers", at(f"{ORDERS}/responses/422/$ref", "#/components/responses/Invalid"),
     f"{ORDERS}/responses", "idempotency_key_reused is missing"),
    ("repeat_answers", at(f"{LOGIN}/responses/422/$ref", "#/components/responses/InvalidOrKeyReused"),
     f"{LOGIN}/responses", "idempotency_key_reused cannot happen"),
    ("repeat_requests", at(f"{ORDERS}/parameters", lambda old: [*old, {"in": "query", "name": "more"}]),
     f"{ORDERS}/parameters/1", "query parameter"),
    ("repeat_requests", at(f"{TOKEN}/x-idempotent", True), f"{TOKEN}/requestBody", "a form"),
    # workflows
    ("workflows", at(f"{FLOW}/more", 1), f"{FLOW}/more", "not known here"),
    ("workflows", at(f"{FLOW}/placing", REMOVED), f"{FLOW}/placing", "is missing"),
    ("workflows", at(f"{FLOW}/placing", "hold"), f"{FLOW}/placing", "nothing says"),
    ("workflows", at(f"{FLOW}/member", "items"), f"{FLOW}/member", "no text"),
    ("workflows", at(f"{FLOW}/states", "Order"), f"{FLOW}/states", "no enum"),
    ("workflows", at(f"{FLOW}/initial", "new"), f"{FLOW}/initial", "no state"),
    ("workflow_steps", at(f"{FLOW}/steps/0/when", "now"), f"{FLOW}/steps/0/when", "not known here"),
    ("workflow_steps", at(f"{FLOW}/steps/0/stock", REMOVED), f"{FLOW}/steps/0/stock", "nothing says"),
    ("workflow_steps", at(f"{FLOW}/steps/0/name", "Pay"), f"{FLOW}/steps/0/name", "snake_case"),
    ("workflow_steps", at(f"{FLOW}/steps/1/name", "pay"), f"{FLOW}/steps/1/name", "another step"),
    ("workflow_steps", at(f"{FLOW}/steps/0/from", []), f"{FLOW}/steps/0/from", "begins nowhere"),
    ("workflow_steps", at(f"{FLOW}/steps/0/from", ["new"]), f"{FLOW}/steps/0/from", "no state"),
    ("workflow_steps", at(f"{FLOW}/steps/0/to", "gone"), f"{FLOW}/steps/0/to", "no state"),
    ("workflow_steps", at(f"{FLOW}/steps/0/to", "pending"), f"{FLOW}/steps/0/to", "where it begins"),
    ("workflow_steps", at(f"{FLOW}/steps/0/scopes", []), f"{FLOW}/steps/0/scopes", "nobody"),
    ("workflow_steps", at(f"{FLOW}/steps/0/scopes", ["more:read"]), f"{FLOW}/steps/0/scopes", "not declared"),
    ("workflow_steps", at(f"{FLOW}/steps", lambda old: [*old, old[0] | {"name": "pay_again"}]),
     f"{FLOW}/steps/{len(REAL.find(FLOW)['steps'])}", "another step leads from pending to paid"),
    ("workflow_states", at(f"{FLOW}/steps/2", REMOVED), f"{FLOW}/steps", "no way leads to delivered"),
    ("workflow_states", at(f"{FLOW}/steps/0/stock", "take"), f"{FLOW}/steps/0/stock", "taken twice"),
    ("workflow_states", at(f"{FLOW}/placing", "none"), f"{FLOW}/steps/3/stock", "put back twice"),
    ("workflow_states", at(f"{FLOW}/placing", "put_back"), f"{FLOW}/placing", "nothing to put back"),
    ("workflow_states", at(f"{FLOW}/steps", lambda old: [*old, old[0] | {"to": "cancelled", "from": ["shipped"]}]),
     f"{FLOW}/steps/5/stock", "depends on the way"),
    # links
    ("links", at(f"{ORDERS}/responses/201/links/GetOrder", {"operationId": "getOrder"}),
     f"{ORDERS}/responses/201/links/GetOrder", "in place"),
    ("links", at("#/components/responses/Unauthorized/links/GetOrder", {"$ref": LINK}),
     "#/components/responses/Unauthorized/links/GetOrder", "a link from 401"),
    ("links", at(f"{LINK}/operationId", "getNothing"),
     f"{ORDERS}/responses/201/links/GetOrder", "no operation getNothing"),
    ("links", at(f"{LINK}/parameters", {}), f"{ORDERS}/responses/201/links/GetOrder", "does not say which order_id"),
    ("links", at(f"{LINK}/parameters/more", "$response.body#/id"),
     f"{ORDERS}/responses/201/links/GetOrder", "no parameter more"),
    ("links", at(f"{LINK}/parameters/order_id", "$url"),
     f"{ORDERS}/responses/201/links/GetOrder", "$url is not supported"),
    ("links", at(f"{LINK}/parameters/order_id", "$request.path.order_id"),
     f"{ORDERS}/responses/201/links/GetOrder", "the request has no order_id"),
    ("links", at(f"{LINK}/parameters/order_id", "$response.body#/number"),
     f"{ORDERS}/responses/201/links/GetOrder", "the answer has no number"),
    ("links", at(f"{LINK}/server", {}), f"{LINK}/server", "not supported"),
    ("links", at("#/components/links/New", {"operationId": "listUsers"}),
     "#/components/links/New", "no answer leads here"),
    ("caches", at(f"{SESSIONS}/x-cache/scope", "public"), f"{SESSIONS}/x-cache", "depends on the caller"),
    ("caches", at(f"{USER}/x-cache/scope", "public"), f"{USER}/x-cache", "depends on the caller"),
    ("caches", at(f"{LOGIN}/x-cache/scope", "private"), f"{LOGIN}/x-cache", "only reads"),
    ("caches", at(f"{USER}/x-cache/max_age", -1), f"{USER}/x-cache/max_age", "no sense"),
    ("flags", at(f"{USER}/x-idempotent", True), f"{USER}/x-idempotent", "only POST"),
    ("flags", at(f"{USER}/x-oauth-errors", True), f"{USER}/x-oauth-errors", "no answer to invalid input"),
    ("body_limits", at("#/x-body-limit", REMOVED), "#/x-body-limit", "no limit"),
    ("body_limits", at(f"{TOKEN}/x-body-limit", "1k"), f"{TOKEN}/x-body-limit", "no number of bytes"),
    ("retirement", at(f"{USER}/deprecated", True), f"{USER}/x-deprecated-at", "deprecated without"),
    ("retirement", at(f"{USER}/deprecated", True), f"{USER}/x-sunset-at", "deprecated without"),
    ("retirement", at(f"{USER}/x-sunset-at", "2027-01-01T00:00:00Z"), f"{USER}/x-sunset-at", "not deprecated"),
]


class PlantedFaults(unittest.TestCase):
    def test_each_is_found_at_its_place(self) -> None:
        by_name = {rule.__name__: rule for rule in rules.ALL}
        for name, plant, pointer, reason in FAULTS:
            with self.subTest(rule=name, pointer=pointer, reason=reason):
                document = Document(copy.deepcopy(REAL.data), REAL.lines)
                plant(document)
                found = list(by_name[name](document))
                self.assertTrue(
                    any(finding.pointer == pointer and reason in finding.reason for finding in found), found
                )

    def test_every_rule_has_one(self) -> None:
        tried = {name for name, *_ in FAULTS} | {"repeated_keys"}
        self.assertEqual({rule.__name__ for rule in rules.ALL}, tried)

    def test_all_are_reported_in_one_run(self) -> None:
        document = Document(copy.deepcopy(REAL.data), REAL.lines)
        at(f"{LOGIN}/security", REMOVED)(document)
        at(f"{USERS}/summary", REMOVED)(document)
        found = {finding.pointer for finding in lint(document)}
        self.assertLessEqual({LOGIN, f"{USERS}/summary"}, found)


class Places(unittest.TestCase):
    def test_the_real_document_has_no_finding(self) -> None:
        self.assertEqual(lint(REAL), [])

    def test_a_finding_names_the_line_of_the_key(self) -> None:
        line = REAL.line(f"{LOGIN}/operationId")
        self.assertIn("operationId: login", SOURCE.splitlines()[line - 1])

    def test_a_missing_member_is_placed_at_what_should_hold_it(self) -> None:
        self.assertEqual(REAL.line(f"{LOGIN}/nothing/here"), REAL.line(LOGIN))

    def test_a_key_that_stands_twice_is_found(self) -> None:
        document = Document.parse(SOURCE + "\ninfo: {}\n")
        self.assertEqual([finding.pointer for finding in rules.operations.repeated_keys(document)], ["#/info"])

    def test_broken_yaml_names_its_line(self) -> None:
        with self.assertRaises(Broken) as caught:
            Document.parse("openapi: 3.0.3\ninfo: [")
        self.assertEqual(caught.exception.line, 2)


if __name__ == "__main__":
    unittest.main()
