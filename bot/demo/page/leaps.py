"""How far the clock leaps: some minutes, or to the same hour of a later day as the calendar here counts."""

from __future__ import annotations

import calendar
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

LONGEST = 31 * 24 * 60
"""Minutes: the furthest the clock is moved at once by a number."""
_ZONE = ZoneInfo("Europe/Amsterdam")

Leap = Literal["next moment", "day", "week", "month"] | int


def read(body: str) -> Leap | None:
    """Where to, from `{"to": "next moment"}` (or day, week, month) or `{"minutes": 60}`; None if it is neither."""
    with suppress(ValueError):
        match json.loads(body):
            case {"to": "next moment" | "day" | "week" | "month" as to}:
                leap: Leap = to
                return leap
            case {"minutes": int(minutes)} if 0 < minutes <= LONGEST:
                return minutes
    return None


def minutes(now: datetime, leap: Literal["day", "week", "month"]) -> int:
    """From `now` (aware) to the same hour on that day; a day on which the clocks change is shorter or longer."""
    here = now.astimezone(_ZONE)
    match leap:
        case "day":
            there = here + timedelta(days=1)
        case "week":
            there = here + timedelta(weeks=1)
        case "month":
            there = _next_month(here)
    return round((there.astimezone(UTC) - now) / timedelta(minutes=1))


def _next_month(here: datetime) -> datetime:
    """31 January becomes the last day of February."""
    year, month = here.year + here.month // 12, here.month % 12 + 1
    return here.replace(year=year, month=month, day=min(here.day, calendar.monthrange(year, month)[1]))
