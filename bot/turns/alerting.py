"""Alerts on the coach's phone: announced without content, shown after a tap, and what a participant hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.caseload import alerts
from bot.storage import alerts as alert_rows
from bot.storage import messages, outbox, people, runs
from bot.storage.alerts import Alert, Item
from bot.storage.messages import Written
from bot.storage.people import Person
from bot.texts import N_
from bot.turns import days
from bot.turns.danger import alarm, hearing
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted

READ = "read"
CALL_NOW = "call_now"
"""The one answer in two taps where it is about danger."""
QUICK_REPLIES = {
    CALL_NOW: N_("Ik bel je nu."),
    "call_today": N_("Ik bel je vandaag."),
    "call_next": N_("Ik bel je op de volgende werkdag."),
    READ: N_("Ik heb het gelezen. Fijn dat je het zegt."),
}
"""Answers in two taps. They reach the participant in the participant's language."""

NOBODY_READS = "no coach"
"""What a word to the admins is about when somebody's words reach no coach …"""
BY_PARTICIPANT = N_("Een deelnemer schreef, en er is niemand die het leest ({coach}).")
BY_EMPLOYER = N_("Een werkgever schreef, en er is niemand die het leest ({coach}).")
TELL_ADMINS_EVERY = timedelta(days=1)

KINDS = {"voice": N_("Spraakbericht"), "photo": N_("Foto"), "file": N_("Bestand"), "sticker": N_("Sticker")}

NOT_PASSED_ON = ("contact", "location", "unknown")
"""Kinds of input with nothing in them that can be sent on."""


async def add(
    turn: Turn, participant: Person, coach: Person, item: Item, *, quietly: bool = False, always: bool = False
) -> Alert:
    """Put an item in the participant's alert and let the coach know there is something.

    `quietly`: without a sound. `always`: whatever was announced just before, no announcement stands for this one.
    """
    line = await turn.key(participant.id)
    alert, new = await alerts.add(turn.tx, line, coach.id, item, turn.now)
    if item.level == alerts.GOOD:
        await _good_news(turn, alert, coach)
    else:
        await announce(turn, alert, coach, quietly=quietly, new=new or always)
    return alert


async def _good_news(turn: Turn, alert: Alert, coach: Person) -> None:
    """Without a sound, and it moves no repeat of what else the alert gathered."""
    if await outbox.unsent_about(turn.tx, "alert", alert.id):
        return
    rows = await turn.buttons(coach, [[Wanted(turn.say(coach, "Bekijken"), "view", alert.id)]])
    text = turn.say(coach, "Er is goed nieuws van een deelnemer.")
    await turn.send(coach, Outgoing("send", text, rows, silent=True), "alert", alert.id)


async def announce(turn: Turn, alert: Alert, coach: Person, *, quietly: bool = False, new: bool = False) -> None:
    """Tell the coach that an alert waits, with nothing of its content (it may show on a lock screen).

    While an earlier announcement is still on its way, or came just now and was not opened, this one is part of it:
    both open the same alert. Not when it is `new`: what is on its way then told of good news alone, or of less than
    this. An urgent one waits behind nothing that we say first.
    """
    if alert.level == alerts.DANGER:
        await alarm.ring(turn, alert, coach)
        return
    calendar, urgent = turn.services.calendar, alert.level == alerts.URGENT
    silent = quietly or (not urgent and not _office_hours(turn, turn.now))
    on_its_way = not new and await outbox.unsent_about(turn.tx, "alert", alert.id)
    if on_its_way:
        await turn.hurry(coach, urgent=urgent)
    if not new and _just_told(turn, alert, silent=silent):
        return
    if not on_its_way:
        rows = await turn.buttons(coach, [[Wanted(turn.say(coach, "Bekijken"), "view", alert.id)]])
        text = _neutral(turn, coach, alert)
        await turn.send(coach, Outgoing("send", text, rows, silent=silent), "alert", alert.id, urgent=urgent)
    await alerts.announced(turn.tx, alert, calendar, turn.now, told=not quietly)


def _neutral(turn: Turn, coach: Person, alert: Alert) -> str:
    if alert.level == alerts.URGENT and alert.announced:
        return turn.say(coach, "Er is iets nieuws bij een melding met haast.")
    if alert.level == alerts.URGENT:
        return turn.say(coach, "Er is een melding met haast.")
    if alert.announced:
        return turn.say(coach, "Er is iets nieuws bij een melding.")
    return turn.say(coach, "Er is een nieuwe melding.")


def _just_told(turn: Turn, alert: Alert, *, silent: bool) -> bool:
    """Whether the coach heard of it a moment ago and did not look yet. Outside office hours nobody heard anything."""
    told_at = alert.told_at
    if told_at is None or turn.now - told_at >= alerts.TOLD_FOR:
        return False
    return silent or alert.level == alerts.URGENT or _office_hours(turn, told_at)


def _office_hours(turn: Turn, at: datetime) -> bool:
    return turn.services.calendar.next_office_time(at) == at


