"""A coach makes a handover in the chat: chooses whose, fills it in, brings the employer, lets the parties read it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.caseload import access, handovers, progress
from bot.caseload.access import Action, Subject
from bot.caseload.handovers import Case
from bot.storage import buttons, people, placements, runs
from bot.storage import handovers as rows
from bot.storage.buttons import ButtonRow
from bot.storage.people import Person
from bot.turns.handover import agreeing, inviting, making_effects, making_employer, making_view, making_walk, unread
from bot.turns.handover.making_walk import case_for
from bot.turns.inbound import Inbound
from bot.turns.outgoing import Outgoing
from bot.turns.seeing import at_a_glance
from bot.turns.turn import Turn, Wanted

COMMAND = "/overdracht"
EMPLOYER = "handover-employer"
"""The script that asks who the contact person is."""
NEW = "new"
"""The key of «somebody else», where contact persons are known already."""
SURE = "sure"
"""The key of a second tap, on what cannot be undone."""


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap on a button of this placement; `message` is where the button stood."""

    coach: Person
    case: Case
    action: str
    key: str
    message: int | None


async def choose(turn: Turn, coach: Person) -> str:
    """Whose handover? The coach's own participants, each behind a tap."""
    access.require(coach, Action.SEE_CASELOAD, Subject(0, coach.id))
    theirs = await people.participants_of(turn.tx, turn.services.keyring, coach.id)
    wanted = [[Wanted(one.name, "handover", one.id)] for one in theirs]
    text = turn.say(coach, "Van wie is de overdracht?") if theirs else turn.say(coach, "Je hebt nog geen deelnemers.")
    await turn.send(coach, Outgoing("send", text, await turn.buttons(coach, wanted)))
    return "handover"


async def _participant(turn: Turn, coach: Person, participant_id: int, needed: Action) -> Person:
    own = await people.coach_of(turn.tx, turn.services.keyring, participant_id)
    access.require(coach, needed, Subject(participant_id, own.id if own else None))
    who = await people.by_id(turn.tx, turn.services.keyring, participant_id)
    assert who is not None
    return who


async def _of_participant(turn: Turn, coach: Person, participant_id: int) -> None:
    """This participant's placements: the only one at once, several to choose from, none to begin with."""
    who = await _participant(turn, coach, participant_id, Action.SEE_PLACEMENT)
    every = await placements.of_participant(turn.tx, await turn.key(who.id))
    found = [one for one in every if one.state == "open"]
    if len(found) == 1:
        await making_view.overview(turn, coach, await case_for(turn, coach, found[0].id, Action.SEE_PLACEMENT))
        return
    wanted = [[Wanted(making_view.place_name(turn, coach, one), "placement", one.id)] for one in found]
    text = turn.say(coach, "{name}: kies een plek.", name=who.name)
    if not found:
        text = turn.say(coach, "Voor {name} is er nog geen overdracht.", name=who.name)
        wanted = [[Wanted(turn.say(coach, "Begin de overdracht"), "new_placement", who.id)]]
    await turn.send(coach, Outgoing("send", text, await turn.buttons(coach, wanted)))


async def _new_placement(turn: Turn, coach: Person, button: ButtonRow) -> str:
    """A first place, or another one beside it; the first item says what it is."""
    who = await _participant(turn, coach, button.about or 0, Action.EDIT_HANDOVER)
    if not await buttons.use(turn.tx, button.token, turn.now):  # a second tap makes no second place
        await _of_participant(turn, coach, who.id)
        return "old button"
    today = turn.services.calendar.local(turn.now).date()
    made = await placements.make(turn.tx, await turn.key(who.id), today, turn.now)
    await making_walk.go_on(turn, coach, await case_for(turn, coach, made, Action.EDIT_HANDOVER), None)
    return "handover"


async def tapped(turn: Turn, coach: Person, button: ButtonRow, inbound: Inbound) -> str:
    """Deal with a tap on one of a handover's buttons."""
    if button.action == "handovers":
        return await choose(turn, coach)
    if button.action == "handover":
        await _of_participant(turn, coach, button.about or 0)
        return "handover"
    if button.action == "new_placement":
        return await _new_placement(turn, coach, button)
    needed, deal = TAPS[button.action]
    case = await case_for(turn, coach, button.about, needed)
    tap = Tap(coach, case, button.action, button.key or "", inbound.message)
    return await deal(turn, tap) or "handover"


async def _overview(turn: Turn, tap: Tap) -> None:
    await making_view.overview(turn, tap.coach, tap.case, tap.message)


