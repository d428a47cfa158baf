"""Long texts in parts that Telegram takes, cut where a reader would pause."""

from __future__ import annotations

LONGEST_TEXT = 4000
"""Code points a message. Telegram's limit is 4096; the room left is for a later prefix."""
LONGEST_CAPTION = 1024

_PAUSES = ("\n\n", "\n", ". ", "! ", "? ", " ")


def split(text: str, longest: int = LONGEST_TEXT) -> list[str]:
    """`text` in parts of at most `longest` code points; one part, as it is, when it fits."""
    parts = []
    rest = text
    while len(rest) > longest:
        cut = _cut(rest, longest)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    parts.append(rest)
    return [part for part in parts if part] or [text[:longest]]


def _cut(text: str, longest: int) -> int:
    """Where to cut: the last paragraph end, line end, sentence end or space, unless it leaves a scrap."""
    for pause in _PAUSES:
        place = text.rfind(pause, longest // 4, longest)
        if place != -1:
            return place + len(pause)
    return longest
