"""Reads a file as the Compose Specification has it, and tells where it does not hold to it: compose.py FILE.

Runs in the environment of the linters, which has the reader.
"""

import sys
from pathlib import Path

import yaml
from compose_spec import PyCompose

# The reader knows no merge keys (`<<`), which Compose resolves as it reads; so they are resolved before.
resolved = yaml.safe_dump(yaml.safe_load(Path(sys.argv[1]).read_text(encoding="utf-8")), sort_keys=False)
try:
    PyCompose.from_yaml(resolved)
except ValueError as fault:
    sys.exit(f"{sys.argv[1]}: {fault}")
