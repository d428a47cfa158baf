"""Days and times as people say them."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date, format_time

from scheduler.calendar import Calendar


def day(calendar: Calendar, at: datetime, language: str) -> str:
    """«dinsdag 1 december», in the calendar's zone."""
    shape = "EEEE d MMMM"
    return format_date(calendar.local(at).date(), shape, locale=language)


def with_year(date_: date, language: str) -> str:
    """«dinsdag 1 december 2026», for days that may be far away."""
    return format_date(date_, "EEEE d MMMM y", locale=language)


def day_and_time(calendar: Calendar, at: datetime, language: str) -> str:
    """«dinsdag 1 december 10:00»."""
    local = calendar.local(at)
    return f"{day(calendar, at, language)} {format_time(local.time(), 'HH:mm', locale=language)}"
