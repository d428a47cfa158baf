"""The contact person at the work place: brought in by the coach, joined by a scan, and taken out again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.caseload import handovers
from bot.caseload.handovers import Case
from bot.storage import buttons, erase, outbox, people, placements
from bot.storage import handovers as rows
from bot.storage.people import Person
from bot.texts import N_, SOURCE
from bot.turns import veil
from bot.turns.handover import agreeing, asking, inviting, sharing, view
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted

if TYPE_CHECKING:  # the registry of effects imports this module
    from bot.turns.effects import Walk

LONGEST_NAME = 60
"""It stands on buttons and in every message about somebody."""
OLD_BUTTONS = (asking.DECIDE, asking.DECIDE_ALL, asking.ACCEPT, sharing.SHARE)
"""What was asked or shown of sharing with one person is not about the next."""
SOON = timedelta(microseconds=1)
WELCOME = N_(
    "Welkom, {name}. Hier leest u wat er is afgesproken over het werk. U ziet alleen wat de deelnemer met u "
    "deelt.\n\nTyp /afspraken om de afspraken te lezen. Typt u iets anders, dan krijgt de coach uw bericht.\n\n"
    "Ik ben een automatische assistent, geen mens."
)
NOT_HERE = N_("Deze afspraken zijn hier niet meer te lezen.")
NOT_YOURS = N_("Deze uitnodiging was voor iemand anders. Hier komen geen berichten meer.")


async def bring(turn: Turn, walk: Walk, arguments: dict[str, str]) -> None:
    """Effect `bring_employer`: the contact person whom the coach named, with a code to scan."""
    assert walk.placement_id is not None
    name = " ".join(arguments["who"].split())
    if len(name) > LONGEST_NAME:
        walk.made.refused.append(turn.say(walk.person, "Die naam is te lang. Schrijf alleen de naam op."))
        return
    made = await people.add(turn.tx, turn.services.keyring, "employer", name, SOURCE, turn.now)
    await tie(turn, walk.placement_id, made)
    who = await people.by_id(turn.tx, turn.services.keyring, made)
    assert who is not None
    walk.made.kept = True
    await inviting.show(turn, walk.person, who)


async def tie(turn: Turn, placement_id: int, employer_id: int | None) -> None:
    """Make this person (or nobody) the contact of a placement.

    What the participant shared was for somebody else. What counts or is being read goes back to a draft, for the
    coach to let it be read again; and a button that is about sharing with the one before does nothing any more.
    """
    before = await agreeing.again(turn, placement_id)
    key = await turn.key(before.participant.id)
    reader = before.placement.reader + 1
    await placements.change(turn.tx, key, placement_id, employer_id=employer_id, reader=reader)
    asked = [one.id for one in (before.participant, before.employer) if one is not None]
    await buttons.drop(turn.tx, asked, OLD_BUTTONS, placement_id)
    case = await agreeing.again(turn, placement_id)
    begun = case.in_force or case.offered
    if employer_id is None or begun is None:
        return
    await handovers.draft(turn.tx, turn.services.keyring, case, begun.agreed, turn.now)
    if case.coach is not None:
        text = turn.say(
            case.coach,
            "De contactpersoon van {name} is veranderd. Laat de afspraken opnieuw lezen.",
            name=case.participant.name,
        )
        offer = Wanted(turn.say(case.coach, "Laat lezen"), "offer", placement_id)
        await agreeing.tell_coach(turn, case, text, [[offer]])


async def take_out(turn: Turn, case: Case) -> None:
    """From now on these agreements are between participant and coach; the contact person sees nothing any more."""
    who = case.employer
    assert who is not None
    await _drop_numbers(turn, case)
    await tie(turn, case.placement.id, None)
    if await placements.of_employer(turn.tx, turn.services.keyring, who.id):
        await view.take_back(turn, who, case.placement.id)
        return
    await _erase(turn, who, [case.placement.id], NOT_HERE)


async def _drop_numbers(turn: Turn, case: Case) -> None:
    """A phone number that the contact person did not let the participant see goes with them."""
    key = await turn.key(case.participant.id)
    for version in (case.in_force, case.in_making):
        for one, shown in zip(version.agreements, version.participant_sees(), strict=True) if version else ():
            if one != shown:
                await rows.set_details(turn.tx, key, one.id, shown.details)


async def forget(turn: Turn, participant_id: int) -> None:
    """Before a participant is erased: what any contact person has on the screen of them is taken back."""
    keyring = turn.services.keyring
    own = await placements.of_participant(turn.tx, await turn.key(participant_id))
    for employer_id in dict.fromkeys(one.employer_id for one in own if one.employer_id is not None):
        who = await people.by_id(turn.tx, keyring, employer_id)
        assert who is not None
        theirs = await placements.of_employer(turn.tx, keyring, employer_id)
        shown = [one.id for one in theirs if one.participant_id == participant_id]
        if len(shown) == len(theirs):
            await _erase(turn, who, shown, NOT_HERE)
        else:
            for placement_id in shown:
                await view.take_back(turn, who, placement_id)


async def _erase(turn: Turn, who: Person, shown: Sequence[int], instead: str) -> None:
    """Forget a contact person; what was shown of these placements gives way to one sentence on their screen."""
    edits: list[Outgoing] = []
    if who.chat_id is not None:
        for placement_id in shown:
            for row in await outbox.take_back(turn.tx, who.chat_id, view.ABOUT, placement_id, turn.now + SOON):
                message = await outbox.telegram_id(turn.tx, row)
                # Its row goes with the person; that of what is still on its way stays until it arrived.
                later = None if message else row
                edits.append(Outgoing("edit", turn.say(who, instead), message=message, row=later, in_place=True))
    await erase.employer(turn.tx, turn.services.keyring, who.id)
    if who.chat_id is not None:
        for edit in edits:
            await turn.send_stranger(who.chat_id, edit)


async def known(turn: Turn, coach: Person) -> list[Person]:
    """The contact persons of this coach's participants: somebody joins once, however many placements there are."""
    found: dict[int, Person] = {}
    keyring = turn.services.keyring
    for participant in await people.participants_of(turn.tx, keyring, coach.id):
        for placement in await placements.of_participant(turn.tx, await turn.key(participant.id)):
            if placement.employer_id is not None and placement.employer_id not in found:
                who = await people.by_id(turn.tx, keyring, placement.employer_id)
                assert who is not None
                found[who.id] = who
    return [*found.values()]


