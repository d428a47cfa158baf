"""A problem in a script, as data: what, where, and the way out. All problems are told at once, sorted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flows.engine.catalogue import CATALOGUE, Entry
from flows.engine.matching import nearest
from flows.engine.texts import fill


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Line and column count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """`message` and `way_out` are Dutch, for an admin; `nearest` is the known name that was probably meant."""

    code: str
    message: str
    file: str
    line: int
    column: int
    way_out: str
    nearest: str | None = None

    def __str__(self) -> str:
        hint = f" Bedoelde je '{self.nearest}'?" if self.nearest else ""
        return f"{self.file}:{self.line}:{self.column}: {self.message}{hint} {self.way_out} [{self.code}]"


def problem(
    code: str,
    place: Place,
    *,
    known: Iterable[str] = (),
    wrong: str = "",
    catalogue: Mapping[str, Entry] = CATALOGUE,
    **details: object,
) -> Problem:
    """The problem `code` of the catalogue at `place`; `wrong` is the misspelt name among the `known` ones."""
    entry = catalogue[code]
    words = {name: str(value) for name, value in {**details, "wrong": wrong}.items()}
    return Problem(
        code=code,
        message=fill(entry.sentence, words.get),
        file=place.file,
        line=place.line,
        column=place.column,
        way_out=fill(entry.way_out, words.get),
        nearest=nearest(wrong, known) if wrong else None,
    )


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sorted by place, then code; each once."""
    return tuple(sorted(set(problems), key=lambda one: (one.file, one.line, one.column, one.code, one.message)))
