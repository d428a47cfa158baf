"""What every kind of question can do: show buttons, read a reply, and show an answer inside another text."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import ClassVar

from pydantic import model_validator

from flows.engine.context import Options
from flows.engine.events import Choice, Value
from flows.engine.facts import Kind
from flows.engine.matching import pick, tidy
from flows.engine.written import Name, Text, Written, mistake

Translate = Callable[[str], str]
_HALVES = re.compile(r"\b(?:of|or)\b|[/,]", re.IGNORECASE)
UNKNOWN = "–"
"""Stands in a text for a question that was skipped."""
NOT_KNOWN = frozenset({
    "geen idee", "weet ik niet", "dat weet ik niet", "ik weet het niet", "ik weet niet", "weet het niet", "weet niet",
    "no idea", "i don t know", "i dont know", "don t know", "dont know",
})  # fmt: skip
"""The whole of a reply to a question about a day or a number that says: I cannot answer this."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What reading a reply depends on: the person's local date, their language, and what is ticked already."""

    today: date
    translate: Translate
    ticked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A reply that was understood. `ticked` instead of a value: several choices, not finished yet."""

    value: Value = None
    words: str = ""
    ticked: tuple[str, ...] | None = None


class Question(Written):
    """One kind of question. `optional` shows a button to skip it; `required` refuses to skip it.

    A question that is neither can be skipped by typing "overslaan".
    """

    kind: ClassVar[str]
    type: ClassVar[Kind]
    """What conditions may do with the answer."""
    labels_are_the_setting: ClassVar[bool] = False
    """`ask: {choice: {a: A, b: B}}`: the mapping holds the labels, and optional/required stand beside it."""
    media: ClassVar[frozenset[str]] = frozenset()
    """Kinds of `Sent` that answer it."""
    takes_all: ClassVar[bool] = False
    """Whether any words answer it."""

    optional: bool = False
    required: bool = False

    @model_validator(mode="after")
    def _skipped_or_not(self) -> Question:
        if self.optional and self.required:
            raise mistake("optional-and-required")
        return self

    def filled(self, _options: Options) -> Question:
        """The question with the buttons that come from outside the script."""
        return self

    def buttons(self) -> tuple[tuple[str, str], ...]:
        """Key and Dutch label of each button."""
        return ()

    def keys(self) -> tuple[str, ...]:
        """What a condition may compare the answer with; empty for anything."""
        return ()

    def choices(self, translate: Translate) -> tuple[Choice, ...]:
        """The buttons in the person's language."""
        return tuple(Choice(key, translate(label)) for key, label in self.buttons())

    def texts(self) -> tuple[str, ...]:
        """The Dutch texts that people read, for translators and checks."""
        return tuple(label for _, label in self.buttons())

    def tapped(self, key: str, asking: Asking) -> Found | None:
        """The answer that this button gives; None if the question has no such button."""
        for choice in self.choices(asking.translate):
            if choice.key == key:
                return Found(self.of_key(key), choice.label)
        return None

    def of_key(self, key: str) -> Value:
        """The value that a button's key stands for."""
        return key

    @abstractmethod
    def typed(self, text: str, asking: Asking) -> Found | None:
        """The answer that these words give; None if they do not fit."""

    def example(self, _today: date) -> str:
        """An answer that fits, as somebody might type it; "" where the buttons say enough."""
        return ""

    def means_nothing(self, _text: str) -> bool:
        """Whether these words say that there is nothing to answer, which skips the question."""
        return False

    def misfit(self, _text: str, _asking: Asking) -> str:
        """What is wrong with a reply that did not fit, as a word of the hints: mostly the kind of question."""
        return self.kind

    def is_label(self, text: str, asking: Asking) -> bool:
        """Whether the words are exactly a button, so that they are no command ("stop")."""
        words = tidy(text)
        return any(words in (tidy(label), tidy(asking.translate(label))) for _, label in self.buttons())

    def keeps(self) -> bool:
        """Whether what somebody answers is kept; if not, only that there was an answer."""
        return True

    def shown(self, value: Value, _translate: Translate) -> str:
        """The value as it reads inside a text."""
        return UNKNOWN if value is None else str(value)


class Buttons(Question):
    """A question whose answer is one of its buttons; typed words are matched with their labels."""

    def typed(self, text: str, asking: Asking) -> Found | None:
        key = self.key_of(text, asking.translate)
        return None if key is None else Found(self.of_key(key), text)

    def key_of(self, text: str, translate: Translate) -> str | None:
        """The button that the words mean, in the person's language or in Dutch."""
        known: dict[str, str] = {}
        parts: dict[str, str] = {}
        for key, label in self.buttons():
            for words in (label, translate(label)):
                known.setdefault(tidy(words), key)
                parts |= {part: key if parts.get(part, key) == key else "" for part in parts_of(words)}
            for words in self.more_words(key):
                known.setdefault(tidy(words), key)
        known.pop("", None)
        return pick(text, known) or parts.get(tidy(text)) or None

    def more_words(self, _key: str) -> tuple[str, ...]:
        """Other words that mean this button."""
        return ()

    def shown(self, value: Value, translate: Translate) -> str:
        labels = dict(self.buttons())
        for key, label in labels.items():
            if self.of_key(key) == value:
                return translate(label)
        return UNKNOWN


Labels = dict[Name, Text]


@lru_cache(maxsize=1024)
def parts_of(label: str) -> frozenset[str]:
    """Shorter ways to say a label: its first words ("nee" of "Nee hoor") and its halves ("mijn baas" of "Collega's of
    mijn baas"). Only those that belong to one button count.
    """
    words = tidy(label).split()
    first = {" ".join(words[:count]) for count in range(1, len(words))}
    halves = {tidy(half) for half in _HALVES.split(label)} - {tidy(label), ""}
    return frozenset(first | halves)


def check_labels(labels: dict[str, str], least: int, most: int) -> None:
    """The count and the difference of labels. Raises the author's mistake."""
    if not least <= len(labels) <= most:
        raise mistake("choices-count", count=len(labels), least=least, most=most)
    seen: set[str] = set()
    for label in labels.values():
        if tidy(label) in seen:
            raise mistake("same-label", label=label)
        seen.add(tidy(label))