async def _glance(turn: Turn, tap: Tap) -> None:
    await at_a_glance.show(turn, tap.coach, tap.case, tap.message)


async def _parts(turn: Turn, tap: Tap) -> None:
    await making_view.parts(turn, tap.coach, tap.case, tap.message)


async def _part(turn: Turn, tap: Tap) -> None:
    await making_view.items(turn, tap.coach, tap.case, tap.key, tap.message)


async def _item(turn: Turn, tap: Tap) -> None:
    """An empty item is asked about at once; of a filled one is shown what was agreed."""
    version, item = progress.newest(tap.case), turn.services.handbook.checklist.get(tap.key)
    one = version.item(tap.key) if version else None
    if item is None:  # an admin took it out of the checklist since
        await making_view.parts(turn, tap.coach, tap.case, tap.message)
    elif one is None or tap.action == "change_item":
        await _say_if_read(turn, tap)
        await making_walk.begin(turn, tap.coach, tap.case, making_walk.FLOWS[item.kind], item.key)
    else:
        await making_view.agreement(turn, tap.coach, tap.case, item, one, tap.message)


async def _drop(turn: Turn, tap: Tap) -> None:
    """Take an item out: in the draft, so that what was agreed counts until the parties read the new version."""
    keyring, item = turn.services.keyring, turn.services.handbook.checklist.get(tap.key)
    version = progress.newest(tap.case)
    if version is not None and version.item(tap.key) is not None:
        draft = await handovers.draft(turn.tx, keyring, tap.case, making_effects.standard(turn), turn.now)
        await rows.drop(turn.tx, draft, tap.key)
    after = await case_for(turn, tap.coach, tap.case.placement.id, Action.EDIT_HANDOVER)
    await making_view.items(turn, tap.coach, after, item.part if item else "", tap.message)


async def _next(turn: Turn, tap: Tap) -> None:
    """Go on where the coach was: at the open question, or behind the item that was done last."""
    run = await making_walk.open_run(turn, tap.coach)
    if run is not None and run.placement_id == tap.case.placement.id:
        await making_walk.ask_again(turn, tap.coach, run)
        return
    last = await runs.last_item(turn.tx, tap.coach.id, tap.case.placement.id)
    item = progress.first_empty(turn.services.handbook.checklist, tap.case, last)
    if item is None:
        await making_view.overview(turn, tap.coach, tap.case)
    else:
        await _say_if_read(turn, tap)
        await making_walk.begin(turn, tap.coach, tap.case, making_walk.FLOWS[item.kind], item.key)


async def _say_if_read(turn: Turn, tap: Tap) -> None:
    """A change takes back what the parties are reading now: the coach knows that before making one."""
    if tap.case.offered is not None:
        await turn.tell(tap.coach, "De afspraken worden nu gelezen. Verander je iets? Laat ze daarna opnieuw lezen.")


async def _employer_in(turn: Turn, tap: Tap) -> None:
    """Who is the contact person? Somebody the coach works with already, or somebody new."""
    here = tap.case.placement.id
    if tap.case.employer is not None:
        await making_view.overview(turn, tap.coach, tap.case, tap.message)
        return
    known = await making_employer.known(turn, tap.coach)
    if not known or tap.key == NEW:
        await making_walk.begin(turn, tap.coach, tap.case, EMPLOYER)
        return
    wanted = [[Wanted(one.name, "known_employer", here, key=str(one.id))] for one in known]
    wanted.append([Wanted(turn.say(tap.coach, "Iemand anders"), "employer_in", here, key=NEW)])
    text = turn.say(tap.coach, "Wie is de contactpersoon?")
    await making_view.show(turn, tap.coach, here, text, wanted, tap.message)


async def _known_employer(turn: Turn, tap: Tap) -> None:
    who = next((one for one in await making_employer.known(turn, tap.coach) if str(one.id) == tap.key), None)
    if who is not None and tap.case.employer is None:
        await making_employer.tie(turn, tap.case.placement.id, who.id)
    after = await case_for(turn, tap.coach, tap.case.placement.id, Action.EDIT_HANDOVER)
    await making_view.overview(turn, tap.coach, after, tap.message)


async def _employer_code(turn: Turn, tap: Tap) -> str | None:
    who = tap.case.employer
    if who is None or who.chat_id is not None:  # a second code would let somebody else take the place of who is in
        await making_view.overview(turn, tap.coach, tap.case, tap.message)
        return "old button"
    await inviting.show(turn, tap.coach, who)
    return "invited"


