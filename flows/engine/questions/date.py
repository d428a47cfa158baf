"""`ask: date`, `ask: {date: {past: true}}`, `ask: {date: {future: true, far: true}}`: a day, in Dutch or English."""

from __future__ import annotations

import datetime

from pydantic import model_validator

from flows.engine.events import Value
from flows.engine.matching import tidy
from flows.engine.questions import days
from flows.engine.questions.base import NOT_KNOWN, UNKNOWN, Asking, Found, Question, Translate
from flows.engine.written import mistake

_TODAY = ("today", "Vandaag", 0)
_PAST = (_TODAY, ("yesterday", "Gisteren", -1))
_FUTURE = (_TODAY, ("tomorrow", "Morgen", 1))

_WEEK = 7
PASSED, STILL_TO_COME = "date_passed", "date_to_come"
"""What is wrong with a day on the wrong side of today."""


class Date(Question):
    """The answer is the ISO date. `past` allows today or earlier, `future` today or later.

    `far`: it is mostly weeks away, like the end of a contract, and has no buttons for the nearest days.
    """

    kind = "date"
    type = "date"

    past: bool = False
    future: bool = False
    far: bool = False

    @model_validator(mode="after")
    def _one_direction(self) -> Date:
        if self.past and self.future:
            raise mistake("past-and-future")
        return self

    def buttons(self) -> tuple[tuple[str, str], ...]:
        return tuple((key, label) for key, label, _ in self._near_days())

    def tapped(self, key: str, asking: Asking) -> Found | None:
        for name, label, distance in self._near_days():
            if name == key:
                day = asking.today + datetime.timedelta(days=distance)
                return Found(day.isoformat(), asking.translate(label))
        return None

    def typed(self, text: str, asking: Asking) -> Found | None:
        for name, label, _ in self._near_days():
            if text.strip().casefold() == asking.translate(label).casefold():
                return self.tapped(name, asking)
        day = self._day(text, asking)
        return None if day is None or self._on_the_wrong_side(day, asking) else Found(day.isoformat(), text)

    def misfit(self, text: str, asking: Asking) -> str:
        day = self._day(text, asking)
        if day is None or not self._on_the_wrong_side(day, asking):
            return self.kind
        return PASSED if self.future else STILL_TO_COME

    def means_nothing(self, text: str) -> bool:
        return self.optional and tidy(text) in NOT_KNOWN

    def example(self, today: datetime.date) -> str:
        """A day in figures that this question would take."""
        day = today + datetime.timedelta(days=-_WEEK if self.past else _WEEK)
        return f"{day.day}-{day.month}"

    def shown(self, value: Value, _translate: Translate) -> str:
        try:
            day = datetime.date.fromisoformat(str(value))
        except ValueError:  # skipped, or the previous run of the flow asked something else at this step
            return UNKNOWN
        return f"{day.day}-{day.month}-{day.year}"

    def _day(self, text: str, asking: Asking) -> datetime.date | None:
        return days.read_day(text, asking.today, "past" if self.past else "future" if self.future else "near")

    def _on_the_wrong_side(self, day: datetime.date, asking: Asking) -> bool:
        return (self.past and day > asking.today) or (self.future and day < asking.today)

    def _near_days(self) -> tuple[tuple[str, str, int], ...]:
        if self.far:
            return ()
        return _PAST if self.past else _FUTURE if self.future else ()
