"""`do: {report_sick: {since: step, reported: step, days: step}}`: only days, never what it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from flows.engine.effects.base import Effect, Takes
from flows.engine.written import Text


def yes_or_no(written: str, _today: date) -> str | None:
    return written if written in ("yes", "no") else None


REPORTED = Takes(("truth", "word"), yes_or_no, "'yes' of 'no'")
"""A choice counts as yes only where its name is `yes`."""


def _still(written: str, _today: date) -> str | None:
    return written if written == "yes" else None


class ReportSick(Effect):
    """This person is ill `since` a day, or `still` after all: the usual questions rest. Else it adds to what is known.

    The employer hears nothing of it.
    """

    name = "report_sick"
    takes: ClassVar[Mapping[str, Takes]] = {
        "since": Takes(("date",)),
        "reported": REPORTED,
        "days": Takes(("number",)),
        "still": Takes((), _still, "'yes'"),
    }

    since: Text | None = None
    reported: Text | None = None
    days: Text | None = None
    still: Text | None = None
