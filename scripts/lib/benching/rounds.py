"""Rounds in which every side has its turn, one right after the other, each in a fresh process.

Ratios are taken within a round, so that they are hardly touched by what else the machine did meanwhile; each round
begins with another side, so that none profits by its turn.
"""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from benching.targets import Run


@dataclass(frozen=True)
class Side:
    """One of those that are compared; `run` starts it, measures it once and ends it."""

    label: str
    run: Callable[[], Run]


def interleaved(title, sides, rounds):
    """All runs by label, in the order of the rounds."""
    runs = {side.label: [] for side in sides}
    for number in range(rounds):
        turn = number % len(sides)
        for side in sides[turn:] + sides[:turn]:
            run = side.run()
            runs[side.label].append(run)
            print(f"{title} round {number + 1}/{rounds} {side.label:<16} {run.cpu_us:9.2f} CPU us, "
                  f"{run.rps:8.0f} req/s", flush=True)
    return runs


def ratios(runs, label, base, figure="cpu_us"):
    """What `label` cost, as multiples of what `base` cost: (median, least, greatest) of the rounds."""
    each = [getattr(one, figure) / getattr(other, figure) for one, other in zip(runs[label], runs[base], strict=True)]
    return median(each), min(each), max(each)
