"""What the classifier sees of a message: pieces of words, words, pairs of words, kinds of words, and its shape.

Training and looking share this module, so that a feature means the same in both.
"""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from flows.safety.normalise import plain

SHORTEST, LONGEST = 2, 6
"""Characters of a piece of a word; its edges count as one."""
BLOCKS = {"pieces": 1.0, "words": 1.0, "kinds": 0.65, "shape": 0.3}
"""How much each block weighs in a message, however many features of it the message has; by cross-validation."""
END = 1000
"""Characters of the beginning and of the end that are looked at; what lies between is for the lists alone."""
SHORT = 3
"""Words of a message that is nothing when none of them is grave."""
GRAVE = "!"
"""The end of the name of a kind that may mean danger by itself."""
LENGTHS = (1, 2, 3, 6, 11, 19)
"""Where a message gets longer by a class, in words."""

Kinds = Mapping[str, Sequence[str]]
"""Words, or their beginnings with a star, and the kinds that each belongs to."""


def ends(text: str) -> str:
    """A text without its middle, so that the longest takes no longer than a page."""
    return text if len(text) <= 2 * END else f"{text[:END]} {text[-END:]}"


def blocks(text: str, kinds: Kinds) -> Iterator[tuple[str, dict[str, float]]]:
    """The features of a message by block, with how much each counts: the squares of a block add up to its weight's."""
    text = ends(text)
    words = plain(text).split()
    pairs = (f"{one} {two}" for one, two in itertools.pairwise(words))
    yield "pieces", _weighed("pieces", Counter(itertools.chain.from_iterable(_pieces(f" {word} ") for word in words)))
    yield "words", _weighed("words", Counter(itertools.chain(words, pairs)))
    yield "kinds", _weighed("kinds", dict.fromkeys((kind for word in words for kind in kinds_of(word, kinds)), 1))
    yield "shape", _weighed("shape", dict.fromkeys(_shape(text, words), 1))


def kinds_of(word: str, kinds: Kinds) -> Iterator[str]:
    """The kinds of one word: of the word itself and of each beginning of it."""
    yield from kinds.get(word, ())
    for length in range(1, len(word) + 1):
        yield from kinds.get(f"{word[:length]}*", ())


def says_little(text: str, kinds: Kinds) -> bool:
    """Whether a message has few words, none of them grave, and no picture."""
    words = plain(text).split()
    if len(words) > SHORT or any(unicodedata.category(word[0]) == "So" for word in words):
        return False
    return not any(kind.endswith(GRAVE) for word in words for kind in kinds_of(word, kinds))


def _weighed(block: str, counts: Mapping[str, int]) -> dict[str, float]:
    values = {feature: 1 + math.log(count) for feature, count in counts.items()}
    scale = BLOCKS[block] / math.sqrt(sum(one * one for one in values.values()) or 1)
    return {feature: value * scale for feature, value in values.items()}


def _shape(text: str, words: Sequence[str]) -> Iterator[str]:
    """How long it is, which marks are in it, and its first and last word."""
    yield f"length {sum(len(words) > one for one in LENGTHS)}"
    if words:
        yield f"first {words[0]}"
        yield f"last {words[-1]}"
    yield from (sign for sign in "?!" if sign in text)
    yield from (sign for sign in ".," if sign in text.strip()[:-1])
    if any(char.isdecimal() for char in text):
        yield "9"


def _pieces(word: str) -> Iterator[str]:
    for length in range(SHORTEST, LONGEST + 1):
        for begin in range(len(word) - length + 1):
            yield word[begin : begin + length]