async def joined(turn: Turn, employer: Person, telegram_name: str) -> None:
    """Ask the coach whether the right person scanned the code: a code may be passed on."""
    joined_as = str(employer.chat_id)
    for placement in (await placements.of_employer(turn.tx, turn.services.keyring, employer.id))[:1]:
        case = await handovers.case(turn.tx, turn.services.keyring, placement.id)
        if case is None or case.coach is None:
            continue
        text = turn.say(
            case.coach,
            "{employer} doet mee, de werkgever van {name}. Op Telegram heet deze persoon: {telegram_name}. Klopt dat?",
            employer=employer.name,
            name=case.participant.name,
            telegram_name=telegram_name or "?",
        )
        yes = Wanted(turn.say(case.coach, "Ja, dat klopt"), "is_employer", placement.id, key=joined_as)
        no = turn.say(case.coach, "Dat is niet {name}", name=employer.name)
        shown = await turn.buttons(case.coach, [[yes], [Wanted(no, "not_employer", placement.id, key=joined_as)]])
        neutral = turn.say(case.coach, "Er is nieuws over een deelnemer.")
        about = outbox.About("placement", placement.id)
        await veil.send(turn, case.coach, Outgoing("send", text, shown), neutral, about)


async def confirmed(turn: Turn, coach: Person, case: Case, chat: str | None, *, right: bool) -> str:
    """The coach says who scanned the code. Somebody else is out at once, and the right person gets a new code."""
    who = case.employer
    if who is None or chat != str(who.chat_id):
        await turn.tell(coach, "Die persoon is al afgemeld.")
        return "old button"
    if right:
        await turn.tell(coach, "Dank je. Dan weet ik dat het {name} is.", name=who.name)
        if who.state != "active":
            await people.change(turn.tx, who.id, state="active")
            await turn.tell(who, WELCOME, name=who.name)
            await agreeing.joined(turn, who)
        return "confirmed"
    await _put_out(turn, coach, who)
    return "put out"


async def _put_out(turn: Turn, coach: Person, who: Person) -> None:
    """A new person takes the place of the wrong one, so that nothing which that one said yes to counts."""
    keyring, chat = turn.services.keyring, who.chat_id
    made = await people.add(turn.tx, keyring, "employer", who.name, who.language, turn.now)
    theirs = await placements.of_employer(turn.tx, keyring, who.id)
    for placement in theirs:
        await tie(turn, placement.id, made)
    await _erase(turn, who, [one.id for one in theirs], NOT_YOURS)
    if chat is not None:
        await turn.send_stranger(chat, Outgoing("send", turn.say(None, NOT_YOURS)))
    await turn.tell(coach, "Die persoon is afgemeld. Hieronder staat een nieuwe uitnodiging.")
    await inviting.show(turn, coach, replace(who, id=made, chat_id=None, state="invited"))
