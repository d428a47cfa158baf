"""What is wrong in the catalogues: a sentence without translation, a lost placeholder, a button that got too long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from bot import texts
from bot.authoring.catalogue import problem
from bot.authoring.extract import of_the_bot
from bot.authoring.sentences import Sentence
from flows.engine import limits
from flows.engine.problems import Place, Problem
from flows.engine.problems import problem as engine_problem

DOMAINS: tuple[texts.Domain, ...] = ("bot", "scripts")


def problems(sentences: Sequence[Sentence], locales: Path) -> Iterator[Problem]:
    """Every problem of every language that has a folder under `locales`; `sentences` are those of the scripts."""
    for language in texts.languages(locales):
        for domain in DOMAINS:
            file = str(locales / language / "LC_MESSAGES" / f"{domain}.po")
            try:
                catalogue = texts.read_catalogue(locales, language, domain)
            except texts.TextError as error:
                yield problem("unreadable-translations", Place(file, 1, 1), error=error)
                continue
            yield from _of_entries(catalogue, language, file, gaps=domain == "bot")
            if domain == "bot" and Path(file).exists():
                yield from _not_extracted(catalogue, language, file)
            if domain == "scripts":
                yield from _of_sentences(sentences, catalogue, language, file)


def _of_entries(catalogue: Catalog, language: str, file: str, *, gaps: bool) -> Iterator[Problem]:
    for message in texts.entries(catalogue):
        place = Place(file, message.lineno or 1, 1)
        if lost := texts.lost_placeholders(message):
            yield problem("lost-placeholder", place, names=", ".join(sorted(lost)))
        if gaps and not texts.forms_of(message):
            yield _missing(texts.source_of(message)[0], language, file, place)


def _not_extracted(catalogue: Catalog, language: str, file: str) -> Iterator[Problem]:
    """What the bot says and the catalogue does not know yet."""
    for message in texts.entries(of_the_bot(Path(texts.__file__).parent)):
        if catalogue.get(message.id) is None:
            yield _missing(texts.source_of(message)[0], language, file, Place(file, 1, 1))


def _of_sentences(sentences: Sequence[Sentence], catalogue: Catalog, language: str, file: str) -> Iterator[Problem]:
    for sentence in sentences:
        message = catalogue.get(sentence.text)
        forms = texts.forms_of(message) if message else ()
        if not forms:
            yield _missing(sentence.text, language, file, sentence.place)
        elif sentence.kind == "button" and len(forms[0]) > limits.LABEL_LENGTH:
            yield _too_long(forms[0], message, file)


def _missing(text: str, language: str, file: str, place: Place) -> Problem:
    return problem("missing-translation", place, language=language, text=" ".join(text.split()), file=file)


def _too_long(label: str, message: Message | None, file: str) -> Problem:
    place = Place(file, (message.lineno if message else None) or 1, 1)
    return engine_problem("button-too-long", place, label=label, length=len(label), limit=limits.LABEL_LENGTH)
