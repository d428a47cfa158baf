"""`achterdehand check`: everything that is wrong with scripts, talk tests and translations, all at once and sorted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from bot.authoring import rehearsal, sentences, translations
from bot.authoring.catalogue import problem
from bot.texts import TextError, Texts
from flows.engine.book import Book
from flows.engine.problems import Place, Problem, in_order


def check(paths: Sequence[Path], locales: Path, as_json: bool, out: Callable[[str], None]) -> int:
    """Print the problems of these scripts and folders. Returns 0 when there are none, else 1."""
    found = in_order(one for path in paths for one in problems(path, locales))
    if as_json:
        out(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            out(line(one))
        out(_summary(len(found)))
    return 1 if found else 0


def problems(path: Path, locales: Path) -> Iterable[Problem]:
    """The problems of a folder, or of one script read together with those beside it."""
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
    found = list(Book.load(folder).problems)
    if found:
        return found
    drafts = sentences.drafts(folder)
    found.extend(translations.problems(list(sentences.of_drafts(drafts)), locales))
    try:
        texts = Texts.load(locales)
    except TextError:
        return found
    return [*found, *rehearsal.problems(folder, drafts, texts)]


def _summary(count: int) -> str:
    if count == 0:
        return "Alles klopt."
    return "Er is 1 probleem." if count == 1 else f"Er zijn {count} problemen."
