"""Walks through the source that pages describe, followed to the letter in a copy of the tree.

A page's blocks say behind their language what is done with them:

    yaml into=FILE below=LINE      put in below the line
    rust into=FILE before=START    put in before the first line that begins so
    rust into=FILE for=LINE        put in instead of the line
    rust file=FILE                 a new file
    sh run                         a command that must go well
    text expect                    what `cargo check` must complain of now
    sh call                        run against the server that was built, TOKEN being the administrator's
    text prints                    what the block before it prints
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from sections import ROOT
from server import ADMIN_PASSWORD, Server

BLOCK = re.compile(r"^```(\w+ (?:into|file|run|expect|call|prints)\b.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INTO = re.compile(r"\w+ into=(\S+) (below|before|for)=(.*)")
FILE = re.compile(r"\w+ file=(\S+)")
# What a copy needs not, or what tells the copy where it comes from.
KEPT_OUT = ("target", ".git", "node_modules", "data", ".cache")
MOST_SECONDS = 1800


class Astray(Exception):
    """The walk does not lead where its page says."""


@dataclass
class Walk:
    """A page, or a section of it, that is followed."""

    page: str
    section: str = ""
    took: list = field(default_factory=list)

    def blocks(self):
        """(what to do, text) of each block, in their order."""
        text = (ROOT / self.page).read_text()
        if self.section:
            text = text.split(f"## {self.section}", 1)[1].split("\n## ", 1)[0]
        found = BLOCK.findall(text)
        if not found:
            raise Astray(f"{self.page} has nothing to follow")
        return found

    def follow(self):
        """Does what the page says; `took` tells afterwards what was done, and the seconds that it took."""
        with tempfile.TemporaryDirectory(prefix="walk-") as folder:
            tree = Path(folder) / "tree"
            shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(*KEPT_OUT), symlinks=True)
            blocks = self.blocks()
            after = [*blocks[1:], ("", "")]
            try:
                for (info, text), (next_info, next_text) in zip(blocks, after, strict=True):
                    self._step(tree, info, text, next_text if next_info == "text prints" else None)
            finally:
                outdate()

    def _step(self, tree, info, text, prints):
        if found := INTO.fullmatch(info):
            put_in(tree / found[1], found[2], found[3], text)
        elif found := FILE.fullmatch(info):
            path = tree / found[1]
            if path.exists():
                raise Astray(f"{found[1]} is there already")
            path.write_text(text)
        elif info == "sh run":
            self._timed(text.strip(), lambda: run(tree, *text.split()))
        elif info == "text expect":
            said = self._timed("cargo check, which complains",
                               lambda: run(tree, "cargo", "check", "--quiet", "--bins", fails=True))
            if text.strip() not in said:
                raise Astray(f"the compiler does not say {text.strip()!r}:\n{said[-3000:]}")
        elif info == "sh call":
            self._timed("cargo build", lambda: run(tree, "cargo", "build", "--quiet", "--bins"))
            printed = self._timed("the calls", lambda: call(text))
            if prints is not None and printed.strip() != prints.strip():
                raise Astray(f"{text}printed\n{printed}\ninstead of\n{prints}")

    def _timed(self, name, step):
        began = time.monotonic()
        outcome = step()
        self.took.append((name, time.monotonic() - began))
        return outcome


def put_in(path, where, line, text):
    """Puts a block's lines into a file where its page says."""
    lines = path.read_text().split("\n")
    fits = (lambda known: known.startswith(line)) if where == "before" else (lambda known: known == line)
    at = next((number for number, known in enumerate(lines) if fits(known)), None)
    if at is None:
        raise Astray(f"{path.name} has no line {line!r}")
    block = text.removesuffix("\n").split("\n")
    start, end = {"below": (at + 1, at + 1), "before": (at, at), "for": (at, at + 1)}[where]
    lines[start:end] = block
    path.write_text("\n".join(lines))


def target():
    """Where cargo builds: the copy shares what its original has compiled."""
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


def outdate():
    """Makes cargo build the original anew: it takes crates of the same name for the same, wherever they lie, and what was
    built from the copy is younger than the original's files."""
    members = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["members"]
    for root in (ROOT, *(ROOT / member for member in members)):
        for name in ("lib.rs", "main.rs"):
            if (path := root / "src" / name).exists():
                path.touch()


def run(tree, *command, fails=False):
    """What a command in the copy says."""
    done = subprocess.run(command, cwd=tree, env={**os.environ, "CARGO_TARGET_DIR": str(target())},
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=MOST_SECONDS)
    if (done.returncode == 0) == fails:
        outcome = "went well" if fails else "failed"
        raise Astray(f"{' '.join(command)} {outcome}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout + done.stderr


def call(text):
    """What a page's calls print, against the server that was built and a shop of its own."""
    with tempfile.TemporaryDirectory(prefix="walk-") as folder, Server(target() / "debug" / "shopkeeper") as server:
        sign_in = ["curl", "-sS", f"{server.origin}/api/v1/auth/login", "-H", "Content-Type: application/json", "-d"]
        sign_in.append(json.dumps({"username": "admin", "password": ADMIN_PASSWORD}))
        token = json.loads(subprocess.check_output(sign_in, timeout=30))["access_token"]
        script = "set -eu\n" + text.replace("http://127.0.0.1:8080", server.origin)
        done = subprocess.run(["bash", "-c", script], cwd=folder, env={**os.environ, "TOKEN": token},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise Astray(f"{text}ends with code {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done.stdout
