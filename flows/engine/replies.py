"""What a person's input means for the open question, without doing anything about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flows.engine.inputs import Pressed, Sent, Tapped, Typed, Word
from flows.engine.matching import tidy
from flows.engine.questions import Asking, Found, Question
from flows.engine.questions.base import Translate

WORDS: Mapping[str, Word] = {
    "stop": "stop",
    "stoppen": "stop",
    "terug": "back",
    "back": "back",
    "overslaan": "skip",
    "skip": "skip",
    "sla over": "skip",
    "hulp": "help",
    "help": "help",
}
"""Typed words that work at every step, when they are the whole message and no button."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, or ticks on the way to one; with `ref` for what was sent."""

    found: Found
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """Does not answer the question; what was said is kept. `misfit`: what is wrong with it, if not the usual."""

    text: str = ""
    ref: str | None = None
    misfit: str = ""


@dataclass(frozen=True, slots=True)
class NoSuchButton:
    """A button that this question does not have: nothing was said, nothing is missed."""


Reply = Answered | Missed | NoSuchButton | Word


def read_reply(given: Typed | Tapped | Sent | Pressed, question: Question, asking: Asking) -> Reply:
    """What `given` means here."""
    match given:
        case Pressed(word):
            return word
        case Tapped(key):
            found = question.tapped(key, asking)
            return Answered(found) if found else NoSuchButton()
        case Typed(text):
            return _typed(text, question, asking)
        case Sent(kind, ref, caption):
            if kind in question.media:
                return Answered(Found(caption, caption), ref)
            found = question.typed(caption, asking) if kind == "contact" and caption else None
            return Answered(found, ref) if found else Missed(caption, ref)


def word_of(text: str, translate: Translate) -> Word | None:
    """The word that works at every step which `text` is, in Dutch, in English or in the person's language."""
    said = tidy(text)
    return WORDS.get(said) or next((word for dutch, word in WORDS.items() if tidy(translate(dutch)) == said), None)


def _typed(text: str, question: Question, asking: Asking) -> Reply:
    word = word_of(text, asking.translate)
    if word and not question.is_label(text, asking):
        return word
    if question.means_nothing(text):
        return "skip"
    found = question.typed(text, asking)
    return Answered(found) if found else Missed(text, misfit=question.misfit(text, asking))
