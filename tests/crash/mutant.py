"""The bot with one planted bug: `python -m tests.crash.mutant NAME run`.

A test that finds no planted bug proves nothing.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from bot.__main__ import main

NAMES = tuple(sorted(file.stem for file in (Path(__file__).parent / "mutants").glob("*.py")))


def plant(name: str) -> None:
    """Change the running program; `name` is a file in mutants/."""
    importlib.import_module(f"tests.crash.mutants.{name}").plant()


if __name__ == "__main__":
    plant(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
