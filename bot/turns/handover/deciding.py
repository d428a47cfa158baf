"""A party's taps on what it was asked: each is a row in a log that only grows, and leads to the next question."""

from __future__ import annotations

from bot.caseload import access, handovers
from bot.caseload.access import Action
from bot.caseload.handovers import Case, Version
from bot.storage import handovers as rows
from bot.storage import timers
from bot.storage.alerts import Item
from bot.storage.buttons import ButtonRow
from bot.storage.handovers import Agreement
from bot.storage.outbox import About
from bot.storage.people import Person
from bot.texts import N_
from bot.turns import alerting, veil
from bot.turns.handover import agreeing, asking, view
from bot.turns.handover.agreeing import READ_VIEW
from bot.turns.handover.asking import ACCEPT, DECIDE, DECIDE_ALL, EACH
from bot.turns.inbound import Inbound
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn

NEEDED = {
    READ_VIEW: Action.READ_VIEW,
    DECIDE: Action.DECIDE,
    DECIDE_ALL: Action.DECIDE,
    ACCEPT: Action.DECIDE,
}
TICK = "✓"
NOT_RIGHT = {
    "participant": N_("Goed dat je het zegt. {coach} krijgt dit en past het aan.\n\nWat klopt er niet? Typ het hier."),
    "employer": N_("Dank u wel. {coach} krijgt dit en past het aan.\n\nWat klopt er niet? Typ het hier."),
}
IN_THE_MAKING = {
    "participant": N_("{coach} werkt nog aan de afspraken. Je krijgt een bericht als ze klaar zijn."),
    "employer": N_("{coach} werkt nog aan de afspraken. U krijgt een bericht als ze klaar zijn."),
}
DECIDED = {
    "participant": N_("Dank je wel. Je krijgt een bericht als de afspraken gelden."),
    "employer": N_("Dank u wel. U krijgt een bericht als de afspraken gelden."),
}
NOTHING = {
    "participant": N_("Er ligt nu niets voor je klaar."),
    "employer": N_("Er ligt nu niets voor u klaar. Typ /afspraken voor wat er nu geldt."),
}


async def tapped(turn: Turn, who: Person, button: ButtonRow, inbound: Inbound) -> str:
    """Deal with a tap of a participant or an employer on one of their own buttons about a handover."""
    case = await handovers.case(turn.tx, turn.services.keyring, button.about or 0)
    if case is None:
        raise access.Denied(button.action)
    access.require(who, NEEDED[button.action], agreeing.subject(case))
    version = case.offered
    if version is None or case.next_party() != who.id:
        await not_now(turn, who, case)
        return "old button"
    if button.action == READ_VIEW:
        await read(turn, who, case, version, inbound.message)
        return "read"
    if button.action == DECIDE:
        return await _decide(turn, who, case, version, button, inbound.message)
    if button.step != asking.stamp(version):
        return await _changed_since(turn, who, case, version)
    if button.action == DECIDE_ALL:
        return await _decide_all(turn, who, case, version, button.key or "", inbound.message)
    return await _accept(turn, who, case, version, inbound.message, yes=button.key == "yes")


async def read(turn: Turn, who: Person, case: Case, version: Version, on: int | None = None) -> None:
    """The version with the question that is open."""
    await agreeing.wait(turn, version.handover.id, who)
    await asking.show(turn, who, case, version, on)
    await asking.ask(turn, who, case, version)


async def not_now(turn: Turn, who: Person, case: Case) -> None:
    """Somebody else's turn, or nobody's. An employer learns nothing of what is not yet theirs to read."""
    if case.offered is not None and case.offered.said_yes(who.id):
        await turn.tell(who, DECIDED[who.role])
    elif case.in_making is not None and (who.role == "participant" or case.in_force is None):
        await turn.tell(who, IN_THE_MAKING[who.role], coach=agreeing.coach_name(turn, who, case))
    else:
        await turn.tell(who, NOTHING[who.role])


async def _changed_since(turn: Turn, who: Person, case: Case, version: Version) -> str:
    await turn.tell(who, "De afspraken zijn intussen veranderd. Dit zijn ze nu.")
    await read(turn, who, case, version)
    return "old button"


async def _answered(turn: Turn, who: Person, case: Case, text: str, chosen: str, message: int | None) -> None:
    """The question without its buttons, and under it what was chosen."""
    if message is not None:
        edit = Outgoing("edit", f"{text}\n\n{TICK} {chosen}", message=message, in_place=True)
        await turn.send(who, edit, *asking.about(who, case))


