"""`do: {referral_said: worked}`, or `do: {referral_said: {outcome: not_yet, again: 3 weeks}}`"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from flows.engine.effects.base import Effect, Takes
from flows.engine.effects.days import day
from flows.engine.written import Text

OUTCOMES = ("worked", "not_yet", "dropped", "talk", "later")
"""It worked out; not yet; not wanted any more; rather talked about with the coach; not to be asked now."""


def _outcome(written: str, _today: date) -> str | None:
    return written if written in OUTCOMES else None


class ReferralSaid(Effect):
    """What became of the referral that this talk is about. With `again` it is asked about on a later day, once."""

    name = "referral_said"
    main = "outcome"
    takes: ClassVar[Mapping[str, Takes]] = {
        "outcome": Takes((), _outcome, f"een van deze woorden: {', '.join(OUTCOMES)}"),
        "again": Takes(("date",), day, "een duur, zoals '3 weeks'"),
    }

    outcome: Text
    again: Text | None = None
