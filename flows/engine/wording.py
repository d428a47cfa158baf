"""A script's text as a person reads it: translated first, then filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flows.engine.context import ContextValue, Options
from flows.engine.events import Value
from flows.engine.facts import NUMBER_UNKNOWN, PLACEHOLDERS
from flows.engine.model import Step
from flows.engine.questions.base import UNKNOWN, Translate
from flows.engine.texts import fill, last_of, number_of

_OPENING = re.compile(r"(?:\A|(?<=\n)|(?<=[.!?] ))\{([^{}]*)\}")
"""A placeholder that a sentence begins with."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything that a text of one flow may name."""

    steps: Mapping[str, Step]
    answers: Mapping[str, Value]
    last: Mapping[str, Value]
    values: Mapping[str, ContextValue]
    translate: Translate
    options: Options

    def said(self, text: str) -> str:
        """For the person in the run, in their language."""
        words = _OPENING.sub(self._opening, self.translate(text))
        return fill(words, lambda name: self._value(name, self.translate))

    def in_dutch(self, text: str) -> str:
        """For a coach: as written, with Dutch labels."""
        return fill(text, lambda name: self._value(name, _as_written))

    def _opening(self, found: re.Match[str]) -> str:
        """What stands in for a value that is not known has a capital where it begins a sentence; else as written."""
        name = found[1].strip()
        if name not in PLACEHOLDERS or self.values.get(name) not in (None, ""):
            return found[0]
        words = self.translate(PLACEHOLDERS[name].otherwise)
        return found[0] if words[:1] == words[:1].upper() else words[:1].upper() + words[1:]

    def _value(self, name: str, translate: Translate) -> str | None:
        if name in PLACEHOLDERS:
            value = self.values.get(name)
            return translate(PLACEHOLDERS[name].otherwise) if value in (None, "") else _plain(value)
        if number_of(name):
            return str(self.values.get(name) or translate(NUMBER_UNKNOWN))
        before = last_of(name)
        step = self.steps.get(before or name)
        if step is None or step.ask is None:
            return None
        answers = self.last if before else self.answers
        if (before or name) not in answers:
            return UNKNOWN
        return step.ask.filled(self.options).shown(answers[before or name], translate)


def _plain(value: ContextValue) -> str:
    return str(value.days) if isinstance(value, timedelta) else str(value)


def _as_written(text: str) -> str:
    return text
