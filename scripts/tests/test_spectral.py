"""scripts/document/spectral.yaml: every rule of ours finds a fault planted for it. scripts/check lints the document."""

import sys
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import document_tools  # noqa: E402

RULES = yaml.safe_load((document_tools.HOME / "spectral.yaml").read_text())["rules"]
OURS = {name for name in RULES if not name.startswith("owasp:") and RULES[name] != "off"}
# Ours too: it stands in for one that cannot read the document.
CREDENTIALS = "owasp:api2:2023-no-credentials-in-url"


def plant(document):
    """One fault for each rule, each in a place of its own."""
    paths, schemas = document["paths"], document["components"]["schemas"]
    parameters, responses = document["components"]["parameters"], document["components"]["responses"]
    schemas["User"]["properties"]["fullName"] = {"type": "string"}  # members-are-snake-case, strings-are-bounded
    schemas["page_links"] = schemas["PageLinks"]  # schemas-are-pascal-case
    parameters["MinPrice"]["name"] = "minPrice"  # parameters-are-snake-case
    parameters["InStock"]["name"] = "access_token"  # owasp:api2:2023-no-credentials-in-url
    del parameters["MaxPrice"]["schema"]["maximum"]  # integers-are-bounded
    paths["/makeOrders"] = {"get": paths["/me/limits"]["get"] | {"operationId": "limitsOfMine"}}  # paths-are-nouns
    login, limits = paths["/auth/login"]["post"], paths["/me/limits"]["get"]
    login["operationId"] = "signIn"  # operation-ids-are-verb-and-noun
    del login["summary"]  # operations-are-explained
    del login["responses"]["503"]  # operations-tell-their-failures
    login["responses"]["default"] = login["responses"]["500"]  # statuses-are-numbers
    login["responses"]["200"]["description"] = "The token pair."  # descriptions-begin-with-the-status
    responses["NotAcceptable"]["content"]["application/json"] = {"example": {}}  # failures-are-problems
    del responses["NoContent"]["headers"]["X-Request-Id"]  # answers-name-their-request
    del responses["InvalidToken"]["headers"]["WWW-Authenticate"]  # refused-callers-get-a-challenge
    del responses["Unavailable"]["headers"]["Retry-After"]  # waiting-is-told
    del limits["responses"]["401"]  # callers-may-be-unknown
    paths["/admin/config"]["get"]["security"][0]["oauth2"] = ["users:read"]  # admin-needs-its-scope
    limits["responses"]["200"]["content"]["application/json"]["schema"] = {"type": "object"}  # schemas-are-named
    del login["requestBody"]["content"]["application/json"]["examples"]  # bodies-have-examples
    schemas["LoginRequest"]["additionalProperties"] = True  # requests-are-closed
    schemas["Money"]["properties"]["amount"] = {"type": "number"}  # money-is-in-minor-units
    del schemas["Order"]["properties"]["user_id"]["format"]  # ids-are-uuids
    del schemas["Order"]["properties"]["created_at"]["format"]  # times-are-times
    listing = paths["/users"]["get"]["parameters"]
    listing.remove({"$ref": "#/components/parameters/Cursor"})  # lists-are-pages
    del paths["/users/me"]["patch"]["requestBody"]["content"]["application/json"]  # patches-are-merge-patches
    del paths["/orders"]["post"]["x-idempotent"]  # makings-can-be-repeated


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    document = yaml.load(document_tools.DOCUMENT.read_text(), Loader=yaml.CSafeLoader)
    plant(document)
    faulty = tmp_path_factory.mktemp("spectral") / "openapi.yaml"
    # Flow style without aliases: what is planted in one place must not be in another.
    yaml.Dumper.ignore_aliases = lambda *_: True
    faulty.write_text(yaml.dump(document, sort_keys=False, allow_unicode=True))
    return {finding["code"] for finding in document_tools.spectral(faulty)}


@pytest.mark.parametrize("rule", sorted(OURS | {CREDENTIALS}))
def test_a_rule_of_ours_finds_the_fault_planted_for_it(found, rule):
    assert rule in found
