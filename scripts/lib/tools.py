"""Tools that the project does not ship: found, or installed pinned into project-local folders (.cache, .venv)."""

import hashlib
import os
import shutil
import subprocess
import sys

from sections import ROOT, CannotRun

CARGO_TOOLS = ROOT / ".cache" / "tools"
VENV = ROOT / ".venv" / "schemathesis"


def cargo_tool(name, version):
    """Path of a cargo subcommand's binary of exactly this version, built into .cache/tools when missing.

    It is built without optimisation: such a tool runs for seconds, and building it optimised takes minutes.
    """
    binary = CARGO_TOOLS / "bin" / name
    if binary.exists() and version in _output(binary, "--version"):
        return binary
    print(f"installing {name} {version} into {CARGO_TOOLS}", flush=True)
    environment = {**os.environ, "CARGO_PROFILE_DEV_DEBUG": "0"}
    _install(name, environment, "cargo", "install", "--debug", "--quiet", "--locked", "--force",
             "--root", CARGO_TOOLS, "--version", version, name)
    return binary


def debian_tool(binary, package):
    """Path of a program from a Debian package, which root gets installed and others are told about."""
    if found := shutil.which(binary):
        return found
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise CannotRun(f"`{binary}` is missing: apt-get install {package}")
    print(f"installing Debian's {package}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _install(package, environment, "apt-get", "update", "-qq")
    _install(package, environment, "apt-get", "install", "-y", "-qq", "--no-install-recommends", package)
    if found := shutil.which(binary):
        return found
    raise CannotRun(f"Debian's {package} brought no `{binary}`")


def python_packages(requirements, venv=VENV):
    """Path of the bin folder of a virtual environment in which a requirements file (exact versions) is installed."""
    text = requirements.read_bytes()
    digest = hashlib.sha256(text + sys.version.encode()).hexdigest()[:16]
    stamp = venv / f"installed-{requirements.stem}-{digest}"
    if stamp.exists():
        return venv / "bin"
    print(f"installing {requirements.relative_to(ROOT)} into {venv}", flush=True)
    if not (venv / "bin" / "python").exists():
        _install("a virtual environment (Debian: apt-get install python3-venv)", None, sys.executable, "-m", "venv",
                 venv)
    _install(requirements.name, None, venv / "bin" / "python", "-m", "pip", "install", "--quiet",
             "--disable-pip-version-check", "--no-deps", "-r", requirements)
    stamp.touch()
    return venv / "bin"


def _install(what, environment, *words):
    finished = subprocess.run([str(word) for word in words], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
    if finished.returncode != 0:
        raise CannotRun(f"could not install {what}: `{' '.join(str(word) for word in words)}` failed")


def _output(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False).stdout
