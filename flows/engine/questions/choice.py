"""`ask: {choice: {people: Collega's, tasks: Het werk zelf}}`: one of two to five buttons."""

from __future__ import annotations

from pydantic import field_validator

from flows.engine import limits
from flows.engine.questions.base import Buttons, Labels, check_labels


class Choice(Buttons):
    """The answer is the key of the button."""

    kind = "choice"
    type = "word"
    labels_are_the_setting = True

    labels: Labels

    @field_validator("labels")
    @classmethod
    def _two_to_five(cls, labels: dict[str, str]) -> dict[str, str]:
        check_labels(labels, *limits.CHOICES)
        return labels

    def buttons(self) -> tuple[tuple[str, str], ...]:
        return tuple(self.labels.items())

    def keys(self) -> tuple[str, ...]:
        return tuple(self.labels)
