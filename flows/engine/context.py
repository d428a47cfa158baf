"""What the engine may know of the world in one turn; everything from outside comes in here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flows.engine.events import Choice, Value

ContextValue = str | int | float | bool | date | timedelta | None
"""What a placeholder or a fact may be. A duration is a timedelta or a number of days."""

Options = Mapping[str, tuple[Choice, ...]]
"""The buttons of each list in `facts.OPTIONS`, with Dutch labels."""


@dataclass(frozen=True, slots=True)
class Context:
    """`values` by placeholder or fact name, with `today` the person's local date as ISO text (or a date).

    `last` holds the answers of this person's previous run of the flow, by step.
    `translate` gives a Dutch sentence of a script in the person's language, or the sentence itself.
    """

    values: Mapping[str, ContextValue]
    last: Mapping[str, Value]
    translate: Callable[[str], str]
    options: Options = field(default_factory=dict)

    def today(self, now: datetime) -> date:
        """The local date that "vandaag" means: `values["today"]`; without a readable one, the date of `now` (UTC)."""
        value = self.values.get("today")
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            return now.date()
