"""What planned contact rests on: the open placements, what was agreed there, and the terms that follow."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any, Protocol

from bot.caseload.handbook import Handbook
from bot.caseload.handovers import Agreed
from bot.storage import handovers, placements
from bot.storage.connection import Connection
from bot.storage.keys import Keyring
from bot.storage.people import Person
from bot.storage.placements import Placement
from scheduler.calendar import Calendar
from scheduler.terms import Contact, Terms

IN_CARE = ("active", "backup")
"""In these states there is planned contact: of the assistant and the coach, or of the coach alone."""
DEFAULT_PLAN = "0"
OF_THE_PERSON = frozenset(("ladder", "ladder_coach"))
"""Kinds that are about somebody and not about a job: who has two jobs gets them once."""
AT, WINDOW = time(10), timedelta(hours=3)
"""In the morning (the studies: people are busy at work), when nothing else was agreed."""
AGREED_WINDOW = timedelta(minutes=30)
"""After the agreed time: not everybody in the same second."""


class Means(Protocol):
    """What planning needs besides the database; a turn's services are that."""

    @property
    def keyring(self) -> Keyring: ...
    @property
    def handbook(self) -> Handbook: ...
    @property
    def calendar(self) -> Calendar: ...


@dataclass(frozen=True, slots=True)
class Basis:
    """What contact with somebody rests on: one open placement, and what was agreed there. Version 0: nothing yet."""

    placement: Placement
    version: int
    agreed: Agreed
    since: date
    """From this day on it counts; what was before belongs to other terms."""


@dataclass(frozen=True, slots=True)
class Line:
    """Terms to plan from, and the placement they come from; none for the rhythm that counts before a handover."""

    placement_id: int | None
    terms: Terms


async def bases(conn: Connection, means: Means, who: Person) -> tuple[Basis, ...]:
    """One per open placement that contact rests on, oldest first. A search counts before anything was agreed."""
    key, calendar = await means.keyring.of(conn, who.id), means.calendar
    theirs = await placements.of_participant(conn, key)
    in_force = {one.placement_id: one for one in await handovers.in_force(conn, key)}
    found = []
    for one in theirs:
        version = in_force.get(one.id)
        if one.state == "ended" or (version is None and one.track == "work"):
            continue
        begin = [one.started_on]
        if version is not None and version.in_force_at is not None:
            begin = [calendar.local(version.in_force_at).date()]
        # While a newer placement counted, this one's questions rested: nothing of that time was forgotten.
        begin += [other.ended_on for other in theirs if other.id > one.id and other.ended_on]
        begin += [calendar.local(who.care_from).date()] if who.care_from else []
        search = means.handbook.rhythms.fitting("search")
        agreed = Agreed.from_json(version.terms) if version else Agreed(search[0].key) if search else None
        if agreed is not None:
            found.append(Basis(one, version.version if version else 0, agreed, max(begin)))
    return tuple(found)


def terms_of(means: Means, who: Person, rests_on: Sequence[Basis]) -> tuple[Line, ...]:
    """The terms that count for this person, oldest placement first; questions that recur come from the newest alone."""
    if who.state not in IN_CARE:
        return ()
    if rests_on:
        return tuple(
            Line(one.placement.id, _agreed_terms(means, who, one, newest=one is rests_on[-1])) for one in rests_on
        )
    if who.care_from is None or who.state != "active":
        return ()
    since = means.calendar.local(who.care_from).date()
    # Nothing was agreed yet, so nobody but the assistant has anything to do.
    usual = means.handbook.rhythms.contacts(means.handbook.rhythms.default)
    own = tuple(one for one in usual if one.by == "bot" and not one.before_end and not _with_the_coach(one))
    return (Line(None, _terms(who, DEFAULT_PLAN, own, since, since, at=AT, window=WINDOW)),)


def _agreed_terms(means: Means, who: Person, basis: Basis, *, newest: bool) -> Terms:
    rhythms, agreed, placement = means.handbook.rhythms, basis.agreed, basis.placement
    # An admin may have taken a rhythm away that people still have: the usual one is nearest to what was agreed.
    preset = agreed.rhythm if agreed.rhythm in rhythms.presets else rhythms.default
    usual = rhythms.contacts(preset, employer=placement.employer_id is not None)
    return _terms(
        who,
        f"{placement.id}.{basis.version}",
        tuple(_for(who, agreed, usual, newest=newest)),
        placement.started_on,
        basis.since,
        at=agreed.at,
        window=AGREED_WINDOW,
        weekday=agreed.weekday,
        contract_end=placement.contract_end,
        until=last_day(means, basis),
    )


def last_day(means: Means, basis: Basis) -> date:
    """The last day of the aftercare: as agreed, or as the handbook has it."""
    return basis.agreed.until or means.handbook.rhythms.ends.after(max(basis.placement.started_on, basis.since))


def _terms(who: Person, plan: str, contacts: tuple[Contact, ...], start: date, since: date, **more: Any) -> Terms:
    stretch, pause = who.stretch, who.paused_until
    return Terms(plan=plan, contacts=contacts, start=start, since=since, stretch=stretch, paused_until=pause, **more)


def _for(who: Person, agreed: Agreed, usual: Collection[Contact], *, newest: bool) -> list[Contact]:
    """A rhythm's contacts as they are for this person at this placement."""
    told = {one.kind for one in usual if one.every is not None and one.by == "coach"}
    found = []
    for one in usual:
        if one.kind in OF_THE_PERSON and not newest:
            continue
        if _with_the_coach(one) and agreed.form != "chat":
            continue
        if one.by == "bot" and one.every is not None:
            if not newest:
                continue
            if agreed.form != "chat":
                if agreed.form in told:
                    continue
                one = replace(one, kind=agreed.form, by="coach", flow="", late="tell_coach")
        if one.by == "bot" and who.state == "backup":
            continue
        found.append(one)
    return found


def _with_the_coach(one: Contact) -> bool:
    """A question in the chat that goes with something the coach does."""
    return one.by == "bot" and (one.ahead > 0 or one.kind in OF_THE_PERSON)


def paused(who: Person, day: date) -> bool:
    return who.paused_until is not None and day <= who.paused_until
