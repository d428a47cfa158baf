"""The problems of some flows alone: what else lies in the folder may be anybody's draft, and does not count yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from bot.authoring import check, meanings, plain, rehearsal, sentences, translations
from bot.authoring.releasing import begun_by
from bot.caseload import numbers
from bot.texts import TextError, Texts
from flows.engine.book import Book
from flows.engine.checks.book import check_book
from flows.engine.problems import Problem, in_order
from flows.engine.reader import Draft, read_draft


def problems(
    names: Collection[str], folder: Path, locales: Path, today: date, published: Mapping[str, str]
) -> tuple[Problem, ...]:
    """Those of the flows in `names` (and of the numbers, by the name of their file) and of all that these begin.

    They are laid beside what is `published`: the texts, by flow.
    """
    mine = _with_what_they_begin(names, {_name(draft): draft for draft in Book.load(folder).drafts})
    drafts = [*mine.values()]
    others = [read_draft(text, name) for name, text in published.items() if name not in {*mine, numbers.FILE}]
    found = [*_of_numbers(names, drafts, others, numbers.beside(folder), today)]
    found += [one for draft in drafts for one in draft.problems]
    files = {draft.source.file for draft in drafts}
    between = check_book([(draft.flow, draft.source) for draft in (*others, *drafts) if draft.flow])
    found += [one for one in between if one.file in files]
    if drafts and not found:
        found += _of_words(drafts, others, folder, locales)
    return in_order(found)


def _name(draft: Draft) -> str:
    """The flow's name; of a file that cannot be read: the name that the file should have for it."""
    return draft.flow.id if draft.flow else Path(draft.source.file).stem


def _with_what_they_begin(names: Collection[str], drafts: Mapping[str, Draft]) -> dict[str, Draft]:
    mine: dict[str, Draft] = {}
    todo = [*names]
    while todo:
        name = todo.pop()
        if name in drafts and name not in mine:
            mine[name] = drafts[name]
            flow = drafts[name].flow
            todo += begun_by(flow) if flow else ()
    return mine


def _of_numbers(
    names: Collection[str], drafts: Sequence[Draft], others: Sequence[Draft], listed: Path, today: date
) -> Iterator[Problem]:
    """The list itself when it is to be published; else only what these flows name of it."""
    known, wrong = numbers.load(listed)
    published = numbers.FILE in names
    if published or any(draft.flow and numbers.named(draft.flow) for draft in drafts):
        yield from wrong
    if known:
        yield from numbers.unknown([*drafts, *others] if published else drafts, known)
        yield from numbers.from_the_future(listed, today) if published else ()


def _of_words(drafts: Sequence[Draft], others: Sequence[Draft], folder: Path, locales: Path) -> Iterator[Problem]:
    """Hard words, translations and talks."""
    yield from check.file_names(drafts)
    words, _ = plain.load(plain.beside(folder))
    yield from plain.problems(drafts, words) if words else ()
    yield from meanings.problems(drafts)
    yield from translations.problems([*sentences.of_drafts(drafts)], locales)
    try:
        texts = Texts.load(locales)
    except TextError:  # told by the translations
        return
    yield from rehearsal.of_drafts(drafts, texts, others)
