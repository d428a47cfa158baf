"""Texts with `{placeholders}`: a fixed pattern and one pass, so that a value can never become a placeholder itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from flows.engine import limits

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
NUMBER = "number."
"""Before the key of a phone number: `{number.veilig_thuis}`."""
_NUMBER = re.compile(r"number\.([a-z][a-z0-9_]*)")
APART, END = "\u2068", "\u2069"
"""Between these, words run in their own direction and leave the sentence round them alone (UAX #9)."""
_TURNING = frozenset({"R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO"})
"""Kinds of characters that run from right to left, or that turn round what comes after them."""
_LAST = re.compile(r"last\(\s*([a-z][a-z0-9_]*)\s*\)")


def placeholders(text: str) -> tuple[str, ...]:
    """Everything between braces, as written, in order."""
    return tuple(_PLACEHOLDER.findall(text))


def last_of(name: str) -> str | None:
    """The step of a placeholder `last(step)`; None if it is not one."""
    found = _LAST.fullmatch(name)
    return found[1] if found else None


def number_of(name: str) -> str | None:
    """The key of a placeholder `number.key`; None if it is not one."""
    found = _NUMBER.fullmatch(name)
    return found[1] if found else None


def fill(text: str, value_of: Callable[[str], str | None]) -> str:
    """`text` with every placeholder that has a value replaced; one without stays as it stands."""
    if "{" not in text:
        return text
    return _PLACEHOLDER.sub(lambda found: _filled(found, value_of(found[1].strip())), text)


def put(found: re.Match[str], value: str) -> str:
    """`value` in the place of the placeholder `found`: words from right to left get marks where they share a line.

    A translator's text that runs from right to left has its own marks round every placeholder (`bot.texts`).
    """
    if value.isascii() or found.string.endswith(APART, 0, found.start()):
        return value
    first, *middle = value.split("\n")
    last = middle.pop() if middle else None
    if last is None:
        return value if alone(found) else apart(value)
    first = first if _begins_line(found) else apart(first)
    return "\n".join([first, *middle, last if _ends_line(found) else apart(last)])


def apart(words: str) -> str:
    """The words, with marks round them if some of them run from right to left."""
    return f"{APART}{words}{END}" if any(unicodedata.bidirectional(char) in _TURNING for char in words) else words


def alone(found: re.Match[str]) -> bool:
    """Whether this placeholder has its line to itself: then there is nothing to disturb."""
    return _begins_line(found) and _ends_line(found)


def _begins_line(found: re.Match[str]) -> bool:
    return found.start() == 0 or found.string[found.start() - 1] == "\n"


def _ends_line(found: re.Match[str]) -> bool:
    return found.end() == len(found.string) or found.string[found.end()] == "\n"


def units(text: str) -> int:
    """Length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _filled(found: re.Match[str], value: str | None) -> str:
    if value is None:
        return found[0]
    return put(found, value if len(value) <= limits.SHOWN_LENGTH else value[: limits.SHOWN_LENGTH - 1] + "…")
