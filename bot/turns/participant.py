"""What a participant does, and where it goes: the open question, a script that begins with these words, the coach."""

from __future__ import annotations

from bot.caseload import access, alerts, contact
from bot.caseload.access import Action, Subject
from bot.storage import alerts as alert_rows
from bot.storage import buttons, inbox, messages, people, runs
from bot.storage.alerts import Alert, Item
from bot.storage.buttons import ButtonRow
from bot.storage.people import Person
from bot.storage.runs import RunRow
from bot.texts import SOURCE
from bot.turns import alerting, effects, parking, walk, wishes
from bot.turns.inbound import START, Inbound
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted
from bot.turns.wishes import Wish
from flows.engine import matching
from flows.engine.errors import FlowUnknown
from flows.engine.flow import Flow
from flows.engine.inputs import AskedAgain, Pressed, Sent, Tapped, Typed, Word
from flows.engine.questions.base import Translate
from flows.engine.replies import WORDS
from flows.engine.wishes import Wished

COMMANDS: dict[str, Word] = {"/stop": "stop", "/help": "help", "/terug": "back", "/overslaan": "skip"}


async def handle(turn: Turn, who: Person, inbound: Inbound) -> str:
    """Deal with one input of a participant. Returns what became of it (promise P4)."""
    access.require(who, Action.WRITE, Subject(who.id))
    run = await runs.open_one(turn.tx, await turn.key(who.id), who.id)
    alert = await alert_rows.open_one(turn.tx, who.id)
    if inbound.kind == "edit":
        return await _edit(turn, who, alert, inbound)
    if inbound.code or inbound.text == START:
        return await _started_again(turn, who, run, alert)
    if alerts.talking(alert) or inbound.forwarded:
        return await _to_coach(turn, who, alert, inbound, run)
    if run is not None and run.status == "waiting":
        return await _in_a_talk(turn, who, run, alert, inbound)
    outcome = await _outside(turn, who, alert, inbound)
    await walk.come_back(turn, who)
    return outcome


async def _coach(turn: Turn, who: Person) -> Person | None:
    return await people.coach_of(turn.tx, turn.services.keyring, who.id)


async def _outside(turn: Turn, who: Person, alert: Alert | None, inbound: Inbound) -> str:
    """No question is open: a talk that begins with these words, or the coach. The rule stands in `wishes`."""
    if inbound.kind != "text":
        return await _to_coach(turn, who, alert, inbound)
    if matching.tidy(inbound.text) in ("help", "hulp"):
        await effects.explain_words(turn, who, await _coach(turn, who))
        return "help"
    found = wishes.wished(turn.services.book, inbound.text, _language(turn, who))
    if found is None:
        return await _to_coach(turn, who, alert, inbound)
    if found.how in ("exact", "same"):
        await walk.want(turn, who, found.flow.id)
        return "flow"
    return await _offer(turn, who, None, alert, inbound, found)


async def _in_a_talk(turn: Turn, who: Person, run: RunRow, alert: Alert | None, inbound: Inbound) -> str:
    """A question is open: what answers it does, and another wish is done or offered. The rule stands in `wishes`."""
    text = inbound.text.strip() if inbound.kind == "text" else ""
    if not text.startswith("/") and matching.tidy(text) not in WORDS and _before_it_was_asked(turn, run):
        return await _too_early(turn, who, run, alert, inbound)
    if not text or text.lower() in COMMANDS:
        await walk.go_on(turn, who, run, _reply(inbound))
        return "flow"
    tapped = wishes.begins(turn.services.book, text, _language(turn, who)) if text.startswith("/") else None
    if tapped is not None:  # a slash makes it no answer
        await _meanwhile(turn, who, run, tapped)
        return "flow"
    found = await _other_wish(turn, who, run, text)
    if found is None:
        await walk.go_on(turn, who, run, _reply(inbound))
        return "flow"
    return await _offer(turn, who, run, alert, inbound, found)


def _language(turn: Turn, who: Person) -> Translate:
    """Makes the words that begin a talk those of this person's language."""
    return turn.services.texts.script(who.language)


