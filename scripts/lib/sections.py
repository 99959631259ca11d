"""Runs the named sections of a check or test script, times each, and closes with a table and one plain line."""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CI = os.environ.get("CI") == "true"

# The closing lines of cargo test, of pytest and of our own runners.
CARGO = re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed;")
PYTEST = re.compile(r"^(?:=+ )?(\d+ (?:passed|failed|error)\b.*) in [0-9.]+s")
PLAIN = re.compile(r"^(?:\w+: )?(\d+) passed, (\d+) failed")


class CannotRun(Exception):
    """A section lacks what it needs; the message says how to mend that."""


@dataclass
class Outcome:
    """What one section came to; `skipped` holds the reason."""

    name: str
    ok: bool
    seconds: float
    passed: int = 0
    failed: int = 0
    skipped: str = ""


@dataclass
class Sections:
    """Collects outcomes. With `CI=true` a section that cannot run has failed; elsewhere it is skipped, loudly."""

    title: str
    outcomes: list = field(default_factory=list)

    def run(self, name, action, excused=False):
        """Runs `action`, which returns (passed, failed) or None for a section that is one check.

        An `excused` section may be skipped even with `CI=true`.
        """
        print(f"\n=== {self.title}: {name}", flush=True)
        start = time.monotonic()
        skipped = ""
        try:
            passed, failed = action() or (1, 0)
        except CannotRun as reason:
            passed, failed, skipped = 0, int(CI and not excused), str(reason)
            print(f"{'FAILED' if failed else 'SKIPPED'}: {name}: {reason}", flush=True)
        except (subprocess.SubprocessError, OSError, RuntimeError) as fault:
            passed, failed = 0, 1
            print(f"FAILED: {name}: {fault}", flush=True)
        seconds = time.monotonic() - start
        self.outcomes.append(Outcome(name, failed == 0, seconds, passed, failed, skipped))

    def close(self):
        """Prints the table and the closing line; returns the exit code."""
        print(f"\n=== {self.title}: summary")
        width = max(len(outcome.name) for outcome in self.outcomes)
        for outcome in self.outcomes:
            word = "ok" if outcome.ok else "FAILED"
            if outcome.skipped and outcome.ok:
                word = "skipped"
            note = f"  ({outcome.skipped})" if outcome.skipped else ""
            print(f"{outcome.name:<{width}}  {word:<7}  {outcome.seconds:7.1f} s  "
                  f"{outcome.passed:5} passed {outcome.failed:3} failed{note}")
        passed = sum(outcome.passed for outcome in self.outcomes)
        failed = sum(outcome.failed for outcome in self.outcomes)
        skipped = sum(1 for outcome in self.outcomes if outcome.skipped and outcome.ok)
        total = sum(outcome.seconds for outcome in self.outcomes)
        print(f"{self.title} took {total:.0f} s")
        print(f"{self.title}: {passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
        sys.stdout.flush()
        return 0 if failed == 0 else 1


def command(*words, env=None, cwd=ROOT):
    """Runs a command whose exit code is the whole answer."""
    print("$ " + " ".join(str(word) for word in words), flush=True)
    finished = subprocess.run([str(word) for word in words], cwd=cwd, env={**os.environ, **(env or {})},
                              stdin=subprocess.DEVNULL)
    if finished.returncode != 0:
        raise RuntimeError(f"exit code {finished.returncode}")


def counted(*words, env=None, cwd=ROOT):
    """Runs a test runner, shows its output as it comes and adds up its closing lines; returns (passed, failed)."""
    print("$ " + " ".join(str(word) for word in words), flush=True)
    process = subprocess.Popen([str(word) for word in words], cwd=cwd, env={**os.environ, **(env or {})},
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, errors="replace")
    passed = failed = 0
    for line in process.stdout:
        sys.stdout.write(line)
        sys.stdout.flush()
        more_passed, more_failed = closing_counts(line)
        passed += more_passed
        failed += more_failed
    code = process.wait()
    if code != 0 and failed == 0:
        failed = 1
        print(f"exit code {code} without a failed test: counted as one failure")
    if passed == 0 and failed == 0:
        raise RuntimeError("it ran no test")
    return passed, failed


def closing_counts(line):
    """(passed, failed) told by one line of a test runner's output."""
    if match := CARGO.match(line) or PLAIN.match(line):
        return int(match[1]), int(match[2])
    if match := PYTEST.match(line):
        told = {word.rstrip("s"): int(number) for number, word in re.findall(r"(\d+) (\w+)", match[1])}
        return told.get("passed", 0), told.get("failed", 0) + told.get("error", 0)
    return 0, 0
