"""When everything else failed three times: each part by itself, so that one that breaks takes no other along."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from bot.storage import people
from bot.storage.attempt import Failed, attempt
from bot.storage.people import Person
from bot.turns.danger import alarm, hearing, looking, numbers, road
from bot.turns.inbound import Inbound
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn

log = logging.getLogger(__name__)


async def resort(turn: Turn, who: Person, inbound: Inbound) -> bool:
    """Words of a participant that may mean danger, and that no other way could deal with. False when they are none.

    Raises Failed when no part of it worked.
    """
    finding = await looking.at(turn, inbound, who.language)
    if who.role != "participant" or finding.level not in looking.ACUTE:
        return False

    async def call() -> None:
        await turn.send(who, Outgoing("send", numbers.to_call(turn, who, finding.level)), road.TOLD)

    async def bring() -> None:
        await road.bring(turn, who, await hearing.of(turn, who.id), inbound, "")

    async def tell() -> None:
        await alarm.tell_admins(turn, who.id, await hearing.of(turn, who.id))

    called, brought = await _works(turn, call), await _works(turn, bring)
    told = brought or await _works(turn, tell)
    if not (called or told):
        raise Failed("nobody could be told")
    return True


async def words(turn: Turn, inbound: Inbound) -> None:
    """Even that failed, and perhaps nothing is known of who wrote this: the numbers, and a word to the admins."""
    finding = await looking.at(turn, inbound, inbound.language)
    if finding.level not in looking.ACUTE:
        return

    async def call() -> None:
        text = numbers.to_anybody(turn, inbound.language)
        await turn.send_stranger(inbound.chat, Outgoing("send", text), road.TOLD)

    async def tell() -> None:
        for admin in await people.admins(turn.tx, turn.services.keyring):
            await turn.tell(
                admin, "Een dringend bericht kon niet bij een coach komen. Kijk nu in het logboek. Bel de coaches."
            )

    await _works(turn, call)
    await _works(turn, tell)


async def _works(turn: Turn, part: Callable[[], Awaitable[None]]) -> bool:
    try:
        async with attempt(turn.tx):
            await part()
    except Failed as failed:
        log.error("a part of the last resort failed: %s", failed)
        return False
    return True
