"""Handovers for tests that are about what comes after the making: written straight into the books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from bot.caseload import handovers
from bot.caseload.handovers import Agreed, Version
from bot.storage import handovers as rows
from bot.storage import placements
from bot.storage.handovers import Agreement
from bot.turns.handover import agreeing
from bot.turns.turn import Turn
from tests.support.stage import Stage

STARTED = date(2026, 11, 30)
AGREED = Agreed("monthly")


def item(
    key: str,
    text: str,
    who: str | None = "coach",
    *,
    review_on: date | None = None,
    for_employer: bool = True,
    **details: str,
) -> Agreement:
    """One agreement; its id is given when it is written."""
    return Agreement(0, key, text, who, review_on, for_employer, details)


HOURS = item("hours", "24 uur in de week, van 9 tot 15 uur.", "employer", review_on=date(2027, 3, 1))
SICK = item("sick", "Bel bij ziekte de planning.", "participant", call="de planning", before="08:30", number="050-1234")
MONEY = item("money", "Sam vraagt zorgtoeslag aan.", for_employer=False)
ITEMS = (HOURS, SICK, MONEY)
"""One item of the employer's, one of the participant's with a phone number, one that no employer ever sees."""


@dataclass(frozen=True, slots=True)
class Made:
    placement: int
    handover: int


async def make_handover(
    stage: Stage,
    participant: int,
    *,
    employer: int | None = None,
    items: Sequence[Agreement] = ITEMS,
    agreed: Agreed = AGREED,
    company: str = "Bakkerij Vos",
    started_on: date = STARTED,
    contract_end: date | None = None,
    state: Literal["draft", "offered", "in_force"] = "draft",
) -> Made:
    """A placement with one version. `in_force`: everybody said yes to everything, now. Nobody is told anything."""
    keyring, now = stage.running.storage.keyring, stage.setting.now()

    async def work(tx: Any) -> Made:
        key = await keyring.of(tx, participant)
        made = await placements.make(tx, key, started_on, now, company=company, contract_end=contract_end)
        if employer is not None:
            await placements.change(tx, key, made, employer_id=employer)
        draft = await rows.make(tx, key, made, agreed.to_json(), now)
        for one in items:
            await rows.keep(tx, key, draft, one)
        if state != "draft":
            found = await handovers.case(tx, keyring, made)
            assert found is not None
            await handovers.offer(tx, keyring, found, now)
        if state == "in_force":
            await everybody_says_yes(tx, stage, made)
        return Made(made, draft)

    done: Made = await stage.write(work)
    return done


async def everybody_says_yes(tx: Any, stage: Stage, placement_id: int) -> None:
    keyring, now = stage.running.storage.keyring, stage.setting.now()
    while True:
        found = await handovers.case(tx, keyring, placement_id)
        assert found is not None
        assert found.in_making is not None
        who = found.in_making.next_party()
        if who is None:
            await handovers.take_effect(tx, keyring, found, now, now.date())
            return
        for one, direction in found.in_making.to_decide(who):
            await rows.decide(tx, one.id, who, direction, "yes", now)
        await rows.accept(tx, found.in_making.handover.id, who, "yes", now)


async def redraft(stage: Stage, placement_id: int, *changed: Agreement, gone: Sequence[str] = ()) -> int:
    """The draft that follows on the version in force, with these items changed or added; its id."""
    keyring, now = stage.running.storage.keyring, stage.setting.now()

    async def work(tx: Any) -> int:
        found = await handovers.case(tx, keyring, placement_id)
        assert found is not None
        draft = await handovers.draft(tx, keyring, found, AGREED, now)
        key = await keyring.of(tx, found.participant.id)
        for one in changed:
            await rows.keep(tx, key, draft, one)
        for name in gone:
            await rows.drop(tx, draft, name)
        return draft

    made: int = await stage.write(work)
    return made


async def case_of(stage: Stage, placement_id: int) -> handovers.Case:
    """How the books stand, once all is dealt with."""
    await stage.settled()
    async with stage.running.storage.db.read() as conn:
        found = await handovers.case(conn, stage.running.storage.keyring, placement_id)
    assert found is not None
    return found


async def version_of(stage: Stage, placement_id: int) -> Version:
    """The version in the making, else the one in force."""
    found = await case_of(stage, placement_id)
    newest = found.in_making or found.in_force
    assert newest is not None
    return newest


async def offer(stage: Stage, placement_id: int) -> None:
    """The coach lets the draft be read."""

    async def work(tx: Any) -> None:
        turn = Turn(tx, stage.setting.now(), stage.running.services)
        found = await handovers.case(tx, turn.services.keyring, placement_id)
        assert found is not None
        await handovers.offer(tx, turn.services.keyring, found, turn.now)
        await agreeing.ask_next(turn, found)

    await stage.write(work)
    stage.running.sender.wake()
