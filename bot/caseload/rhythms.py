"""How often there is contact, and of which kind: flows/handover/rhythms.yaml."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import model_validator

from bot.caseload.written import Count, Label, Paper, Period, Periods, Plain, Spec, Title, read_paper
from flows.engine.problems import Problem, in_order
from flows.engine.written import FlowName, Text, Written, mistake
from scheduler.terms import By, Contact, Late, Span, never_come

FILE = "rhythms.yaml"
KIND_LENGTH = 16
"""What a slot holds of a kind."""
PRESET_LENGTH = 32
AHEAD = 2
"""Working days before a contact of the coach that the participant is asked to prepare it."""

Track = Literal["work", "search"]


class WrittenKind(Written):
    """A kind of contact as an admin writes it."""

    title: Title
    """As participant and coach read it."""
    by: By
    flow: FlowName | None = None
    late: Late
    """What happens when it comes too late."""
    prepares: Text | None = None
    """The kind of the coach's contact that the participant prepares with this: it comes along with that, earlier."""
    needs: Literal["employer"] | None = None
    """It goes to the work place: not where no contact person was agreed there (some keep us out of sight there)."""
    what: Plain
    """What the coach does, or knows about it."""

    @model_validator(mode="after")
    def _flow_fits(self) -> WrittenKind:
        if self.by == "bot" and self.flow is None:
            raise mistake("missing-key", key="flow")
        if self.by == "coach" and self.flow is not None:
            raise mistake("coach-has-flow")
        if self.by == "coach" and self.prepares is not None:
            raise mistake("coach-prepares")
        return self


class Kind(WrittenKind):
    key: str


class BackOff(Written):
    """After so many good check-ins in a row less contact is offered, up to once in `max` intervals."""

    after: Count
    max: Count


class Much(Written):
    """More messages than this within so many weeks: the coach is shown it."""

    messages: Count
    weeks: Count


class Line(Written):
    """One line of a rhythm: again and again (`every`), so long after the start, or so long before the contract ends."""

    kind: Text
    every: Period | None = None
    first: Period | None = None
    until: Period | None = None
    after: Periods = ()
    before_end: Periods = ()

    @model_validator(mode="after")
    def _says_when(self) -> Line:
        if self.every is None and (key := "first" if self.first else "until" if self.until else None):
            raise mistake("only-with-every", key=key)
        if not (self.every or self.after or self.before_end):
            raise mistake("contact-without-time")
        return self


@dataclass(frozen=True, slots=True)
class Preset:
    """A rhythm that a coach can choose. `source` says whose practice it is."""

    key: str
    title: str
    source: str
    track: Track
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Sick:
    """What there is while somebody is ill, counted from the first sick day, and around the return."""

    contacts: tuple[Contact, ...]
    law: tuple[Contact, ...]
    """What the law asks of employer and worker: the coach looks after it. Periods that follow soon count along."""
    eve: Contact
    """On the working day before the return; the plan gives it its day."""
    day: Contact
    """On the day after the first day back."""


