"""scripts/lib/releases.py: a break is found unless a new major version announces it; no release is rewritten."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import releases  # noqa: E402

DOCUMENT = """\
openapi: 3.0.3
info: {title: Shop, version: 1.2.0}
paths:
  /things:
    get:
      operationId: listThings
      security:
      - oauth2: [things:read]
      - oauth2: [things:manage]
      parameters:
      - {name: limit, in: query, schema: {type: integer, maximum: 100}}
      responses:
        '200':
          description: 200 OK
          content:
            application/json: {schema: {$ref: '#/components/schemas/Thing'}}
    post:
      operationId: createThing
      security: []
      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {name: {type: string, maxLength: 50}}}
      responses:
        '201': {description: 201 Created}
components:
  securitySchemes:
    oauth2: {type: http, scheme: bearer}
  schemas:
    Thing:
      type: object
      required: [id]
      properties: {id: {type: string}}
"""
BREAKS = {
    "a path is gone": ("  /things:\n", "  /items:\n"),
    "a text may be less long": ("maxLength: 50", "maxLength: 40"),
    "a member is no longer promised": ("      required: [id]\n", ""),
    "a member is of another type": ("properties: {id: {type: string}}", "properties: {id: {type: integer}}"),
    "a parameter is needed": ("name: limit, in: query,", "name: limit, in: query, required: true,"),
    "a parameter is gone": ("name: limit,", "name: most,"),
    "a member of a request is gone": ("properties: {name: {", "properties: {title: {"),
    "another scope is needed": ("oauth2: [things:read]", "oauth2: [things:write]"),
    "what was public is not": ("security: []", "security: [{oauth2: []}]"),
}
HARMLESS = {
    "words": ("title: Shop", "title: Store"),
    "another way in": ("      - oauth2: [things:manage]\n", "      - oauth2: [things:manage]\n      - apiKey: []\n"),
    "a text may be longer": ("maxLength: 50", "maxLength: 60"),
    "a member more": ("{id: {type: string}}", "{id: {type: string}, more: {type: string}}"),
    "a new path": ("components:\n", "  /more:\n    get: {security: [], responses: {'204': {description: 204 No}}}\n"
                                    "components:\n"),
}


def changed(old, new):
    assert DOCUMENT.count(old) == 1
    return DOCUMENT.replace(old, new)


@pytest.fixture
def shelf(tmp_path):
    """A document, and a folder in which it is released."""
    document, folder = tmp_path / "openapi.yaml", tmp_path / "releases"
    document.write_text(DOCUMENT)
    assert releases.release(document, folder)[1] == 0
    return document, folder


@pytest.mark.parametrize("planted", BREAKS)
def test_a_break_that_nobody_announced_is_found(shelf, planted):
    document, folder = shelf
    document.write_text(changed(*BREAKS[planted]).replace("version: 1.2.0", "version: 1.3.0"))
    told, code = releases.check(document, folder)
    assert code == 1
    assert "**Breaks:**" in told


@pytest.mark.parametrize("harmless", HARMLESS)
def test_what_breaks_nobody_passes(shelf, harmless):
    document, folder = shelf
    document.write_text(changed(*HARMLESS[harmless]))
    assert releases.check(document, folder)[1] == 0


def test_a_break_that_a_new_major_version_announces_passes_and_is_in_the_changelog(shelf):
    document, folder = shelf
    document.write_text(changed(*BREAKS["a text may be less long"]).replace("version: 1.2.0", "version: 2.0.0"))
    assert releases.check(document, folder)[1] == 0
    assert releases.release(document, folder)[1] == 0
    page = (folder / releases.CHANGELOG).read_text()
    assert "**Breaks:** `POST /things`" in page
    assert page.index("## 2.0.0") < page.index("## 1.2.0")
    assert page.count("# What changed in the contract") == 1


def test_a_release_is_never_rewritten(shelf):
    document, folder = shelf
    before = releases.newest(folder).read_text()
    document.write_text(DOCUMENT.replace("title: Shop", "title: Store"))
    assert releases.release(document, folder)[1] == 1
    assert releases.newest(folder).read_text() == before


def test_an_unannounced_break_is_not_released(shelf):
    document, folder = shelf
    document.write_text(changed(*BREAKS["a path is gone"]).replace("version: 1.2.0", "version: 1.3.0"))
    assert releases.release(document, folder)[1] == 1
    assert releases.newest(folder).name == "openapi-1.2.0.yaml"


def test_the_newest_release_is_the_one_of_the_highest_version(tmp_path):
    for name in ("openapi-1.9.0.yaml", "openapi-1.10.0.yaml", "openapi-draft.yaml"):
        (tmp_path / name).touch()
    assert releases.newest(tmp_path).name == "openapi-1.10.0.yaml"


def test_without_a_release_the_check_fails(tmp_path):
    assert releases.check(folder=tmp_path)[1] == 1
