"""Which flow somebody's words ask for: the same as its start words, nearly those, or somewhere among other words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
class _Phrase:
    """Start words, tidied, and what is left of them without the filling."""

    words: str
    core: str


@dataclass(frozen=True, slots=True)
class StartWords:
    """The words that begin these flows: made once, because whatever somebody types is held against all of them."""

    words: tuple[str, ...]
    cores: tuple[str, ...]
    flows: tuple[Flow, ...]
    """The flow of each words and each core."""

    @classmethod
    def of(cls, flows: Iterable[Flow], translate: Translate = str) -> StartWords:
        """As the scripts have them, and those of the language that `translate` makes of them.

        A translator may put several in the place of one, with commas between them: «mola, ara».
        """
        found = [(phrase, flow) for flow in flows for said in flow.starts.words for phrase in _read(said, translate)]
        phrases = [phrase for phrase, _ in found]
        return cls(
            tuple(phrase.words for phrase in phrases),
            tuple(phrase.core for phrase in phrases),
            tuple(flow for _, flow in found),
        )

    def begins(self, text: str) -> Flow | None:
        """The flow that begins with exactly these words."""
        said = tidy(text)
        return self.flows[self.words.index(said)] if said in self.words else None

    def find(self, text: str) -> Wished | None:
        """What `text` asks for, or None if it asks for nothing or it is not clear for what."""
        exact = self.begins(text)
        if exact is not None:
            return Wished(exact, "exact")
        said = tidy(text)
        core = _core(said)
        same = _only(flow for one, flow in zip(self.cores, self.flows, strict=True) if core and one == core)
        if same is not None:
            return Wished(same, "same")
        short = len(said.split()) <= limits.SHORT_MESSAGE
        meant = (self._slip(said, core) if short else None) or self._within(said)
        return None if meant is None else Wished(meant, "near" if short else "within")

    def _slip(self, said: str, core: str) -> Flow | None:
        """The flow whose words are a letter away: as said, or without the filling. None if two are as near."""
        found = [(away, self.flows[at]) for away, at in (*_near(said, self.words), *_near(core, self.cores))]
        least = min((away for away, _ in found), default=0)
        return _only(flow for away, flow in found if away == least)

    def _within(self, said: str) -> Flow | None:
        """The flow one of whose phrases stands in the message. A single word is no phrase: it means too many things."""
        if DENYING & set(said.split()):
            return None
        among = f" {said} "
        phrases = ((one, flow) for one, flow in zip(self.words, self.flows, strict=True) if " " in one)
        found = [(one, flow) for one, flow in phrases if f" {one} " in among]
        longest = max((len(phrase) for phrase, _ in found), default=0)
        return _only(flow for phrase, flow in found if len(phrase) == longest)


def _read(words: str, translate: Translate) -> Iterator[_Phrase]:
    for phrase in dict.fromkeys(map(tidy, (words, *translate(words).split(",")))):
        if phrase:
            yield _Phrase(phrase, _core(phrase))


def _core(words: str) -> str:
    """What is left without the filling; nothing when that is all there is."""
    return " ".join(word for word in words.split() if word not in FILLING)


def _only(flows: Iterator[Flow]) -> Flow | None:
    """The one flow that there is, or None."""
    found = {flow.id: flow for flow in flows}
    return next(iter(found.values())) if len(found) == 1 else None


def _near(one: str, others: Sequence[str]) -> Iterator[tuple[int, int]]:
    """How many letters are wrong, missing or changed about, and in which of the others: few enough for a slip."""
    for other, away, at in process.extract(one, others, scorer=OSA.distance, score_cutoff=MOST_SLIPS, limit=None):
        length = min(len(one), len(other))
        if length >= SLIPS_FROM and away <= (1 if length < LONG else MOST_SLIPS):
            yield away, at
