"""`achterdehand check`: everything that is wrong with scripts, talk tests, the handbook and translations, at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from bot.authoring import meanings, rehearsal, sentences, translations
from bot.authoring.catalogue import problem
from bot.caseload import handbook
from bot.texts import TextError, Texts
from flows.engine.book import Book
from flows.engine.problems import Place, Problem, in_order

SCRIPTS = "scripts"
"""The folder of the scripts, where a handbook stands beside it."""


def check(paths: Sequence[Path], locales: Path, as_json: bool, out: Callable[[str], None]) -> int:
    """Print the problems of these scripts and folders. Returns 0 when there are none, else 1."""
    found = in_order(one for path in paths for one in problems(path, locales))
    tell(found, as_json, out)
    return 1 if found else 0


def tell(found: Sequence[Problem], as_json: bool, out: Callable[[str], None]) -> None:
    """Print problems: a line each and how many there are, or as JSON."""
    if as_json:
        out(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            out(line(one))
        out(_summary(len(found)))


def problems(path: Path, locales: Path) -> Iterable[Problem]:
    """The problems of a folder of scripts with the handbook beside it, or of one file read together with the others."""
    if not path.exists():
        return (problem("no-such-path", Place(str(path), 1, 1), path=path),)
    if path.is_dir():
        return _of_folder(path, locales)
    stem = path.name.split(".")[0]
    return [one for one in _of_folder(path.parent, locales) if Path(one.file).name.split(".")[0] == stem]


def line(one: Problem) -> str:
    """A problem as one line: file:line:column: sentence (code) — way out."""
    hint = f" Bedoelde je '{one.nearest}'?" if one.nearest else ""
    return f"{one.file}:{one.line}:{one.column}: {one.message}{hint} ({one.code}) — {one.way_out}"


def _of_folder(folder: Path, locales: Path) -> Iterable[Problem]:
    if folder.name == handbook.FOLDER:
        return [one for one in _of_folder(folder.parent / SCRIPTS, locales) if Path(one.file).parent == folder]
    if (folder / handbook.FOLDER).is_dir():
        return _of_folder(folder / SCRIPTS, locales)
    reading, own = Book.load(folder), folder.parent / handbook.FOLDER
    found = list(reading.problems)
    if own.is_dir():  # a broken script must not make its flow unknown to the handbook
        found.extend(handbook.read(own, None if found else {flow.id for flow in reading.book})[1])
    if found:
        return found
    drafts = sentences.drafts(folder)
    found.extend(meanings.problems(drafts))
    said = [*sentences.of_drafts(drafts), *sentences.of_handbook(own)]
    found.extend(translations.problems(said, locales))
    try:
        texts = Texts.load(locales)
    except TextError:
        return found
    return [*found, *rehearsal.problems(folder, drafts, texts)]


def _summary(count: int) -> str:
    if count == 0:
        return "Alles klopt."
    return "Er is 1 probleem." if count == 1 else f"Er zijn {count} problemen."
