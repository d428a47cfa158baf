"""`do: {remind: {flow: sick-call, at: step}}`: a flow begins once, at a time that somebody asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from flows.engine.durations import parse_duration
from flows.engine.effects.base import Effect, Takes
from flows.engine.written import FlowName, Text

BEFORE, AFTER = "before_call", "after_call"
"""Half an hour before somebody who is ill must have called work, and an hour after that."""
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def _when(written: str, _today: date) -> str | None:
    fits = written in (BEFORE, AFTER) or _CLOCK.fullmatch(written) or parse_duration(written)
    return written if fits else None


def _flow(written: str, _today: date) -> str | None:
    """Whether there is such a flow is seen where all flows lie side by side."""
    return written


class Remind(Effect):
    """The flow begins once, at its time today or tomorrow, also in quiet hours; asked again, only the last counts."""

    name = "remind"
    takes: ClassVar[Mapping[str, Takes]] = {
        "flow": Takes((), _flow, "de naam van een gesprek"),
        "at": Takes(("clock",), _when, f"een tijd zoals '08:00', een duur zoals '2 hours', '{BEFORE}' of '{AFTER}'"),
    }

    flow: FlowName
    at: Text