def _before_it_was_asked(turn: Turn, run: RunRow) -> bool:
    """Whether this came in before the open question was asked: several messages, one close on the other."""
    return turn.inbox_id is not None and run.heard is not None and turn.inbox_id <= run.heard


async def _too_early(turn: Turn, who: Person, run: RunRow, alert: Alert | None, inbound: Inbound) -> str:
    """It cannot answer a question that nobody had seen: a person reads it. The question comes again after the last."""
    outcome = await _to_coach(turn, who, alert, inbound)
    if not await inbox.others_wait(turn.tx, inbound.chat, turn.inbox_id):
        await walk.go_on(turn, who, run, AskedAgain())
    return outcome


async def _other_wish(turn: Turn, who: Person, run: RunRow, text: str) -> Wished | None:
    """What these words ask for, if they do not answer the open question. Where all words do, only start words exactly
    as they are may mean something else; and what asks for this very talk asks for nothing."""
    found = wishes.wished(turn.services.book, text, _language(turn, who))
    if found is None or found.flow.id == run.flow:
        return None
    read = await walk.reading(turn, who, run, text)
    return None if read == "answer" or (read == "words" and found.how != "exact") else found


async def _meanwhile(turn: Turn, who: Person, run: RunRow, wish: Flow) -> None:
    """A command while a question is open. What only shows something comes beside it; for the rest it waits."""
    if wish.id == run.flow:
        await walk.go_on(turn, who, run, AskedAgain())
    elif wishes.only_shows(wish):
        await walk.begin(turn, who, wish.id)
        await walk.go_on(turn, who, run, AskedAgain())
    else:
        await parking.park(turn, who, run)
        await walk.want(turn, who, wish.id)


async def _offer(
    turn: Turn, who: Person, run: RunRow | None, alert: Alert | None, inbound: Inbound, found: Wished
) -> str:
    """Ask whether this is what somebody wants now. Without the script that asks it the words go where they went."""
    answers = run is not None and await walk.reading(turn, who, run, inbound.text) == "words"
    if run is not None and not answers and found.how in ("exact", "same") and wishes.only_shows(found.flow):
        await _meanwhile(turn, who, run, found.flow)
        return "flow"
    if wishes.OFFER not in turn.services.book:
        if run is None:
            return await _to_coach(turn, who, alert, inbound)
        await walk.go_on(turn, who, run, _reply(inbound))
        return "flow"
    outcome, words = "flow", inbound.text
    if found.how == "within":  # a long message is meant for a person; what it may ask for comes after
        outcome, words = await _to_coach(turn, who, alert, inbound), ""
    if run is not None:
        await parking.park(turn, who, run)
    wish = Wish(found.flow.id, found.how == "near", words, (run.id, run.turn) if run and answers else None)
    await walk.begin(turn, who, wishes.OFFER, wish=wish)
    return outcome


def _reply(inbound: Inbound) -> Typed | Sent | Pressed:
    if inbound.kind == "text":
        pressed = COMMANDS.get(inbound.text.strip().lower())
        return Pressed(pressed) if pressed else Typed(inbound.text)
    return Sent(inbound.kind, inbound.ref or inbound.kind, inbound.text)


async def _to_coach(turn: Turn, who: Person, alert: Alert | None, inbound: Inbound, run: RunRow | None = None) -> str:
    """The back-up line: whatever it is, the coach gets it and the participant hears that."""
    coach = await _coach(turn, who)
    text = inbound.text
    if inbound.forwarded:
        text = turn.say(coach, "(doorgestuurd bericht van iemand anders) {text}", text=text)
    if inbound.kind in alerting.NOT_PASSED_ON:
        text = alerting.not_passed_on(turn, coach, inbound.kind, inbound.text)
    first = await alerting.message_for_coach(turn, who, coach, inbound.kind, text, inbound.ref or None)
    if not alerts.talking(alert) or not people.can_be_reached(coach):
        await alerting.receive(turn, who, coach, first=first)
    elif first and run is not None and run.status == "resting":
        await _talking_now(turn, who)
    return messages.WITH_COACH if coach else messages.ACKNOWLEDGED


