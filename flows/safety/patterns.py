"""What an admin writes under `say`, `unless` and `meanings`, as regular expressions over plain text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache

from flows.safety.normalise import plain

GAP = 3
"""Words that `..` may stand for."""
BEGINNING = 4
"""Letters by which words are found fast; the beginning of a shorter word is the word."""
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


def beginnings(patterns: Iterable[str], meanings: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Of each pattern how a word begins that it cannot do without: in a text without any of these nothing is found.

    "" when a pattern may be found in any text. Raises UnknownMeaning.
    """
    return frozenset(one for text in patterns for one in _rarest(text, meanings, ()))


@lru_cache(maxsize=2)  # every list asks for the same text, one after the other
def begun(said: str) -> frozenset[str]:
    """How the words of plain text begin: what `beginnings` are looked for in."""
    return frozenset(word[:length] for word in said.split(" ") for length in range(BEGINNING + 1))


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


def _rarest(text: str, meanings: Mapping[str, Iterable[str]], inside: tuple[str, ...]) -> Collection[str]:
    """The beginnings of that part of a pattern which says most: the one whose shortest is longest."""
    parts = [set(_begin(part, meanings, inside)) for part in _PART.findall(text) if part != ".."]
    return max(parts, key=lambda found: min(map(len, found), default=0), default={""})


def _begin(part: str, meanings: Mapping[str, Iterable[str]], inside: tuple[str, ...]) -> Iterator[str]:
    if not part.startswith("<"):
        for word in part.split("/"):
            if word:
                yield plain(word.rstrip("*")).split(" ")[0][:BEGINNING]
        return
    name = part[1:-1]
    if name not in meanings or name in inside:
        raise UnknownMeaning(name)
    for one in meanings[name]:
        yield from _rarest(one, meanings, (*inside, name))


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
