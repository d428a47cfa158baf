"""Where the door lets danger go first: every text of everybody is looked at before anything else is done with it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from bot.caseload import access
from bot.caseload.access import Action, Subject
from bot.storage.attempt import Failed, attempt
from bot.storage.buttons import ButtonRow
from bot.storage.people import Person
from bot.turns import failing
from bot.turns.danger import asking, looking, others, road, sos, worry
from bot.turns.inbound import Inbound
from bot.turns.turn import Turn
from flows.safety import Finding

log = logging.getLogger(__name__)

ACTIONS = (road.SAFE, asking.DOUBT, sos.SOS)
"""The actions of our own buttons."""
OF_SCRIPTS = ("answer", "word")
"""Taps that would go on with a script: on the road of danger they wait."""

Usual = Callable[[Turn, Person, Inbound], Awaitable[str]]


async def meet(turn: Turn, who: Person, inbound: Inbound, usual: Usual) -> str:
    """Deal with an input that is no tap; `usual` is its way when it means no danger. Returns what became of it."""
    finding = await looking.at(turn, inbound, who.language)
    if who.role == "participant":
        return await _participant(turn, who, inbound, usual, finding)
    if sos.wanted(inbound) and who.role == "coach":
        return await others.sos_of_a_coach(turn, who)
    if sos.wanted(inbound):
        finding = Finding("red", certain=True, entry=sos.SOS)
    outcome = await usual(turn, who, inbound)
    await others.spoke(turn, who, finding)
    return outcome


async def _participant(turn: Turn, who: Person, inbound: Inbound, usual: Usual, finding: Finding) -> str:
    access.require(who, Action.WRITE, Subject(who.id))
    acute = finding.level in looking.ACUTE
    if acute and finding.certain:
        return await road.enter(turn, who, finding.level, inbound=inbound)
    if sos.wanted(inbound):
        return await sos.show(turn, who)
    known = await road.typed_answer(turn, who, inbound) or await asking.typed_answer(turn, who, inbound)
    if known is not None:
        return known
    alert = await road.open_one(turn, who)
    if alert is not None:
        return await road.words(turn, who, alert, inbound)
    if finding.level == "none":
        return await usual(turn, who, inbound)
    asked = None if acute else await worry.open_question(turn, who)
    outcome = await _first_the_usual(turn, who, inbound, usual)
    if turn.forgotten:
        return outcome
    if acute:
        await asking.ask(turn, who, finding.level, inbound)
    else:
        await worry.bring(turn, who, inbound, asked, certain=finding.certain)
    return outcome


async def _first_the_usual(turn: Turn, who: Person, inbound: Inbound, usual: Usual) -> str:
    """The normal way of words that worry us. If it breaks, they are with the coach, and we go on at once."""
    try:
        async with attempt(turn.tx):
            return await usual(turn, who, inbound)
    except Failed as failed:
        log.error("input %s worries us, and its normal way failed: %s", turn.inbox_id, failed)
        turn.forgotten = turn.passed_on = False
        await failing.apologise(turn, who, inbound)
        return "failed"


async def waits(turn: Turn, who: Person, button: ButtonRow) -> bool:
    """Whether a tap goes on with a script that must wait until a human has looked."""
    return who.role == "participant" and button.action in OF_SCRIPTS and await road.open_one(turn, who) is not None


async def tapped(turn: Turn, who: Person, button: ButtonRow) -> str:
    """Deal with a tap on one of our own buttons."""
    access.require(who, Action.WRITE, Subject(button.person_id))
    if button.action == sos.SOS:
        await sos.chosen(turn, who, button.key or sos.TALK)
    elif button.action == asking.DOUBT:
        await asking.answered(turn, who, button.key or "yes", button.step or "red")
    else:
        await road.answered(turn, who, button.key or "no")
    return button.action
