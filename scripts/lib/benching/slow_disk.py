"""A disk of which each sync takes a while, on a machine whose own disk may be quick: for both sides of a comparison."""

import subprocess
from pathlib import Path

from sections import ROOT, CannotRun

SOURCE = Path(__file__).with_suffix(".c")
LIBRARY = ROOT / "target" / "bench-slow-disk.so"


def environment(milliseconds):
    """The variables under which a process syncs no faster than that; none for 0."""
    if not milliseconds:
        return {}
    if not LIBRARY.exists() or LIBRARY.stat().st_mtime < SOURCE.stat().st_mtime:
        build()
    return {"LD_PRELOAD": str(LIBRARY), "BENCH_SYNC_US": str(milliseconds * 1000)}


def build():
    LIBRARY.parent.mkdir(parents=True, exist_ok=True)
    words = ["cc", "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", str(LIBRARY), str(SOURCE), "-ldl"]
    if subprocess.run(words, check=False).returncode:
        raise CannotRun(f"`{' '.join(words)}` failed")
