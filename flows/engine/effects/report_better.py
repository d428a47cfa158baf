"""`do: report_better`, or `do: {report_better: {back: step, reported: step}}`"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from flows.engine.effects.base import Effect, Takes
from flows.engine.effects.report_sick import REPORTED
from flows.engine.written import Text


class ReportBetter(Effect):
    """This person is better and goes back to work on a day; none: there is no work to go back to."""

    name = "report_better"
    takes: ClassVar[Mapping[str, Takes]] = {"back": Takes(("date",)), "reported": REPORTED}

    back: Text | None = None
    reported: Text | None = None
