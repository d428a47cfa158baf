"""Plain language and what must not be asked. A reason per sentence, never a score."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.engine import limits
from flows.engine.checks import look
from flows.engine.checks.asking import SENTENCES, asks, forbidden
from flows.engine.model import Script
from flows.engine.problems import Problem, problem
from flows.engine.source import Source
from flows.engine.texts import units

_WORD = re.compile(r"\{[^{}]*\}|\S*\w\S*")
_QUESTION = re.compile(r"\?+")
_JE = re.compile(r"\b(je|jij|jou|jouw|jullie)\b", re.IGNORECASE)
_U = re.compile(r"(?<!\d )(?<!\d)\b(u|uw)\b", re.IGNORECASE)
_PASSIVE = re.compile(r"\b(word|wordt|worden|werd|werden|geworden)\b", re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\d.,:])(?:\+31|0)[\d() -]*\d(?:[ -]?\d){5,}|(?<!\d)0[89]00[ -]?\d{4}(?!\d)|(?<!\d)14[ -]?0\d{2,3}(?!\d)"
)
"""Numbers that begin with 0 or +31 and have eight digits or more, 0800 and 0900, and 14 with an area code."""


def texts_fit(script: Script, source: Source) -> Iterator[Problem]:
    """Telegram's limit for a message, and ours for a button."""
    for path, _, text in look.said(script):
        if units(text) > limits.TEXT_UNITS:
            yield problem("text-too-long", source.value(*path), length=units(text), limit=limits.TEXT_UNITS)
    for label_path, label in look.labels(script):
        if len(label) > limits.LABEL_LENGTH:
            place = source.value(*label_path)
            yield problem("button-too-long", place, label=label, length=len(label), limit=limits.LABEL_LENGTH)


def one_question(script: Script, source: Source) -> Iterator[Problem]:
    """One question in a message."""
    for path, _, text in look.said(script):
        if asks_twice(text):
            yield problem("two-questions", source.value(*path))


def short_sentences(script: Script, source: Source) -> Iterator[Problem]:
    """For everybody but a coach: at most 15 words in a sentence."""
    if script.audience == "coach":
        return
    for path, _, text in look.said(script):
        for sentence, count in long_sentences(text):
            yield problem(
                "long-sentence", source.value(*path), count=count, sentence=sentence, limit=limits.SENTENCE_WORDS
            )


def active_sentences(script: Script, source: Source) -> Iterator[Problem]:
    """For everybody but a coach: who does it is said, without "worden"."""
    if script.audience == "coach":
        return
    for path, _, text in look.said(script):
        for sentence in SENTENCES.split(text):
            if found := _PASSIVE.search(sentence):
                yield problem("passive", source.value(*path), found=found[0], sentence=sentence)


def no_numbers(script: Script, source: Source) -> Iterator[Problem]:
    """A phone number stands in one place only, so that it can be mended there; 112 and 113 never change."""
    for path, _, text in look.read_by_people(script):
        for found in _PHONE.findall(text):
            yield problem("literal-number", source.value(*path), found=found)


def u_or_je(script: Script, source: Source) -> Iterator[Problem]:
    """One form of address in a flow; told where the second one appears."""
    first: str | None = None
    for path, _, text in look.said(script):
        for form, pattern in (("je", _JE), ("u", _U)):
            if pattern.search(text):
                first = first or form
                if form != first:
                    yield problem("u-and-je", source.value(*path))
                    return


def not_to_be_asked(script: Script, source: Source) -> Iterator[Problem]:
    """Illness, medicines, pregnancy, BSN, registers (UAVG art. 30 and 46, AP policy rules on the sick employee)."""
    for path, name, text in look.said(script):
        step = script.steps[name]
        open_question = step.ask is not None and path[-1] == len(step.say) - 1
        for sentence in SENTENCES.split(text):
            if asks(sentence, open_question=open_question):
                yield from _forbidden(sentence, path, script, source)
    for label_path, label in look.labels(script):
        yield from _forbidden(label, label_path, script, source)


def long_sentences(text: str) -> Iterator[tuple[str, int]]:
    """The sentences that are too long, each with its number of words."""
    for sentence in SENTENCES.split(text):
        count = len(_WORD.findall(sentence))
        if count > limits.SENTENCE_WORDS:
            yield sentence, count


def asks_twice(text: str) -> bool:
    """Whether this message asks more than one thing."""
    return len(_QUESTION.findall(text)) > 1


def _forbidden(text: str, path: tuple[str | int, ...], script: Script, source: Source) -> Iterator[Problem]:
    for found, why in forbidden(text, by_coach=script.audience == "coach"):
        yield problem("do-not-ask", source.value(*path), found=found, why=why)


CHECKS = (texts_fit, one_question, short_sentences, active_sentences, no_numbers, u_or_je, not_to_be_asked)
