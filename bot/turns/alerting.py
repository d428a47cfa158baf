"""Alerts on the coach's phone: announced without content, shown after a tap, and what a participant hears of it."""

from __future__ import annotations

from datetime import timedelta

from bot.caseload import alerts
from bot.storage import alerts as alert_rows
from bot.storage import messages, outbox, people, runs
from bot.storage.alerts import Alert, Item
from bot.storage.people import Person
from bot.texts import N_
from bot.turns import days
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted

READ = "read"
QUICK_REPLIES = {
    "call_today": N_("Ik bel je vandaag."),
    "call_next": N_("Ik bel je op de volgende werkdag."),
    READ: N_("Ik heb het gelezen. Fijn dat je het zegt."),
}
"""Answers in two taps. They reach the participant in the participant's language."""

NOBODY_READS = "no coach"
"""What a word to the admins is about when a participant's words reach no coach."""
TELL_ADMINS_EVERY = timedelta(days=1)

KINDS = {"voice": N_("Spraakbericht"), "photo": N_("Foto"), "file": N_("Bestand"), "sticker": N_("Sticker")}


async def add(turn: Turn, participant: Person, coach: Person, item: Item, *, quietly: bool = False) -> Alert:
    """Put an item in the participant's alert and let the coach know there is something; `quietly`: without a sound."""
    line = await turn.key(participant.id)
    alert, _ = await alerts.add(turn.tx, line, coach.id, item, turn.now)
    await announce(turn, alert, coach, quietly=quietly)
    return alert


async def announce(turn: Turn, alert: Alert, coach: Person, *, reminding: bool = False, quietly: bool = False) -> None:
    """Tell the coach that an alert waits, with nothing of its content (it may show on a lock screen).

    While an earlier announcement is still on its way, this one is part of it: both open the same alert. An urgent
    one waits behind nothing that we say first.
    """
    calendar, urgent = turn.services.calendar, alert.level == "urgent"
    if await outbox.unsent_about(turn.tx, "alert", alert.id):
        await turn.hurry(coach, urgent=urgent)
        await alerts.announced(turn.tx, alert, calendar, turn.now)
        return
    if reminding:
        text = turn.say(coach, "Er wacht nog een melding op je.")
    elif alert.announced:
        text = turn.say(coach, "Er is iets nieuws bij een melding.")
    else:
        text = turn.say(coach, "Er is een nieuwe melding.")
    rows = await turn.buttons(coach, [[Wanted(turn.say(coach, "Bekijken"), "view", alert.id)]])
    office = calendar.next_office_time(turn.now) == turn.now
    silent = quietly or (not office and not urgent)
    await turn.send(coach, Outgoing("send", text, rows, silent=silent), "alert", alert.id, urgent=urgent)
    await alerts.announced(turn.tx, alert, calendar, turn.now)


async def message_for_coach(
    turn: Turn, participant: Person, coach: Person | None, kind: str, text: str, media: str | None
) -> bool:
    """Words of a participant that no flow answers: kept, gathered in the alert, brought to the coach.

    True when they are the participant's first words in this alert: nobody told them yet who reads it, and when.
    """
    line = await turn.key(participant.id)
    outcome = messages.WITH_COACH if coach else messages.ACKNOWLEDGED
    alert = await alert_rows.open_one(turn.tx, participant.id) if coach else None
    message_id = await messages.keep(
        turn.tx,
        line,
        author="participant",
        author_id=participant.id,
        kind=kind,
        body=text,
        ref=media,
        at=turn.now,
        outcome=outcome,
        inbox_id=turn.inbox_id,
        alert_id=alert.id if alert else None,
    )
    if coach is None:
        return True
    first = alert is None or not await alert_rows.has_words(turn.tx, alert.id)
    direct = alert is not None and alerts.talking(alert) and _looking(turn, coach, alert)
    item = Item("message", "today", "message", text, message_id, turn.now)
    if not direct or alert is None:
        await add(turn, participant, coach, item)
        return first
    await alert_rows.gather(turn.tx, line, alert.id, item)
    await _show_at_once(turn, participant, coach, alert, kind, text, media)
    return first


def _looking(turn: Turn, coach: Person, alert: Alert) -> bool:
    """The coach is in this very talk and has the chat open: no need to hide the words behind a tap."""
    return coach.focus_alert_id == alert.id and turn.present(coach)


async def _show_at_once(
    turn: Turn, participant: Person, coach: Person, alert: Alert, kind: str, text: str, media: str | None
) -> None:
    shown = f"{participant.name}: {_described(turn, coach, kind, text)}"
    await turn.send(coach, Outgoing("send", shown), "alert", alert.id)
    if media:
        await _pass_on(turn, coach, alert, media)


async def _pass_on(turn: Turn, coach: Person, alert: Alert, ref: str) -> None:
    """What was sent, sent on; `ref` is «kind:file id», or only a kind where there is no file."""
    medium, _, file_id = ref.partition(":")
    if file_id:
        await turn.send(coach, Outgoing("media", media=file_id, media_kind=medium), "alert", alert.id)


def _described(turn: Turn, reader: Person, kind: str, text: str) -> str:
    label = KINDS.get(kind)
    return " ".join(part for part in (f"[{turn.say(reader, label)}]" if label else "", text) if part)


