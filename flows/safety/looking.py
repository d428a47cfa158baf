"""A look at one message: the lists act, the classifier asks, and what breaks leaves the rest standing."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping
from functools import cache, lru_cache
from pathlib import Path

from flows.safety import classifier, lists, literals
from flows.safety.classifier import Model
from flows.safety.features import says_little
from flows.safety.finding import LEVELS, NOTHING, Finding, Level
from flows.safety.lists import Hit, Lists
from flows.safety.normalise import plain

FOLDER = Path(__file__).parent
SUFFIX = ".yaml"
COMES_ALONG = ("ar", "en", "fa", "nl", "pl", "tr", "uk")
"""The languages that a list comes along for."""


def look(text: str, language: str = "nl") -> Finding:
    """How urgent `text` is. Never raises: without classifier the lists are left, without lists the literals.

    People mix languages, so the lists of all languages are looked at, those of `language` first.
    """
    guess: Finding | None = None
    with contextlib.suppress(Exception):
        guess = _model().guess(text)
    return _together(text, guess, language)


def together(text: str, model: Model, scores: Mapping[Level, float]) -> Finding:
    """What `look` would say if the classifier were this one and scored like this."""
    return _together(text, NOTHING if says_little(text, model.kinds) else model.verdict(scores), "nl")


def listed(text: str) -> Finding:
    """What the lists alone find."""
    return _together(text, None, "nl")


def _together(text: str, guess: Finding | None, language: str) -> Finding:
    found: list[Finding] = []
    everyday: list[Collection[str]] = []
    read = 0
    known = languages()
    for one in sorted(known, key=lambda name: name != language):
        with contextlib.suppress(Exception):
            ours = _lists(one)
            found.extend(_finding(hit, guess) for hit in ours.hits(text))
            everyday.append(ours.everyday)
            read += bool(ours.rules)
    if read < max(len(known), 1):
        found.append(literals.look(text))
    if guess is not None and not _says_nothing(text, everyday):
        found.append(guess)
    return min(found, key=_urgency, default=NOTHING)


@cache
def languages() -> tuple[str, ...]:
    """The languages that there are lists of."""
    return tuple(sorted(file.stem for file in FOLDER.glob(f"*{SUFFIX}")))


def broken() -> tuple[str, ...]:
    """The files that a look does without, in whole or in part: missing, or with a mistake in it. Never raises."""
    missing = [f"{one}{SUFFIX}" for one in sorted({*COMES_ALONG, *languages()}) if not _sound(one)]
    try:
        _model().guess("ik")
    except Exception:
        missing.append(classifier.FILE.name)
    return tuple(missing)


def forget() -> None:
    """Read lists and classifier anew at the next look."""
    languages.cache_clear()
    _lists.cache_clear()
    _model.cache_clear()


@lru_cache(maxsize=1)
def _model() -> Model:
    return classifier.read(classifier.FILE.read_bytes())


@cache
def _lists(language: str) -> Lists:
    return lists.load(FOLDER / f"{language}{SUFFIX}")


def _sound(language: str) -> bool:
    try:
        return _lists(language).sound
    except Exception:
        return False


def _says_nothing(text: str, everyday: Collection[Collection[str]]) -> bool:
    """Whether a message has nothing but words that mean nothing by themselves: yes, thanks, a number."""
    return all(word.isdecimal() or any(word in one for one in everyday) for word in plain(text).split())


def _finding(hit: Hit, guess: Finding | None) -> Finding:
    """What a find comes to. One that something near it softened is for the classifier to weigh, if there is one."""
    if hit.softened and guess is not None and guess.level != hit.level:
        return NOTHING if hit.level == "orange" else Finding("orange", certain=False, entry=hit.entry)
    return Finding(hit.level, hit.acts, hit.entry)


def _urgency(finding: Finding) -> tuple[bool, int, bool]:
    """What acts goes before what asks, danger before orange, certain before not."""
    asks = finding.level in ("red", "violence") and finding.certain
    return not asks, LEVELS.index(finding.level), not finding.certain
