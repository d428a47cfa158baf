"""Durations as authors write them: `3 days`, `4 hours`, `1 week`, `30 minutes`."""

from __future__ import annotations

import re
from datetime import timedelta

from flows.engine import limits

UNITS = {"minute": 1, "hour": 60, "day": 24 * 60, "week": 7 * 24 * 60}
_DURATION = re.compile(r"(\d{1,6}) +(minute|hour|day|week)s?")


def parse_duration(text: str) -> timedelta | None:
    """The duration, or None if `text` is none, is zero, or is longer than `limits.LONGEST_WAIT`."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        return None
    duration = timedelta(minutes=int(found[1]) * UNITS[found[2]])
    return duration if timedelta(0) < duration <= limits.LONGEST_WAIT else None
