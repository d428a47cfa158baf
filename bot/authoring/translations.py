"""What is wrong in the catalogues: a sentence without translation, a lost placeholder, a button that got too long.

A language that comes along must be whole. Somebody may still be at work on another: what it lacks is told as notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from bot import texts
from bot.authoring import offering
from bot.authoring.catalogue import problem
from bot.authoring.extract import of_the_bot
from bot.authoring.sentences import Sentence
from flows.engine import limits
from flows.engine.checks import asking
from flows.engine.flow import Flow
from flows.engine.problems import Place, Problem
from flows.engine.problems import problem as engine_problem

DOMAINS: tuple[texts.Domain, ...] = ("bot", "scripts")
WHOLE = ("en",)
"""The languages that come along: a gap in one of these is a problem."""
ENGLISH = "en"
"""The language, besides Dutch, in which we know how somebody asks what must not be asked."""


@dataclass(frozen=True, slots=True)
class _Gap:
    """A sentence without translation, and where it stands."""

    dutch: str
    domain: texts.Domain
    place: Place


def problems(sentences: Sequence[Sentence], locales: Path) -> Iterator[Problem]:
    """Every problem of every language that has a folder under `locales`; `sentences` are those of the scripts."""
    for language in texts.languages(locales):
        for domain in DOMAINS:
            file = _file(locales, language, domain)
            try:
                catalogue = texts.read_catalogue(locales, language, domain)
            except texts.TextError as error:
                yield problem("unreadable-translations", Place(file, 1, 1), error=error)
                continue
            yield from _lost(catalogue, file)
            if language == ENGLISH:
                yield from _forbidden(catalogue, file)
            if domain == "scripts":
                yield from _too_long(sentences, catalogue, file)
            if language in WHOLE and (domain == "scripts" or Path(file).exists()):
                for gap in _gaps(sentences, catalogue, domain, file):
                    yield _missing(gap, language, file)


def notes(sentences: Sequence[Sentence], flows: Iterable[Flow], locales: Path) -> Iterator[Problem]:
    """What a language that is being made lacks: each sentence that must be there before it is offered, and how many
    there are besides.
    """
    vital = offering.vital(flows)
    for language in texts.languages(locales):
        if language not in WHOLE:
            yield from _unfinished(sentences, vital, locales, language)


def _unfinished(sentences: Sequence[Sentence], vital: texts.Vital, locales: Path, language: str) -> Iterator[Problem]:
    gaps: list[_Gap] = []
    try:
        for domain in DOMAINS:
            catalogue = texts.read_catalogue(locales, language, domain)
            gaps += _gaps(sentences, catalogue, domain, _file(locales, language, domain))
    except texts.TextError:  # told among the problems
        return
    first = [gap for gap in gaps if gap.dutch in vital.get(gap.domain, ())]
    about: Mapping[str, str] = {"language": language, "name": texts.own_name(language)}
    place = Place(_file(locales, language, "bot"), 1, 1)
    if first:
        yield problem("language-not-offered", place, count=len(first), **about)
    for gap in first:
        yield _missing(gap, language, _file(locales, language, gap.domain))
    if len(gaps) > len(first):
        yield problem("language-unfinished", place, count=len(gaps) - len(first), **about)


def _file(locales: Path, language: str, domain: texts.Domain) -> str:
    return str(locales / language / "LC_MESSAGES" / f"{domain}.po")


def _lost(catalogue: Catalog, file: str) -> Iterator[Problem]:
    for message in texts.entries(catalogue):
        if lost := texts.lost_placeholders(message):
            yield problem("lost-placeholder", Place(file, message.lineno or 1, 1), names=", ".join(sorted(lost)))


def _forbidden(catalogue: Catalog, file: str) -> Iterator[Problem]:
    for message in texts.entries(catalogue):
        asked = (told for form in texts.forms_of(message) for told in asking.forbidden_in_english(form))
        for found, why in dict.fromkeys(asked):
            yield engine_problem("do-not-ask", Place(file, message.lineno or 1, 1), found=found, why=why)


def _gaps(sentences: Sequence[Sentence], catalogue: Catalog, domain: texts.Domain, file: str) -> Iterator[_Gap]:
    """The bot's sentences stand where the catalogue has them, those of the scripts where they are written."""
    if domain == "scripts":
        for sentence in sentences:
            if sentence.kind != "start" and not _forms(catalogue, sentence.text):
                yield _Gap(sentence.text, domain, sentence.place)
        return
    said = {texts.source_of(message)[0] for message in texts.entries(_of_the_bot())}
    for dutch in sorted(said | {texts.source_of(message)[0] for message in texts.entries(catalogue)}):
        if not _forms(catalogue, dutch):
            message = catalogue.get(dutch)
            yield _Gap(dutch, domain, Place(file, (message.lineno if message else None) or 1, 1))


@lru_cache(maxsize=1)
def _of_the_bot() -> Catalog:
    return of_the_bot(Path(texts.__file__).parent)


def _forms(catalogue: Catalog, dutch: str) -> tuple[str, ...]:
    message = catalogue.get(dutch)
    return texts.forms_of(message) if message else ()


def _missing(gap: _Gap, language: str, file: str) -> Problem:
    return problem("missing-translation", gap.place, language=language, text=" ".join(gap.dutch.split()), file=file)


def _too_long(sentences: Sequence[Sentence], catalogue: Catalog, file: str) -> Iterator[Problem]:
    for sentence in sentences:
        forms = _forms(catalogue, sentence.text) if sentence.kind == "button" else ()
        if forms and len(forms[0]) > limits.LABEL_LENGTH:
            yield _longer(forms[0], catalogue.get(sentence.text), file)


def _longer(label: str, message: Message | None, file: str) -> Problem:
    place = Place(file, (message.lineno if message else None) or 1, 1)
    return engine_problem("button-too-long", place, label=label, length=len(label), limit=limits.LABEL_LENGTH)