async def message_for_coach(
    turn: Turn,
    participant: Person,
    coach: Person | None,
    kind: str,
    text: str,
    media: str | None,
    *,
    level: str = "today",
) -> bool:
    """Words of a participant that no flow answers: kept, gathered in the alert, brought to the coach.

    True when they are the participant's first words in this alert: nobody told them yet who reads it, and when.
    """
    line = await turn.key(participant.id)
    turn.passed_on = True
    outcome = messages.WITH_COACH if coach else messages.ACKNOWLEDGED
    alert = await alert_rows.open_one(turn.tx, participant.id) if coach else None
    message_id = await turn.keep(
        participant, participant, text, outcome, kind=kind, ref=media, alert_id=alert.id if alert else None
    )
    if coach is None:
        return True
    first = alert is None or not await alert_rows.has_words(turn.tx, alert.id)
    item = Item("message", level, "message", text, message_id, turn.now)
    looking = await _lookers(turn, coach, alert) if alert and alerts.talking(alert) and level != alerts.DANGER else []
    if not looking or alert is None:
        await add(turn, participant, coach, item)
        return first
    await alert_rows.gather(turn.tx, line, alert.id, item)
    for one in looking:
        await _show_at_once(turn, participant, one, alert, kind, text, media)
    return first


def not_passed_on(turn: Turn, coach: Person | None, kind: str, name: str) -> str:
    """What the coach reads of something that is NOT_PASSED_ON: its `name`, or else its `kind`."""
    return turn.say(coach, "(iets dat ik niet kan doorsturen: {kind})", kind=name or kind)


async def _lookers(turn: Turn, coach: Person, alert: Alert) -> list[Person]:
    """Who is in this very talk: the coach, and where it is about danger also the deputy."""
    readers = (await hearing.beside(turn, coach)).now if alerts.in_danger(alert) else (coach,)
    return [one for one in readers if _looking(turn, one, alert)]


def _looking(turn: Turn, coach: Person, alert: Alert) -> bool:
    """The coach is in this very talk and has the chat open: no need to hide the words behind a tap."""
    return coach.focus_alert_id == alert.id and turn.present(coach) and people.can_be_reached(coach)


async def _show_at_once(
    turn: Turn, participant: Person, coach: Person, alert: Alert, kind: str, text: str, media: str | None
) -> None:
    shown = turn.labelled(coach, participant.name, _described(turn, coach, kind, text))
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


@dataclass(frozen=True, slots=True)
class _Shown:
    """One line of an alert as its reader sees it; `ref` of what was sent with it, to send on."""

    at: datetime
    text: str
    ref: str | None = None


async def view(turn: Turn, coach: Person, alert: Alert, shown_on: int | None) -> None:
    """Show the alert with everything it gathered, in the message that announced it."""
    participant = await people.by_id(turn.tx, turn.services.keyring, alert.participant_id)
    assert participant is not None
    line = await turn.key(participant.id)
    since = await _readable_since(turn, coach, alert)
    found = [one for one in await alert_rows.items(turn.tx, line, alert.id) if one.at >= since]
    good = alert.level == alerts.GOOD
    title = turn.say(coach, "Goed nieuws van {name}", name=participant.name) if good else participant.name
    lines = [title, ""]
    if alert.level == alerts.DANGER:
        lines.insert(1, turn.say(coach, "Dit kan over gevaar gaan. {name} kreeg de nummers om te bellen.", name=title))
    shown = [await _item_shown(turn, coach, participant, item) for item in found]
    for given in await runs.free_words_since(turn.tx, line, since):
        if given.words and any(one.body.endswith((f": {given.words}", f"«{given.words}»")) for one in found):
            continue  # an author put them in a flag
        kind = (given.ref or "text").partition(":")[0]
        told = {"question": given.question, "words": _described(turn, coach, kind, given.words)}
        shown.append(_Shown(given.at, turn.say(coach, "• Op de vraag «{question}»: {words}", **told), given.ref))
    first, earlier = _danger_first(alert, shown)
    lines += [one.text for one in first]
    if earlier:
        lines += ["", turn.say(coach, "Eerder:"), *(one.text for one in earlier)]
    media = [one.ref for one in first + earlier if one.ref]
    rows = await turn.buttons(coach, _choices(turn, coach, alert))
    text = "\n".join(lines)
    await turn.send(coach, Outgoing("edit" if shown_on else "send", text, rows, message=shown_on), "alert", alert.id)
    for ref in media:
        await _pass_on(turn, coach, alert, ref)
    await alerts.looked(turn.tx, alert, turn.services.calendar, turn.now)
    if good and alert.state == "raised":
        await alerts.close(turn.tx, alert, turn.now)


async def _item_shown(turn: Turn, reader: Person, participant: Person, item: Item) -> _Shown:
    line = await turn.key(participant.id)
    written = await messages.by_id(turn.tx, line, item.message_id) if item.message_id else None
    if written is None:
        return _Shown(item.at, f"• {item.body}")
    at = days.day_and_time(turn.services.calendar, written.at, reader.language)
    who = await _author(turn, reader, participant, written)
    said = _described(turn, reader, written.kind, written.body)
    text = turn.say(reader, "{name} ({at}): {text}", name=who, at=at, text=said)
    return _Shown(item.at, text, written.ref if written.author == "participant" else None)