async def _edit(turn: Turn, who: Person, alert: Alert | None, inbound: Inbound) -> str:
    """A changed message never changes an answer in silence; the new words go to the coach."""
    coach = await _coach(turn, who)
    text = turn.say(coach, "(aangepast bericht) {text}", text=inbound.text)
    first = await alerting.message_for_coach(turn, who, coach, "text", text, None)
    if not people.can_be_reached(coach):
        await alerting.receive(turn, who, coach, first=first)
    elif not alerts.talking(alert):
        await turn.tell(
            who,
            "Je hebt een bericht aangepast. {coach} krijgt het. Wil je een antwoord veranderen? Typ: terug.",
            coach=coach.name,
        )
    return messages.WITH_COACH if coach else messages.ACKNOWLEDGED


async def _started_again(turn: Turn, who: Person, run: RunRow | None, alert: Alert | None) -> str:
    """Start pressed by somebody who is in already: begin the welcome again, or repeat the open question."""
    if alerts.talking(alert):
        await _talking_now(turn, who)
    elif run is not None:
        await walk.go_on(turn, who, run, AskedAgain())
    elif who.state == "active":
        await effects.explain_words(turn, who, await _coach(turn, who))
    else:
        await walk.begin(turn, who, contact.WELCOME)
    return "flow"


async def tapped(turn: Turn, who: Person, button: ButtonRow, inbound: Inbound) -> str:
    """Deal with a tap on one of this participant's own buttons."""
    if button.action in ("answer", "word"):
        return await _answered(turn, who, button, inbound)
    if button.action == "read":
        return await _read(turn, who, button, inbound)
    if button.action == "ask_coach":
        access.require(who, Action.WRITE, Subject(who.id))
        coach = await _coach(turn, who)
        if coach and await buttons.use(turn.tx, button.token, turn.now):
            item = Item("flag", "today", "help", "Komt er niet uit en vraagt om hulp.", None, turn.now)
            await alerting.add(turn, who, coach, item)
        await alerting.receive(turn, who, coach, first=True)
        return messages.WITH_COACH
    raise access.Denied(button.action)


async def _answered(turn: Turn, who: Person, button: ButtonRow, inbound: Inbound) -> str:
    access.require(who, Action.ANSWER, Subject(button.person_id))
    run = await runs.open_one(turn.tx, await turn.key(who.id), who.id)
    if run is None or run.id != button.about or run.turn != button.turn:
        if run is not None and await _is_parked(turn, who, button):
            return await _before_its_turn(turn, who, run, button, inbound)
        return await _late(turn, who, button) or await old_button(turn, who)
    if run.status == "resting":
        await _talking_now(turn, who)
        return "later"
    given = Tapped(button.key or "") if button.action == "answer" else Pressed(word(button.key))
    await walk.go_on(turn, who, run, given, tapped_message=inbound.message)
    return "flow"


async def _is_parked(turn: Turn, who: Person, button: ButtonRow) -> bool:
    """Whether it belongs to the open question of a talk that waits for another one."""
    row = await runs.by_id(turn.tx, await turn.key(who.id), button.about or 0)
    return row is not None and (row.status, row.turn) == ("parked", button.turn)


async def _before_its_turn(turn: Turn, who: Person, run: RunRow, button: ButtonRow, inbound: Inbound) -> str:
    """A tap on a question that waits. It answers an offer that came in between: first this; else it comes again."""
    if run.status == "waiting" and run.flow == wishes.OFFER:
        await walk.go_on(turn, who, run, Tapped("no"))
        return await _answered(turn, who, button, inbound)
    await turn.tell(who, "Die vraag komt straks terug. Eerst deze.")
    if run.status == "waiting":
        await walk.go_on(turn, who, run, AskedAgain())
    return "later"


