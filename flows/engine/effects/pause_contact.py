"""`do: {pause_contact: until}` with the step that asked for a day, `{pause_contact: 2 weeks}`, or a day itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from flows.engine.effects.base import Effect, Takes
from flows.engine.effects.days import day
from flows.engine.written import Text


class PauseContact(Effect):
    """No questions before `until`, an ISO date: from that day on they may come again."""

    name = "pause_contact"
    main = "until"
    takes: ClassVar[Mapping[str, Takes]] = {
        "until": Takes(("date",), day, "een duur of een dag, zoals '2 weeks' of '2027-01-31'")
    }

    until: Text
