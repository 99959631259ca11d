"""scripts/lib/reference.py: the pages of reference tell everything that their sources do, and a stale one is noticed."""

import json
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import reference  # noqa: E402

DOCUMENT = json.loads(reference.DOCUMENT.read_text())
OPTIONS = reference.OPTIONS.read_text()
ASKING = reference.ASKING.read_text()


def test_every_problem_code_has_one_row_with_its_status():
    page = reference.problems(DOCUMENT)
    for code, kind in DOCUMENT["x-problems"].items():
        assert page.count(f"| {kind['status']} | `{code}` |") == 1


def test_codes_that_no_operation_lists_stand_apart():
    listed, others = reference.problems(DOCUMENT).split("## Of no operation")
    assert "`sku_taken`" in listed and "`sku_taken`" not in others and "`uri_too_long`" in others


def test_every_variable_has_one_row():
    page = reference.settings(OPTIONS, ASKING)
    assert OPTIONS.count('env = "') > 15 and "SHOPKEEPER_SERVER" in ASKING
    for variable in re.findall(r'env = "(\w+)"', OPTIONS + ASKING):
        assert page.count(f"| `{variable}` |") == 1


def test_a_default_stands_in_its_column_and_not_in_the_text():
    row = next(line for line in reference.settings(OPTIONS, ASKING).splitlines() if "`SHOPKEEPER_ORDER_EXPIRY`" in line)
    assert "| `--order-expiry TIME` | 30m |" in row and "[default" not in row


def test_an_option_that_cannot_be_read_is_not_left_out_in_silence():
    odd = OPTIONS.replace("pub struct Given {\n", "pub struct Given {\n    #[arg(long)]\n    pub odd: bool,\n")
    with pytest.raises(RuntimeError, match="cannot read"):
        reference.settings(odd, ASKING)


def test_a_pipe_does_not_end_a_cell():
    assert reference.row("a|b") == "| a\\|b |\n"


def test_a_page_that_is_not_what_its_source_gives_is_noticed_and_written_anew(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(reference, "PAGES", tmp_path / "reference")
    assert reference.main(check=True) == 1
    assert reference.main(check=False) == 0
    assert reference.main(check=True) == 0
    (tmp_path / "reference" / "problems.md").write_text("stale")
    capsys.readouterr()
    assert reference.main(check=True) == 1
    assert "problems.md is not what" in capsys.readouterr().out
