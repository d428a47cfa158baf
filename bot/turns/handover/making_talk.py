"""A coach between a handover and a talk: whose their words are, and the way back to the open question."""

from __future__ import annotations

from bot.caseload import access
from bot.caseload.access import Action, Subject
from bot.storage import messages, outbox, runs
from bot.storage.alerts import Alert
from bot.storage.buttons import ButtonRow
from bot.storage.people import Person
from bot.storage.runs import RunRow
from bot.turns import participant
from bot.turns.handover import making_walk
from bot.turns.inbound import Inbound
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted
from flows.engine.inputs import Pressed, Tapped, Typed


async def means(turn: Turn, run: RunRow, inbound: Inbound) -> bool:
    """Whether these words answer the open question of a handover: a reply to it, or soon after it was asked."""
    if inbound.reply_to is None:
        return making_walk.listens(turn, run)
    about = await outbox.by_telegram_id(turn.tx, inbound.chat, inbound.reply_to)
    return about is not None and about.kind == "run" and about.id == run.id


async def tapped(turn: Turn, coach: Person, button: ButtonRow, inbound: Inbound) -> str:
    """A button of the open question of a handover, or the way back to it."""
    access.require(coach, Action.ANSWER, Subject(button.person_id))
    run = await making_walk.open_run(turn, coach)
    if run is None:
        await turn.tell(coach, "Die vraag is al klaar. Verder gaan kan met /overdracht")
        return "old button"
    if button.action == "go_on" or run.id != button.about or run.turn != button.turn:
        await making_walk.ask_again(turn, coach, run)
        return "old button"
    given = Tapped(button.key or "") if button.action == "answer" else Pressed(participant.word(button.key))
    return await making_walk.answer(turn, coach, run, given, inbound.message)


async def answered_after_all(turn: Turn, coach: Person, button: ButtonRow) -> str:
    """Words that were asked about turn out to answer the open question."""
    access.require(coach, Action.ANSWER, Subject(button.person_id))
    run = await making_walk.open_run(turn, coach)
    written = await messages.by_id(turn.tx, await turn.key(coach.id), button.about or 0)
    if run is None or written is None or written.outcome != messages.UNADDRESSED:
        await turn.tell(coach, "Die vraag is al klaar. Verder gaan kan met /overdracht")
        return "old button"
    await messages.forget(turn.tx, written.id)
    return await making_walk.answer(turn, coach, run, Typed(written.body))


async def wait(turn: Turn, coach: Person) -> None:
    """Say which of the two the coach's words go to now, and how to get back to the other."""
    run = await making_walk.open_run(turn, coach)
    await runs.unheard(turn.tx, coach.id)
    back = Wanted(turn.say(coach, "Verder met de overdracht"), "go_on", coach.id)
    text = turn.say(coach, "De overdracht wacht zolang.")
    if run is not None and run.participant_id is not None:
        back = Wanted(turn.say(coach, "Verder met de vraag"), "go_on", coach.id)
        text = turn.say(coach, "De open vraag wacht zolang.")
    await turn.send(coach, Outgoing("send", text, await turn.buttons(coach, [[back]])))


async def come_back(turn: Turn, coach: Person, alert: Alert) -> None:
    """The coach's words went to this alert's participant and do no longer: an open question of a handover is next."""
    run = await making_walk.open_run(turn, coach)
    if run is not None and coach.focus_alert_id == alert.id:
        await making_walk.ask_again(turn, coach, run)
