"""`do: {set_work: {track: step, …}}`: every argument names a step, and each may be left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from flows.engine.effects.base import Effect, Takes
from flows.engine.written import Text


class SetWork(Effect):
    """The placement of the draft handover is this one: a job, or on the way to one."""

    name = "set_work"
    takes: ClassVar[Mapping[str, Takes]] = {
        "track": Takes(("word",)),
        "company": Takes(("text",)),
        "start": Takes(("date",)),
        "contract_end": Takes(("date",)),
        "hours": Takes(("number", "text")),
    }

    track: Text | None = None
    company: Text | None = None
    start: Text | None = None
    contract_end: Text | None = None
    hours: Text | None = None
