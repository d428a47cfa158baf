"""Typed words against known words: the same after tidying, or clearly nearer to one than to the others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

from rapidfuzz import fuzz, process

from flows.engine import limits

T = TypeVar("T")
_STRETCHED = re.compile(r"(\w)\1+")
"""A letter that may be held: «jaaa», «neeee», «okee»."""


@lru_cache(maxsize=4096)
def tidy(text: str) -> str:
    """Lower case, no accents, punctuation or pictures, digits 0-9, single spaces. Works for every script."""
    plain = "".join(
        char if char.isalnum() else " "
        for char in unicodedata.normalize("NFKD", western_digits(text.casefold()))
        if not unicodedata.combining(char)
    )
    return " ".join(plain.split())


def western_digits(text: str) -> str:
    """The digits of every script as 0-9; the rest as it stands."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def pick(text: str, known: Mapping[str, T]) -> T | None:
    """The value of the tidied word that `text` means, or None if there is none or it is not clear which.

    `WRatio` and token scorers pick wrong answers ("Jan" as "Ja"), hence `fuzz.ratio` with a gap.
    """
    words = tidy(text)
    if not words:
        return None
    for meant in (words, _STRETCHED.sub(r"\1", words), _STRETCHED.sub(r"\1\1", words)):
        if meant in known:
            return known[meant]
    best: dict[T, float] = {}
    for word, value in known.items():
        best[value] = max(best.get(value, 0.0), fuzz.ratio(words, word))
    ranked = sorted(best.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < limits.MATCH_SCORE:
        return None
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < limits.MATCH_GAP:
        return None
    return ranked[0][0]


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name an author most likely meant, for "bedoelde je …?"; None if nothing is near."""
    found = process.extractOne(word.casefold(), list(known), scorer=fuzz.ratio, score_cutoff=60)
    return found[0] if found else None
