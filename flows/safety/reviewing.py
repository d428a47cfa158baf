"""What is wrong with the lists, and how much of them nobody looked at yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flows.engine.problems import Place, Problem, in_order, problem
from flows.safety import lists, written
from flows.safety.catalogue import CATALOGUE
from flows.safety.lists import Lists
from flows.safety.looking import FOLDER, SUFFIX
from flows.safety.written import Paper


def problems(path: Path = FOLDER) -> tuple[Problem, ...]:
    """All that is wrong with a list, or with every list in a folder, sorted by place."""
    return in_order(one for file in _files(path) for one in _of(file))


def notes(path: Path = FOLDER) -> tuple[Problem, ...]:
    """For each list with entries that nobody looked at: how many there are."""
    counted = ((file, unreviewed(file)) for file in _files(path))
    return tuple(
        problem("not-reviewed", Place(str(file), 1, 1), catalogue=CATALOGUE, count=count)
        for file, count in counted
        if count
    )


def unreviewed(path: Path = FOLDER) -> int:
    """How many entries of the lists nobody has put their name to."""
    return sum(entry.reviewed_by is None for file in _files(path) for _, entry in written.read(file).entries)


def _files(path: Path) -> list[Path]:
    return sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]


def _of(file: Path) -> Iterator[Problem]:
    paper = written.read(file)
    ready = lists.ready(paper)
    if not paper.source.problems:
        _try(paper, ready)
    yield from paper.source.problems


def _try(paper: Paper, ready: Lists) -> None:
    """Each entry on its own sentences: all that it must find, and none on which the lists may act."""
    for (at, entry), rule in zip(paper.entries, ready.rules, strict=True):
        for index, text in enumerate(entry.finds):
            if not any(hit.entry in rule.entries for hit in ready.hits(text)):
                paper.add("words-not-found", paper.source.value(*at, "finds", index), text=text)
        for index, text in enumerate(entry.passes):
            if any(hit.acts for hit in ready.hits(text)):
                paper.add("acts-too-soon", paper.source.value(*at, "passes", index), text=text)
