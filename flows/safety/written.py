"""How an admin writes a list of safety words: exact models, and every mistake with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from flows.engine import shapes
from flows.engine.problems import Place, problem
from flows.engine.source import Source, read_source
from flows.engine.written import Name, Text, Texts, Written, many, mistake
from flows.safety.catalogue import CATALOGUE

SPEC = 1
M = TypeVar("M", bound=Written)


def _spec(value: int) -> int:
    if value != SPEC:
        raise mistake("unknown-spec", spec=value, current=SPEC)
    return value


def _day(value: Any) -> Any:
    try:
        return None if value is None else date.fromisoformat(str(value))
    except ValueError:
        raise mistake("half-reviewed") from None


Names = Annotated[tuple[Name, ...], BeforeValidator(many)]


class Entry(Written):
    """What every entry has: its level, its own sentences, and who looked at it. None: nobody did yet."""

    level: Literal["red", "violence", "orange"]
    unless: Texts = ()
    asks_if: Texts = ()
    finds: Annotated[Texts, Field(min_length=1)]
    passes: Texts = ()
    reviewed_by: Text | None = None
    reviewed_on: Annotated[date | None, BeforeValidator(_day)] = None

    @model_validator(mode="after")
    def _reviewed_by_somebody(self) -> Entry:
        if (self.reviewed_by is None) != (self.reviewed_on is None):
            raise mistake("half-reviewed")
        return self


class Said(Entry):
    """Words or phrases that act."""

    say: Annotated[Texts, Field(min_length=1)]


class Combination(Entry):
    """Meanings that say something together; `within` is how many words they lie apart at most."""

    name: Text
    all: Annotated[Names, Field(min_length=1)]
    within: int | None = None
    does: Literal["acts", "asks"]


class _Head(Written):
    spec: Annotated[int, AfterValidator(_spec)]
    language: Text
    meanings: Any = None
    exact: Any = None
    phrases: Any = None
    combinations: Any = None
    no_typo: Texts = ()
    everyday: Texts = ()


Where = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """One file as read. What could not be read is in `source.problems` and in nothing else."""

    source: Source
    meanings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    entries: tuple[tuple[Where, Said | Combination], ...] = ()
    no_typo: tuple[str, ...] = ()
    everyday: tuple[str, ...] = ()

    def add(self, code: str, place: Place, **details: Any) -> None:
        self.source.problems.append(problem(code, place, catalogue=CATALOGUE, **details))


def read(file: Path) -> Paper:
    """The file, with whatever in it is well written. Never raises on what it says."""
    place = Place(str(file), 1, 1)
    try:
        source = read_source(file.read_bytes().decode("utf-8-sig"), str(file))
    except UnicodeDecodeError:
        return Paper(Source(str(file), problems=[problem("not-utf8", place)]))
    except OSError:
        wrong = problem("no-such-list", place, catalogue=CATALOGUE, file=file.name)
        return Paper(Source(str(file), problems=[wrong]))
    if source.data is None:
        return Paper(source)
    head = _model(source, _Head, source.data, ())
    data = source.data if isinstance(source.data, dict) else {}
    entries = tuple(_entries(source, data))
    return Paper(source, _meanings(source, data), entries, *((head.no_typo, head.everyday) if head else ()))


def _meanings(source: Source, data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    found = data.get("meanings") or {}
    if not isinstance(found, dict):
        source.problems.append(_wrong(source, "regels met een naam en een dubbele punt", "meanings"))
        return {}
    words: dict[str, tuple[str, ...]] = {}
    for name, said in found.items():
        if isinstance(said, list) and said and all(isinstance(one, str) and one.strip() for one in said):
            words[str(name)] = tuple(said)
        else:
            source.problems.append(_wrong(source, "een rij woorden", "meanings", str(name)))
    return words


def _entries(source: Source, data: Mapping[str, Any]) -> Iterator[tuple[Where, Said | Combination]]:
    kinds: tuple[tuple[str, type[Said | Combination]], ...] = (
        ("exact", Said),
        ("phrases", Said),
        ("combinations", Combination),
    )
    for key, kind in kinds:
        found = data.get(key) or []
        if not isinstance(found, list):
            source.problems.append(_wrong(source, "een rij regels, elk met een streepje ervoor", key))
            continue
        for index, one in enumerate(found):
            entry = _model(source, kind, one, (key, index))
            if entry is not None:
                yield (key, index), entry


def _model(source: Source, model: type[M], data: Any, at: Where) -> M | None:
    if not isinstance(data, dict):
        source.problems.append(_wrong(source, "regels met een naam en een dubbele punt", *at))
        return None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        names = [entry.alias or name for name, entry in model.model_fields.items()]
        source.problems.extend(shapes.problems(source, error, at, names, CATALOGUE))
        return None


def _wrong(source: Source, wanted: str, *at: str | int) -> Any:
    return problem("wrong-value", source.value(*at), wanted=wanted)
