"""`do: {contact_less: 2}` or `do: {contact_less: step}` with a step that asks for a number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from flows.engine.effects.base import Effect, Takes
from flows.engine.written import Text

_TIMES = ("2", "3")


def _times(written: str, _today: date) -> str | None:
    return written if written in _TIMES else None


class ContactLess(Effect):
    """It goes well: the interval between questions becomes `every` times the one that was agreed."""

    name = "contact_less"
    main = "every"
    takes: ClassVar[Mapping[str, Takes]] = {"every": Takes(("number",), _times, "'2' of '3'")}

    every: Text
