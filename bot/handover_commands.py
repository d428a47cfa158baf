"""The verbs of the command line about handovers: the employer's invitation, and a handover as a file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import commands
from bot.caseload import handover_file, handovers, invitations
from bot.caseload.handbook import Handbook, beside
from bot.caseload.handovers import Case
from bot.commands import Refused
from bot.settings import Settings
from bot.storage import people, placements
from bot.storage.connection import Connection
from bot.storage.keys import Keyring
from bot.storage.opened import Storage
from bot.storage.people import Person
from bot.texts import Texts, find_locales
from bot.turns.handover import making_file
from bot.turns.turn import Services, Turn
from bot.world import real_world
from flows.engine.book import Book
from flows.engine.problems import Problem, in_order
from scheduler.calendar import Calendar

OWNER_ONLY = 0o600
"""A handover is about somebody: the file is for whoever asked for it."""


async def add_employer(
    settings: Settings, name: str, participant_id: int, company: str, placement_id: int | None, language: str
) -> dict[str, Any]:
    """Make the contact person at a participant's work place, and their invitation; the placement too if there is none.

    Raises Refused when there is a contact person already, or when it is not clear at which placement.
    """
    world, name, company = real_world(), commands.name_to_keep(settings, name, language), " ".join(company.split())

    async def work(storage: Storage) -> dict[str, Any]:
        code, now, keyring = world.token(), world.now(), storage.keyring

        async def write(tx: Connection) -> int:
            who = await _participant(tx, keyring, participant_id)
            key = await keyring.of(tx, who.id)
            case = await _case(tx, keyring, who, placement_id)
            if case is None:
                today = Calendar().local(now).date()
                here = await placements.make(tx, key, today, now, company=company)
            else:
                here = case.placement.id
                _check_free(case, company)
            made = await people.add(tx, keyring, "employer", name, language, now)
            await placements.change(tx, key, here, employer_id=made, **({"company": company} if company else {}))
            await invitations.issue(tx, made, code, now)
            return made

        return await commands.invited(settings, storage, await storage.db.write(write), code)

    return await commands.with_storage(settings, work)


def _check_free(case: Case, company: str) -> None:
    if case.employer is not None:
        raise Refused(f"{case.employer.name} is the contact person there. The coach can take them out, in the chat.")
    if company and case.placement.company not in ("", company):
        raise Refused(
            f"That placement is at {case.placement.company!r}. Leave --company out, or let the coach change it."
        )


async def _participant(conn: Connection, keyring: Keyring, participant_id: int) -> Person:
    found = await people.by_id(conn, keyring, participant_id)
    if found is None or found.role != "participant":
        raise Refused(f"There is no participant with number {participant_id}.")
    return found


async def _case(conn: Connection, keyring: Keyring, who: Person, placement_id: int | None) -> Case | None:
    """The open placement that is meant; None when this participant has none at all."""
    cases = await handovers.cases_of(conn, keyring, who)
    numbers = " or ".join(str(one.placement.id) for one in cases)
    if placement_id is not None:
        cases = [one for one in cases if one.placement.id == placement_id]
        if not cases:
            raise Refused(f"{who.name} has no open placement {placement_id}. There are: {numbers or 'none'}.")
    if len(cases) > 1:
        raise Refused(
            f"{who.name} has more than one placement. Say which: --placement {numbers.replace(', ', ' or ')}."
        )
    return next(iter(cases), None)


async def export(settings: Settings, participant_id: int, placement_id: int | None) -> str:
    """The version in force, else the one in the making, as YAML. Raises Refused when there is none."""
    handbook = _handbook(settings)

    async def work(storage: Storage) -> str:
        async with storage.db.read() as conn:
            who = await _participant(conn, storage.keyring, participant_id)
            case = await _case(conn, storage.keyring, who, placement_id)
        written = handover_file.write(case, handbook) if case else None
        if written is None:
            raise Refused(f"There is no handover of {who.name} yet.")
        return written

    return await commands.with_storage(settings, work)


def save(text: str, file: Path) -> None:
    """Write it to a file that is not there yet. Raises Refused."""
    try:
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}.") from None
    with os.fdopen(opened, "w", encoding="utf-8") as out:
        out.write(text)


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What became of a file: a draft, or all problems and no draft."""

    made: dict[str, Any]
    problems: tuple[Problem, ...]


async def bring_in(settings: Settings, file: Path) -> BroughtIn:
    """Make the handover in `file` the draft of its participant's placement. Nobody is told of it."""
    handbook, world, calendar = _handbook(settings), real_world(), Calendar()
    try:
        paper, filled = handover_file.read(file, handbook, calendar)
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}.") from None
    if filled is None:
        return BroughtIn({}, in_order(paper.source.problems))

    async def work(storage: Storage) -> BroughtIn:
        services = Services(
            storage.keyring, Book(), Texts.load(find_locales(settings.locales)), calendar, world, handbook
        )
        wrong = len(paper.source.problems)

        async def write(tx: Connection) -> Case | None:
            del paper.source.problems[wrong:]  # what an earlier try found
            return await making_file.bring_in(Turn(tx, world.now(), services), paper, filled)

        case = await storage.db.write(write)
        if case is None or case.in_making is None:
            return BroughtIn({}, in_order(paper.source.problems))
        version = case.in_making.handover
        made = {"participant": filled.participant, "placement": case.placement.id, "version": version.version}
        return BroughtIn({**made, "state": version.state, "agreements": len(case.in_making.agreements)}, ())

    return await commands.with_storage(settings, work)


def _handbook(settings: Settings) -> Handbook:
    return Handbook.load(beside(settings.scripts), None)
