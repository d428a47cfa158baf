"""A day that an author writes as how long from today, or as itself."""

from __future__ import annotations

from datetime import date

from flows.engine.durations import parse_duration


def day(written: str, today: date) -> str | None:
    """The ISO date that a duration from today or an ISO date is."""
    if span := parse_duration(written):
        return (today + span).isoformat()
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        return None
