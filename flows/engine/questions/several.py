"""`ask: {several: {work: Werk, home: Thuis}}`: tick any of two to eight, then the button "Klaar"."""

from __future__ import annotations

import re

from pydantic import field_validator

from flows.engine import limits
from flows.engine.events import Value
from flows.engine.matching import tidy
from flows.engine.questions.base import UNKNOWN, Asking, Buttons, Found, Labels, Translate, check_labels
from flows.engine.written import mistake

DONE = "done"
DONE_LABEL = "Klaar"
_BETWEEN = re.compile(r"[,;&+\n]|\ben\b|\band\b", re.IGNORECASE)


class Several(Buttons):
    """The answer is the tuple of ticked keys, in the script's order. Nothing ticked is an answer too: ()."""

    kind = "several"
    type = "list"
    labels_are_the_setting = True

    labels: Labels

    @field_validator("labels")
    @classmethod
    def _not_too_many(cls, labels: dict[str, str]) -> dict[str, str]:
        check_labels(labels, *limits.SEVERAL)
        if DONE in labels:
            raise mistake("reserved-name", name=DONE)
        return labels

    def buttons(self) -> tuple[tuple[str, str], ...]:
        return (*self.labels.items(), (DONE, DONE_LABEL))

    def keys(self) -> tuple[str, ...]:
        return tuple(self.labels)

    def tapped(self, key: str, asking: Asking) -> Found | None:
        if key == DONE:
            return Found(asking.ticked, self.shown(asking.ticked, asking.translate))
        if key not in self.labels:
            return None
        return Found(ticked=self._ordered(set(asking.ticked) ^ {key}))

    def typed(self, text: str, asking: Asking) -> Found | None:
        """ "Klaar" ends; one or more labels tick them. One label that is ticked already is unticked."""
        whole = self.key_of(text, asking.translate)
        if whole is not None:
            return self.tapped(whole, asking)
        keys = {self.key_of(part, asking.translate) for part in _BETWEEN.split(text) if tidy(part)}
        if not keys or None in keys or DONE in keys:
            return None
        return Found(ticked=self._ordered({key for key in keys if key} | set(asking.ticked)))

    def shown(self, value: Value, translate: Translate) -> str:
        if not isinstance(value, tuple) or not value:
            return UNKNOWN
        return ", ".join(translate(self.labels[key]) for key in value if key in self.labels)

    def _ordered(self, keys: set[str]) -> tuple[str, ...]:
        return tuple(key for key in self.labels if key in keys)
