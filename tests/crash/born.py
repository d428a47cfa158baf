"""A life of the bot in a process of its own, forked where the program is in memory already.

Importing it takes four times as long as what such a life does. `python -m bot run` itself: see tests/processes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from bot.__main__ import main
from bot.authoring import offering
from flows import safety
from tests.crash import mutant

safety.look("")  # reads the lists, as every start does
offering.vital(())


def live(environment: Mapping[str, str], log: str, planted: str) -> None:
    """`achterdehand run` in this process, with one planted bug or none; what it prints is added to `log`."""
    os.environ.clear()
    os.environ.update(environment)
    written = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(written, stream)
    if planted:
        mutant.plant(planted)
    sys.exit(main(["run"]))
