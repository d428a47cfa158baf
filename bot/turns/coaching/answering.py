"""A coach's words, brought to the participant they are for: typed, or chosen in two taps."""

from __future__ import annotations

from datetime import timedelta

from bot.caseload import access, alerts
from bot.caseload.access import Action
from bot.storage import alerts as alert_rows
from bot.storage import messages, outbox, people, runs
from bot.storage.alerts import Alert
from bot.storage.buttons import ButtonRow
from bot.storage.people import Person
from bot.storage.runs import RunRow
from bot.turns import alerting, participant
from bot.turns.coaching import closing, whose
from bot.turns.handover import making_talk, making_walk
from bot.turns.inbound import Inbound
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted

FOCUS_FOR = timedelta(minutes=30)
"""After «Antwoorden» the coach's next messages go to that participant, for this long after the last one."""


async def meant(turn: Turn, coach: Person, inbound: Inbound) -> Alert | None:
    """The alert a coach's words belong to: the one replied to, or the one just opened for an answer."""
    if inbound.reply_to is not None:
        about = await outbox.by_telegram_id(turn.tx, inbound.chat, inbound.reply_to)
        if about is not None and about.kind == "alert":
            return await alert_rows.by_id(turn.tx, about.id)
        return None
    if coach.focus_alert_id is None or coach.focus_at is None or turn.now - coach.focus_at > FOCUS_FOR:
        return None
    return await alert_rows.by_id(turn.tx, coach.focus_alert_id)


async def reply(turn: Turn, coach: Person, alert: Alert, text: str) -> None:
    """Bring the coach's words to the participant. From now on the bot is silent, until the alert is closed."""
    subject = await whose.subject(turn, alert.participant_id, alert)
    access.require(coach, Action.REPLY, subject)
    who = await people.by_id(turn.tx, turn.services.keyring, alert.participant_id)
    assert who is not None
    await closing.claim(turn, coach, alert, who)
    if alert.state == "closed":
        reopened = await alert_rows.open_one(turn.tx, who.id)
        alert = reopened or await _open_for_talk(turn, coach, who)
    await _deliver(turn, coach, who, alert, text)
    await alerts.answer(turn.tx, alert, turn.services.calendar, turn.now)
    await runs.rest(turn.tx, who.id)
    await people.change(turn.tx, coach.id, focus_alert_id=alert.id, focus_at=turn.now)
    close_it = Wanted(turn.say(coach, "Gesprek sluiten"), "close", alert.id)
    told = turn.say(coach, "Verstuurd aan {name}. De assistent is stil tot je het gesprek sluit.", name=who.name)
    await _confirm_sent(turn, coach, who, alert, told, close_it)
    await _show_unseen(turn, coach, alert)
    if coach.focus_alert_id != alert.id and await making_walk.open_run(turn, coach) is not None:
        await making_talk.wait(turn, coach)


async def quick_reply(turn: Turn, coach: Person, alert: Alert, who: Person, key: str) -> None:
    """An answer in two taps. It begins no talk: the bot goes on, and the alert stays open where a call follows."""
    if alert.level == alerts.GOOD and key == alerting.READ:  # reading it has closed it
        await _deliver(turn, coach, who, alert, turn.say(who, alerting.QUICK_REPLIES[key]))
        await turn.tell(coach, "Verstuurd aan {name}. De melding is gesloten.", name=who.name)
        return
    if alert.state == "closed":
        await turn.tell(coach, "Deze melding is al gesloten.")
        return
    if alerts.in_danger(alert) and key != alerting.CALL_NOW:  # from before it was about danger
        await alerting.view(turn, coach, alert, None)
        return
    await closing.claim(turn, coach, alert, who)
    await _deliver(turn, coach, who, alert, turn.say(who, alerting.QUICK_REPLIES[key]))
    if key == alerting.READ:
        await closing.end(turn, coach, alert, who)
        await turn.tell(coach, "Verstuurd aan {name}. De melding is gesloten.", name=who.name)
        await closing.ask_on(turn, who)
        await making_talk.come_back(turn, coach, alert)
        return
    await alerts.take(turn.tx, alert, turn.services.calendar, turn.now, answered=True)
    close_it = Wanted(turn.say(coach, "Sluiten"), "close", alert.id)
    told = turn.say(coach, "Verstuurd aan {name}. Sluit de melding als je gebeld hebt.", name=who.name)
    await _confirm_sent(turn, coach, who, alert, told, close_it)
    await _show_unseen(turn, coach, alert)


