"""What an admin writes under `say`, `unless` and `meanings`, as regular expressions over plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from flows.safety.normalise import plain

GAP = 3
"""Words that `..` may stand for."""
_GAP = rf"(?:[^\s.]\S* ){{0,{GAP}}}"
_MEANING = re.compile(r"<([a-z_]+)>")
_PART = re.compile(r"<[a-z_]+>|\.\.|[^\s<]+")
NEVER = re.compile(r"(?!)")


class UnknownMeaning(Exception):
    """A pattern names a group of words that is not there; the first argument is its name."""


def compiled(patterns: Iterable[str], meanings: Mapping[str, Iterable[str]]) -> re.Pattern[str]:
    """One expression that finds any of these. Raises UnknownMeaning."""
    found = [one for one in (_pattern(text, meanings, ()) for text in patterns) if one]
    return re.compile(rf"(?<!\S)(?:{'|'.join(found)})(?!\S)") if found else NEVER


def named(text: str) -> list[str]:
    """The groups of words that a pattern names."""
    return _MEANING.findall(text)


def words(patterns: Iterable[str]) -> set[str]:
    """The words that are written out in these patterns; of `woord*` and of groups none."""
    found = (_PART.findall(text) for text in patterns)
    plain_ones = (word for parts in found for part in parts if part[0] not in "<." for word in part.split("/"))
    return {one for word in plain_ones if not word.endswith("*") for one in plain(word).split()}


def _pattern(text: str, meanings: Mapping[str, Iterable[str]], inside: tuple[str, ...]) -> str:
    made = ""
    for part in _PART.findall(text):
        if part == "..":
            made += _GAP
        elif part.startswith("<"):
            made += _group(part[1:-1], meanings, inside) + " "
        else:
            made += _either(part) + " "
    return made.removesuffix(" ")


def _group(name: str, meanings: Mapping[str, Iterable[str]], inside: tuple[str, ...]) -> str:
    if name not in meanings or name in inside:
        raise UnknownMeaning(name)
    return f"(?:{'|'.join(_pattern(one, meanings, (*inside, name)) for one in meanings[name])})"


def _either(part: str) -> str:
    found = [_word(one) for one in part.split("/") if one]
    return found[0] if len(found) == 1 else f"(?:{'|'.join(found)})"


def _word(word: str) -> str:
    escaped = re.escape(plain(word.rstrip("*")))
    return rf"{escaped}\S*" if word.endswith("*") else escaped
