"""`do: {set_contact: {rhythm: step, …}}`: every argument names a step, and each may be left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from flows.engine.effects.base import Effect, Takes
from flows.engine.written import Text


class SetContact(Effect):
    """The draft handover gets this contact rhythm: which, on which day, at what time, how, and until when."""

    name = "set_contact"
    takes: ClassVar[Mapping[str, Takes]] = {
        "rhythm": Takes(("word",)),
        "weekday": Takes(("word",)),
        "at": Takes(("word", "clock")),
        "form": Takes(("word",)),
        "until": Takes(("word", "date")),
        "backup": Takes(("word", "number")),
    }

    rhythm: Text | None = None
    weekday: Text | None = None
    at: Text | None = None
    form: Text | None = None
    until: Text | None = None
    backup: Text | None = None