async def _show_unseen(turn: Turn, coach: Person, alert: Alert) -> None:
    """Who answered without having looked is shown what came: the alert waits for nobody any more."""
    now = await alert_rows.by_id(turn.tx, alert.id)
    if now is not None and now.unseen_at is not None:
        await alerting.view(turn, coach, now, None)


async def _deliver(turn: Turn, coach: Person, who: Person, alert: Alert, text: str) -> None:
    """Keep the coach's words with the alert, and bring them to the participant."""
    message_id = await turn.keep(who, coach, text, messages.DELIVERED, alert_id=alert.id)
    item = alert_rows.Item("message", alert.level, "reply", "", message_id, turn.now)
    await alert_rows.gather(turn.tx, await turn.key(who.id), alert.id, item)
    await participant.hand_over(turn, coach, who, message_id, text, alert.id)


async def _open_for_talk(turn: Turn, coach: Person, who: Person) -> Alert:
    await alert_rows.make(turn.tx, who.id, coach.id, "soon", "talk", turn.now)
    alert = await alert_rows.open_one(turn.tx, who.id)
    assert alert is not None
    return alert


async def _confirm_sent(turn: Turn, coach: Person, who: Person, alert: Alert, text: str, close_it: Wanted) -> None:
    if not people.can_be_reached(who):
        await turn.tell(coach, "{name} is nu niet bereikbaar op Telegram. Bel liever even.", name=who.name)
        return
    await turn.send(coach, Outgoing("send", text, await turn.buttons(coach, [[close_it]])), "alert", alert.id)


async def ask_for_whom(turn: Turn, coach: Person, inbound: Inbound, run: RunRow | None) -> str:
    """Words without a name: keep them, and ask for whom they are, or whether they answer an older question."""
    theirs = [one for one in await people.participants_of(turn.tx, turn.services.keyring, coach.id) if one.chat_id]
    if not theirs and run is None:
        await turn.tell(coach, "Er is nog geen deelnemer die dit kan lezen.")
        return "not passed on"
    message_id = await turn.keep(coach, coach, inbound.text, messages.UNADDRESSED)
    wanted = [[Wanted(one.name, "address", message_id, key=str(one.id))] for one in theirs]
    if run is not None:
        label = turn.say(coach, "Antwoord voor de overdracht")
        if run.participant_id is not None:
            label = turn.say(coach, "Antwoord op de open vraag")
        wanted.append([Wanted(label, "to_handover", message_id)])
    text = turn.say(coach, "Voor wie is dit bericht?")
    await turn.send(coach, Outgoing("send", text, await turn.buttons(coach, wanted)))
    return "asked for whom"


async def addressed(turn: Turn, coach: Person, button: ButtonRow) -> str:
    """The coach named whom the kept words are for."""
    subject = await whose.subject(turn, int(button.key or 0))
    access.require(coach, Action.REPLY, subject)
    written = await messages.by_id(turn.tx, await turn.key(coach.id), button.about or 0)
    if written is None or written.outcome != messages.UNADDRESSED:
        await turn.tell(coach, "Dat bericht is al verstuurd.")
        return "old button"
    who = await people.by_id(turn.tx, turn.services.keyring, subject.participant_id)
    assert who is not None
    alert = await alert_rows.open_one(turn.tx, who.id) or await _open_for_talk(turn, coach, who)
    await messages.forget(turn.tx, written.id)
    await reply(turn, coach, alert, written.body)
    return "passed on"
