"""`achterdehand check`: everything that is wrong with scripts, talk tests, the handbook and translations, at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path

from bot.authoring import meanings, plain, rehearsal, sentences, translations
from bot.authoring.catalogue import problem
from bot.caseload import handbook, numbers
from bot.texts import TextError, Texts
from flows import safety
from flows.engine.book import Book
from flows.engine.problems import Place, Problem, in_order
from flows.engine.reader import Draft

SCRIPTS = "scripts"
"""The folder of the scripts, where a handbook and the lists of numbers and words stand beside it."""
SAFETY = "safety"
"""The folder of the lists of words that mean danger, beside the scripts."""
BOLD, DIM, RED, YELLOW, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[33m", "\x1b[0m"

Out = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Found:
    """What `check` found: problems keep a script from going live, notes ask somebody to look at something."""

    problems: Sequence[Problem] = ()
    notes: Sequence[Problem] = field(default_factory=tuple)


def check(
    paths: Sequence[Path], locales: Path, as_json: bool, out: Out, *, today: date | None = None, colour: bool = False
) -> int:
    """Print what is found in these scripts and folders. Returns 0 when there are no problems, else 1.

    `today`: the day against which phone numbers are old; without it none is. Notes are not told as JSON.
    """
    seen = found(paths, locales, today)
    tell(seen.problems, as_json, out, notes=seen.notes, colour=colour)
    return 1 if seen.problems else 0


def found(paths: Sequence[Path], locales: Path, today: date | None) -> Found:
    """The problems and notes of these scripts and folders, in order."""
    each = [of_path(path, locales, today) for path in paths]
    return Found(
        in_order(one for of_one in each for one in of_one.problems),
        in_order(one for of_one in each for one in of_one.notes),
    )


def tell(
    told: Sequence[Problem], as_json: bool, out: Out, *, notes: Sequence[Problem] = (), colour: bool = False
) -> None:
    """Print problems, file by file, a line each, then the notes, and how many there are; or the problems as JSON."""
    if as_json:
        out(json.dumps([asdict(one) for one in told], ensure_ascii=False, indent=2))
        return
    for file, group in groupby(told, lambda one: one.file):
        of_file = [*group]
        out(_painted(BOLD, f"{file}: {_count(len(of_file))}", colour))
        for one in of_file:
            out(line(one, colour=colour))
        out("")
    for note in notes:
        out(f"{_painted(YELLOW, 'let op', colour)}  {line(note)}")
    if notes:
        out("")
    said = _painted(RED, f"Samen: {_count(len(told))}.", colour) if told else "Alles klopt."
    out(said + (f" En {len(notes)} keer let op." if notes else ""))


def of_path(path: Path, locales: Path, today: date | None) -> Found:
    """What is found in a folder with what stands beside it, or in one file, read together with the others."""
    if not path.exists():
        return Found((problem("no-such-path", Place(str(path), 1, 1), path=path),))
    if SAFETY in (path.name, path.parent.name):
        return Found(safety.problems(path), safety.notes(path))
    above = next((folder for folder in path.parents if folder.name == SCRIPTS), None)
    if path.is_dir() and above is None:
        return _of_folder(path, locales, today)
    beside = path.name in (numbers.FILE, plain.FILE)
    whole = _of_folder(above or (path.parent / SCRIPTS if beside else path.parent), locales, today)
    return Found(_inside(path, whole.problems), _inside(path, whole.notes))


def _inside(path: Path, told: Iterable[Problem]) -> list[Problem]:
    """What stands in this folder, or in this file and its talk tests."""
    if path.is_dir():
        return [one for one in told if path in Path(one.file).parents]
    stem = path.name.split(".")[0]
    files = ((one, Path(one.file)) for one in told)
    return [one for one, file in files if file.parent == path.parent and file.name.split(".")[0] == stem]


def line(one: Problem, *, colour: bool = False) -> str:
    """A problem as one line: file:line:column: sentence (code) — way out."""
    hint = f" Bedoelde je '{one.nearest}'?" if one.nearest else ""
    code = _painted(DIM, f"({one.code})", colour)
    return f"{one.file}:{one.line}:{one.column}: {one.message}{hint} {code} — {one.way_out}"


def _of_folder(folder: Path, locales: Path, today: date | None) -> Found:
    if folder.name == handbook.FOLDER:
        whole = _of_folder(folder.parent / SCRIPTS, locales, today)
        return Found([one for one in whole.problems if Path(one.file).parent == folder])
    if (folder / handbook.FOLDER).is_dir():
        return _of_folder(folder / SCRIPTS, locales, today)
    reading, own = Book.load(folder), folder.parent / handbook.FOLDER
    drafts, listed = reading.drafts, numbers.beside(folder)
    found = list(reading.problems)
    if own.is_dir():  # a broken script must not make its flow unknown to the handbook
        found.extend(handbook.read(own, None if found else {flow.id for flow in reading.book})[1])
    known, wrong = numbers.load(listed)
    words, more = plain.load(plain.beside(folder))
    found += [*wrong, *more]
    if known:
        found += numbers.unknown(drafts, known)
        found += numbers.from_the_future(listed, today) if today else ()
        found = [numbers.proposed(one, known) for one in found]
    broken = bool(found)
    found += file_names(drafts)
    lists = folder.parent / SAFETY
    found.extend(safety.problems(lists) if lists.is_dir() else ())
    if words:
        found.extend(plain.problems(drafts, words))
    if broken:
        return Found(found)
    found.extend(meanings.problems(drafts))
    said = [*sentences.of_drafts(drafts), *sentences.of_handbook(own)]
    found.extend(translations.problems(said, locales))
    notes = [*translations.notes(said, reading.book, locales)]
    notes += numbers.notes(listed, today) if today else ()
    notes += safety.notes(lists) if lists.is_dir() else ()
    try:
        texts = Texts.load(locales)
    except TextError:
        return Found(found, notes)
    return Found([*found, *rehearsal.problems(folder, drafts, texts)], notes)


def file_names(drafts: Iterable[Draft]) -> Iterator[Problem]:
    """Every script whose file has another name than its flow: then nobody finds it, nor its talk tests."""
    for draft in drafts:
        if draft.flow and Path(draft.source.file).stem != draft.flow.id:
            yield problem("file-name", draft.source.value("flow"), flow=draft.flow.id, wanted=f"{draft.flow.id}.yaml")


def _count(count: int) -> str:
    return "1 probleem" if count == 1 else f"{count} problemen"


def _painted(paint: str, text: str, colour: bool) -> str:
    return f"{paint}{text}{PLAIN}" if colour else text
