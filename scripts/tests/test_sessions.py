"""scripts/lib/sessions.py: a page passes only if each block prints what stands below it, and nothing is passed over."""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

import sessions  # noqa: E402
from sections import ROOT  # noqa: E402

PAGE = """
```sh
echo one two three
```

```text
one … three
```

```sh
true
```
"""


def judged(page):
    running = [block for block in sessions.blocks(page) if block.runs]
    finished = subprocess.run(["bash", "-c", sessions.script(running)], capture_output=True, text=True, timeout=30)
    return sessions.fault_of(running, finished.stdout, finished.returncode)


def test_a_page_passes_that_prints_what_it_says():
    assert judged(PAGE) is None


@pytest.mark.parametrize("page", [
    PAGE.replace("echo one", "echo eleven"), PAGE.replace("one … three", "one …\nthree"), PAGE.replace("true", "echo more"),
    PAGE.replace("true", "false"), PAGE.replace("echo one two three", "true"),
    PAGE.replace("echo one two three", "echo one three | sed s/one/one/ | false"),
])
def test_other_output_and_commands_that_fail_are_faults(page):
    assert judged(page)


def test_later_blocks_know_what_earlier_ones_set():
    assert judged("```sh\nname=ada\n```\n```sh\necho $name\n```\n```text\nada\n```\n") is None


@pytest.mark.parametrize("page", [
    "```text\nnever\n```\n", "```python file=shop.py\npass\n```\n```text\nnever\n```\n", "```sh later\ntrue\n```\n",
    "```python\npass\n```\n",
])
def test_a_block_that_would_be_passed_over_is_a_fault_of_the_page(page):
    with pytest.raises(ValueError):
        sessions.blocks(page)


def test_the_tutorial_is_a_session_with_a_program():
    tutorial = next(session for session in sessions.pages() if session.name == "docs/tutorial.md")
    infos = [block.info for block in sessions.blocks(tutorial.page.read_text())]
    assert infos.count("sh") > 10 and "python file=shop.py" in infos


def test_every_page_that_shows_commands_is_a_session():
    shown = {page.name for page in (ROOT / "docs" / "how-to").glob("*.md") if "```" in page.read_text()}
    assert shown - {sessions.WALK} | {"tutorial.md"} == {session.page.name for session in sessions.pages()}