@dataclass(frozen=True, slots=True)
class Rhythms:
    """The rhythms to choose from, the kinds of contact they are made of, and what holds for all of them."""

    default: str
    """The preset that is offered first."""
    ends: Span
    """How long the aftercare lasts, unless the parties agree otherwise."""
    backup_after: Span
    """How long after that the back-up line stays open."""
    back_off: BackOff
    much: Much
    silence: int
    """So many planned contacts in a row without an answer: the coach is told."""
    kinds: Mapping[str, Kind]
    presets: Mapping[str, Preset]
    always: tuple[Line, ...]
    sick: Sick | None = None
    """None: the usual questions go on while somebody is ill."""

    def contacts(self, preset: str, *, employer: bool = True) -> tuple[Contact, ...]:
        """The contacts of this rhythm and those that every rhythm has. KeyError for a preset there is not.

        Without an employer those that need one are left out.
        """
        lines = (*self.presets[preset].lines, *self.always)
        lines = tuple(line for line in lines if employer or self.kinds[line.kind].needs is None)
        return (*(contact_of(self.kinds[line.kind], line) for line in lines), *self._preparations(lines))

    def _preparations(self, lines: Collection[Line]) -> Iterator[Contact]:
        """What the participant prepares before single contacts of the coach, some working days ahead."""
        for kind in self.kinds.values():
            for line in lines:
                if line.kind == kind.prepares and (line.after or line.before_end):
                    again = {"every": None, "first": None, "until": None}
                    yield contact_of(kind, line.model_copy(update=again), ahead=AHEAD)

    def prepared_by(self, kind: str) -> frozenset[str]:
        """The flows with which a participant prepares this kind of contact."""
        return frozenset(one.flow for one in self.kinds.values() if one.prepares == kind and one.flow)

    def fitting(self, track: Track) -> tuple[Preset, ...]:
        """The rhythms for somebody with a job, or on the way to one; the default first."""
        fit = [one for one in self.presets.values() if one.track == track]
        return tuple(sorted(fit, key=lambda one: one.key != self.default))


def contact_of(kind: Kind, line: Line, *, ahead: int = 0) -> Contact:
    return Contact(
        kind=kind.key,
        by=kind.by,
        flow=kind.flow or "",
        every=line.every,
        first=line.first,
        until=line.until,
        after=line.after,
        before_end=line.before_end,
        late=kind.late,
        ahead=ahead,
    )


def load(folder: Path, flows: Collection[str] | None = None) -> tuple[Rhythms | None, tuple[Problem, ...]]:
    """The rhythms in `folder` and their problems, sorted. None when there is a problem.

    `flows` are the flows that the bot can hold; None leaves that unchecked.
    """
    paper = read_paper(folder / FILE)
    read = None if paper.source.data is None else _read(paper, flows)
    problems = in_order(paper.source.problems)
    return None if problems else read, problems


class _Head(Written):
    spec: Spec
    default: Text
    ends: Period
    backup_after: Period
    back_off: Any
    much: Any
    silence: Count
    kinds: Any
    always: Any
    rhythms: Any
    sick: Any = None


class WrittenSick(Written):
    """The rhythm while somebody is ill, as an admin writes it."""

    contacts: Any
    law: Any
    before_return: Text
    """The kind that comes before somebody goes back …"""
    after_return: Text
    """… and the one after the first day."""


class _Preset(Written):
    title: Label
    source: Text
    track: Track = "work"
    contacts: Any


def _read(paper: Paper, flows: Collection[str] | None) -> Rhythms | None:
    data = paper.source.data
    head = paper.model(_Head, data)
    back_off, much = paper.inside(BackOff, data, "back_off"), paper.inside(Much, data, "much")
    named, written = paper.entries(data, "kinds"), paper.entries(data, "rhythms")
    kinds = {kind.key: kind for kind in _kinds(paper, named, flows)}
    always = tuple(_lines(paper, data, named, "always"))
    presets = {preset.key: preset for preset in _presets(paper, written, named)}
    if head is not None:
        paper.known(head.default, written, "default")
    sick = _sick(paper, data, named, kinds)
    if head is None or back_off is None or much is None:
        return None
    read = Rhythms(
        head.default, head.ends, head.backup_after, back_off, much, head.silence, kinds, presets, always, sick
    )
    if not paper.source.problems:
        _each_comes(paper, read)
    return read


RETURN = ("before_return", "after_return")


