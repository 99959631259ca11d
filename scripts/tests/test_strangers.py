"""scripts/lib/strangers: a client is believed only what it printed, in order, and what the server says it answered."""

import json
import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from strangers import languages, samples, scenario  # noqa: E402

TEXT = """
| step | what the client does | what it must see | answers |
|---|---|---|---|
| sign_in | signs in | a token | login 200 |
| order | orders | an order | createOrder 201 |
| order_again | orders again | the same | createOrder 201 ×2 |
"""
TABLE = scenario.steps(TEXT)
PRINTED = "ok sign_in\nHello ada\nok order\nok order_again\n"


def log(*answers):
    lines = [json.dumps({"event": "request", "status": status, "operation": operation}, separators=(",", ":"))
             for operation, status in answers]
    return "\n".join(["Shopkeeper is open", '{"event":"serving"}', *lines])


ANSWERED = log(("login", 200), ("createOrder", 201), ("createOrder", 201))


def test_a_run_that_took_every_step_is_right():
    assert scenario.judge(TABLE, PRINTED, ANSWERED) == (["sign_in", "order", "order_again"], [])


@pytest.mark.parametrize("printed", [
    "ok sign_in\nok order\n", "ok sign_in\nok order_again\nok order\n", PRINTED + "ok more\n", "", "OK sign_in\n",
])
def test_a_missing_a_swapped_and_an_unknown_step_are_found(printed):
    taken, wrong = scenario.judge(TABLE, printed, ANSWERED)
    assert wrong
    assert len(taken) < len(TABLE) or "more" in wrong[0]


def test_a_step_that_was_printed_but_never_asked_of_the_server_is_found():
    _, wrong = scenario.judge(TABLE, PRINTED, log(("login", 200), ("createOrder", 201)))
    assert wrong == ["claimed, but answered 1 times instead of 2: createOrder 201"]


def test_an_answer_of_another_status_is_no_witness():
    _, wrong = scenario.judge(TABLE, PRINTED, log(("login", 401), ("createOrder", 201), ("createOrder", 201)))
    assert "login 200" in wrong[0]


@pytest.mark.parametrize("row", ["| sign_in | a token | login 200 |", "| order | orders | one | createOrder |"])
def test_a_row_that_cannot_be_read_is_not_passed_over(row):
    with pytest.raises(RuntimeError):
        scenario.steps(row)


def test_the_table_names_operations_of_the_document():
    document = languages.DOCUMENT.read_text()
    named = sum((step.answers for step in scenario.steps()), Counter())
    assert {operation for operation, _ in named if f"operationId: {operation}\n" not in document} == set()


def test_a_sample_is_cut_out_without_its_indentation():
    assert samples.excerpt("a\n    // docs: begin\n    b {\n        c\n    }\n    // docs: end\nd\n") == "b {\n    c\n}"


@pytest.mark.parametrize("source", ["no mark\n", "# docs: begin\n" + "line\n" * 11 + "# docs: end\n"])
def test_a_sample_without_marks_and_one_that_is_too_long_are_faults(source):
    with pytest.raises(RuntimeError):
        samples.excerpt(source)


def test_every_language_has_a_plan_a_builder_and_a_sample():
    languages.check_plan()
    assert set(samples.SOURCES) == set(samples.TITLES) == set(languages.STRANGERS)
