"""Which flow somebody's words ask for: the same as its start words, nearly those, or somewhere among other words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import process
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
SLIPS_FROM, LONG = 4, 8
"""Letters from which words may have one slip, and from which they may have MOST_SLIPS."""
MOST_SLIPS = 2


@dataclass(frozen=True, slots=True)
class Wished:
    """`how`: the start words themselves; the same but for filling words; with a slip of the finger or a few words
    more; or somewhere in a longer message.
    """

    flow: Flow
    how: How


@dataclass(frozen=True, slots=True)
class StartWords:
    """The words that begin these flows: made once, because whatever somebody types is held against all of them.

    Tidied, with the flows of each: `words` as they stand, `cores` without the filling. `phrases`: the words that are
    more than one.
    """

    words: Mapping[str, tuple[Flow, ...]]
    cores: Mapping[str, tuple[Flow, ...]]
    phrases: tuple[str, ...]

    @classmethod
    def of(cls, flows: Iterable[Flow], translate: Translate = str) -> StartWords:
        """As the scripts have them, and those of the language that `translate` makes of them.

        A translator may put several in the place of one, with commas between them: «mola, ara».
        """
        words: dict[str, tuple[Flow, ...]] = {}
        cores: dict[str, tuple[Flow, ...]] = {}
        for flow in flows:
            for one in (tidy(part) for said in flow.starts.words for part in (said, *translate(said).split(","))):
                words[one] = (*words.get(one, ()), flow)
                cores[_core(one)] = (*cores.get(_core(one), ()), flow)
        for nothing in (words, cores):
            nothing.pop("", None)
        return cls(words, cores, tuple(one for one in words if " " in one))

    def begins(self, text: str) -> Flow | None:
        """The flow that begins with exactly these words."""
        return next(iter(self.words.get(tidy(text), ())), None)

    def find(self, text: str) -> Wished | None:
        """What `text` asks for, or None if it asks for nothing or it is not clear for what."""
        exact = self.begins(text)
        if exact is not None:
            return Wished(exact, "exact")
        said = tidy(text)
        core = _core(said)
        same = _only(self.cores.get(core, ()))
        if same is not None:
            return Wished(same, "same")
        short = len(said.split()) <= limits.SHORT_MESSAGE
        meant = (self._slip(said, core) if short else None) or self._within(said)
        return None if meant is None else Wished(meant, "near" if short else "within")

    def _slip(self, said: str, core: str) -> Flow | None:
        """The flow whose words are a letter away: as said, or without the filling. None if two are as near."""
        found = [*_near(said, self.words), *_near(core, self.cores)]
        least = min((away for away, _ in found), default=0)
        return _only(flow for away, flows in found for flow in flows if away == least)

    def _within(self, said: str) -> Flow | None:
        """The flow one of whose phrases stands in the message. A single word is no phrase: it means too many things."""
        if DENYING & set(said.split()):
            return None
        among = f" {said} "
        found = [phrase for phrase in self.phrases if phrase in said and f" {phrase} " in among]
        longest = max(map(len, found), default=0)
        return _only(flow for phrase in found if len(phrase) == longest for flow in self.words[phrase])


def _core(words: str) -> str:
    """What is left without the filling; nothing when that is all there is."""
    return " ".join(word for word in words.split() if word not in FILLING)


def _only(flows: Iterable[Flow]) -> Flow | None:
    """The one flow that there is, or None."""
    found = {flow.id: flow for flow in flows}
    return next(iter(found.values())) if len(found) == 1 else None


def _near(one: str, others: Mapping[str, tuple[Flow, ...]]) -> Iterator[tuple[int, tuple[Flow, ...]]]:
    """How many letters are wrong, missing or changed about, and whose words these are: few enough for a slip."""
    if len(one) < SLIPS_FROM:
        return
    close = process.extract(one, others.keys(), scorer=OSA.distance, score_cutoff=MOST_SLIPS, limit=None)
    for other, away, _ in close:
        length = min(len(one), len(other))
        if length >= SLIPS_FROM and away <= (1 if length < LONG else MOST_SLIPS):
            yield away, others[other]
