"""Plain language and what must not be asked. A reason per sentence, never a score."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.engine import limits
from flows.engine.checks import look
from flows.engine.model import Script
from flows.engine.problems import Problem, problem
from flows.engine.source import Source
from flows.engine.texts import units

_SENTENCES = re.compile(r"(?<=[.!?…])\s+|\n+")
_WORD = re.compile(r"\{[^{}]*\}|\S*\w\S*")
_QUESTION = re.compile(r"\?+")
_JE = re.compile(r"\b(je|jij|jou|jouw|jullie)\b", re.IGNORECASE)
_U = re.compile(r"(?<!\d )(?<!\d)\b(u|uw)\b", re.IGNORECASE)
_NOT = re.compile(r"\b(niet|geen|nooit|hoeft?)\b", re.IGNORECASE)

_ILLNESS = "Vraag niet naar de aard of oorzaak van een ziekte. Vraag wat iemand nodig heeft, of wanneer hij weer komt."
_REGISTER = "Of iemand in een register staat of een regeling heeft, vragen we niet in een gesprek."
_FORBIDDEN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), why)
    for pattern, why in (
        (r"\bdiagnos\w*", _ILLNESS),
        (r"\bmedicijn\w*|\bmedicatie\w*|\bpillen\b", "Vraag niet naar medicijnen."),
        (r"\bzwanger\w*", "Vraag niet naar zwangerschap."),
        (r"\bbsn\b|\bburgerservicenummer\w*|\bsofinummer\w*", "Vraag niet naar het BSN."),
        (r"\bwelke (ziekte|aandoening|beperking|klachten)\b", _ILLNESS),
        (r"\bwat voor (ziekte|aandoening|beperking|klachten)\b", _ILLNESS),
        (r"\bwat heb (je|u)( nu| precies| eigenlijk)?\s*\?", _ILLNESS),
        (r"\bwat (mankeert|scheelt)\b", _ILLNESS),
        (r"\b(waarom|waardoor|hoe) (ben|bent|was) (je|u) (nu )?(zo )?ziek\b", _ILLNESS),
        (r"\b(aard|oorzaak) van (je|uw|de) (ziekte|klachten|verzuim)\b", _ILLNESS),
        (r"\bwaar komt (je|uw) (ziekte|verzuim) door\b", _ILLNESS),
        (r"\bdoelgroepe?n?register\b|\bno-?risk-?polis\b", _REGISTER),
    )
)


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
    """For participants: at most 15 words in a sentence."""
    if script.audience != "participant":
        return
    for path, _, text in look.said(script):
        for sentence, count in long_sentences(text):
            yield problem(
                "long-sentence", source.value(*path), count=count, sentence=sentence, limit=limits.SENTENCE_WORDS
            )


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
        asks = step.ask is not None and path[-1] == len(step.say) - 1
        for sentence in _SENTENCES.split(text):
            if sentence.rstrip().endswith("?") or (asks and not _NOT.search(sentence)):
                yield from _forbidden(sentence, path, source)
    for label_path, label in look.labels(script):
        yield from _forbidden(label, label_path, source)


def long_sentences(text: str) -> Iterator[tuple[str, int]]:
    """The sentences that are too long, each with its number of words."""
    for sentence in _SENTENCES.split(text):
        count = len(_WORD.findall(sentence))
        if count > limits.SENTENCE_WORDS:
            yield sentence, count


def asks_twice(text: str) -> bool:
    """Whether this message asks more than one thing."""
    return len(_QUESTION.findall(text)) > 1


def forbidden(text: str) -> Iterator[tuple[str, str]]:
    """The words in `text` that must not be asked, each with the reason."""
    for pattern, why in _FORBIDDEN:
        if found := pattern.search(text):
            yield found[0], why


def _forbidden(text: str, path: tuple[str | int, ...], source: Source) -> Iterator[Problem]:
    for found, why in forbidden(text):
        yield problem("do-not-ask", source.value(*path), found=found, why=why)


CHECKS = (texts_fit, one_question, short_sentences, u_or_je, not_to_be_asked)
