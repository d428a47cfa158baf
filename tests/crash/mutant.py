"""The bot with one planted bug. A test that finds no planted bug proves nothing."""

from __future__ import annotations

import importlib
from pathlib import Path

NAMES = tuple(sorted(file.stem for file in (Path(__file__).parent / "mutants").glob("*.py")))


def plant(name: str) -> None:
    """Change the running program; `name` is a file in mutants/."""
    importlib.import_module(f"tests.crash.mutants.{name}").plant()
