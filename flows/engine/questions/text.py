"""`ask: text` or `ask: {text: {optional: true}}`: whatever somebody types; a voice message or a photo is welcome."""

from __future__ import annotations

from typing import ClassVar

from flows.engine import limits
from flows.engine.events import Value
from flows.engine.matching import tidy
from flows.engine.questions.base import Asking, Found, Question, Translate

MEDIA = "📎"
"""Stands in a text for a voice message or photo without a caption; a sign, so that it needs no translation."""


NOTHING = frozenset({"nee", "niets", "niks", "no", "nothing"})
"""The whole of a reply that says no more than: I have nothing to tell."""


class Text(Question):
    """The answer is the text as typed. For a voice message or photo it is the caption, perhaps ""."""

    kind: ClassVar[str] = "text"
    type = "text"
    media = frozenset({"voice", "photo", "video", "file"})

    def shown(self, value: Value, _translate: Translate) -> str:
        return MEDIA if value == "" else super().shown(value, _translate)

    def means_nothing(self, text: str) -> bool:
        return self.optional and tidy(text) in NOTHING

    def typed(self, text: str, _asking: Asking) -> Found | None:
        return Found(text, text) if text.strip() and len(text) <= limits.ANSWER_LENGTH else None
