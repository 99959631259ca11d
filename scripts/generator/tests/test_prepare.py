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

from document import Document  # noqa: E402
from prepare import alternatives, cache, prepare  # noqa: E402

REAL = Document.load(GENERATOR.parents[1] / "openapi.yaml")


class Prepared(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.paths = prepare(REAL)["paths"]

    def test_scopes_of_oauth2_bind_every_token_scheme(self) -> None:
        security = [{"oauth2": ["a"]}, {"oauth2": ["b"]}, {"bearerAuth": []}, {"apiKey": []}, {"clientBasic": []}, {}]
        expanded = [
            [(need["scheme"], need["scopes"]) for need in entry["needs"]] for entry in alternatives(REAL, security)
        ]
        tokens = [[(scheme, [scope])] for scheme in ("oauth2", "bearerAuth", "apiKey") for scope in ("a", "b")]
        self.assertEqual(expanded, [*tokens, [("clientBasic", [])], []])

    def test_only_an_empty_security_is_public(self) -> None:
        self.assertTrue(self.paths["/auth/login"]["post"]["x-rust"]["public"])
        self.assertFalse(self.paths["/me/limits"]["get"]["x-rust"]["public"])

    def test_a_partition_knows_whether_its_member_may_be_absent(self) -> None:
        expressions = [
            self.paths[path]["post"]["x-rust"]["limits"][1]["partition_expr"]
            for path in ("/auth/login", "/oauth/token")
        ]
        self.assertEqual(expressions, ["Some(body.username.as_str())", "body.username.as_deref()"])

    def test_absent_policies_have_their_defaults(self) -> None:
        document = Document(copy.deepcopy(REAL.data))
        operation = document.data["paths"]["/users"]["get"]
        del operation["x-rate-limit"], operation["x-cache"]
        facts = prepare(document)["paths"]["/users"]["get"]["x-rust"]
        self.assertEqual(facts["limits"], [{"policy": "default", "partitioned": False}])
        self.assertEqual(facts["cache"]["control"], "no-store")

    def test_an_age_of_zero_asks_each_time(self) -> None:
        self.assertEqual(cache({"scope": "private", "max_age": 0})["control"], "private, no-cache")
        self.assertEqual(cache({"scope": "public", "max_age": 60})["control"], "public, max-age=60")

    def test_handlers_give_only_the_headers_that_the_runtime_does_not(self) -> None:
        headers = self.paths["/users"]["post"]["responses"]["201"]["x-rust"]["headers"]
        self.assertEqual([header["name"] for header in headers], ["Location", "ETag"])

    def test_retirement_is_in_unix_seconds(self) -> None:
        document = Document(copy.deepcopy(REAL.data))
        operation = document.data["paths"]["/users"]["get"]
        operation |= {
            "deprecated": True,
            "x-deprecated-at": "2027-01-01T00:00:00Z",
            "x-sunset-at": "2027-07-01T00:00:00Z",
        }
        facts = prepare(document)["paths"]["/users"]["get"]["x-rust"]
        self.assertEqual((facts["deprecated_at"], facts["sunset_at"]), (1798761600, 1814400000))

    def test_the_given_document_stays_as_it_is(self) -> None:
        before = copy.deepcopy(REAL.data)
        prepare(REAL)
        self.assertEqual(REAL.data, before)


if __name__ == "__main__":
    unittest.main()
