"""Tools that the project does not ship: found, or installed pinned into project-local folders (.cache, .venv).

Packages of cargo, PyPI and npm are pinned to the letter. Debian's cannot be: a mirror keeps one version of each, and a security
update takes the one before away on the day it comes, so that a script with an exact version would work until that day only.
Debian itself promises the other half: within a release a package keeps its upstream version. So the major version is pinned
where Debian writes it into the name (`postgresql-15`), what was unpacked stays until somebody removes the folder, and each
version that is not of the line that was tried (`TRIED`) is told about.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote

from sections import ROOT, CannotRun

CACHE = ROOT / ".cache"
CARGO_TOOLS = CACHE / "tools"
VENV = ROOT / ".venv" / "schemathesis"

# Debian's packages, each with the beginning of the upstream version that everything here was seen to work with. The browser is
# not among them: Debian follows every release of it. Nor are libraries, whose names hold what they are compatible with.
TRIED = {
    "caddy": "2.6",
    "curl": "7.88",
    "default-jdk-headless": "1.17",
    "default-jre-headless": "1.17",
    "haproxy": "2.6",
    "jq": "1.6",
    "npm": "9.2",
    "openssl": "3.0",
    "postgresql-15": "15",
    "postgresql-client-15": "15",
    "prometheus": "2.42",
    "redis-server": "7.0",
    "redis-tools": "7.0",
    "sqlite3": "3.40",
    "systemd": "252",
    "wrk": "4.1",
}
# Those that were told about already.
_told = set()


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
        _tell_of_another(package, _installed(package))
        return found
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise CannotRun(f"`{binary}` is missing: apt-get install {package}")
    print(f"installing Debian's {package}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _install(package, environment, "apt-get", "update", "-qq")
    _install(package, environment, "apt-get", "install", "-y", "-qq", "--no-install-recommends", package)
    if found := shutil.which(binary):
        print(f"installed {package} {_installed(package)}", flush=True)
        _tell_of_another(package, _installed(package))
        return found
    raise CannotRun(f"Debian's {package} brought no `{binary}`")


def another_than_tried(package, version):
    """What to say of a package's version, as Debian writes it, that is not of the line that was tried; None of one that is."""
    tried = TRIED.get(package)
    # An epoch is before the colon, Debian's own revision behind the last hyphen.
    upstream = version.split(":", 1)[-1].rsplit("-", 1)[0]
    if tried is None or re.match(rf"{re.escape(tried)}(?![0-9])", upstream):
        return None
    return f"note: {package} is {upstream}; everything here was tried with {tried}"


def _tell_of_another(package, version):
    """Once for each package."""
    if version and package not in _told and (told := another_than_tried(package, version)):
        _told.add(package)
        print(told, flush=True)


def _installed(package):
    """The version of an installed package, as Debian writes it; empty if Debian knows nothing of it."""
    if not shutil.which("dpkg-query"):
        return ""
    return _output("dpkg-query", "--show", "--showformat", "${Version}", package).strip()


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


def npm_packages(manifest, folder):
    """Path of the .bin folder of the npm packages of a folder's package-lock.json, installed into `folder`."""
    npm = debian_tool("npm", "npm")
    lock = (manifest / "package-lock.json").read_bytes()
    stamp = folder / f"installed-{hashlib.sha256(lock).hexdigest()[:16]}"
    if not stamp.exists():
        print(f"installing the packages of {manifest.relative_to(ROOT)} into {folder}", flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(manifest / name, folder / name)
        # Not `ci`: it refuses a lock without the packages of other platforms, which not every registry has.
        _install("npm packages", None, npm, "install", "--no-save", "--silent", "--no-audit", "--no-fund", "--prefix",
                 folder)
        stamp.touch()
    return folder / "node_modules" / ".bin"


def debian_files(*packages):
    """Path of a folder into which Debian packages are unpacked without installing them; needs no root."""
    folder = CACHE / "debian"
    missing = [package for package in packages if not (folder / f"unpacked-{package}").exists()]
    if missing:
        for program in ("apt-get", "dpkg-deb"):
            if not shutil.which(program):
                raise CannotRun(f"`{program}` is missing, which fetches Debian's {', '.join(missing)}")
        with tempfile.TemporaryDirectory(prefix="debian-") as downloads:
            print(f"unpacking Debian's {', '.join(missing)} into {folder}", flush=True)
            if os.geteuid() == 0:
                _install("Debian's list of packages", None, "apt-get", "update", "-qq")
            _install(", ".join(missing), None, "apt-get", "download", "-qq", *missing, cwd=downloads)
            for archive in Path(downloads).glob("*.deb"):
                _install(archive.name, None, "dpkg-deb", "-x", archive, folder)
                package, version = archive_names(archive.name)
                print(f"unpacked {package} {version}", flush=True)
                (folder / f"unpacked-{package}").write_text(version)
    for package in packages:
        _tell_of_another(package, (folder / f"unpacked-{package}").read_text())
    return folder


def archive_names(name):
    """(package, version) of the name of a file that `apt-get download` wrote."""
    package, version = name.split("_")[:2]
    return package, unquote(version)


def _install(what, environment, *words, cwd=None):
    finished = subprocess.run([str(word) for word in words], cwd=cwd or ROOT, env=environment, stdin=subprocess.DEVNULL)
    if finished.returncode != 0:
        raise CannotRun(f"could not install {what}: `{' '.join(str(word) for word in words)}` failed")


def _output(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False).stdout
