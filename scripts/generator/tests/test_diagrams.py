"""Workflows as people see them.

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
from diagrams import draw, illustrated  # noqa: E402

REAL = yaml.safe_load((GENERATOR.parents[1] / "openapi.yaml").read_text())

ROUND = {
    "initial": "open",
    "placing": "take",
    "steps": [
        {"name": "close", "from": ["open"], "to": "closed", "scopes": ["a", "b"], "stock": "put_back"},
        {"name": "hold", "from": ["open"], "to": "held", "scopes": ["a"], "stock": "none"},
        {"name": "release", "from": ["held"], "to": "open", "scopes": ["b"], "stock": "none"},
    ],
}
DRAWN = """\
▶ open                              takes the stock
├─ close ─▶ closed ■                a or b; puts the stock back
└─ hold ─▶ held                     a
   └─ release ─▶ open (see above)   b"""


class Drawings(unittest.TestCase):
    def test_a_circle_ends(self) -> None:
        self.assertEqual(draw(ROUND), DRAWN)

    def test_every_step_from_every_state_is_shown(self) -> None:
        for schema in REAL["components"]["schemas"].values():
            flow = schema.get("x-workflow")
            if flow is not None:
                picture = draw(flow)
                for step in flow["steps"]:
                    shown = picture.count(f" {step['name']} ─▶ {step['to']}")
                    self.assertEqual(shown, len(step["from"]), step["name"])


class Illustrations(unittest.TestCase):
    def test_the_schema_and_who_takes_its_steps_are_illustrated_and_nothing_else(self) -> None:
        shown = illustrated(REAL)
        operation = shown["paths"]["/orders/{order_id}/transitions"]["post"]
        schema = shown["components"]["schemas"]["Order"]
        for holder in (operation, schema):
            self.assertIn("├─ pay ─▶ paid", holder["description"])
        operation["description"] = REAL["paths"]["/orders/{order_id}/transitions"]["post"]["description"]
        schema["description"] = REAL["components"]["schemas"]["Order"]["description"]
        self.assertEqual(shown, REAL)

    def test_the_given_document_stays_as_it_is(self) -> None:
        before = copy.deepcopy(REAL)
        illustrated(REAL)
        self.assertEqual(REAL, before)


if __name__ == "__main__":
    unittest.main()
