"""What a coach does: look at alerts, take them, answer, close; say whether the right person joined."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.caseload import access, alerts, contact
from bot.caseload.access import Action, Subject
from bot.storage import alerts as alert_rows
from bot.storage import buttons, estimates, messages, outbox, people, runs
from bot.storage.alerts import Alert
from bot.storage.buttons import ButtonRow
from bot.storage.people import Person
from bot.storage.runs import RunRow
from bot.turns import alerting, employer, menu, participant, walk
from bot.turns.care import care_effects, tasks
from bot.turns.danger import alarm, others
from bot.turns.following import ladder, noting
from bot.turns.handover import inviting, making, making_talk, making_walk, unread
from bot.turns.inbound import Inbound
from bot.turns.outgoing import Outgoing
from bot.turns.participant import COMMANDS
from bot.turns.turn import Turn, Wanted
from flows.engine.inputs import AskedAgain, Pressed, Typed

HELP = "/help"
COACH_WORDS = menu.COMMANDS["coach"]
FOCUS_FOR = timedelta(minutes=30)
"""After «Antwoorden» the coach's next messages go to that participant, for this long after the last one."""


async def welcome(turn: Turn, coach: Person) -> None:
    """The coach's first words from us, with a button for each participant who still must be invited."""
    text = turn.say(
        coach,
        "Welkom, {name}. Hier krijg je meldingen van je deelnemers. Tik op Bekijken om een melding te lezen. "
        "Antwoord met een knop, of typ een antwoord op de melding. Ik ben een automatische assistent.",
        name=coach.name,
    )
    theirs = await people.participants_of(turn.tx, turn.services.keyring, coach.id)
    await turn.send(coach, Outgoing("send", text, await turn.buttons(coach, _to_invite(turn, coach, theirs))))


def _to_invite(turn: Turn, coach: Person, theirs: list[Person]) -> list[list[Wanted]]:
    return [
        [Wanted(turn.say(coach, "Nodig {name} uit", name=one.name), "invite", one.id)]
        for one in theirs
        if one.state == "invited"
    ]


async def invite(turn: Turn, coach: Person, who: Person) -> None:
    """A fresh invitation for this participant, as a link and as a picture to scan from the coach's screen."""
    access.require(coach, Action.INVITE, await _subject(turn, who.id))
    if who.chat_id is not None:  # a second invitation would let somebody else take the place of who is in
        await turn.tell(coach, "{name} is al aangemeld.", name=who.name)
        return
    await inviting.show(turn, coach, who)


async def _subject(turn: Turn, participant_id: int, alert: Alert | None = None) -> Subject:
    """Whose participant this is; and while an alert about danger is open, who stands in for that coach."""
    coach = await people.coach_of(turn.tx, turn.services.keyring, participant_id)
    deputy = coach.deputy_id if coach and alerts.in_danger(alert) else None
    return Subject(participant_id, coach.id if coach else None, deputy_id=deputy)


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
    alert = await _meant(turn, coach, inbound)
    if alert is not None:
        await reply(turn, coach, alert, inbound.text)
        return "passed on"
    if run is not None and await making_talk.means(turn, run, inbound):
        return await making_walk.answer(turn, coach, run, Typed(inbound.text))
    return await _ask_for_whom(turn, coach, inbound, run)


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
        return await _help(turn, coach)
    return await _overview(turn, coach)


async def _help(turn: Turn, coach: Person) -> str:
    """What a coach can type, as the menu beside the field has it."""
    words = [turn.labelled(coach, f"/{word}", turn.say(coach, what)) for word, what in COACH_WORDS]
    lines = [turn.say(coach, "Dit kun je typen, of tik erop:"), *words, ""]
    lines.append(turn.say(coach, "Antwoord op een melding met een knop, of met een antwoord op dat bericht."))
    lines.append(turn.say(coach, "Ik ben een automatische assistent, geen mens."))
    await turn.send(coach, Outgoing("send", "\n".join(lines)))
    return "help"


async def _employer_meant(turn: Turn, inbound: Inbound) -> int | None:
    """The employer whose words the coach replies to."""
    if inbound.reply_to is None:
        return None
    about = await outbox.by_telegram_id(turn.tx, inbound.chat, inbound.reply_to)
    return about.id if about is not None and about.kind == employer.ABOUT else None


async def _meant(turn: Turn, coach: Person, inbound: Inbound) -> Alert | None:
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
    subject = await _subject(turn, alert.participant_id, alert)
    access.require(coach, Action.REPLY, subject)
    who = await people.by_id(turn.tx, turn.services.keyring, alert.participant_id)
    assert who is not None
    await _takes(turn, coach, alert, who)
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
    if coach.focus_alert_id != alert.id and await making_walk.open_run(turn, coach) is not None:
        await making_talk.wait(turn, coach)


