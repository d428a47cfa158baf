"""`ask: phone`: a telephone number, kept as +31612345678."""

from __future__ import annotations

import re

from flows.engine.matching import western_digits
from flows.engine.questions.base import Asking, Found, Question

_SIGNS = re.compile(r"[\s().\-/]")
_NUMBER = re.compile(r"(?:\+|00)([1-9]\d{7,14})|0([1-9]\d{8})")


class Phone(Question):
    """A Dutch number starts with 0, any other with its country: +32 or 0032."""

    kind = "phone"
    type = "text"

    def typed(self, text: str, _asking: Asking) -> Found | None:
        found = _NUMBER.fullmatch(_SIGNS.sub("", western_digits(text).replace("(0)", "")))
        if found is None:
            return None
        return Found(f"+{found[1]}" if found[1] else f"+31{found[2]}", text)
