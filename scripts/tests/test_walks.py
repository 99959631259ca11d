"""The walks through the source: how a page's blocks are put into a tree. Where they lead is for scripts/test-walk."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import walks  # noqa: E402
from sections import ROOT  # noqa: E402
from walks import Astray, Walk, put_in  # noqa: E402


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "file"
    path.write_text("one\ntwo\n  three\n")
    return path


def test_lines_are_put_in_where_the_page_says(file):
    put_in(file, "below", "one", "a\n")
    put_in(file, "before", "  thr", "b\n\n")
    put_in(file, "for", "two", "2\n")
    assert file.read_text() == "one\na\n2\nb\n\n  three\n"


def test_a_line_that_is_not_there_leads_astray(file):
    for where, line in [("below", "on"), ("before", "four"), ("for", "three")]:
        with pytest.raises(Astray):
            put_in(file, where, line, "x\n")
    assert file.read_text() == "one\ntwo\n  three\n"


@pytest.mark.parametrize("walk", [Walk("CONTRIBUTING.md", "Adding an operation"), Walk("docs/how-to/add-a-resource.md")],
                         ids=lambda walk: walk.page)
def test_every_walk_edits_the_document_generates_and_calls_and_every_place_is_there(walk):
    infos = [info for info, _ in walk.blocks()]
    for step in ("sh run", "text expect", "sh call", "text prints"):
        assert step in infos
    assert infos.index("sh run") < infos.index("text expect") < infos.index("sh call")
    new = {found[1] for info in infos if (found := walks.FILE.fullmatch(info))}
    for info in infos:
        if found := walks.INTO.fullmatch(info):
            lines = (ROOT / found[1]).read_text().split("\n")
            assert any(line.startswith(found[3]) if found[2] == "before" else line == found[3] for line in lines), info
    assert not [name for name in new if (ROOT / name).exists()]
