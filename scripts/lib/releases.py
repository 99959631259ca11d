"""The contract's releases: what was promised under which version, what has changed since, and what that breaks.

Run by scripts/release and scripts/check in an environment that has PyYAML.
"""

import argparse
import json
import re
import sys
import tempfile
from pathlib import Path

import yaml

from document_tools import DOCUMENT, HOME, oasdiff
from sections import ROOT, CannotRun

FOLDER = ROOT / "releases"
CHANGELOG = "CHANGELOG.md"
RELEASE = re.compile(r"^openapi-(\d+)\.(\d+)\.(\d+)\.yaml$")
# What oasdiff takes for less than a break, and is one here: unknown parameters and members are refused, and who could
# come in by one way cannot by another.
SEVERITIES = HOME / "severity-levels.txt"
METHODS = ("get", "put", "post", "patch", "delete")
BREAK = 3


def version(text):
    """The version of a document, as numbers that compare."""
    return tuple(int(part) for part in yaml.load(text, Loader=yaml.CSafeLoader)["info"]["version"].split("."))


def newest(folder=FOLDER):
    """Path of the newest release, or None."""
    found = {tuple(map(int, match.groups())): path for path in folder.glob("openapi-*.yaml")
             if (match := RELEASE.match(path.name))}
    return found[max(found)] if found else None


def comparable(text):
    """The document as oasdiff compares it best.

    It takes two alternatives of one scheme for one, and what is public for less than any. So each alternative gets a
    name of its own, with its scopes in it, and being public is one. The date of retirement gets oasdiff's name.
    """
    document = yaml.load(text, Loader=yaml.CSafeLoader)
    schemes = document.setdefault("components", {}).setdefault("securitySchemes", {})
    names = set()
    for item in document["paths"].values():
        for operation in (item[method] for method in METHODS if method in item):
            if "security" in operation:
                operation["security"] = [{name: []} for name in map(alternative, operation["security"] or [{}])]
                names.update(name for each in operation["security"] for name in each)
            if "x-sunset-at" in operation:
                operation["x-sunset"] = operation.pop("x-sunset-at")
    for name in sorted(names):
        schemes[name] = {"type": "http", "scheme": "bearer"}
    return json.dumps(document, default=str)


def alternative(requirement):
    """`oauth2 with orders:read` for one of an operation's ways in; `anybody` for the one that asks for nothing."""
    parts = [f"{scheme} with {' '.join(sorted(scopes))}" if scopes else scheme
             for scheme, scopes in sorted(requirement.items())]
    return " and ".join(parts) or "anybody"


def compared(base, revision, *words):
    """What `oasdiff WORDS` says of two documents, given as texts."""
    with tempfile.TemporaryDirectory(prefix="oasdiff-") as folder:
        paths = []
        for name, text in (("before.json", base), ("after.json", revision)):
            paths.append(Path(folder) / name)
            paths[-1].write_text(comparable(text))
        output, code = oasdiff(words[0], *paths, "--severity-levels", SEVERITIES, *words[1:])
    if code != 0:
        raise RuntimeError(f"oasdiff failed\n{output}")
    return output


def changes(base, revision):
    """Every change that callers can see: dictionaries with `operation`, `path`, `text` and `level`."""
    output = compared(base, revision, "changelog", "--format", "json").strip()
    return json.loads(output) if output.startswith("[") else []


def line(change):
    place = " ".join(part for part in (change.get("operation"), change.get("path")) if part) or "everywhere"
    return f"- {'**Breaks:** ' if change['level'] == BREAK else ''}`{place}`: {change['text']}"


def unannounced(base, revision):
    """The breaks between two documents that no new major version announces."""
    if version(revision)[0] > version(base)[0]:
        return []
    return [change for change in changes(base, revision) if change["level"] == BREAK]


def check(document=DOCUMENT, folder=FOLDER):
    """Holds the document to the newest release; returns what to print and an exit code."""
    last = newest(folder)
    if last is None:
        return "There is no release of the contract yet: scripts/release makes one.", 1
    base, revision = last.read_text(), document.read_text()
    if version(revision) < version(base):
        return f"{document.name} is older than {last.name}.", 1
    broken = unannounced(base, revision)
    if broken:
        told = "\n".join(line(change) for change in broken)
        return (f"{told}\n{document.name} breaks what {last.name} promised. Keep the promise, or announce the break by "
                "a new major version in `info`."), 1
    return f"{document.name} keeps what {last.name} promised; {len(changes(base, revision))} changes since.", 0


def release(document=DOCUMENT, folder=FOLDER):
    """Freezes the document as the release of its version, and writes what is new into the changelog."""
    last, text = newest(folder), document.read_text()
    name = f"openapi-{'.'.join(map(str, version(text)))}.yaml"
    if (folder / name).exists():
        return f"{name} is released already: raise `version` in `info`.", 1
    news = ["The first release."]
    if last is not None:
        told, code = check(document, folder)
        if code != 0:
            return told, code
        news = [line(change) for change in changes(last.read_text(), text)] or ["Nothing that callers can see."]
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    head = "# What changed in the contract\n\nWritten by `scripts/release` from the difference of the documents.\n"
    page = folder / CHANGELOG
    earlier = page.read_text().removeprefix(head) if page.exists() else ""
    page.write_text(f"{head}\n## {'.'.join(map(str, version(text)))}\n\n" + "\n".join(news) + "\n" + earlier)
    return f"{name} is released, with {len(news)} lines in {CHANGELOG}.", 0


def main():
    parser = argparse.ArgumentParser(prog="scripts/release")
    parser.add_argument("--check", action="store_true", help="only hold openapi.yaml to the newest release")
    told, code = check() if parser.parse_args().check else release()
    print(told)
    return code


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (CannotRun, RuntimeError) as fault:
        sys.exit(f"scripts/release: {fault}")
