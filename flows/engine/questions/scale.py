"""`ask: {scale: {1: Slecht, 5: Heel goed}}`: a number, with words at both ends or at every point."""

from __future__ import annotations

from functools import cached_property

from pydantic import field_validator

from flows.engine import limits
from flows.engine.events import Choice as ButtonChoice
from flows.engine.events import Value
from flows.engine.questions.base import UNKNOWN, Buttons, Translate
from flows.engine.written import Text, mistake


class Scale(Buttons):
    """The answer is the number. Points without words show their number."""

    kind = "scale"
    type = "number"
    labels_are_the_setting = True

    labels: dict[int, Text]

    @field_validator("labels")
    @classmethod
    def _a_row_of_points(cls, labels: dict[int, str]) -> dict[int, str]:
        least, most = limits.SCALE_POINTS
        if len(labels) < 2 or not least <= max(labels) - min(labels) + 1 <= most or list(labels) != sorted(labels):
            raise mistake("bad-scale", most=most)
        return labels

    @cached_property
    def _points(self) -> tuple[tuple[str, str], ...]:
        return tuple(
            (str(point), self.labels.get(point, "")) for point in range(min(self.labels), max(self.labels) + 1)
        )

    def buttons(self) -> tuple[tuple[str, str], ...]:
        return self._points

    def keys(self) -> tuple[str, ...]:
        return tuple(key for key, _ in self._points)

    def texts(self) -> tuple[str, ...]:
        return tuple(self.labels.values())

    def choices(self, translate: Translate) -> tuple[ButtonChoice, ...]:
        every = len(self.labels) == len(self._points)
        return tuple(ButtonChoice(key, _show(key, label and translate(label), every)) for key, label in self._points)

    def of_key(self, key: str) -> Value:
        return int(key)

    def more_words(self, key: str) -> tuple[str, ...]:
        label = self.labels.get(int(key), "")
        return (key, f"{key} {label}")

    def shown(self, value: Value, _translate: Translate) -> str:
        return UNKNOWN if value is None else str(value)


def _show(key: str, label: str, every: bool) -> str:
    if every:
        return label
    return f"{key} · {label}" if label else key
