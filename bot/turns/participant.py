"""What a participant does, and where it goes: the open question, a script that begins with these words, the coach."""

from __future__ import annotations

from bot.caseload import access, alerts, contact
from bot.caseload.access import Action, Subject
from bot.storage import alerts as alert_rows
from bot.storage import buttons, messages, people, runs
from bot.storage.alerts import Alert, Item
from bot.storage.buttons import ButtonRow
from bot.storage.people import Person
from bot.storage.runs import RunRow
from bot.texts import SOURCE
from bot.turns import alerting, effects, walk
from bot.turns.inbound import START, Inbound
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted
from flows.engine import matching
from flows.engine.errors import FlowUnknown
from flows.engine.flow import Flow
from flows.engine.inputs import AskedAgain, Pressed, Sent, Tapped, Typed, Word

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
        wish = _wish_of_the_menu(turn, inbound)
        await (walk.go_on(turn, who, run, _reply(inbound)) if wish is None else _meanwhile(turn, who, run, wish))
        return "flow"
    if inbound.kind == "text":
        flow = _started_by(turn, inbound.text)
        if flow is not None:
            await walk.begin(turn, who, flow.id)
            return "flow"
        if matching.tidy(inbound.text) in ("help", "hulp"):
            await effects.explain_words(turn, who, await _coach(turn, who))
            return "help"
    return await _to_coach(turn, who, alert, inbound)


async def _coach(turn: Turn, who: Person) -> Person | None:
    return await people.coach_of(turn.tx, turn.services.keyring, who.id)


def _started_by(turn: Turn, text: str) -> Flow | None:
    """The participant's flow that begins with these words. Words that are only near go to the coach, who reads them."""
    said = matching.tidy(text)
    for flow in turn.services.book:
        if flow.audience == "participant" and said in map(matching.tidy, flow.starts.words):
            return flow
    return None


def _wish_of_the_menu(turn: Turn, inbound: Inbound) -> Flow | None:
    """The flow of a command that was tapped while a question is open: a slash makes it no answer."""
    text = inbound.text.strip().lower() if inbound.kind == "text" else ""
    return _started_by(turn, text) if text.startswith("/") and text not in COMMANDS else None


async def _meanwhile(turn: Turn, who: Person, run: RunRow, wish: Flow) -> None:
    """What only shows something is shown beside the open question. What asks something itself takes the place of
    another wish, and waits for what we asked."""
    asks = any(step.ask or step.run for step in wish.steps.values())
    if asks and run.moment_id is None and run.flow != contact.WELCOME:
        await runs.end_all(turn.tx, who.id, "stopped", turn.now)
        await walk.begin(turn, who, wish.id)
        return
    if asks:
        await turn.tell(who, "Er staat nog een vraag open. Beantwoord die eerst, of typ: stop. Daarna kan dit.")
    else:
        await walk.begin(turn, who, wish.id)
    await walk.go_on(turn, who, run, AskedAgain())


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
    if inbound.kind in ("contact", "location", "unknown"):
        text = turn.say(coach, "(iets dat ik niet kan doorsturen: {kind})", kind=inbound.text or inbound.kind)
    first = await alerting.message_for_coach(turn, who, coach, inbound.kind, text, inbound.ref or None)
    if not alerts.talking(alert):
        await alerting.receive(turn, who, coach, first=first)
    elif first and run is not None and run.status == "resting":
        await _talking_now(turn, who)
    return messages.WITH_COACH if coach else messages.ACKNOWLEDGED


async def _edit(turn: Turn, who: Person, alert: Alert | None, inbound: Inbound) -> str:
    """A changed message never changes an answer in silence; the new words go to the coach."""
    coach = await _coach(turn, who)
    text = turn.say(coach, "(aangepast bericht) {text}", text=inbound.text)
    await alerting.message_for_coach(turn, who, coach, "text", text, None)
    if coach and not alerts.talking(alert):
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
        return await _late(turn, who, button) or await old_button(turn, who)
    if run.status == "resting":
        await _talking_now(turn, who)
        return "later"
    given = Tapped(button.key or "") if button.action == "answer" else Pressed(word(button.key))
    await walk.go_on(turn, who, run, given, tapped_message=inbound.message)
    return "flow"


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
    await turn.tell(who, "Die knop is van een eerdere vraag.")
    if run is not None and run.status == "waiting":
        await walk.go_on(turn, who, run, AskedAgain())
    return "old button"


async def _read(turn: Turn, who: Person, button: ButtonRow, inbound: Inbound) -> str:
    access.require(who, Action.READ, Subject(button.person_id))
    line = await turn.key(who.id)
    written = await messages.by_id(turn.tx, line, button.about or 0)
    if written is None:
        return await old_button(turn, who)
    author = await people.by_id(turn.tx, turn.services.keyring, written.author_id)
    text = f"{author.name if author else ''}: {written.body}"
    await turn.send(who, Outgoing("edit", text, message=inbound.message), "alert", written.alert_id)
    await messages.outcome(turn.tx, written.id, messages.READ)
    return "read"


async def hand_over(turn: Turn, coach: Person, who: Person, message_id: int, text: str, alert_id: int) -> None:
    """Bring a coach's words to the participant: at once if the chat is open, else behind a neutral line."""
    if turn.present(who):
        await turn.send(who, Outgoing("send", f"{coach.name}: {text}"), "alert", alert_id)
        return
    rows = await turn.buttons(who, [[Wanted(turn.say(who, "Lezen"), "read", message_id)]])
    neutral = turn.say(who, "Je hebt een bericht van {coach}.", coach=coach.name)
    await turn.send(who, Outgoing("send", neutral, rows), "alert", alert_id)
