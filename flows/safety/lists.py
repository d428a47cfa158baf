"""The lists of one language, ready to look with."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from flows.safety import patterns, written
from flows.safety.finding import Level
from flows.safety.normalise import plain, single
from flows.safety.patterns import UnknownMeaning, compiled
from flows.safety.written import Combination, Paper, Said

AROUND = 8
"""Words before and after a find in which `unless` and `asks_if` are looked for: a laugh elsewhere excuses nothing."""
TYPO_LETTERS, LONG_LETTERS = 6, 10
"""A word of six letters may have one slip, one of ten two; a shorter one is too like its neighbours."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry that was found. `acts`: nothing spoke against it. `softened`: something near it did."""

    level: Level
    acts: bool
    softened: bool
    entry: str

    def guessed(self) -> Hit:
        """The same, found only after undoing a slip."""
        return replace(self, acts=self.acts and self.level == "orange")


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry: any of `say`, or all of `groups`. `beginnings`: of words, one of which it cannot do without."""

    level: Level
    acts: bool
    names: tuple[str, ...]
    meanings: Mapping[str, tuple[str, ...]]
    say: re.Pattern[str]
    groups: tuple[re.Pattern[str], ...]
    within: int | None
    unless: re.Pattern[str]
    asks_if: re.Pattern[str]
    beginnings: frozenset[str]

    @property
    def entries(self) -> frozenset[str]:
        """What a hit of this rule can be called."""
        return frozenset(self.names)

    def hit(self, said: str) -> Hit | None:
        """How this entry is found in plain text, at its plainest; None if it is not."""
        best: Hit | None = None
        for begin, end in self._spans(said):
            near = _near(said, begin, end)
            if self.unless.search(near):
                continue
            softened = bool(self.asks_if.search(near))
            if best is None or (best.softened and not softened):
                best = Hit(self.level, self.acts and not softened, softened, self._name(said[begin:end]))
            if not softened:
                break
        return best

    def _spans(self, said: str) -> Iterator[tuple[int, int]]:
        if not self.groups:
            yield from (match.span() for match in self.say.finditer(said))
            return
        first, *others = ([match.span() for match in group.finditer(said)] for group in self.groups)
        if not all(others):
            return
        for begin, end in first:
            for found in others:
                nearest = min(found, key=lambda one: abs(one[0] - begin))
                begin, end = min(begin, nearest[0]), max(end, nearest[1])
            if self.within is None or said.count(" ", begin, end) < self.within + len(self.groups):
                yield begin, end

    def _name(self, found: str) -> str:
        """Which of its names was found: made into an expression only now, because a hit is rare."""
        say = (name for name in self.names if not self.groups and compiled([name], self.meanings).search(found))
        return next(say, self.names[0])


@dataclass(frozen=True, slots=True)
class Lists:
    """The rules of one language and its words.

    `by_beginning` gives the places in `rules` of those that a word with this beginning may make true; `single_words`
    are the rules of `exact`, which are also looked for in two words written apart; `vocabulary` the longer words that
    a slip is undone to; `stretched` all our words by what is left without doubled letters;
    `known` what is never taken for a slip; `everyday` the words that say nothing by themselves. `sound`: nothing in
    the file was left out.
    """

    rules: tuple[Rule, ...]
    by_beginning: Mapping[str, tuple[int, ...]]
    single_words: tuple[Rule, ...]
    vocabulary: tuple[str, ...]
    stretched: Mapping[str, str]
    known: frozenset[str]
    everyday: frozenset[str]
    sound: bool

    def hits(self, text: str) -> list[Hit]:
        """Everything that is found in a message, also after undoing slips; those only ever ask."""
        said = plain(text)
        found = [hit for rule in self.possible(said) if (hit := rule.hit(said))]
        found.extend(hit for rule in self.single_words if (hit := rule.hit(_joined(rule, said))))
        tidied = self.corrected(said)
        if tidied != said:
            found.extend(hit.guessed() for rule in self.possible(tidied) if (hit := rule.hit(tidied)))
        return found

    def possible(self, said: str) -> list[Rule]:
        """The rules that plain text has a word for, in their order. A message has one for few of them."""
        places = {place for begin in patterns.begun(said) for place in self.by_beginning.get(begin, ())}
        return [self.rules[place] for place in sorted(places)]

    def corrected(self, said: str) -> str:
        """Plain text in which words that are nearly one of ours are that one."""
        return " ".join(self._nearest(word) for word in said.split(" "))

    def _nearest(self, word: str) -> str:
        if word in self.known or not word.isalpha():
            return word
        plainest = single(word)
        if plainest != word and plainest in self.stretched:
            return self.stretched[plainest]
        if len(word) < TYPO_LETTERS:
            return word
        slips = 2 if len(word) >= LONG_LETTERS else 1
        found = process.extractOne(word, self.vocabulary, scorer=OSA.distance, score_cutoff=slips)
        return found[0] if found and found[0][0] == word[0] else word


def ready(paper: Paper) -> Lists:
    """The lists that a file says. An entry that names an unknown group is left out, and is a problem in the paper."""
    rules: list[Rule] = []
    singles: list[Rule] = []
    for at, entry in paper.entries:
        try:
            rule = _rule(entry, paper.meanings)
        except UnknownMeaning as error:
            paper.add("unknown-meaning", paper.source.key(*at), wrong=str(error), known=paper.meanings)
            continue
        rules.append(rule)
        if at[0] == "exact":
            singles.append(rule)
    said = [one for _, entry in paper.entries if isinstance(entry, Said) for one in entry.say]
    ours = patterns.words([*said, *(one for group in paper.meanings.values() for one in group)])
    other = [one for _, entry in paper.entries for one in (*entry.unless, *entry.asks_if, *entry.finds, *entry.passes)]
    known = ours | patterns.words(other) | {plain(one) for one in paper.no_typo}
    long_ones = sorted(word for word in ours if len(word) >= TYPO_LETTERS and word.isalpha())
    stretched = {single(word): word for word in sorted(ours)}
    everyday = frozenset(word for one in paper.everyday for word in plain(one).split())
    sound = not paper.source.problems
    by_beginning: dict[str, tuple[int, ...]] = {}
    for place, rule in enumerate(rules):
        for begin in rule.beginnings:
            by_beginning[begin] = (*by_beginning.get(begin, ()), place)
    words = tuple(long_ones), stretched, frozenset(known), everyday
    return Lists(tuple(rules), by_beginning, tuple(singles), *words, sound)


def load(file: Path) -> Lists:
    """The lists in this file; of a broken one whatever is well written."""
    return ready(written.read(file))


def _rule(entry: Said | Combination, meanings: Mapping[str, tuple[str, ...]]) -> Rule:
    groups: tuple[re.Pattern[str], ...] = ()
    names: tuple[str, ...]
    if isinstance(entry, Combination):
        begins = min((patterns.beginnings([f"<{name}>"], meanings) for name in entry.all), key=len)
        groups = tuple(compiled([f"<{name}>"], meanings) for name in entry.all)
        names, acts, within = (entry.name,), entry.does == "acts", entry.within
    else:
        begins = patterns.beginnings(entry.say, meanings)
        names, acts, within = tuple(entry.say), True, None
    say = patterns.NEVER if groups else compiled(entry.say if isinstance(entry, Said) else (), meanings)
    unless, asks_if = compiled(entry.unless, meanings), compiled(entry.asks_if, meanings)
    return Rule(entry.level, acts, names, meanings, say, groups, within, unless, asks_if, begins)


def _near(said: str, begin: int, end: int) -> str:
    """The find with the words around it."""
    before = said[:begin].split(" ")[-AROUND - 1 :]
    after = said[end:].split(" ")[: AROUND + 1]
    return " ".join(before) + said[begin:end] + " ".join(after)


def _joined(rule: Rule, said: str) -> str:
    """Text in which two words that are one of `exact` together are written as one: zelf moord."""
    words = said.split(" ")
    for index, (one, two) in enumerate(itertools.pairwise(words)):
        if rule.say.fullmatch(one + two) and not rule.say.fullmatch(one):
            return " ".join([*words[:index], one + two, *words[index + 2 :]])
    return ""