async def _takes(turn: Turn, coach: Person, alert: Alert, who: Person) -> None:
    """Whoever does something with an alert about danger that nobody had yet, has it: the other hears that."""
    if alerts.in_danger(alert) and alert.state == "raised":
        await alarm.taken(turn, alert, coach, who)


async def _quick_reply(turn: Turn, coach: Person, alert: Alert, who: Person, key: str) -> None:
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
    await _takes(turn, coach, alert, who)
    await _deliver(turn, coach, who, alert, turn.say(who, alerting.QUICK_REPLIES[key]))
    if key == alerting.READ:
        await _end(turn, coach, alert, who)
        await turn.tell(coach, "Verstuurd aan {name}. De melding is gesloten.", name=who.name)
        await _ask_on(turn, who)
        await making_talk.come_back(turn, coach, alert)
        return
    await alerts.take(turn.tx, alert, turn.services.calendar, turn.now, answered=True)
    close_it = Wanted(turn.say(coach, "Sluiten"), "close", alert.id)
    told = turn.say(coach, "Verstuurd aan {name}. Sluit de melding als je gebeld hebt.", name=who.name)
    await _confirm_sent(turn, coach, who, alert, told, close_it)


async def _deliver(turn: Turn, coach: Person, who: Person, alert: Alert, text: str) -> None:
    """Keep the coach's words with the alert, and bring them to the participant."""
    message_id = await messages.keep(
        turn.tx,
        await turn.key(who.id),
        author="coach",
        author_id=coach.id,
        kind="text",
        body=text,
        ref=None,
        at=turn.now,
        outcome=messages.DELIVERED,
        alert_id=alert.id,
        inbox_id=turn.inbox_id,
    )
    item = alert_rows.Item("message", alert.level, "reply", "", message_id, turn.now)
    await alert_rows.gather(turn.tx, await turn.key(who.id), alert.id, item)
    await participant.hand_over(turn, coach, who, message_id, text, alert.id)


async def _open_for_talk(turn: Turn, coach: Person, who: Person) -> Alert:
    await alert_rows.make(turn.tx, who.id, coach.id, "soon", "talk", turn.now)
    alert = await alert_rows.open_one(turn.tx, who.id)
    assert alert is not None
    return alert


async def _confirm_sent(turn: Turn, coach: Person, who: Person, alert: Alert, text: str, close_it: Wanted) -> None:
    if who.chat_id is None or not who.reachable:
        await turn.tell(coach, "{name} is nu niet bereikbaar op Telegram. Bel liever even.", name=who.name)
        return
    await turn.send(coach, Outgoing("send", text, await turn.buttons(coach, [[close_it]])), "alert", alert.id)


async def _ask_for_whom(turn: Turn, coach: Person, inbound: Inbound, run: RunRow | None) -> str:
    """Words without a name: keep them, and ask for whom they are, or whether they answer an older question."""
    theirs = [one for one in await people.participants_of(turn.tx, turn.services.keyring, coach.id) if one.chat_id]
    if not theirs and run is None:
        await turn.tell(coach, "Er is nog geen deelnemer die dit kan lezen.")
        return "not passed on"
    message_id = await messages.keep(
        turn.tx,
        await turn.key(coach.id),
        author="coach",
        author_id=coach.id,
        kind="text",
        body=inbound.text,
        ref=None,
        at=turn.now,
        outcome=messages.UNADDRESSED,
        inbox_id=turn.inbox_id,
    )
    wanted = [[Wanted(one.name, "address", message_id, key=str(one.id))] for one in theirs]
    if run is not None:
        label = turn.say(coach, "Antwoord voor de overdracht")
        if run.participant_id is not None:
            label = turn.say(coach, "Antwoord op de open vraag")
        wanted.append([Wanted(label, "to_handover", message_id)])
    text = turn.say(coach, "Voor wie is dit bericht?")
    await turn.send(coach, Outgoing("send", text, await turn.buttons(coach, wanted)))
    return "asked for whom"


async def _overview(turn: Turn, coach: Person) -> str:
    """The open alerts and the participants, each behind a tap."""
    names = {one.id: one for one in await people.participants_of(turn.tx, turn.services.keyring, coach.id)}
    wanted = [
        [Wanted(names[alert.participant_id].name, "view", alert.id)]
        for alert in await alert_rows.open_of_coach(turn.tx, coach.id)
        if alert.participant_id in names
    ]
    wanted += await _as_deputy(turn, coach)
    text = turn.say(coach, "Open meldingen:") if wanted else turn.say(coach, "Er zijn geen open meldingen.")
    deputy = await people.deputy_of(turn.tx, turn.services.keyring, coach)
    if deputy is not None:
        text += "\n" + turn.say(coach, "Je vervanger bij gevaar is {deputy}.", deputy=deputy.name)
    wanted += _to_invite(turn, coach, list(names.values()))
    if names:
        text += "\n" + turn.say(coach, "Andere hulp noteren: /verwijzing. Waar iemand staat: /ladder.")
        wanted.append([Wanted(turn.say(coach, "Overdracht"), "handovers", coach.id)])
    await turn.send(coach, Outgoing("send", text, await turn.buttons(coach, wanted)))
    return "overview"


