"""Days as people type them: "vandaag", "afgelopen maandag", "12-3", "12 maart", "3 days ago"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from flows.engine.matching import pick, tidy

Direction = Literal["past", "future", "near"]

_NEAR = {
    "eergisteren": -2, "gisteren": -1, "gister": -1, "gisteravond": -1, "yesterday": -1,
    "vandaag": 0, "vanochtend": 0, "vanmorgen": 0, "vanmiddag": 0, "vanavond": 0,
    "nu": 0, "today": 0, "now": 0, "this morning": 0,
    "morgen": 1, "morgenochtend": 1, "tomorrow": 1, "overmorgen": 2,
}  # fmt: skip
_WEEKDAYS = {
    "maandag": 0, "dinsdag": 1, "woensdag": 2, "donderdag": 3, "vrijdag": 4, "zaterdag": 5, "zondag": 6,
    "ma": 0, "di": 1, "wo": 2, "do": 3, "vr": 4, "za": 5, "zo": 6,
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip
_MONTHS = {
    "januari": 1, "februari": 2, "maart": 3, "april": 4, "mei": 5, "juni": 6,
    "juli": 7, "augustus": 8, "september": 9, "oktober": 10, "november": 11, "december": 12,
    "jan": 1, "feb": 2, "mrt": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8,
    "sep": 9, "sept": 9, "okt": 10, "nov": 11, "dec": 12,
    "january": 1, "february": 2, "march": 3, "mar": 3, "may": 5, "june": 6, "july": 7,
    "august": 8, "october": 10, "oct": 10,
}  # fmt: skip
_FILLING = re.compile(r"^(op|sinds|vanaf|per|on|since|from|de|the|het is|it is)\s+")
_BEFORE = re.compile(r"^(afgelopen|vorige|laatste|last|past)\s+")
_AFTER = re.compile(r"^(volgende|komende|aanstaande|aankomende|next|coming)\s+")
_AGO = re.compile(r"(\d{1,3}) (dag|dagen|day|days|week|weken|weeks) (geleden|ago)")
_AHEAD = re.compile(r"(?:over|in) (\d{1,3}) (dag|dagen|day|days|week|weken|weeks)")
_DECIMAL = re.compile(r"\d+,\d+")
"""«24,5» is a number that was meant for another question, and not the 24th of May."""
_ISO = re.compile(r"(\d{4}) (\d{1,2}) (\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2}) (\d{1,2})(?: (\d{4}|\d{2}))?")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:e|de|ste|st|nd|rd|th)? (?:of )?([^\W\d]+)(?: (\d{4}|\d{2}))?")
_MONTH_DAY = re.compile(r"([^\W\d]+) (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}))?")
_YEARS = range(1900, 2101)


def read_day(text: str, today: date, direction: Direction) -> date | None:
    """The day that `text` means, or None. A day without a year is the one nearest in the asked direction.

    A weekday is the coming one (today included), or with direction `past` the one just gone.
    """
    if _DECIMAL.fullmatch(text.strip()):
        return None
    words = _FILLING.sub("", tidy(text))
    try:
        return _near(words, today) or _weekday(words, today, direction) or _calendar(words, today, direction)
    except (OverflowError, ValueError):
        return None


def _near(words: str, today: date) -> date | None:
    distance = pick(words, _NEAR)
    if distance is not None:
        return today + timedelta(days=distance)
    for pattern, sign in ((_AGO, -1), (_AHEAD, 1)):
        if found := pattern.fullmatch(words):
            unit = 7 if found[2].startswith("we") else 1
            return today + timedelta(days=sign * unit * int(found[1]))
    return None


def _weekday(words: str, today: date, direction: Direction) -> date | None:
    before, after = _BEFORE.match(words), _AFTER.match(words)
    weekday = pick(_AFTER.sub("", _BEFORE.sub("", words)), _WEEKDAYS)
    if weekday is None:
        return None
    ahead = (weekday - today.weekday()) % 7
    if before or (direction == "past" and not after):
        back = -ahead % 7
        return today - timedelta(days=7 if before and back == 0 else back)
    return today + timedelta(days=7 if after and ahead == 0 else ahead)


def _calendar(words: str, today: date, direction: Direction) -> date | None:
    if found := _ISO.fullmatch(words):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.fullmatch(words):
        return _with_year(int(found[1]), int(found[2]), found[3], today, direction)
    if (found := _DAY_MONTH.fullmatch(words)) and (month := pick(found[2], _MONTHS)):
        return _with_year(int(found[1]), month, found[3], today, direction)
    if (found := _MONTH_DAY.fullmatch(words)) and (month := pick(found[1], _MONTHS)):
        return _with_year(int(found[2]), month, found[3], today, direction)
    return None


def _with_year(day: int, month: int, year: str | None, today: date, direction: Direction) -> date | None:
    if year:
        return _day(int(year) + (2000 if len(year) == 2 else 0), month, day)
    near = list(_around(day, month, today))
    allowed = [
        found for found in near if direction == "near" or (found <= today) == (direction == "past") or found == today
    ]
    return min(allowed, key=lambda found: abs(found - today), default=None)


def _around(day: int, month: int, today: date) -> Iterator[date]:
    for year in (today.year - 1, today.year, today.year + 1):
        if found := _day(year, month, day):
            yield found


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None
