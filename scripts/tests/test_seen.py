"""What was answered against what is documented: each direction, and each way of telling it wrongly."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from strangers import seen  # noqa: E402
from strangers.seen import Answer  # noqa: E402

JSON, PROBLEM = "application/json", "application/problem+json"


def response(media_type=None, codes=None):
    node = {"description": "An answer."}
    if media_type:
        node["content"] = {media_type: {}}
    if codes:
        node["x-codes"] = codes
    return node


DOCUMENT = {
    "x-problems": {"not_found": {"status": 404}, "malformed_request": {"status": 400}, "gone": {"status": 404}},
    "components": {"responses": {"NotFound": response(PROBLEM, ["not_found", "gone"])}},
    "paths": {
        "/things/{thing_id}": {
            "get": {
                "operationId": "getThing",
                "responses": {"200": response(JSON), "404": {"$ref": "#/components/responses/NotFound"}},
            },
            "delete": {"operationId": "deleteThing", "responses": {"204": response()}},
        },
    },
}
READ = Answer("getThing", 200, None, JSON)
MISSED = Answer("getThing", 404, "not_found", PROBLEM)
GONE = Answer("getThing", 404, "gone", PROBLEM)
DELETED = Answer("deleteThing", 204, None, None)
ALL = {("GET", READ), ("GET", MISSED), ("GET", GONE), ("DELETE", DELETED)}


class Seen(unittest.TestCase):
    def test_what_is_documented_and_seen_is_in_order(self):
        self.assertEqual(seen.undocumented(DOCUMENT, ALL), [])
        self.assertEqual(seen.never_seen(DOCUMENT, ALL, {}), [])

    def test_each_answer_that_was_never_seen_is_named(self):
        for missing in ALL:
            self.assertEqual(seen.never_seen(DOCUMENT, ALL - {missing}, {}), [missing[1]])

    def test_an_answer_to_head_does_not_count_as_seen(self):
        heard = ALL - {("GET", READ)} | {("HEAD", READ)}
        self.assertEqual(seen.never_seen(DOCUMENT, heard, {}), [READ])
        self.assertEqual(seen.undocumented(DOCUMENT, heard), [])

    def test_an_undocumented_answer_is_named_whatever_is_odd_about_it(self):
        for odd in (
            READ._replace(status=202),
            READ._replace(media_type="text/html"),
            READ._replace(media_type=None),
            MISSED._replace(code="malformed_request"),
            MISSED._replace(code=None),
            MISSED._replace(media_type=JSON),
            DELETED._replace(media_type=JSON),
            DELETED._replace(status=404, code="not_found", media_type=PROBLEM),
        ):
            self.assertEqual(seen.undocumented(DOCUMENT, ALL | {("GET", odd)}), [("GET", odd)])

    def test_the_http_layer_may_refuse_any_request_with_a_declared_problem(self):
        refused = Answer("getThing", 400, "malformed_request", PROBLEM)
        self.assertEqual(seen.undocumented(DOCUMENT, {("GET", refused), ("HEAD", refused._replace(code=None))}), [])
        for odd in (refused._replace(code="not_found"), refused._replace(code=None), refused._replace(media_type=JSON)):
            self.assertEqual(seen.undocumented(DOCUMENT, {("GET", odd)}), [("GET", odd)])

    def test_an_excuse_covers_one_answer_or_that_of_every_operation_and_goes_stale(self):
        for name in ("getThing", "*"):
            excused = {(name, 404, "gone"): "a reason"}
            self.assertEqual(seen.never_seen(DOCUMENT, ALL - {("GET", GONE)}, excused), [])
            self.assertEqual(seen.stale_excuses(DOCUMENT, ALL - {("GET", GONE)}, excused), [])
            self.assertEqual(seen.stale_excuses(DOCUMENT, ALL, excused), [(name, 404, "gone")])
        self.assertEqual(len(seen.stale_excuses(DOCUMENT, ALL, {("noThing", 404, "gone"): "a reason"})), 1)

    def test_a_path_leads_to_its_operation_literal_segments_first(self):
        document = {"paths": {
            "/users/{user_id}": {"get": {"operationId": "getUser"}, "put": {"operationId": "replaceUser"}},
            "/users/me": {"get": {"operationId": "getCurrentUser"}},
        }}
        for method, path, wanted in (
            ("GET", "/users/me", "getCurrentUser"), ("HEAD", "/users/1", "getUser"), ("PUT", "/users/1", "replaceUser"),
            ("PUT", "/users/me", None), ("GET", "/users/", None), ("GET", "/users", None), ("GET", "/users/1/2", None),
        ):
            self.assertEqual(seen.operation_of(document, method, path), wanted, (method, path))

    def test_notes_of_several_processes_are_read_together(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, (method, answer) in zip("abcd", ALL):
                line = json.dumps({"method": method, **answer._asdict()})
                (Path(folder) / f"{name}.jsonl").write_text(f"{line}\n{line}\n")
            self.assertEqual(seen.noted(Path(folder)), ALL)

    def test_a_note_that_cannot_be_read_is_a_fault(self):
        for text in ("{", "[]", '{"operation": "getThing"}'):
            with tempfile.TemporaryDirectory() as folder:
                (Path(folder) / "a.jsonl").write_text(text + "\n")
                with self.assertRaises(RuntimeError):
                    seen.noted(Path(folder))


if __name__ == "__main__":
    unittest.main()
