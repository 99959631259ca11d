"""Refuses a document that the generator cannot keep: every finding with its place, its reason and how to mend it.

Usage: lint.py openapi.yaml
"""

from __future__ import annotations

import sys
from pathlib import Path

import rules
from document import Broken, Document, Finding


def lint(document: Document) -> list[Finding]:
    """All findings, in the order of their places."""
    findings = {finding for rule in rules.ALL for finding in rule(document)}
    return sorted(findings, key=lambda finding: (document.line(finding.pointer), finding))


def report(path: Path, document: Document, findings: list[Finding]) -> None:
    for found in findings:
        line = document.line(found.pointer)
        print(f"{path.name}:{line}: {found.pointer}: {found.reason} – {found.mend}", file=sys.stderr)


def load_linted(path: Path) -> Document | None:
    """The document if it has no finding; otherwise they are printed."""
    try:
        document = Document.load(path)
    except OSError as error:
        print(f"{path}: {error.strerror}", file=sys.stderr)
        return None
    except Broken as broken:
        print(f"{path.name}:{broken.line}: #: {broken} – mend the YAML", file=sys.stderr)
        return None
    findings = lint(document)
    report(path, document, findings)
    return None if findings else document


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    return 0 if load_linted(Path(arguments[0])) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
