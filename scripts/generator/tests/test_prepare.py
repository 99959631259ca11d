"""What the templates are given beside the document.

Run: python -m unittest discover -s scripts/generator/tests
"""

from __future__ import annotations

import copy
import sys
import unittest
from pathlib import Path

GENERATOR = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(GENERATOR))

import yaml  # noqa: E402
from prepare import SELECTION, alternatives, cache, prepare  # noqa: E402

REAL = yaml.safe_load((GENERATOR.parents[1] / "openapi.yaml").read_text())


class Prepared(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.paths = prepare(REAL)["paths"]

    def test_scopes_of_oauth2_bind_every_token_scheme(self) -> None:
        security = [{"oauth2": ["a"]}, {"oauth2": ["b"]}, {"bearerAuth": []}, {"apiKey": []}, {"clientBasic": []}, {}]
        expanded = [
            [(need["scheme"], need["scopes"]) for need in entry["needs"]] for entry in alternatives(REAL, security)
        ]
        tokens = [[(scheme, [scope])] for scheme in ("OAUTH2", "BEARER_AUTH", "API_KEY") for scope in ("a", "b")]
        self.assertEqual(expanded, [*tokens, [("CLIENT_BASIC", [])], []])

    def test_only_an_empty_security_is_public(self) -> None:
        self.assertTrue(self.paths["/auth/login"]["post"]["x-rust"]["public"])
        self.assertFalse(self.paths["/me/limits"]["get"]["x-rust"]["public"])

    def test_a_partition_knows_whether_its_member_may_be_absent(self) -> None:
        expressions = [
            self.paths[path]["post"]["x-rust"]["limits"][1]["partition"]
            for path in ("/auth/login", "/oauth/token")
        ]
        self.assertEqual(expressions, ["Some(&params.body.username)", "params.username.as_deref()"])

    def test_absent_policies_have_their_defaults(self) -> None:
        document = copy.deepcopy(REAL)
        operation = document["paths"]["/users"]["get"]
        del operation["x-rate-limit"], operation["x-cache"]
        facts = prepare(document)["paths"]["/users"]["get"]["x-rust"]
        self.assertEqual(facts["limits"], [{"policy": "default", "partitioned": False, "by_address": False}])
        self.assertEqual(facts["cache"]["control"], "no-store")

    def test_an_age_of_zero_asks_each_time(self) -> None:
        kept = {"security": [], "x-cache": {"scope": "private", "max_age": 0}}
        self.assertEqual(cache(REAL, kept)["control"], "private, no-cache")
        kept = {"security": [], "x-cache": {"scope": "public", "max_age": 60}}
        self.assertEqual(cache(REAL, kept)["control"], "public, max-age=60")

    def test_an_answer_varies_by_the_headers_that_tell_callers_apart(self) -> None:
        def vary(scope: str, *schemes: str) -> str:
            security = [{name: []} for name in schemes]
            return cache(REAL, {"security": security, "x-cache": {"scope": scope}})["vary"]

        self.assertEqual(vary("private", "oauth2", "bearerAuth", "apiKey"), "Authorization, X-API-Key, Accept-Encoding")
        self.assertEqual(vary("private", "oauth2"), "Authorization, Accept-Encoding")
        self.assertEqual(vary("public"), "Accept-Encoding")
        self.assertEqual(vary("no-store", "oauth2"), "")

    def test_tags_know_their_parameter(self) -> None:
        tags = self.paths["/categories/{category_id}/products"]["get"]["x-rust"]["cache"]["tags"]
        self.assertEqual(
            [(tag["resource"], tag["parameter"]) for tag in tags],
            [("product", "None"), ("category", 'Some("category_id")')],
        )

    def test_fields_are_the_members_of_the_answer_or_of_a_page_s_entries(self) -> None:
        def fields(path: str) -> tuple:
            parameters = self.paths[path]["get"]["parameters"]
            facts = next(p["x-fields"] for p in parameters if p.get("name") == "fields")
            return facts["names"], facts["shape"]

        members = list(REAL["components"]["schemas"]["User"]["properties"])
        self.assertEqual(fields("/users/me"), (members, "One"))
        self.assertEqual(fields("/users"), (members, "Page"))

    def test_templates_never_see_selections(self) -> None:
        prepared = prepare(REAL)
        self.assertNotIn(SELECTION, self.paths["/users"]["get"]["responses"]["200"]["content"])
        schemas = prepared["components"]["schemas"]
        self.assertFalse({"Selection", "SelectionPage"} & set(schemas))
        self.assertIn("Pagination", schemas)

    def test_parameters_that_exclude_each_other_are_grouped(self) -> None:
        facts = self.paths["/users"]["get"]["x-rust"]
        self.assertEqual(facts["exclusive"], [{"names": ["page", "offset", "cursor"]}])
        self.assertEqual(self.paths["/users"]["post"]["x-rust"]["exclusive"], [])

    def test_members_that_a_value_asks_for_are_listed_with_it(self):
        asked = self.paths["/oauth/token"]["post"]["x-rust"]["requires"]
        password = {"value": "password", "names": ["username", "password"]}
        self.assertEqual((asked[0]["by"], asked[0]["values"][0]), ("grant_type", password))
        self.assertEqual(self.paths["/users"]["post"]["x-rust"]["requires"], [])

    def test_handlers_give_only_the_headers_that_the_runtime_does_not(self) -> None:
        headers = self.paths["/users"]["post"]["responses"]["201"]["headers"]
        self.assertEqual(list(headers), ["Location", "ETag"])
        self.assertEqual(list(self.paths["/users"]["get"]["responses"]["200"]["headers"]), ["Link"])

    def test_retirement_is_in_unix_seconds(self) -> None:
        document = copy.deepcopy(REAL)
        operation = document["paths"]["/users"]["get"]
        operation |= {
            "deprecated": True,
            "x-deprecated-at": "2027-01-01T00:00:00Z",
            "x-sunset-at": "2027-07-01T00:00:00Z",
        }
        facts = prepare(document)["paths"]["/users"]["get"]["x-rust"]
        self.assertEqual((facts["deprecated_at"], facts["sunset_at"]), ("Some(1798761600)", "Some(1814400000)"))

    def test_the_given_document_stays_as_it_is(self) -> None:
        before = copy.deepcopy(REAL)
        prepare(REAL)
        self.assertEqual(REAL, before)


if __name__ == "__main__":
    unittest.main()
