"""`do: {set_language: language}` with the step that asked, or `do: {set_language: en}` with a code."""

from __future__ import annotations

import re
from collections.abc import Collection

from flows.engine.effects.base import Effect
from flows.engine.written import Text

_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


class SetLanguage(Effect):
    """From the next message on this person reads `language`: the answer of a choice, or a language code."""

    name = "set_language"
    main = "language"
    from_answers = frozenset({"language"})

    language: Text

    def wrong(self, asking: Collection[str]) -> str | None:
        known = self.language in asking or _CODE.fullmatch(self.language)
        return None if known else self.language
