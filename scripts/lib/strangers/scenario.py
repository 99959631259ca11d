"""The table of steps in tests/clients/scenario.md, and whether a run kept to it."""

import json
import re
from collections import Counter
from dataclasses import dataclass

from sections import ROOT

TABLE = ROOT / "tests" / "clients" / "scenario.md"
ROW = re.compile(r"^\| (?P<name>[a-z_]+) \| (?P<does>[^|]+) \| (?P<sees>[^|]+) \| (?P<answers>[^|]+) \|$")
ANSWER = re.compile(r"^(?P<operation>[a-zA-Z]+) (?P<status>[0-9]{3})(?: ×(?P<times>[0-9]+))?$")


@dataclass(frozen=True)
class Step:
    """One row: its name, and how often at least the server must have given which answer by its operation and status."""

    name: str
    answers: Counter


def steps(text=None):
    """The steps of the table, in their order. A row that cannot be read is a fault: it would go unchecked."""
    found = []
    for line in (text if text is not None else TABLE.read_text()).splitlines():
        if not line.startswith("|") or line.startswith(("| step |", "|---")):
            continue
        row = ROW.match(line)
        if row is None:
            raise RuntimeError(f"{TABLE.name}: no row of the table: {line}")
        found.append(Step(row["name"], answers(row["answers"])))
    return found


def answers(cell):
    """`login 200, createOrder 201 ×2` as a counter of (operation, status)."""
    told = Counter()
    for part in cell.split(","):
        answer = ANSWER.match(part.strip())
        if answer is None:
            raise RuntimeError(f"{TABLE.name}: no answer: {part.strip()}")
        told[answer["operation"], int(answer["status"])] += int(answer["times"] or 1)
    return told


def answered(log):
    """What a server's log says that it answered: a counter of (operation, status)."""
    seen = Counter()
    for line in log.splitlines():
        if '"event":"request"' in line:
            entry = json.loads(line)
            seen[entry.get("operation"), entry["status"]] += 1
    return seen


def judge(table, output, log):
    """(steps that were taken, what is wrong) of a run: what it printed, and what the server's log says of it."""
    printed = re.findall(r"^ok ([a-z_]+)$", output, re.MULTILINE)
    names = [step.name for step in table]
    taken = [name for name, told in zip(names, printed) if name == told]
    wrong = [] if printed == names else [f"steps that were not taken: {', '.join(names[len(taken):]) or 'none'}; "
                                         f"printed after {len(taken)}: {', '.join(printed[len(taken):]) or 'nothing'}"]
    # A step's answers may be another's too (the order sent again): what is needed is the most that one asks for, or
    # what all of them ask for together where each takes its own.
    seen = answered(log)
    needed = Counter()
    for step in table[:len(taken)]:
        needed |= step.answers
    wrong += [f"claimed, but answered {seen[key]} times instead of {times}: {key[0]} {key[1]}"
              for key, times in needed.items() if seen[key] < times]
    return taken, wrong