async def _late(turn: Turn, who: Person, button: ButtonRow) -> str | None:
    """An answer to a question whose time was over: it counts no more, and the coach reads it all the same."""
    row = await runs.by_id(turn.tx, await turn.key(who.id), button.about or 0)
    if row is None or (row.outcome, row.turn, button.action) != ("expired", button.turn, "answer"):
        return None
    try:
        flow = turn.services.book.get(row.flow, row.version)
    except FlowUnknown:
        return None
    step, coach = flow.steps.get(button.step or ""), await _coach(turn, who)
    chosen = step.ask.choices(turn.services.texts.script(SOURCE)) if step and step.ask else ()
    label = next((one.label for one in chosen if one.key == button.key), None)
    if label is None or coach is None or not await buttons.use(turn.tx, button.token, turn.now):
        return None
    text = turn.say(coach, "(laat antwoord bij «{talk}») {answer}", talk=flow.title, answer=label)
    await alerting.message_for_coach(turn, who, coach, "text", text, None)
    await turn.tell(who, "Die vraag was al voorbij. {coach} leest wel wat je koos.", coach=coach.name)
    return messages.WITH_COACH


async def _talking_now(turn: Turn, who: Person) -> None:
    coach = await _coach(turn, who)
    await turn.tell(who, "Je praat nu met {coach}. Daarna gaan we hier verder.", coach=coach.name if coach else "")


def word(key: str | None) -> Word:
    """The word that a button of a question stands for. Raises Denied for one that is none."""
    for known in COMMANDS.values():
        if known == key:
            return known
    raise access.Denied("word")


async def old_button(turn: Turn, who: Person) -> str:
    """A button of an earlier question: say so kindly, and show where we are now."""
    run = await runs.open_one(turn.tx, await turn.key(who.id), who.id)
    if run is not None and run.status == "waiting":
        await turn.tell(who, "Die knop is van een eerdere vraag. Wil je een antwoord veranderen? Typ: terug.")
        await walk.go_on(turn, who, run, AskedAgain())
        return "old button"
    coach = await _coach(turn, who)
    text = "Die knop is van een eerdere vraag. Je kunt altijd een bericht typen. {coach} leest het."
    if coach is not None:
        await turn.tell(who, text, coach=coach.name)
    else:
        await turn.tell(who, "Die knop is van een eerdere vraag. Je kunt altijd een bericht typen.")
    return "old button"


async def _read(turn: Turn, who: Person, button: ButtonRow, inbound: Inbound) -> str:
    access.require(who, Action.READ, Subject(button.person_id))
    line = await turn.key(who.id)
    written = await messages.by_id(turn.tx, line, button.about or 0)
    if written is None:
        return await old_button(turn, who)
    author = await people.by_id(turn.tx, turn.services.keyring, written.author_id)
    text = turn.labelled(who, await signature(turn, who, author) if author else "", written.body)
    await turn.send(who, Outgoing("edit", text, message=inbound.message), "alert", written.alert_id)
    await messages.outcome(turn.tx, written.id, messages.READ)
    return "read"


async def signature(turn: Turn, who: Person, author: Person) -> str:
    """By which name this participant knows whoever writes or acts: the coach, or «Bo (vervanger van Ilse)» (P7)."""
    own = await _coach(turn, who)
    if own is None or own.deputy_id != author.id:
        return author.name
    return turn.say(who, "{deputy} (vervanger van {coach})", deputy=author.name, coach=own.name)


async def hand_over(turn: Turn, coach: Person, who: Person, message_id: int, text: str, alert_id: int) -> None:
    """Bring a coach's words to the participant: at once if the chat is open, else behind a neutral line."""
    name = await signature(turn, who, coach)
    if turn.present(who):
        await turn.send(who, Outgoing("send", turn.labelled(who, name, text)), "alert", alert_id)
        return
    rows = await turn.buttons(who, [[Wanted(turn.say(who, "Lezen"), "read", message_id)]])
    neutral = turn.say(who, "Je hebt een bericht van {coach}.", coach=name)
    await turn.send(who, Outgoing("send", neutral, rows), "alert", alert_id)
