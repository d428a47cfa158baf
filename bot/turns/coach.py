"""What a coach writes and taps, brought to the room that deals with it."""

from __future__ import annotations

from bot.caseload import access
from bot.caseload.access import Action, Subject
from bot.storage import outbox, people
from bot.storage.buttons import ButtonRow
from bot.storage.people import Person
from bot.turns import employer, reminding
from bot.turns.care import care_effects, tasks
from bot.turns.coaching import answering, dealing, joining, overview
from bot.turns.following import ladder, noting
from bot.turns.handover import making, making_talk, making_walk, unread
from bot.turns.inbound import Inbound
from bot.turns.outgoing import Outgoing
from bot.turns.participant import COMMANDS
from bot.turns.turn import Turn
from flows.engine.inputs import Pressed, Typed

HELP = "/help"


async def welcome(turn: Turn, coach: Person) -> None:
    """The coach's first words from us, with a button for each participant who still must be invited.

    Then whatever came before the coach did: who joined, and what they wrote.
    """
    text = turn.say(
        coach,
        "Welkom, {name}. Hier krijg je meldingen van je deelnemers. Tik op Bekijken om een melding te lezen. "
        "Antwoord met een knop, of typ een antwoord op de melding. Ik ben een automatische assistent.",
        name=coach.name,
    )
    theirs = await people.participants_of(turn.tx, turn.services.keyring, coach.id)
    await turn.send(coach, Outgoing("send", text, await turn.buttons(coach, joining.to_invite(turn, coach, theirs))))
    for one in theirs:
        if one.chat_id is not None:
            await joining.ask_who(turn, coach, one)
    await waited(turn, coach)


async def waited(turn: Turn, coach: Person) -> None:
    """This coach can be reached from now on: announce what waits, and show what employers wrote meanwhile."""
    await reminding.of_all(turn, coach)
    await employer.show_unread(turn, coach)


async def handle(turn: Turn, coach: Person, inbound: Inbound) -> str:
    """Deal with one input of a coach that is no tap. Returns what became of it."""
    access.require(coach, Action.SEE_CASELOAD, Subject(0, coach.id))
    if inbound.kind == "edit":
        await turn.tell(coach, "Een verstuurd bericht kan ik niet aanpassen. Stuur een nieuw bericht.")
        return "edit"
    run = await making_walk.open_run(turn, coach)
    word = COMMANDS.get(inbound.text.strip().lower()) if run and inbound.kind == "text" else None
    if run and word and not inbound.forwarded:
        return await making_walk.answer(turn, coach, run, Pressed(word))
    if inbound.kind == "text" and inbound.text.startswith("/"):
        return await _command(turn, coach, inbound.text)
    if inbound.kind != "text" or inbound.forwarded:
        await turn.tell(coach, "Ik kan van jou alleen getypte tekst doorsturen.")
        return "not passed on"
    employer_id = await _employer_meant(turn, inbound)
    if employer_id is not None:
        return await employer.answer(turn, coach, employer_id, inbound.text)
    alert = await answering.meant(turn, coach, inbound)
    if alert is not None:
        await answering.reply(turn, coach, alert, inbound.text)
        return "passed on"
    if run is not None and await making_talk.means(turn, run, inbound):
        return await making_walk.answer(turn, coach, run, Typed(inbound.text))
    return await answering.ask_for_whom(turn, coach, inbound, run)


async def _command(turn: Turn, coach: Person, text: str) -> str:
    if text.strip().lower() == making.COMMAND:
        return await making.choose(turn, coach)
    if text.strip().lower() == tasks.COMMAND:
        return await tasks.overview(turn, coach)
    if text.strip().lower() == noting.COMMAND:
        return await noting.choose(turn, coach)
    if text.strip().lower() == ladder.COMMAND:
        return await ladder.choose(turn, coach)
    if text.strip().lower() == HELP:
        return await overview.what_to_type(turn, coach)
    return await overview.show(turn, coach)


async def _employer_meant(turn: Turn, inbound: Inbound) -> int | None:
    """The employer whose words the coach replies to."""
    if inbound.reply_to is None:
        return None
    about = await outbox.by_telegram_id(turn.tx, inbound.chat, inbound.reply_to)
    return about.id if about is not None and about.kind == employer.ABOUT else None


async def tapped(turn: Turn, coach: Person, button: ButtonRow, inbound: Inbound) -> str:
    """Deal with a tap on one of this coach's own buttons."""
    if button.action in dealing.NEEDED:
        return await dealing.tapped(turn, coach, button, inbound)
    if button.action in tasks.ACTIONS:
        return await tasks.tapped(turn, coach, button, inbound)
    if button.action == noting.ACTION:
        return await noting.tapped(turn, coach, button)
    if button.action in ladder.ACTIONS:
        return await ladder.tapped(turn, coach, button, inbound)
    if button.action == care_effects.ENDED:
        return await care_effects.which_job(turn, coach, button)
    if button.action in making.ACTIONS:
        return await making.tapped(turn, coach, button, inbound)
    if button.action in unread.ACTIONS:
        return await unread.tapped(turn, coach, button)
    if button.action in ("answer", "word", "go_on"):
        return await making_talk.tapped(turn, coach, button, inbound)
    if button.action == "address":
        return await answering.addressed(turn, coach, button)
    if button.action == "to_handover":
        return await making_talk.answered_after_all(turn, coach, button)
    if button.action in ("is_them", "not_them", "invite"):
        return await joining.tapped(turn, coach, button)
    raise access.Denied(button.action)