async def view(turn: Turn, coach: Person, alert: Alert, shown_on: int | None) -> None:
    """Show the alert with everything it gathered, in the message that announced it."""
    participant = await people.by_id(turn.tx, turn.services.keyring, alert.participant_id)
    assert participant is not None
    line = await turn.key(participant.id)
    found = await alert_rows.items(turn.tx, line, alert.id)
    lines, media = [participant.name, ""], []
    for item in found:
        at = days.day_and_time(turn.services.calendar, item.at, coach.language)
        written = await messages.by_id(turn.tx, line, item.message_id) if item.message_id else None
        if written is None:
            lines.append(f"• {item.body}")
            continue
        who = participant.name if written.author == "participant" else turn.say(coach, "Jij")
        lines.append(f"{who} ({at}): {_described(turn, coach, written.kind, written.body)}")
        if written.ref and written.author == "participant":
            media.append(written.ref)
    for given in await runs.free_words_since(turn.tx, line, alert.raised_at):
        kind = (given.ref or "text").partition(":")[0]
        told = {"question": given.question, "words": _described(turn, coach, kind, given.words)}
        lines.append(turn.say(coach, "• Op de vraag «{question}»: {words}", **told))
        media += [given.ref] if given.ref else []
    rows = await turn.buttons(coach, _choices(turn, coach, alert))
    text = "\n".join(lines)
    await turn.send(coach, Outgoing("edit" if shown_on else "send", text, rows, message=shown_on), "alert", alert.id)
    for ref in media:
        await _pass_on(turn, coach, alert, ref)


def _choices(turn: Turn, coach: Person, alert: Alert) -> list[list[Wanted]]:
    if alert.state == "closed":
        return []
    lines = [[Wanted(turn.say(coach, "Antwoorden"), "reply", alert.id)]]
    if alert.state == "raised":
        lines[0].insert(0, Wanted(turn.say(coach, "Ik pak het op"), "take", alert.id))
    lines.append([Wanted(turn.say(coach, "Ik bel vandaag"), "quick", alert.id, key="call_today")])
    lines.append([Wanted(turn.say(coach, "Ik bel volgende werkdag"), "quick", alert.id, key="call_next")])
    lines.append([Wanted(turn.say(coach, "Gelezen, dank je"), "quick", alert.id, key=READ)])
    lines.append([Wanted(turn.say(coach, "Sluiten"), "close", alert.id)])
    return lines


async def ask_to_close(turn: Turn, alert: Alert, coach: Person) -> None:
    """An alert was taken and is still open: ask whether it is done. While they talk the bot is silent."""
    if alerts.talking(alert):
        text = turn.say(coach, "Er staat nog een gesprek open. Zolang stuurt de assistent niets. Kan het dicht?")
    else:
        text = turn.say(coach, "Een melding die je oppakte staat nog open. Is het klaar?")
    view_it = Wanted(turn.say(coach, "Bekijken"), "view", alert.id)
    close_it = Wanted(turn.say(coach, "Sluiten"), "close", alert.id)
    rows = await turn.buttons(coach, [[view_it, close_it]])
    await turn.send(coach, Outgoing("send", text, rows), "alert", alert.id)
    await alerts.announced(turn.tx, alert, turn.services.calendar, turn.now)


async def receive(turn: Turn, participant: Person, coach: Person | None, *, first: bool) -> None:
    """Tell a participant what happens with the words they just wrote: who reads them, and by when."""
    if coach is None or not coach.reachable:
        await _nobody_reads(turn, participant, coach)
        return
    if _over(turn, participant):
        await _still_reads(turn, participant, coach)
        return
    if not first:
        await turn.tell(participant, "{coach} krijgt dit ook.", coach=coach.name)
        return
    calendar = turn.services.calendar
    by = days.day(calendar, calendar.promise(turn.now), participant.language)
    await turn.tell(
        participant,
        "Dank je wel. {coach} krijgt dit bericht en leest het uiterlijk {day}.\n\n"
        "Ik ben een automatische assistent, geen noodhulp.\n"
        "Is er gevaar? Bel 112. Denk je aan zelfdoding? Bel 113.",
        coach=coach.name,
        day=by,
    )


def _over(turn: Turn, participant: Person) -> bool:
    """Whether even the time of the back-up line, that was agreed at the goodbye, is over."""
    until = participant.open_until
    return participant.state == "closed" and until is not None and turn.services.calendar.local(turn.now).date() > until


async def _still_reads(turn: Turn, participant: Person, coach: Person) -> None:
    """The agreed time is over. We say so, and the words reach the coach as ever."""
    await turn.tell(
        participant,
        "Dank je wel. De tijd die we afspraken is voorbij. {coach} krijgt je bericht toch.\n"
        "Komt er geen antwoord? {office}.\n\n"
        "Ik ben een automatische assistent, geen noodhulp.\n"
        "Is er gevaar? Bel 112. Denk je aan zelfdoding? Bel 113.",
        coach=coach.name,
        office=_office(turn, participant),
    )


async def _nobody_reads(turn: Turn, participant: Person, coach: Person | None) -> None:
    """There is no coach whom this reaches: the participant reads who is left, and the admins hear of it."""
    await turn.tell(
        participant,
        "Dank je wel. Ik heb je bericht bewaard. Er is nu geen coach die het kan lezen.\n"
        "Heb je hulp nodig? {office}.\n\n"
        "Ik ben een automatische assistent, geen noodhulp.\n"
        "Is er gevaar? Bel 112. Denk je aan zelfdoding? Bel 113.",
        office=_office(turn, participant),
    )
    for admin in await people.admins(turn.tx, turn.services.keyring):
        since = turn.now - TELL_ADMINS_EVERY
        if admin.chat_id is None or await outbox.told_since(turn.tx, admin.chat_id, since, NOBODY_READS):
            continue
        name = coach.name if coach else turn.say(admin, "geen coach")
        text = turn.say(admin, "Een deelnemer schreef, en er is niemand die het leest ({coach}).", coach=name)
        await turn.send(admin, Outgoing("send", text), NOBODY_READS)


def _office(turn: Turn, reader: Person) -> str:
    return turn.services.office or turn.say(reader, "Bel je organisatie")
