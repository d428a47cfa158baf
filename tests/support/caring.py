"""What stories about the aftercare itself share: a handover in force, and a look at the moments."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.caseload import contact
from bot.caseload.handovers import Agreed
from bot.storage import moments, people
from bot.storage.moments import Moment
from bot.storage.people import Person
from tests.stories.conftest import Pair
from tests.support.handovers import Made, make_handover
from tests.support.stage import Stage


async def agree(pair: Pair, agreed: Agreed, *, state: str = "active", **more: Any) -> Made:
    """A handover that counts from now on, with the moments that follow from it. `state` backup: the coach's alone."""
    stage, who = pair.stage, pair.participant
    made = await make_handover(stage, who, agreed=agreed, state="in_force", **more)
    means, now = stage.running.services, stage.setting.now()
    await stage.write(lambda tx: people.change(tx, who, state=state))
    await stage.write(lambda tx: contact.replan(tx, means, who, now, "new agreement"))
    return made


async def waiting(pair: Pair) -> list[Moment]:
    """The moments that are still to come, once all is dealt with."""
    await pair.stage.settled()
    async with pair.stage.running.storage.db.read() as conn:
        return [one for one in await moments.for_person(conn, pair.participant) if one.state != "done"]


async def past(pair: Pair) -> list[Moment]:
    await pair.stage.settled()
    async with pair.stage.running.storage.db.read() as conn:
        return [one for one in await moments.for_person(conn, pair.participant) if one.state == "done"]


async def person(stage: Stage, who: int) -> Person | None:
    async with stage.running.storage.db.read() as conn:
        return await people.by_id(conn, stage.running.storage.keyring, who)


async def night(pair: Pair) -> None:
    """The next night's check."""
    await pair.stage.settled()
    pair.stage.setting.at += timedelta(days=1)
    await pair.stage.running.night()
    await pair.stage.settled()


async def read(pair: Pair, work: Any) -> Any:
    """What `work` finds in the books."""
    await pair.stage.settled()
    async with pair.stage.running.storage.db.read() as conn:
        return await work(conn)
