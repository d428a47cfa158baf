"""`do: {show: agreements}`"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from flows.engine.effects.base import Effect, Takes
from flows.engine.written import Text

VIEWS = ("agreements", "planning", "people", "shared", "calendar", "ladder")
"""What was agreed; when there is contact and why; who does what; what the employer may see; a calendar file;
the steps on the participation ladder."""


def _view(written: str, _today: date) -> str | None:
    return written if written in VIEWS else None


class Show(Effect):
    """The bot shows this person something of their own handover, in its own words."""

    name = "show"
    main = "what"
    takes: ClassVar[Mapping[str, Takes]] = {"what": Takes((), _view, f"een van deze woorden: {', '.join(VIEWS)}")}

    what: Text
