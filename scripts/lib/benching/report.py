"""Turns measured rounds into medians, a JSON document for each section, and tables for a terminal."""

import json
import os
import platform
import subprocess
from dataclasses import fields
from datetime import UTC, datetime
from statistics import median

from benching.rounds import ratios
from benching.targets import Run, as_json
from sections import ROOT

COLUMNS = f"{'CPU us':>9} {'user':>9} {'system':>9} {'req/s':>9} {'p50 us':>8} {'p99 us':>8} {'peak MiB':>9} {'gen. core':>9}"

# What is compared: the figure of a run, and what it is called.
MEASURES = {"cpu": ("cpu_us", "CPU"), "rate": ("rps", "requests per second")}


def compared(workload, connections, runs, body_bytes):
    """One line of the section `workloads`: server and floor, and the ratio of the two."""
    figure, _ = MEASURES[workload.measure]
    ratio, least, most = ratios(runs, "server", "floor", figure)
    return {
        "name": workload.name,
        "summary": workload.summary,
        "connections": connections,
        "response_bytes": body_bytes,
        "floor_is": workload.floor,
        "sides": {label: medians(each) for label, each in runs.items()},
        "ratio": round(ratio, 3),
        "ratio_spread": [round(least, 3), round(most, 3)],
        "measure": workload.measure,
        "aim": workload.aim,
        "aim_reached": ratio >= workload.aim if workload.measure == "rate" else ratio <= workload.aim,
        "rounds": as_rounds(runs),
    }


def raced(name, summary, connections, runs, body_bytes, base):
    """One line of the section `peers`: many sides, each with its ratio to `base`."""
    return {
        "name": name,
        "summary": summary,
        "connections": connections,
        "response_bytes": body_bytes,
        "sides": {label: medians(each) for label, each in runs.items()},
        "ratios": {label: rounded(ratios(runs, label, base)) for label in runs},
        "rounds": as_rounds(runs),
    }


def levelled(entry):
    """One line of the section `flat`: a side for each size, and how far from level the farthest is."""
    runs = entry["runs"]
    worst = max(ratio for ratio, _, _ in entry["ratios"].values())
    return {name: value for name, value in entry.items() if name != "runs"} | {
        "sides": {label: medians(each) for label, each in runs.items()},
        "ratios": {label: rounded(each) for label, each in entry["ratios"].items()},
        "ratio": round(worst, 3),
        "aim_reached": worst <= entry["aim"],
        "rounds": as_rounds(runs),
    }


def document(settings, entries):
    """A section's whole result, with what is needed to compare it with another."""
    return {
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _output("git", "rev-parse", "HEAD"),
        "uncommitted_changes": bool(_output("git", "status", "--porcelain")),
        "machine": {"processor": _processor(), "cores": os.cpu_count(), "kernel": platform.release(),
                    "rustc": _output("rustc", "--version")},
        "settings": settings,
        "entries": entries,
    }


def write(path, result):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=2) + "\n")


def table(result):
    """A section as lines for a person."""
    width = max(len(f"{entry['name']}/{label}") for entry in result["entries"] for label in entry["sides"]) + 4
    head = f"{'':<{width}} {COLUMNS}"
    lines = [head, "-" * len(head)]
    for entry in result["entries"]:
        for label, run in entry["sides"].items():
            title = f"{entry['name']}@{entry['connections']}/{label}"
            lines.append(
                f"{title:<{width}} {run['cpu_us']:>9.2f} {run['user_us']:>9.2f} {run['system_us']:>9.2f} "
                f"{run['rps']:>9.0f} {run['p50_us']:>8.0f} {run['p99_us']:>8.0f} {run['peak_mib']:>9.1f} "
                f"{run['generator_share']:>8.0%}")
        if "aim" in entry:
            lines.append(f"{entry['name']}@{entry['connections']}: {verdict(entry)}")
    return lines


def verdict(entry):
    """Whether an entry's aim was reached, in words."""
    if "floor_is" not in entry:
        words = f"at most {entry['ratio']:.3f} x the smallest catalogue's CPU"
    else:
        low, high = entry["ratio_spread"]
        _, what = MEASURES[entry["measure"]]
        words = f"{entry['ratio']:.3f} x the {what} of {entry['floor_is']} (rounds {low:.3f} to {high:.3f}), " \
                f"bodies of {entry['response_bytes']} bytes"
    least = "at least " if entry.get("measure") == "rate" else ""
    return f"{words}; aim {least}{entry['aim']:.2f}: {'reached' if entry['aim_reached'] else 'MISSED'}"


def medians(runs):
    return {each.name: round(median(getattr(run, each.name) for run in runs), 3) for each in fields(Run)}


def as_rounds(runs):
    return [{label: as_json(run) for label, run in zip(runs, each, strict=True)}
            for each in zip(*runs.values(), strict=True)]


def rounded(numbers):
    return [round(number, 3) for number in numbers]


def _processor():
    for line in open("/proc/cpuinfo", encoding="utf-8"):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _output(*words):
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