async def _as_deputy(turn: Turn, deputy: Person) -> list[list[Wanted]]:
    """The alerts about danger of the coaches whom this one stands in for."""
    keyring, lines = turn.services.keyring, []
    for coach in await people.stood_in_for(turn.tx, keyring, deputy.id):
        for alert in await alert_rows.open_of_coach(turn.tx, coach.id):
            who = await people.by_id(turn.tx, keyring, alert.participant_id) if alerts.in_danger(alert) else None
            if who is not None:
                label = turn.say(deputy, "Dringend: {name} ({coach})", name=who.name, coach=coach.name)
                lines.append([Wanted(label, "view", alert.id)])
    return lines


async def tapped(turn: Turn, coach: Person, button: ButtonRow, inbound: Inbound) -> str:
    """Deal with a tap on one of this coach's own buttons."""
    if button.action in ("view", "take", "reply", "quick", "close"):
        return await _on_alert(turn, coach, button, inbound)
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
        return await _addressed(turn, coach, button)
    if button.action == "to_handover":
        return await making_talk.answered_after_all(turn, coach, button)
    if button.action in ("is_them", "not_them", "invite"):
        return await _on_participant(turn, coach, button)
    raise access.Denied(button.action)


_NEEDED = {
    "view": Action.VIEW_ALERT,
    "take": Action.TAKE_ALERT,
    "reply": Action.REPLY,
    "quick": Action.REPLY,
    "close": Action.CLOSE_ALERT,
}


async def _on_alert(turn: Turn, coach: Person, button: ButtonRow, inbound: Inbound) -> str:
    alert = await alert_rows.by_id(turn.tx, button.about or 0)
    if alert is None:
        raise access.Denied(button.action)
    subject = await _subject(turn, alert.participant_id, alert)
    if alert.state == "closed" and subject.coach_id != coach.id and await _stood_in(turn, coach, subject):
        await turn.tell(coach, "Deze melding is al gesloten.")
        return "old button"
    access.require(coach, _NEEDED[button.action], subject)
    who = await people.by_id(turn.tx, turn.services.keyring, alert.participant_id)
    assert who is not None
    if button.action == "view":
        await alerting.view(turn, coach, alert, inbound.message)
    elif button.action == "take":
        await _takes(turn, coach, alert, who)
        if await alerts.take(turn.tx, alert, turn.services.calendar, turn.now):
            name = await participant.signature(turn, who, coach)
            if await alert_rows.has_words(turn.tx, alert.id):
                await turn.tell(who, "{coach} heeft je bericht gezien.", coach=name)
            elif not await alert_rows.only_about(turn.tx, alert.id, others.OF_EMPLOYER):
                await turn.tell(who, "{coach} heeft gezien wat je antwoordde.", coach=name)
        await alerting.view(turn, coach, replace(alert, state="taken"), inbound.message)
    elif button.action == "reply":
        await people.change(turn.tx, coach.id, focus_alert_id=alert.id, focus_at=turn.now)
        await turn.tell(coach, "Typ je bericht voor {name}. Ik stuur het door.", name=who.name)
        if await making_walk.open_run(turn, coach) is not None:
            await making_talk.wait(turn, coach)
    elif button.action == "quick" and not await buttons.use(turn.tx, button.token, turn.now):
        await turn.tell(coach, "Dat bericht is al verstuurd.")
    elif button.action == "quick":
        await _quick_reply(turn, coach, alert, who, button.key or "")
    else:
        await _close(turn, coach, alert, who)
    return button.action


async def _stood_in(turn: Turn, deputy: Person, subject: Subject) -> bool:
    own = await people.by_id(turn.tx, turn.services.keyring, subject.coach_id or 0)
    return own is not None and own.deputy_id == deputy.id


async def _end(turn: Turn, coach: Person, alert: Alert, who: Person) -> None:
    await alerts.close(turn.tx, alert, turn.now)
    if coach.focus_alert_id == alert.id:
        await people.change(turn.tx, coach.id, focus_alert_id=None, focus_at=None)
    await contact.release(turn.tx, who.id, turn.now)


