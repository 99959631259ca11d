"""What judges openapi.yaml from outside: Spectral, which lints it, and oasdiff, which compares two of it."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from sections import ROOT
from tools import CACHE, npm_packages

HOME = ROOT / "scripts" / "document"
FOLDER = CACHE / "document"
DOCUMENT = ROOT / "openapi.yaml"
SECONDS = 300


def spectral(document=DOCUMENT):
    """Spectral's findings in a document, with our ruleset: dictionaries with `code`, `path`, `message`."""
    tools = npm_packages(HOME, FOLDER)
    # The ruleset is used from where its packages are: it names one of them, and openapi.yaml by two folders upwards.
    shutil.copy(HOME / "spectral.yaml", FOLDER / "spectral.yaml")
    with tempfile.TemporaryDirectory(prefix="spectral-") as folder:
        told = Path(folder) / "findings.json"
        finished = _run(tools / "spectral", "lint", "--fail-severity", "hint", "--format", "json", "--output", told,
                        "--ruleset", FOLDER / "spectral.yaml", document)
        if finished.returncode not in (0, 1) or not told.exists():
            raise RuntimeError(f"spectral failed\n{finished.stdout}")
        text = told.read_text().strip()
    return json.loads(text) if text.startswith("[") else []


def oasdiff(*words):
    """What oasdiff prints, and its exit code."""
    tools = npm_packages(HOME, FOLDER)
    finished = _run(tools / "oasdiff", *words)
    return finished.stdout, finished.returncode


def _run(*words):
    return subprocess.run([str(word) for word in words], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", timeout=SECONDS)