def _danger_first(alert: Alert, shown: list[_Shown]) -> tuple[list[_Shown], list[_Shown]]:
    """What came since it is about danger, and what the alert gathered before: that may be a month old."""
    since = alert.danger_at if alert.level == alerts.DANGER else None
    if since is None:
        return shown, []
    return [one for one in shown if one.at >= since], [one for one in shown if one.at < since]


async def _readable_since(turn: Turn, reader: Person, alert: Alert) -> datetime:
    """The participant's own coach reads all that the alert gathered; a deputy what came since it is about danger."""
    own = await people.coach_of(turn.tx, turn.services.keyring, alert.participant_id)
    return alert.raised_at if own and own.id == reader.id else alert.danger_at or turn.now


async def _author(turn: Turn, reader: Person, participant: Person, written: Written) -> str:
    if written.author == "participant":
        return participant.name
    if written.author_id == reader.id:
        return turn.say(reader, "Jij")
    author = await people.by_id(turn.tx, turn.services.keyring, written.author_id)
    return author.name if author else "?"


def _choices(turn: Turn, coach: Person, alert: Alert) -> list[list[Wanted]]:
    if alert.level == alerts.GOOD and not alerts.talking(alert):
        read = Wanted(turn.say(coach, "Gelezen, dank je"), "quick", alert.id, key=READ)
        return [[Wanted(turn.say(coach, "Antwoorden"), "reply", alert.id)], [read]]
    if alert.state == "closed":
        return []
    lines = [[Wanted(turn.say(coach, "Antwoorden"), "reply", alert.id)]]
    if alert.state == "raised":
        lines[0].insert(0, Wanted(turn.say(coach, "Ik pak het op"), "take", alert.id))
    if alert.level == alerts.DANGER:
        lines.append([Wanted(turn.say(coach, "Ik bel nu"), "quick", alert.id, key=CALL_NOW)])
        if alert.state != "raised":  # nobody closes by mistake what nobody has yet
            lines.append([Wanted(turn.say(coach, "Sluiten"), "close", alert.id)])
        return lines
    lines.append([Wanted(turn.say(coach, "Ik bel vandaag"), "quick", alert.id, key="call_today")])
    lines.append([Wanted(turn.say(coach, "Ik bel volgende werkdag"), "quick", alert.id, key="call_next")])
    lines.append([Wanted(turn.say(coach, "Gelezen, dank je"), "quick", alert.id, key=READ)])
    lines.append([Wanted(turn.say(coach, "Sluiten"), "close", alert.id)])
    return lines


async def ask_to_close(turn: Turn, alert: Alert, coach: Person) -> None:
    """An alert was taken and is still open: ask whether it is done. While they talk the bot is silent."""
    for one in (await hearing.beside(turn, coach)).now if alerts.in_danger(alert) else (coach,):
        if alerts.in_danger(alert):
            text = turn.say(
                one, "Een dringend bericht staat nog open. Zolang stuurt de assistent niets. Kan het dicht?"
            )
        elif alerts.talking(alert):
            text = turn.say(one, "Er staat nog een gesprek open. Zolang stuurt de assistent niets. Kan het dicht?")
        else:
            text = turn.say(one, "Een melding die je oppakte staat nog open. Is het klaar?")
        view_it = Wanted(turn.say(one, "Bekijken"), "view", alert.id)
        close_it = Wanted(turn.say(one, "Sluiten"), "close", alert.id)
        rows = await turn.buttons(one, [[view_it, close_it]])
        await turn.send(one, Outgoing("send", text, rows), "alert", alert.id)
    await alerts.announced(turn.tx, alert, turn.services.calendar, turn.now)


async def receive(turn: Turn, participant: Person, coach: Person | None, *, first: bool) -> None:
    """Tell a participant what happens with the words they just wrote: who reads them, and by when."""
    if not people.can_be_reached(coach):
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
    await tell_admins(turn, coach, BY_PARTICIPANT)


async def tell_admins(turn: Turn, coach: Person | None, dutch: str) -> None:
    """Words came (BY_PARTICIPANT or BY_EMPLOYER) that this coach, or nobody at all, does not get."""
    for admin in await people.admins(turn.tx, turn.services.keyring):
        since = turn.now - TELL_ADMINS_EVERY
        if admin.chat_id is None or await outbox.told_since(turn.tx, admin.chat_id, since, NOBODY_READS):
            continue
        name = coach.name if coach else turn.say(admin, "geen coach")
        await turn.send(admin, Outgoing("send", turn.say(admin, dutch, coach=name)), NOBODY_READS)


def _office(turn: Turn, reader: Person) -> str:
    return turn.services.office or turn.say(reader, "Bel je organisatie")
