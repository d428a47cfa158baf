"""parse_mode=HTML as Telegram reads it: the plain text with its entities, or the refusal in its own words."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from bot.demo.standin.errors import Refused, bad

Raw = dict[str, Any]

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_TAG = re.compile(r"<(/?)([a-zA-Z0-9-]*)([^<>]*)>")
_HREF = re.compile(r"""href\s*=\s*["']?([^"'\s>]*)""")


def parse_html(source: str) -> tuple[str, list[Raw]]:
    """Text and entities of `source`. Raises Refused for an unknown, unclosed or crossed tag."""
    plain = ""
    entities: list[Raw] = []
    opened: list[tuple[str, int, str]] = []
    at = 0
    while (start := source.find("<", at)) >= 0:
        plain += unescape(source[at:start])
        tag = _TAG.match(source, start)
        place = len(source[:start].encode())
        if tag is None:
            raise _unparsable(f"Unclosed start tag at byte offset {place}")
        closing, name, rest = tag.groups()
        if closing:
            entities += _close(opened, name.lower(), plain, place)
        else:
            opened.append(_open(name.lower(), rest, plain, place))
        at = tag.end()
    if opened:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    return plain + unescape(source[at:]), sorted(entities, key=lambda entity: int(entity["offset"]))


def _open(name: str, rest: str, plain: str, place: int) -> tuple[str, int, str]:
    if name not in _TAGS:
        raise _unparsable(f'Unsupported start tag "{name}" at byte offset {place}')
    link = _HREF.search(rest)
    return name, _units(plain), link[1] if link else ""


def _close(opened: list[tuple[str, int, str]], name: str, plain: str, place: int) -> list[Raw]:
    if not opened:
        raise _unparsable(f"Unexpected end tag at byte offset {place}")
    expected, offset, link = opened.pop()
    if name and name != expected:
        found = f'expected "</{expected}>", found "</{name}>"'
        raise _unparsable(f"Unmatched end tag at byte offset {place}, {found}")
    length = _units(plain) - offset
    if not length or (expected == "a" and not link):
        return []
    entity: Raw = {"type": _TAGS[expected], "offset": offset, "length": length}
    return [entity | {"url": link} if link else entity]


def _units(text: str) -> int:
    """Entities count in UTF-16 code units (Bot API, MessageEntity)."""
    return len(text.encode("utf-16-le")) // 2


def _unparsable(why: str) -> Refused:
    return bad(f"can't parse entities: {why}")
