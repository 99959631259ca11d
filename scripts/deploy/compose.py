"""Reads a file as the Compose Specification has it, and tells where it does not hold to it: compose.py FILE.

Runs in the environment of the linters, which has the reader.
"""

import sys
from pathlib import Path

from compose_spec import PyCompose

try:
    PyCompose.from_yaml(Path(sys.argv[1]).read_text(encoding="utf-8"))
except ValueError as fault:
    sys.exit(f"{sys.argv[1]}: {fault}")
