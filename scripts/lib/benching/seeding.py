"""Fills shops by `shopkeeper seed`, once for each size: what it made is kept in target/bench-shops and copied by later runs.

What is kept is found by the arguments and by a digest of everything that decides what they make.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from sections import ROOT
from server import ADMIN_PASSWORD, ServerFault, program_environment

SHOPS = ROOT / "target" / "bench-shops"
SOURCES = ("migrations/src", "src/seed", "src/service/seeding.rs", "src/store/bulk.rs")
# Everybody's who is seeded; `shopkeeper seed --help` tells it.
PASSWORD = "SeededShop2025"
SEED = 1
# Orders are made up to a moment of their own, so that every run measures the same ones.
UNTIL = "2026-11-01T00:00:00Z"
SEED_SECONDS = 1800


def fill(binary, data, **sizes):
    """Makes the data folder of a shop with so many users, categories, products and orders."""
    shutil.copytree(kept(binary, sizes), data)


def kept(binary, sizes):
    """The data folder of a shop of these sizes that nobody changes; made where there is none."""
    folder = SHOPS / digest(ROOT)
    name = "-".join(f"{what}-{count}" for what, count in sorted(sizes.items()))
    if not (folder / name).exists():
        forget_others(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="making-", dir=folder) as making:
            seed(binary, Path(making) / "data", sizes)
            # Whole or not at all: what is found can be used.
            (Path(making) / "data").rename(folder / name)
    return folder / name


def digest(root):
    """Of the files that decide what a seed makes."""
    whole = hashlib.sha256(f"{SEED} {UNTIL}".encode())
    for source in SOURCES:
        path = root / source
        for file in sorted(path.rglob("*.rs")) if path.is_dir() else [path]:
            whole.update(file.relative_to(root).as_posix().encode() + file.read_bytes())
    return whole.hexdigest()[:16]


def forget_others(folder):
    """Removes what was made by another seed: it is not found again."""
    for other in folder.parent.glob("*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)


def seed(binary, data, sizes, **settings):
    """Runs the command itself, on all cores: the pinning is for measuring. `settings` are SHOPKEEPER_* names without the
    prefix."""
    words = [str(binary), "seed", "--seed", str(SEED), "--until", UNTIL]
    words += [word for what, count in sizes.items() for word in (f"--{what}", str(count))]
    environment = program_environment(**({"data_dir": data, "admin_password": ADMIN_PASSWORD} | settings))
    finished = subprocess.run(words, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SEED_SECONDS, check=False,
                              preexec_fn=lambda: os.sched_setaffinity(0, range(os.cpu_count())))
    if finished.returncode:
        raise ServerFault(f"`{' '.join(words)}` ended with code {finished.returncode}\n{finished.stdout[-2000:]}")
