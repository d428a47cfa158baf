"""`ask: text` or `ask: {text: {optional: true}}`: whatever somebody types; a voice message or a photo is welcome.

`ask: {text: {from: choices}}`: the same, with buttons of a list that stands outside the scripts to spare the typing.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from flows.engine import limits
from flows.engine.context import Options
from flows.engine.events import Value
from flows.engine.facts import OptionList
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
    takes_all = True

    source: OptionList | None = Field(None, alias="from")
    kept: bool = True
    """`kept: false`: to practise with. The words are no answer that is kept, and no wish for something else."""

    def filled(self, options: Options) -> Question:
        offered = options.get(self.source, ()) if self.source else ()
        if not offered:
            return self
        labels = tuple((one.key, one.label) for one in offered)
        return Offering(optional=self.optional, required=self.required, labels=labels, kept=self.kept)

    def keeps(self) -> bool:
        return self.kept

    def shown(self, value: Value, _translate: Translate) -> str:
        return MEDIA if value == "" else super().shown(value, _translate)

    def means_nothing(self, text: str) -> bool:
        return self.optional and tidy(text) in NOTHING

    def typed(self, text: str, _asking: Asking) -> Found | None:
        return Found(text, text) if text.strip() and len(text) <= limits.ANSWER_LENGTH else None


class Offering(Text):
    """A text question with buttons: a tap answers with the button's Dutch words, as if they were typed."""

    labels: tuple[tuple[str, str], ...]

    def buttons(self) -> tuple[tuple[str, str], ...]:
        return self.labels

    def of_key(self, key: str) -> Value:
        return dict(self.labels)[key]

    def means_nothing(self, text: str) -> bool:
        is_button = any(tidy(text) == tidy(label) for _, label in self.labels)
        return not is_button and super().means_nothing(text)
