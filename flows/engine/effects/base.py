"""What every effect is: a name, checked arguments, and nothing done. The bot does it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import ClassVar

from flows.engine.events import Value
from flows.engine.written import Written


class Effect(Written):
    """A `do:` of a script. Subclasses carry the arguments as fields."""

    name: ClassVar[str]
    main: ClassVar[str | None] = None
    """The argument that `do: {name: value}` fills."""
    from_answers: ClassVar[frozenset[str]] = frozenset()
    """Arguments that may name a step of the flow instead of a value: its answer is meant."""

    def arguments(self, answers: Mapping[str, Value]) -> Mapping[str, str] | None:
        """The arguments as text, answers filled in; None if an answer that is needed was skipped."""
        filled: dict[str, str] = {}
        for field in type(self).model_fields:
            value = getattr(self, field)
            if field in self.from_answers and value in answers:
                value = answers[value]
            if value is None:
                return None
            filled[field] = str(value)
        return filled

    def wrong(self, _asking: Collection[str]) -> str | None:
        """The argument that is neither the name of a step in `asking` nor a value that fits; None if all is well."""
        return None
