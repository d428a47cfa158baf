"""`ask: {number: {from: 0, to: 40}}`: a number in a range, typed. `whole: true` refuses 7,5."""

from __future__ import annotations

import re
from datetime import date

from pydantic import Field, model_validator

from flows.engine.events import Value
from flows.engine.matching import tidy, western_digits
from flows.engine.questions.base import NOT_KNOWN, UNKNOWN, Asking, Found, Question, Translate
from flows.engine.written import mistake

_NUMBER = re.compile(
    r"(?:ongeveer|circa|ca\.?|zo'n|about|around)?\s*(-?\d{1,9})(?:[.,](\d{1,4}))?"
    r"\s*(?:uur|uren|u|dagen|dag|keer|euro|%|hours?|days?|times)?[.!]?",
    re.IGNORECASE,
)

_USUAL = 24
"""Hours in a week of work, in an example."""


class Number(Question):
    """The answer is a whole number, or one with decimals ("7,5" and "7.5" alike)."""

    kind = "number"
    type = "number"

    least: int | None = Field(default=None, alias="from")
    most: int | None = Field(default=None, alias="to")
    whole: bool = False

    @model_validator(mode="after")
    def _from_before_to(self) -> Number:
        if self.least is not None and self.most is not None and self.least > self.most:
            raise mistake("bad-range", least=self.least, most=self.most)
        return self

    def typed(self, text: str, _asking: Asking) -> Found | None:
        found = _NUMBER.fullmatch(western_digits(text).strip())
        if found is None or (self.whole and found[2]):
            return None
        value: float = float(f"{found[1]}.{found[2]}") if found[2] else int(found[1])
        if (self.least is not None and value < self.least) or (self.most is not None and value > self.most):
            return None
        return Found(value, text)

    def means_nothing(self, text: str) -> bool:
        return self.optional and tidy(text) in NOT_KNOWN

    def example(self, _today: date) -> str:
        most = _USUAL if self.most is None else min(_USUAL, self.most)
        return str(most if self.least is None else max(most, self.least))

    def shown(self, value: Value, _translate: Translate) -> str:
        return UNKNOWN if value is None else str(value).replace(".", ",")
