"""Turns measured rounds into medians, a JSON document and a table."""

import json
import os
import platform
import subprocess
from dataclasses import fields
from datetime import UTC, datetime
from statistics import median

from benching.targets import Run, as_json
from sections import ROOT


def summarise(workload, rounds, response_bytes):
    """One workload's entry: medians of both sides, and the median of the rounds' ratios with its spread.

    `rounds` is a list of (server run, floor run) measured one right after the other, so that a round's ratio is
    hardly touched by what else the machine did meanwhile.
    """
    ratios = [server.cpu_us / floor.cpu_us for server, floor in rounds]
    ratio = median(ratios)
    return {
        "summary": workload.summary,
        "connections": workload.connections,
        "response_bytes": response_bytes,
        "floor_is": workload.floor,
        "server": _medians([server for server, _ in rounds]),
        "floor": _medians([floor for _, floor in rounds]),
        "ratio": round(ratio, 3),
        "ratio_spread": [round(min(ratios), 3), round(max(ratios), 3)],
        "aim": workload.aim,
        "aim_reached": ratio <= workload.aim,
        "rounds": [{"server": as_json(server), "floor": as_json(floor)} for server, floor in rounds],
    }


def document(settings, entries):
    """The whole result, with what is needed to compare it with another."""
    return {
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _output("git", "rev-parse", "HEAD"),
        "uncommitted_changes": bool(_output("git", "status", "--porcelain")),
        "machine": {"processor": _processor(), "cores": os.cpu_count(), "kernel": platform.release(),
                    "rustc": _output("rustc", "--version")},
        "settings": settings,
        "workloads": entries,
    }


def write(path, result):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=2) + "\n")


def table(result):
    """The result as lines for a person."""
    head = f"{'workload':<10} {'side':<8} {'CPU us':>9} {'user':>9} {'system':>9} {'req/s':>9} {'p50 us':>8} " \
           f"{'p99 us':>8} {'peak MiB':>9} {'gen. core':>9}"
    lines = [head, "-" * len(head)]
    for name, entry in result["workloads"].items():
        for side, label in (("server", "server"), ("floor", entry["floor_is"])):
            run = entry[side]
            lines.append(
                f"{name:<10} {label:<8} {run['cpu_us']:>9.2f} {run['user_us']:>9.2f} {run['system_us']:>9.2f} "
                f"{run['rps']:>9.0f} {run['p50_us']:>8.0f} {run['p99_us']:>8.0f} {run['peak_mib']:>9.1f} "
                f"{run['generator_share']:>8.0%}")
        low, high = entry["ratio_spread"]
        verdict = "reached" if entry["aim_reached"] else "MISSED"
        lines.append(f"{name:<10} {entry['ratio']:.3f} x the floor's CPU (rounds {low:.3f} to {high:.3f}); "
                     f"aim {entry['aim']:.2f}: {verdict}; answers of {entry['response_bytes']} bytes, "
                     f"{entry['connections']} connections")
    return lines


def _medians(runs):
    return {each.name: round(median(getattr(run, each.name) for run in runs), 3) for each in fields(Run)}


def _processor():
    for line in open("/proc/cpuinfo", encoding="utf-8"):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _output(*words):
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
