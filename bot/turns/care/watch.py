"""What people hear of the nightly check: a coach to whom somebody's care comes back, and the admins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from bot.caseload import nightly
from bot.caseload.nightly import Found
from bot.storage import failures, outbox, people
from bot.storage.failures import Failure
from bot.storage.people import Person
from bot.texts import N_, listed
from bot.turns import failing, veil
from bot.turns.care import tasks
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn

Aside = Callable[[Callable[[Turn], Awaitable[None]]], Awaitable[None]]
"""Does its work in a turn that nobody's words caused."""

NO_COACH = N_("Deelnemers zonder volgend contact en zonder coach: {number}. Zoek voor hen een coach.")
LATE = N_("Contactmomenten die zijn blijven liggen: {number}. De klok van de assistent doet zijn werk niet goed.")
FAILED = N_("Deelnemers die ik vannacht niet kon nakijken: {number}. Hun nummers staan in het logboek.")
STUCK = N_("Berichten waarbij de assistent vastliep: {number}. Kijk in het logboek.")

UNREAD = "unread"
"""What a word to the admins is about when nobody gets what some participants write."""
UNREAD_EVERY = timedelta(days=7)


async def tell(aside: Aside, found: Found, now: datetime) -> None:
    """One turn for each person, and one for the admins; a turn that was done before says nothing twice."""
    alone = 0

    async def gives(turn: Turn, who_id: int) -> None:
        nonlocal alone
        alone += not await _back_to_the_coach(turn, who_id)

    for who_id in found.without:
        with nightly.alone(who_id, found.failed):
            await aside(lambda turn, who_id=who_id: gives(turn, who_id))  # type: ignore[misc]
    for who_id in found.much:
        with nightly.alone(who_id, found.failed):
            await aside(lambda turn, who_id=who_id: _much(turn, who_id, found))  # type: ignore[misc]

    async def last(turn: Turn) -> None:
        admins = await people.admins(turn.tx, turn.services.keyring)
        said = [one for one in found.stuck if one.reason == failing.SAID]
        numbers = (alone, NO_COACH), (found.late, LATE), (len(found.failed), FAILED), (len(said), STUCK)
        for number, dutch in numbers:
            for admin in admins if number else ():
                await turn.tell(admin, dutch, number=number)
        for admin in admins:
            await _unread(turn, admin, found)
            await _failed(turn, admin, found)
        if admins:  # else the first who joins hears of it
            await failures.told(turn.tx, found.stuck, found.unsent)
        await nightly.note(turn.tx, found, now)

    await aside(last)


async def _unread(turn: Turn, admin: Person, found: Found) -> None:
    """By number, as `achterdehand show participant` takes it: an admin reads no names here."""
    assert admin.chat_id is not None
    if not found.unread or await outbox.told_since(turn.tx, admin.chat_id, turn.now - UNREAD_EVERY, UNREAD):
        return
    text = turn.say(
        admin,
        "Deelnemers zonder coach die op Telegram te bereiken is: {numbers}. "
        "Niemand leest wat zij schrijven. Nodig de coach uit, of zoek een andere.",
        numbers=listed([str(one) for one in found.unread], admin.language),
    )
    await turn.send(admin, Outgoing("send", text), UNREAD)


async def _failed(turn: Turn, admin: Person, found: Found) -> None:
    """What nobody got, and what could not be sent: whose it is by number, and nothing of what was said."""
    unsaid = [one for one in found.stuck if one.reason != failing.SAID]
    if unsaid:
        await turn.tell(
            admin,
            "Berichten die niemand kreeg: {number} (van nummer {numbers}). "
            "Laat iemand vragen wat er was. Kijk in het logboek.",
            number=len(unsaid),
            numbers=_whose(admin, unsaid),
        )
    if found.unsent:
        why = Counter(one.reason for one in found.unsent)
        await turn.tell(
            admin,
            "Berichten die niet weg konden: {number} (aan nummer {numbers}). Reden: {reasons}. Kijk in het logboek.",
            number=len(found.unsent),
            numbers=_whose(admin, found.unsent),
            reasons=listed([f"{reason} ({number})" for reason, number in why.items()], admin.language),
        )


def _whose(reader: Person, failed: Sequence[Failure]) -> str:
    known = sorted({one.person_id for one in failed if one.person_id is not None})
    unknown = ["?"] if any(one.person_id is None for one in failed) else []
    return listed([*map(str, known), *unknown], reader.language)


async def _back_to_the_coach(turn: Turn, who_id: int) -> bool:
    """The rhythm is over and nothing follows: the coach plans the closing talk. False without a coach."""
    who = await people.by_id(turn.tx, turn.services.keyring, who_id)
    coach = await people.coach_of(turn.tx, turn.services.keyring, who_id)
    if who is None or coach is None:
        return who is None
    await tasks.close_or_wait(turn, coach, who)
    return True


async def _much(turn: Turn, who_id: int, found: Found) -> None:
    """Somebody writes ever more: numbers alone, for the coach to think about."""
    who = await people.by_id(turn.tx, turn.services.keyring, who_id)
    coach = await people.coach_of(turn.tx, turn.services.keyring, who_id)
    if who is None or coach is None or not nightly.shows_much(who, found, turn.services, turn.now):
        return
    await people.change(turn.tx, who_id, told_much_at=turn.now)
    text = turn.count(
        coach,
        "{name} schreef in één week {messages}. Past het contact nog bij wat jullie afspraken?",
        "{name} schreef in {n} weken {messages}. Past het contact nog bij wat jullie afspraken?",
        turn.services.handbook.rhythms.much.weeks,
        name=who.name,
        messages=turn.count(coach, "{n} bericht", "{n} berichten", found.much[who_id]),
    )
    await veil.news(turn, coach, who, text)
