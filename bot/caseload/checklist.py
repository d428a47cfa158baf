"""What the three parties go through at the handover, item by item: flows/handover/checklist.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from bot.caseload.written import Label, Paper, Period, Plain, Spec, Title, read_paper
from flows.engine import limits
from flows.engine.problems import Problem, in_order
from flows.engine.questions.base import check_labels
from flows.engine.written import Name, Written, mistake

FILE = "checklist.yaml"
KEY_LENGTH = 32
"""What the table of agreements holds."""

Kind = Literal["text", "work", "absence", "contact"]
Who = Literal["participant", "coach", "employer", "supervisor", "buddy", "together"]


class WrittenItem(Written):
    """An item as an admin writes it."""

    title: Title
    ask: Plain
    """The question to the three at the table."""
    kind: Kind = "text"
    choices: dict[Name, Label] = Field(default_factory=dict)
    """Answers to choose from; own words are welcome too."""
    who: Who
    """Who mostly does it, until the parties say otherwise."""
    review: Period | None = None
    """How long after the agreement it is looked at again; None: when somebody asks."""
    employer: Literal["may", "never"]
    """Whether the employer can ever see it. The participant's own money and personal matters: never."""

    @model_validator(mode="after")
    def _choices_fit(self) -> WrittenItem:
        if self.choices and self.kind != "text":
            raise mistake("choices-of-text", kind=self.kind)
        if self.choices:
            check_labels(self.choices, *limits.CHOICES)
        return self


class Item(WrittenItem):
    """An item with its name and the part it belongs to."""

    key: str
    part: str


@dataclass(frozen=True, slots=True)
class Part:
    key: str
    title: str
    titles: Mapping[str, str] = field(default_factory=dict)
    """What it is called for the one whom it is about, by their role."""

    def title_for(self, role: str) -> str:
        return self.titles.get(role, self.title)


@dataclass(frozen=True, slots=True)
class Checklist:
    """Parts and items in the order in which they are gone through."""

    parts: tuple[Part, ...]
    items: tuple[Item, ...]
    _by_key: Mapping[str, Item] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_key", {item.key: item for item in self.items})

    def get(self, key: str) -> Item | None:
        """The item of this name; None for one that an admin took out since."""
        return self._by_key.get(key)

    def of(self, part: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.part == part)


def load(folder: Path) -> tuple[Checklist | None, tuple[Problem, ...]]:
    """The checklist in `folder` and its problems, sorted. None when there is a problem."""
    paper = read_paper(folder / FILE)
    read = None if paper.source.data is None else _read(paper)
    problems = in_order(paper.source.problems)
    return None if problems else read, problems


class _Head(Written):
    spec: Spec
    parts: Any


class _Part(Written):
    title: Title
    titles: dict[Literal["participant", "employer"], Title] = Field(default_factory=dict)
    items: Any


def _read(paper: Paper) -> Checklist:
    """What could be read; beside problems it may lack things."""
    parts: list[Part] = []
    items: list[Item] = []
    paper.model(_Head, paper.source.data)
    for key, written in paper.entries(paper.source.data, "parts").items():
        paper.key(key, KEY_LENGTH, "_", "parts", key)
        part = paper.model(_Part, written, "parts", key)
        if part is not None:
            parts.append(Part(key, part.title, {str(role): title for role, title in part.titles.items()}))
        items.extend(_items(paper, key, written))
    _only_once(paper, items)
    return Checklist(tuple(parts), tuple(items))


def _items(paper: Paper, part: str, written: Any) -> Iterator[Item]:
    at = ("parts", part, "items")
    for key, one in paper.entries(written, *at).items():
        paper.key(key, KEY_LENGTH, "_", *at, key)
        item = paper.model(WrittenItem, one, *at, key)
        if item is not None:
            yield Item.model_construct(**dict(item), key=key, part=part)


def _only_once(paper: Paper, items: list[Item]) -> None:
    """A name belongs to one item in the whole list, and each structured kind is asked once."""
    names: dict[str, Item] = {}
    kinds: dict[str, Item] = {}
    for item in items:
        at = ("parts", item.part, "items", item.key)
        first = names.setdefault(item.key, item)
        if first is not item:
            line = paper.source.key("parts", first.part, "items", first.key).line
            paper.add("double-key", paper.source.key(*at), key=item.key, first=line)
        first = kinds.setdefault(item.kind, item)
        if first is not item and item.kind != "text":
            paper.add("kind-twice", paper.source.value(*at, "kind"), kind=item.kind, first=first.key)
