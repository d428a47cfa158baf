"""What every effect is: a name, checked arguments, and nothing done. The bot does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flows.engine.events import Value
from flows.engine.facts import Kind
from flows.engine.written import Written


@dataclass(frozen=True, slots=True)
class Takes:
    """What may stand at an argument: the name of a step that asks one of `kinds`, or a value of its own.

    `value` gives what is handed on for a value as written, or None if it does not fit; `words` says it in Dutch.
    """

    kinds: tuple[Kind, ...] = ()
    value: Callable[[str, date], str | None] | None = None
    words: str = ""


class Effect(Written):
    """A `do:` of a script. Subclasses carry the arguments as fields; one with a default may be left out."""

    name: ClassVar[str]
    main: ClassVar[str | None] = None
    """The argument that `do: {name: value}` fills."""
    takes: ClassVar[Mapping[str, Takes]] = {}

    def arguments(self, answers: Mapping[str, Value], today: date) -> Mapping[str, str] | None:
        """The arguments as text, answers filled in; None if an answer that is needed was skipped or never asked.

        An answer that is not needed is left out. Days and times are ISO text, ja/nee is `yes` or `no`, several
        choices are keys with a comma between them.
        """
        filled: dict[str, str] = {}
        for name, field in type(self).model_fields.items():
            value = self._value(name, answers, today)
            if value:
                filled[name] = value
            elif field.is_required():
                return None
        return filled

    def misfits(self, asking: Mapping[str, Kind]) -> Iterator[tuple[str, str, Takes]]:
        """Each argument, as written, that is no step in `asking` of a fitting kind and no value that fits."""
        for name, takes in self.takes.items():
            written = getattr(self, name)
            if written is None or (takes.value and takes.value(written, date.min)):
                continue
            if asking.get(written) not in takes.kinds:
                yield name, written, takes

    def _value(self, name: str, answers: Mapping[str, Value], today: date) -> str | None:
        written: str | None = getattr(self, name)
        takes = self.takes.get(name)
        if written is None or takes is None:
            return written
        if written in answers:
            return _as_text(answers[written])
        return takes.value(written, today) if takes.value else None


def _as_text(value: Value) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(value)
    return None if value is None else str(value)