def _sick(paper: Paper, data: Any, named: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Sick | None:
    written = paper.inside(WrittenSick, data, "sick")
    if written is None:
        return None
    found: dict[str, tuple[Contact, ...]] = {}
    for part in ("contacts", "law"):
        for index, one in enumerate(data["sick"][part] if isinstance(data["sick"][part], list) else ()):
            if isinstance(one, dict) and "before_end" in one:  # what the end of the contract asks for goes on anyway
                place = paper.source.key("sick", part, index, "before_end")
                paper.add("unknown-key", place, wrong="before_end", known=("every", "first", "until", "after"))
        lines = _lines(paper, data["sick"], named, "sick", part)
        found[part] = tuple(contact_of(kinds[line.kind], line) for line in lines if line.kind in kinds)
    if not any(one.every for one in found["contacts"]):
        paper.add("wrong-value", paper.source.value("sick", "contacts"), wanted="minstens een contact met 'every'")
    for never in never_come(found["contacts"]):
        paper.add("never-comes", paper.source.value("sick", "contacts"), kind=never.kind)
    around = [_around(paper, getattr(written, part), named, kinds, part) for part in RETURN]
    eve, day = around
    return Sick(found["contacts"], found["law"], eve, day) if eve and day else None


def _around(paper: Paper, key: str, named: Mapping[str, Any], kinds: Mapping[str, Kind], part: str) -> Contact | None:
    """The contact on one side of the return; which day that is the plan says."""
    kind = kinds.get(key) if paper.known(key, named, "sick", part) else None
    if kind is None:
        return None
    if kind.flow is None:
        paper.add("wrong-value", paper.source.value("sick", part), wanted="een soort met 'by: bot'")
        return None
    return Contact(kind.key, flow=kind.flow, after=(Span(),), late=kind.late)


def _each_comes(paper: Paper, read: Rhythms) -> None:
    """A question that others always stand in the way of would be left out without a word, in every rhythm it is in."""
    told: set[tuple[str | int, ...]] = set()
    for key, preset in read.presets.items():
        places: list[tuple[str | int, ...]] = [
            ("rhythms", key, "contacts", index) for index in range(len(preset.lines))
        ]
        places += [("always", index) for index in range(len(read.always))]
        contacts = read.contacts(key)
        never = never_come(contacts)
        for contact, at in zip(contacts, places, strict=False):  # what prepares others stands behind
            if any(contact is one for one in never) and at not in told:
                told.add(at)
                paper.add("never-comes", paper.source.value(*at, "kind"), kind=contact.kind)


def _kinds(paper: Paper, written: Mapping[str, Any], flows: Collection[str] | None) -> Iterator[Kind]:
    for key, one in written.items():
        paper.key(key, KIND_LENGTH, "_", "kinds", key)
        kind = paper.model(WrittenKind, one, "kinds", key)
        if kind is None:
            continue
        if flows is not None and kind.flow and kind.flow not in flows:
            paper.add("unknown-flow", paper.source.value("kinds", key, "flow"), wrong=kind.flow, known=flows)
        if kind.prepares is not None:
            paper.known(kind.prepares, _of_the_coach(written), "kinds", key, "prepares")
        yield Kind.model_construct(**dict(kind), key=key)


def _of_the_coach(written: Mapping[str, Any]) -> dict[str, Any]:
    return {key: one for key, one in written.items() if isinstance(one, dict) and one.get("by") == "coach"}


def _presets(paper: Paper, written: Mapping[str, Any], kinds: Mapping[str, Any]) -> Iterator[Preset]:
    for key, one in written.items():
        at = ("rhythms", key)
        paper.key(key, PRESET_LENGTH, "-", *at)
        preset = paper.model(_Preset, one, *at)
        lines = tuple(_lines(paper, one, kinds, *at, "contacts"))
        if preset is not None:
            yield Preset(key, preset.title, preset.source, preset.track, lines)


def _lines(paper: Paper, data: Any, kinds: Mapping[str, Any], *at: str) -> Iterator[Line]:
    """The contacts in the list under the last part of `at`; `data` is what that stands in."""
    if not isinstance(data, dict) or at[-1] not in data:
        return  # told by the model
    if not isinstance(data[at[-1]], list):
        paper.add("wrong-value", paper.source.value(*at), wanted="een lijst met streepjes")
        return
    for index, one in enumerate(data[at[-1]]):
        line = paper.model(Line, one, *at, index)
        if line is not None and paper.known(line.kind, kinds, *at, index, "kind"):
            yield line
