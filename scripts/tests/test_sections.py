"""scripts/lib/sections.py reads runners' closing lines and closes with the right counts."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import sections  # noqa: E402


@pytest.mark.parametrize(("line", "counts"), [
    ("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n", (12, 0)),
    ("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured\n", (3, 2)),
    ("====== 2 failed, 30 passed, 1 error in 1.21s ======\n", (30, 3)),
    ("============ 30 passed in 1.21s ============\n", (30, 0)),
    ("30 passed, 2 warnings in 1.21s\n", (30, 0)),
    ("schemathesis: 40 passed, 1 failed\n", (40, 1)),
    ("the user saw 12 passed; 0 failed\n", (0, 0)),
])
def test_closing_lines_are_counted(line, counts):
    assert sections.closing_counts(line) == counts


@pytest.mark.parametrize(("ci", "excused", "code"), [(True, False, 1), (True, True, 0), (False, False, 0)])
def test_what_cannot_run_fails_in_ci_unless_excused(monkeypatch, capsys, ci, excused, code):
    monkeypatch.setattr(sections, "CI", ci)
    run = sections.Sections("check")
    run.run("fine", lambda: (3, 0))

    def lacking():
        raise sections.CannotRun("no tool")

    run.run("lacking", lacking, excused=excused)
    assert run.close() == code
    assert "no tool" in capsys.readouterr().out


def test_a_runner_that_ran_no_test_has_failed(capsys):
    run = sections.Sections("test")
    run.run("empty", lambda: sections.counted("true"))
    assert run.close() == 1
    assert capsys.readouterr().out.endswith("test: 0 passed, 1 failed\n")