async def _go_on(turn: Turn, who: Person, case: Case) -> str:
    case = await agreeing.again(turn, case.placement.id)
    assert case.offered is not None
    await agreeing.wait(turn, case.offered.handover.id, who)
    await asking.ask(turn, who, case, case.offered, one_by_one=True)
    return "decided"


async def _decide(turn: Turn, who: Person, case: Case, version: Version, button: ButtonRow, message: int | None) -> str:
    found = [one for one in version.to_decide(who.id) if (one[0].id, one[1]) == (button.turn, button.step)]
    if not found and button.turn in {one.id for one in view.seen_by(who, version)}:
        await turn.tell(who, "Die knop is van een eerdere vraag.")
        await asking.ask(turn, who, case, version, one_by_one=True)
        return "old button"
    if not found:
        return await _changed_since(turn, who, case, version)
    (one, direction), yes = found[0], button.key == "yes"
    await rows.decide(turn.tx, one.id, who.id, direction, "yes" if yes else "no", turn.now)
    *_, text = asking.question(turn, who, case, one, direction)
    if direction == "agree" and not yes:
        await _answered(turn, who, case, text, turn.say(who, "Nee, dit klopt niet"), message)
        return await _not_right(turn, who, case, version, one)
    agreed = turn.say(who, "Ja, klopt") if direction == "agree" else turn.say(who, "Ja")
    refused = turn.say(who, "Nee. Dat is goed en heeft geen gevolgen.")
    await _answered(turn, who, case, text, agreed if yes else refused, message)
    return await _go_on(turn, who, case)


async def _decide_all(turn: Turn, who: Person, case: Case, version: Version, key: str, message: int | None) -> str:
    wanted = [one for one, direction in version.to_decide(who.id) if direction == "to_employer"]
    if wanted and key != EACH:
        for one in wanted:
            await rows.decide(turn.tx, one.id, who.id, "to_employer", "yes" if key == "yes" else "no", turn.now)
        text = asking.sharing_question(turn, who, case, wanted)
        none = turn.say(who, "Niets delen. Dat is goed en heeft geen gevolgen.")
        await _answered(turn, who, case, text, turn.say(who, "Alles delen") if key == "yes" else none, message)
    return await _go_on(turn, who, case)


async def _accept(turn: Turn, who: Person, case: Case, version: Version, message: int | None, *, yes: bool) -> str:
    if version.to_decide(who.id):
        return await _go_on(turn, who, case)
    await rows.accept(turn.tx, version.handover.id, who.id, "yes" if yes else "no", turn.now)
    chosen = turn.say(who, "Ja, dit klopt") if yes else turn.say(who, "Nee, dit klopt niet")
    await _answered(turn, who, case, asking.whole_question(turn, who), chosen, message)
    if not yes:
        return await _not_right(turn, who, case, version, None)
    case = await agreeing.again(turn, case.placement.id)
    if case.next_party() is not None:
        await turn.tell(who, DECIDED[who.role])
    await agreeing.ask_next(turn, case)
    return "agreed"


async def _not_right(turn: Turn, who: Person, case: Case, version: Version, one: Agreement | None) -> str:
    """Back to the coach. A participant's no is an alert; an employer's is news, and never on the participant's line."""
    await rows.change(turn.tx, version.handover.id, state="draft", offered_at=None)
    await timers.stale_for(turn.tx, timers.OF_A_HANDOVER, version.handover.id)
    await turn.tell(who, NOT_RIGHT[who.role], coach=agreeing.coach_name(turn, who, case))
    coach = case.coach
    if coach is None:
        return "not agreed"
    about = turn.say(coach, "de afspraken") if one is None else view.title(turn, coach, one.item)
    if who.id == case.participant.id:
        body = turn.say(coach, "Zegt dat iets niet klopt: {about}. Pas het aan en laat het opnieuw lezen.", about=about)
        await alerting.add(turn, who, coach, Item("flag", "today", "handover", body, None, turn.now))
        return "not agreed"
    text = turn.say(
        coach,
        "{employer} zegt dat iets niet klopt in de afspraken met {name}: {about}. Pas het aan en laat het opnieuw "
        "lezen. Antwoord op dit bericht, dan krijgt {employer} het.",
        employer=who.name,
        name=case.participant.name,
        about=about,
    )
    neutral = turn.say(coach, "Er is nieuws over een deelnemer.")
    await veil.send(turn, coach, Outgoing("send", text), neutral, About("employer", who.id))
    return "not agreed"