async def _employer_out(turn: Turn, tap: Tap) -> None:
    """Agreements between two. Whoever is in already is put out only after a second tap."""
    who, coach, here = tap.case.employer, tap.coach, tap.case.placement.id
    if who is not None and who.chat_id is not None and tap.key != SURE:
        text = turn.say(coach, "{name} kan de afspraken dan niet meer lezen. Weet je het zeker?", name=who.name)
        sure = Wanted(turn.say(coach, "Ja, zonder werkgever"), "employer_out", here, key=SURE)
        back = Wanted(turn.say(coach, "Terug"), "placement", here)
        await making_view.show(turn, coach, here, text, [[sure], [back]], tap.message)
        return
    if who is not None and (tap.case.in_force or tap.case.offered):
        await unread.without_employer(turn, coach, tap.case)
    elif who is not None:
        await making_employer.take_out(turn, tap.case)
    after = await case_for(turn, coach, here, Action.EDIT_HANDOVER)
    await making_view.overview(turn, coach, after, tap.message)


async def _who_joined(turn: Turn, tap: Tap) -> str:
    right = tap.action == "is_employer"
    return await making_employer.confirmed(turn, tap.coach, tap.case, tap.key, right=right)


async def _offer(turn: Turn, tap: Tap) -> str | None:
    """Let the parties read the draft. What can hardly be missed is named once, with the way to fill it in."""
    making, here = tap.case.in_making, tap.case.placement.id
    if making is None or making.handover.state != "draft" or not making.agreements:
        await making_view.overview(turn, tap.coach, tap.case, tap.message)
        return "old button"
    if tap.case.participant.chat_id is None:
        text = turn.say(tap.coach, "{name} is nog niet aangemeld, en leest als eerste.", name=tap.case.participant.name)
        label = turn.say(tap.coach, "Nodig {name} uit", name=tap.case.participant.name)
        await making_view.show(turn, tap.coach, here, text, [[Wanted(label, "invite", tap.case.participant.id)]], None)
        return None
    missing = progress.missing(turn.services.handbook.checklist, tap.case)
    if missing and tap.action != "offer_anyway":
        translate = turn.services.texts.script(tap.coach.language)
        wanted = [[Wanted(translate(item.title), "item", here, key=item.key)] for item in missing]
        wanted.append([Wanted(turn.say(tap.coach, "Laat toch lezen"), "offer_anyway", here)])
        text = turn.say(tap.coach, "Dit is nog niet ingevuld. Tik erop om het in te vullen.")
        await making_view.show(turn, tap.coach, here, text, wanted, None)
        return None
    await handovers.offer(turn.tx, turn.services.keyring, tap.case, turn.now)
    offered = await case_for(turn, tap.coach, here, Action.EDIT_HANDOVER)
    text = turn.say(tap.coach, "{name} krijgt de afspraken nu om te lezen.", name=tap.case.participant.name)
    await making_view.show(turn, tap.coach, here, text, [], None)
    await agreeing.ask_next(turn, offered)
    return "offered"


TAPS: dict[str, tuple[Action, Callable[[Turn, Tap], Awaitable[str | None]]]] = {
    "placement": (Action.SEE_PLACEMENT, _overview),
    "glance": (Action.SEE_PLACEMENT, _glance),
    "parts": (Action.SEE_PLACEMENT, _parts),
    "part": (Action.SEE_PLACEMENT, _part),
    "item": (Action.EDIT_HANDOVER, _item),
    "change_item": (Action.EDIT_HANDOVER, _item),
    "drop_item": (Action.EDIT_HANDOVER, _drop),
    "next_item": (Action.EDIT_HANDOVER, _next),
    "employer_in": (Action.EDIT_HANDOVER, _employer_in),
    "known_employer": (Action.EDIT_HANDOVER, _known_employer),
    "employer_code": (Action.INVITE, _employer_code),
    "employer_out": (Action.EDIT_HANDOVER, _employer_out),
    "is_employer": (Action.CONFIRM_JOIN, _who_joined),
    "not_employer": (Action.CONFIRM_JOIN, _who_joined),
    "offer": (Action.EDIT_HANDOVER, _offer),
    "offer_anyway": (Action.EDIT_HANDOVER, _offer),
}
"""What each button of a placement does, and what somebody must be allowed to do for it."""
ACTIONS = ("handovers", "handover", "new_placement", *TAPS)
