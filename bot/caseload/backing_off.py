"""How contact follows what somebody does: less often when it goes well, as agreed again after a worry. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.caseload.rhythms import BackOff, Much
from bot.storage.people import Person

FLAGGED = -1
"""A streak that begins below nothing: the check-in that goes on now raised a flag, so that its end does not count."""
TELL_MUCH_EVERY = timedelta(weeks=8)
"""How seldom a coach is shown that somebody writes ever more."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How it goes with somebody: columns of the person, and nothing else."""

    stretch: int
    good_streak: int
    silences: int

    @classmethod
    def of(cls, who: Person) -> Standing:
        return cls(who.stretch, who.good_streak, who.silences)


def flagged(before: Standing, *, in_check_in: bool) -> Standing:
    """A flag was raised: the agreed interval counts again, and good check-ins are counted anew."""
    return replace(before, stretch=1, good_streak=FLAGGED if in_check_in else 0)


def answered(before: Standing, *, to_the_end: bool) -> Standing:
    """A check-in is over, walked to its end or stopped on the way."""
    return replace(before, good_streak=before.good_streak + 1 if to_the_end else 0, silences=0)


def silent(before: Standing) -> Standing:
    """A planned contact got no answer at all."""
    return Standing(stretch=1, good_streak=0, silences=before.silences + 1)


def offers_less(now: Standing, back_off: BackOff) -> bool:
    """Whether it is time to offer a longer interval: once asked, a refusal begins a new streak."""
    return now.stretch == 1 < back_off.max and now.good_streak >= back_off.after


def tells_of_silence(now: Standing, limit: int) -> bool:
    """Whether the coach is told: at so many in a row, and again after as many more."""
    return now.silences > 0 and now.silences % limit == 0


def tells_of_much(messages: int, limit: Much, told_at: datetime | None, now: datetime) -> bool:
    """Whether the coach is shown that somebody wrote so many messages in the handbook's weeks."""
    return messages > limit.messages and (told_at is None or now - told_at >= TELL_MUCH_EVERY)
