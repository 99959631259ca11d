"""The pages for people: what they link to and the files that they name are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:)([^)\s]*)\)")
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"`((?:src|contract|generated|migrations|scripts|tests|docs|deploy|releases|assets|benches)/[\w./-]*)`")
# What scripts make, and the tree does not hold.
MADE = ("docs/bench",)


def anchors(page):
    """The names of a page's headings, as they are linked to."""
    titles = re.findall(r"^#+ (.+)$", FENCED.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def names(page):
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_every_link_leads_to_a_page_and_a_heading_of_it(page):
    for link in LINK.findall(page.read_text()):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if target.is_relative_to(ROOT) and names(target).startswith(MADE):
            continue
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_every_file_that_is_named_is_there(page):
    missing = [path for path in NAMED.findall(page.read_text()) if not (ROOT / path).exists() and path not in MADE]
    assert not missing
