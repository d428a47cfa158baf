"""`ask: {choice: {people: Collega's, tasks: Het werk zelf}}`: one of two to six buttons.

`ask: {choice: {from: rhythms}}`: the buttons of a list that stands outside the scripts.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field, field_validator, model_validator

from flows.engine import limits
from flows.engine.context import Options
from flows.engine.facts import OptionList
from flows.engine.questions.base import Buttons, Labels, Question, check_labels

_FROM = "from"


class Choice(Buttons):
    """The answer is the key of the button."""

    kind = "choice"
    type = "word"
    labels_are_the_setting = True

    labels: Labels = Field(default_factory=dict)
    source: OptionList | None = Field(None, alias=_FROM)

    @model_validator(mode="before")
    @classmethod
    def _a_list_from_outside(cls, settings: Any) -> Any:
        labels = settings["labels"]
        if isinstance(labels, dict) and list(labels) == [_FROM]:
            return {_FROM: labels[_FROM], **{key: value for key, value in settings.items() if key != "labels"}}
        return settings

    @field_validator("labels")
    @classmethod
    def _two_to_six(cls, labels: dict[str, str]) -> dict[str, str]:
        check_labels(labels, *limits.CHOICES)
        return labels

    def filled(self, options: Options) -> Question:
        if self.source is None:
            return self
        return self.model_copy(update={"labels": {one.key: one.label for one in options.get(self.source, ())}})

    def buttons(self) -> tuple[tuple[str, str], ...]:
        return tuple(self.labels.items())

    def keys(self) -> tuple[str, ...]:
        return tuple(self.labels)
