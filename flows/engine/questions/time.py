"""`ask: time`: a time of day, typed: 9:30, 9.30, 9u30, 9 uur, half tien, kwart voor drie, 3 pm."""

from __future__ import annotations

import re
from datetime import date

from flows.engine.matching import tidy
from flows.engine.questions.base import Asking, Found, Question

_HOURS = {
    "een": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6,
    "zeven": 7, "acht": 8, "negen": 9, "tien": 10, "elf": 11, "twaalf": 12,
}  # fmt: skip
_FILLING = re.compile(r"^(om|rond|ongeveer|at|around|about)\s+")
_CLOCK = re.compile(r"(\d{1,2})(?: ?(?:u|uur|h|) ?(\d{2}))?(?: ?(?:u|uur|h))?(?: ?(am|pm))?")
_DIGITS = re.compile(r"([01]\d|2[0-3])([0-5]\d)")
_PAST_HOUR = re.compile(r"(half|kwart voor|kwart over|\d{1,2} voor|\d{1,2} over) (\d{1,2}|[a-z]+)")


class Time(Question):
    """The answer is "09:30". Without more to go on an hour is taken as typed: "3 uur" is 03:00, "half 3" is 02:30."""

    kind = "time"
    type = "clock"

    def example(self, _today: date) -> str:
        return "9:30"

    def typed(self, text: str, _asking: Asking) -> Found | None:
        minutes = read_time(text)
        return None if minutes is None else Found(f"{minutes // 60:02d}:{minutes % 60:02d}", text)


def read_time(text: str) -> int | None:
    """Minutes since midnight, or None."""
    words = _FILLING.sub("", tidy(text)).replace("a m", "am").replace("p m", "pm")
    words = words.removesuffix(" uur") if words.split(" ")[0] in _HOURS or words[:4] in ("half", "kwar") else words
    if found := _DIGITS.fullmatch(words):
        return int(found[1]) * 60 + int(found[2])
    if found := _CLOCK.fullmatch(words):
        return _clock(int(found[1]), int(found[2] or 0), found[3])
    if found := _PAST_HOUR.fullmatch(words):
        return _around_hour(found[1], _hour(found[2]))
    hour = _HOURS.get(words)
    return None if hour is None else hour * 60


def _clock(hour: int, minute: int, half: str | None) -> int | None:
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour * 60 + minute if hour <= 23 and minute <= 59 else None


def _around_hour(words: str, hour: int | None) -> int | None:
    if hour is None:
        return None
    amount = words.split(" ")[0]
    away = {"half": 30, "kwart": 15}.get(amount) or int(amount)
    before = words == "half" or words.endswith("voor")
    return (hour * 60 + (-away if before else away)) % (24 * 60) if away < 60 else None


def _hour(word: str) -> int | None:
    hour = int(word) if word.isdecimal() else _HOURS.get(word)
    return hour if hour is not None and hour <= 23 else None
