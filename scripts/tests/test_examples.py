"""scripts/lib/examples.py: an example passes by a documented success alone, or by the refusal expected of it."""

import json
import sys
from io import BytesIO
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import examples  # noqa: E402
from sections import ROOT  # noqa: E402

DOCUMENT = yaml.load((ROOT / "openapi.yaml").read_text(), Loader=yaml.CSafeLoader)


class Answer:
    def __init__(self, status, media="application/json", body=None):
        self.status, self.media, self.body = status, media, BytesIO(json.dumps(body or {}).encode())

    def getheader(self, _name):
        return self.media

    def read(self):
        return self.body.read()


def example_of(operation):
    return next(each for each in examples.requests(DOCUMENT) if each.operation["operationId"] == operation)


def test_a_documented_success_passes():
    assert example_of("createOrder").judge(Answer(201)) is None


@pytest.mark.parametrize("answer", [
    Answer(422, "application/problem+json", {"code": "validation_failed"}), Answer(204), Answer(201, "text/plain"),
    Answer(500, "application/problem+json"),
])
def test_a_refusal_an_unlisted_status_and_another_media_type_are_faults(answer):
    assert example_of("createOrder").judge(answer)


def test_an_example_that_must_be_refused_passes_by_that_refusal_only():
    example = example_of("refreshSession")
    assert example.judge(Answer(401, "application/problem+json", {"code": "invalid_token"})) is None
    assert example.judge(Answer(401, "application/problem+json", {"code": "unauthenticated"}))
    assert example.judge(Answer(200))


def test_every_expected_refusal_is_of_an_example_that_is_there():
    there = {(each.operation["operationId"], each.example) for each in examples.requests(DOCUMENT)}
    assert set(examples.REFUSED) <= there


def test_every_body_of_the_document_has_an_example_that_is_sent():
    sent = {(each.operation["operationId"], each.media) for each in examples.requests(DOCUMENT)}
    bodies = {(item[method]["operationId"], media) for item in DOCUMENT["paths"].values() for method in examples.METHODS
              if method in item for media in item[method].get("requestBody", {}).get("content", {})}
    assert sent == bodies
