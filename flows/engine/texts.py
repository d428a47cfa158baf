"""Texts with `{placeholders}`: a fixed pattern and one pass, so that a value can never become a placeholder itself."""

from __future__ import annotations

import re
from collections.abc import Callable

from flows.engine import limits

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_LAST = re.compile(r"last\(\s*([a-z][a-z0-9_]*)\s*\)")


def placeholders(text: str) -> tuple[str, ...]:
    """Everything between braces, as written, in order."""
    return tuple(_PLACEHOLDER.findall(text))


def last_of(name: str) -> str | None:
    """The step of a placeholder `last(step)`; None if it is not one."""
    found = _LAST.fullmatch(name)
    return found[1] if found else None


def fill(text: str, value_of: Callable[[str], str | None]) -> str:
    """`text` with every placeholder that has a value replaced; one without stays as it stands."""
    if "{" not in text:
        return text
    return _PLACEHOLDER.sub(lambda found: _filled(found[0], value_of(found[1].strip())), text)


def units(text: str) -> int:
    """Length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _filled(written: str, value: str | None) -> str:
    if value is None:
        return written
    return value if len(value) <= limits.SHOWN_LENGTH else value[: limits.SHOWN_LENGTH - 1] + "…"
