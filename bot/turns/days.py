"""Days and times as people say them, in the order and with the words of their language."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date, format_time, get_datetime_format, match_skeleton

from bot.texts import locale_of
from scheduler.calendar import Calendar

DAY = "MMMMEd"
"""Weekday, day and month, in CLDR's letters; every language has its own order for them."""


def day(calendar: Calendar, at: datetime, language: str) -> str:
    """«dinsdag 1 december», in the calendar's zone."""
    return format_date(calendar.local(at).date(), _shape(language), locale=locale_of(language))


def with_year(date_: date, language: str) -> str:
    """«dinsdag 1 december 2026», for days that may be far away."""
    return format_date(date_, "full", locale=locale_of(language))


def day_and_time(calendar: Calendar, at: datetime, language: str) -> str:
    """«dinsdag 1 december, 10:00»."""
    locale, local = locale_of(language), calendar.local(at)
    both = str(get_datetime_format("short", locale=locale))
    time = format_time(local.time(), "HH:mm", locale=locale)
    return both.replace("{1}", day(calendar, at, language)).replace("{0}", time)


@lru_cache
def _shape(language: str) -> str:
    """The language's own pattern for DAY, with whole words in it."""
    locale = locale_of(language)
    found = match_skeleton(DAY, locale.datetime_skeletons) or "yMMMMd"
    shape = str(locale.datetime_skeletons[found])
    return re.sub(r"[EMLc]{1,4}", _whole, shape)


def _whole(found: re.Match[str]) -> str:
    return found[0][0] * 4
