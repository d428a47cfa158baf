"""Which flow somebody's words ask for: the same as its start words, nearly those, or somewhere among other words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import OSA

from flows.engine import limits
from flows.engine.flow import Flow
from flows.engine.matching import tidy
from flows.engine.questions.base import Translate

How = Literal["exact", "same", "near", "within"]

FILLING = frozenset({
    "ik", "ben", "m", "mn", "mijn", "mij", "me", "wij", "we", "is", "het", "t", "de", "een", "dat", "dit",
    "wil", "wilde", "zou", "willen", "moet", "kan", "ga", "graag", "even", "effe", "ff", "eens", "nu",
    "vandaag", "vanochtend", "vanmorgen", "gisteren", "sinds", "weer", "toch", "wel", "echt", "gewoon", "maar",
    "helaas", "sorry", "aub", "alsjeblieft", "hoi", "hallo", "hey", "hi", "dag", "goedemorgen", "goedemiddag",
    "goedenavond", "i", "am", "im", "my", "the", "a", "an", "to", "would", "like", "want", "please", "today",
    "now", "again", "hello",
})  # fmt: skip
"""Words that do not change what is asked for: «ben ziek vandaag» asks the same as «ik ben ziek»."""
DENYING = frozenset({"niet", "geen", "nooit", "niks", "niets", "not", "no", "never", "dont"})
"""Among other words these may turn the meaning round: then nothing is guessed."""


@dataclass(frozen=True, slots=True)
class Wished:
    """`how`: the start words themselves; the same but for filling words; with a slip of the finger or a few words
    more; or somewhere in a longer message.
    """

    flow: Flow
    how: How


def find(text: str, flows: Iterable[Flow], translate: Translate = str) -> Wished | None:
    """What `text` asks for, or None if it asks for nothing or it is not clear for what."""
    said = tidy(text)
    phrases = [(phrase, flow) for flow in flows for phrase in _phrases(flow, translate)]
    if not said or not phrases:
        return None
    for phrase, flow in phrases:
        if phrase.words == said:
            return Wished(flow, "exact")
    core = _core(said)
    same = _only(flow for phrase, flow in phrases if core and phrase.core == core)
    if same is not None:
        return Wished(same, "same")
    short = len(said.split()) <= limits.SHORT_MESSAGE
    meant = (_slip(said, core, phrases) if short else None) or _within(said, phrases)
    return None if meant is None else Wished(meant, "near" if short else "within")


def start_words(flow: Flow, translate: Translate) -> Iterator[str]:
    """The words that begin a flow, tidied: as the script has them, and those of the person's language.

    A translator may put several in the place of one, with commas between them: «mola, ara».
    """
    return (phrase.words for phrase in _phrases(flow, translate))


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Start words, tidied, and what is left of them without the filling."""

    words: str
    core: str


def _phrases(flow: Flow, translate: Translate) -> Iterator[_Phrase]:
    for words in flow.starts.words:
        yield from _read(words, translate(words))


@lru_cache(maxsize=4096)
def _read(words: str, translated: str) -> tuple[_Phrase, ...]:
    """Kept, because whatever somebody types is held against all of them."""
    found = dict.fromkeys(map(tidy, (words, *translated.split(","))))
    return tuple(_Phrase(phrase, _core(phrase)) for phrase in found if phrase)


def _core(words: str) -> str:
    """What is left without the filling; nothing when that is all there is."""
    return " ".join(word for word in words.split() if word not in FILLING)


def _only(flows: Iterator[Flow]) -> Flow | None:
    """The one flow that there is, or None."""
    found = {flow.id: flow for flow in flows}
    return next(iter(found.values())) if len(found) == 1 else None


def _slip(said: str, core: str, phrases: Collection[tuple[_Phrase, Flow]]) -> Flow | None:
    """The flow whose words are a letter away: as said, or without the filling. None if two are as near."""
    best: dict[str, tuple[int, Flow]] = {}
    for phrase, flow in phrases:
        for one, other in ((said, phrase.words), (core, phrase.core)):
            away = _away(one, other)
            if away is not None and away < best.get(flow.id, (away + 1, flow))[0]:
                best[flow.id] = (away, flow)
    least = min((away for away, _ in best.values()), default=0)
    return _only(flow for away, flow in best.values() if away == least)


def _away(one: str, other: str) -> int | None:
    """How many letters are wrong, missing or changed about, if that may be a slip in words of this length."""
    length = min(len(one), len(other))
    allowed = 0 if length < 4 else 1 if length < 8 else 2
    if not allowed or abs(len(one) - len(other)) > allowed:
        return None
    found = OSA.distance(one, other, score_cutoff=allowed)
    return found if found <= allowed else None


def _within(said: str, phrases: Iterable[tuple[_Phrase, Flow]]) -> Flow | None:
    """The flow one of whose phrases stands in the message. A single word is no phrase: it means too many things."""
    if DENYING & set(said.split()):
        return None
    among = f" {said} "
    found = [(one.words, flow) for one, flow in phrases if " " in one.words and f" {one.words} " in among]
    longest = max((len(phrase) for phrase, _ in found), default=0)
    return _only(flow for phrase, flow in found if len(phrase) == longest)
