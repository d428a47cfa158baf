"""`do: {set_language: language}` with the step that asked, or `do: {set_language: en}` with a code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from flows.engine.effects.base import Effect, Takes
from flows.engine.written import Text

_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


def _code(written: str, _today: date) -> str | None:
    return written if _CODE.fullmatch(written) else None


class SetLanguage(Effect):
    """From the next message on this person reads `language`: the answer of a choice, or a language code."""

    name = "set_language"
    main = "language"
    takes: ClassVar[Mapping[str, Takes]] = {"language": Takes(("word",), _code, "een code zoals 'nl' of 'en'")}

    language: Text