async def _close(turn: Turn, coach: Person, alert: Alert, who: Person) -> None:
    """End of the talk: what was held goes on, and both know it."""
    if alert.state == "closed":
        await turn.tell(coach, "Deze melding is al gesloten.")
        return
    if alerts.in_danger(alert) and alert.state == "raised":  # from before it was about danger
        await alerting.view(turn, coach, alert, None)
        return
    talked, endangered = alerts.talking(alert), alerts.in_danger(alert)
    await _end(turn, coach, alert, who)
    if endangered:
        await alarm.closed(turn, alert, coach, who)
    if talked:
        await turn.tell(coach, "Gesloten. De assistent gaat weer verder met {name}.", name=who.name)
        name = await participant.signature(turn, who, coach)
        await turn.tell(who, "{coach} heeft het gesprek afgerond. Je kunt altijd weer schrijven.", coach=name)
    else:
        await turn.tell(coach, "De melding van {name} is gesloten.", name=who.name)
        if alert.answered_at is None and await alert_rows.has_words(turn.tx, alert.id):
            name = await participant.signature(turn, who, coach)
            await turn.tell(who, "{coach} heeft je bericht gelezen.", coach=name)
    await _ask_on(turn, who)
    await making_talk.come_back(turn, coach, alert)


async def _ask_on(turn: Turn, who: Person) -> None:
    """The question that rested while a coach talked comes again."""
    run = await runs.open_one(turn.tx, await turn.key(who.id), who.id)
    if run is not None and run.status == "resting":
        await runs.wake(turn.tx, run.id)
        await walk.go_on(turn, who, replace(run, status="waiting"), AskedAgain())


async def _addressed(turn: Turn, coach: Person, button: ButtonRow) -> str:
    subject = await _subject(turn, int(button.key or 0))
    access.require(coach, Action.REPLY, subject)
    written = await messages.by_id(turn.tx, await turn.key(coach.id), button.about or 0)
    if written is None or written.outcome != messages.UNADDRESSED:
        await turn.tell(coach, "Dat bericht is al verstuurd.")
        return "old button"
    who = await people.by_id(turn.tx, turn.services.keyring, subject.participant_id)
    assert who is not None
    alert = await alert_rows.open_one(turn.tx, who.id) or await _open_for_talk(turn, coach, who)
    await messages.outcome(turn.tx, written.id, messages.DELIVERED)
    await reply(turn, coach, alert, written.body)
    return "passed on"


async def _on_participant(turn: Turn, coach: Person, button: ButtonRow) -> str:
    who = await people.by_id(turn.tx, turn.services.keyring, button.about or 0)
    if who is None:
        raise access.Denied(button.action)
    if button.action == "invite":
        await invite(turn, coach, who)
        return "invited"
    access.require(coach, Action.CONFIRM_JOIN, await _subject(turn, who.id))
    if button.key != str(who.chat_id):
        await turn.tell(coach, "Die persoon is al afgemeld.")
        return "old button"
    if button.action == "is_them":
        await turn.tell(coach, "Dank je. Dan weet ik dat het {name} is.", name=who.name)
        return "confirmed"
    await _put_out(turn, coach, who)
    return "put out"


async def _put_out(turn: Turn, coach: Person, who: Person) -> None:
    """Somebody else used the invitation: they are out at once, and the right person gets a new one."""
    if who.chat_id is not None:
        text = turn.say(None, "Deze uitnodiging was voor iemand anders. Hier komen geen berichten meer.")
        await turn.send_stranger(who.chat_id, Outgoing("send", text))
    await outbox.cancel_for(turn.tx, who.id, "not this person")
    await runs.end_all(turn.tx, who.id, "stopped", turn.now)
    await contact.cancel(turn.tx, who.id, "not this person", turn.now)
    await _disown(turn, coach, who)
    await people.change(turn.tx, who.id, chat_id=None, state="invited", care_from=None, seen_at=None)
    await turn.tell(coach, "Die persoon is afgemeld. Hieronder staat een nieuwe uitnodiging.")
    await invite(turn, coach, replace(who, chat_id=None, state="invited"))


async def _disown(turn: Turn, coach: Person, who: Person) -> None:
    """Nothing that the wrong person said or was told may ever count as this participant's, or be shown to them."""
    since = await people.joined_at(turn.tx, who.id)
    if since is not None:
        await messages.disown(turn.tx, who.id, since)
        await runs.disown(turn.tx, who.id, since, turn.now)
        await estimates.disown(turn.tx, await turn.key(who.id), turn.services.calendar.local(since).date())
    alert = await alert_rows.open_one(turn.tx, who.id)
    if alert is not None:
        await alerts.close(turn.tx, alert, turn.now)
    await people.change(turn.tx, coach.id, focus_alert_id=None, focus_at=None)
