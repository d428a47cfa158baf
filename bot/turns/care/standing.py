"""What somebody's answers, worries and silence do to the contact that is planned for them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from bot.caseload import backing_off, contact
from bot.caseload.backing_off import Standing
from bot.storage import moments, people
from bot.storage.alerts import Item
from bot.storage.moments import Moment
from bot.storage.people import Person
from bot.turns import alerting, veil
from bot.turns.turn import Turn

if TYPE_CHECKING:
    from bot.turns.effects import Walk

LONGER = "longer-interval"
"""The flow that offers less contact."""
OPENING = 1
"""The turn of a flow's first question."""


async def flagged(turn: Turn, walk: Walk) -> None:
    """A worry: the agreed interval counts again from now on."""
    who = await _fresh(turn, walk.person)
    moment = await _began(turn, walk)
    await _stand(turn, walk, who, backing_off.flagged(Standing.of(who), in_check_in=_is_check_in(turn, moment)))


async def ended(turn: Turn, walk: Walk, outcome: str, then: str | None) -> None:
    """A talk is over. One that nobody planned says nothing about the rhythm; its silence the coach hears at once."""
    moment = await _began(turn, walk)
    if moment is None:
        if then == "silence":
            await _tell_of_silence(turn, walk)
        return
    # Somebody who answered a few questions and then no more was not silent.
    heard = outcome != "expired" or walk.turn > OPENING
    await moments.answered(turn.tx, moment.id, heard)
    if moment.kind == contact.GOODBYE:
        return
    who = await _fresh(turn, walk.person)
    before = Standing.of(who)
    if heard:
        if _is_check_in(turn, moment):
            await _stand(turn, walk, who, backing_off.answered(before, to_the_end=outcome == "done"))
        return
    after = backing_off.silent(before)
    await _stand(turn, walk, who, after)
    if then == "silence" and backing_off.tells_of_silence(after, turn.services.handbook.rhythms.silence):
        await _tell_of_silence(turn, walk, quietly=True)


async def offer(turn: Turn, person: Person, moment_id: int | None, outcome: str | None) -> str | None:
    """The flow that follows a check-in which went well again and again; None when there is nothing to offer."""
    if outcome != "done" or moment_id is None or LONGER not in turn.services.book:
        return None
    who = await _fresh(turn, person)
    if not backing_off.offers_less(Standing.of(who), turn.services.handbook.rhythms.back_off):
        return None
    await people.change(turn.tx, who.id, good_streak=0)
    return LONGER


async def _fresh(turn: Turn, person: Person) -> Person:
    """As the rows are now: an event before this one may have changed them."""
    found = await people.by_id(turn.tx, turn.services.keyring, person.id)
    assert found is not None
    return found


async def _began(turn: Turn, walk: Walk) -> Moment | None:
    return None if walk.moment_id is None else await moments.by_id(turn.tx, walk.moment_id)


def _is_check_in(turn: Turn, moment: Moment | None) -> bool:
    """Whether it belongs to what comes again and again: those are what somebody may get less of."""
    if moment is None:
        return False
    rhythms = turn.services.handbook.rhythms
    lines = [*rhythms.always, *(line for preset in rhythms.presets.values() for line in preset.lines)]
    return moment.done_by == "bot" and any(line.kind == moment.kind and line.every is not None for line in lines)


async def _stand(turn: Turn, walk: Walk, who: Person, after: Standing) -> None:
    before = Standing.of(who)
    if after == before:
        return
    await people.change(turn.tx, who.id, **asdict(after))
    if after.stretch == before.stretch:
        return
    await contact.replan(turn.tx, turn.services, who.id, turn.now, "contact as before")
    if walk.coach:
        text = turn.say(walk.coach, "{name} krijgt de vragen weer zo vaak als eerst.", name=who.name)
        await veil.news(turn, walk.coach, who, text)


async def _tell_of_silence(turn: Turn, walk: Walk, *, quietly: bool = False) -> None:
    if walk.coach:
        item = Item("silence", "soon", "silence", "Heeft niet geantwoord op de vragen.", None, turn.now)
        await alerting.add(turn, walk.person, walk.coach, item, quietly=quietly)
