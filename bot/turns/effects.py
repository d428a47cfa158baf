"""One function per event type of the engine: what happened in a talk becomes rows. Complete by test."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.caseload import alerts, contact
from bot.storage import people, runs, timers
from bot.storage.alerts import Item
from bot.storage.outbox import About
from bot.storage.people import Person
from bot.storage.runs import AnswerRow, RunRow
from bot.texts import N_
from bot.turns import alerting, parking, veil, wishes
from bot.turns.care import care_effects, standing
from bot.turns.care.standing import OPENING
from bot.turns.danger import sos
from bot.turns.following import ladder, referring
from bot.turns.handover import agreeing, making_effects, making_employer
from bot.turns.outgoing import Outgoing
from bot.turns.seeing import seeing
from bot.turns.sickness import sick_effects
from bot.turns.turn import Turn, Wanted
from flows.engine import events

TICK = "✓"


@dataclass(slots=True)
class Made:
    """What became of a coach's answers: whether anything was kept, and sentences that say what cannot be."""

    kept: bool = False
    refused: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Walk:
    """What the writers know besides the event: who walks, in which run, tapped on which message.

    A coach walks about a placement, at an item of its handover, or about a participant.
    """

    person: Person
    coach: Person | None
    run_id: int
    turn: int
    tapped_message: int | None = None
    moment_id: int | None = None
    placement_id: int | None = None
    item: str | None = None
    participant_id: int | None = None
    made: Made = field(default_factory=Made)

    @classmethod
    def of(
        cls, row: RunRow, person: Person, coach: Person | None, turn: int, tapped_message: int | None = None
    ) -> Walk:
        """The walk that goes on in this run, which stands at `turn` now."""
        about = (row.moment_id, row.placement_id, row.item, row.participant_id)
        return cls(person, coach, row.id, turn, tapped_message, *about)

    @property
    def by_coach(self) -> bool:
        """Somebody fills in something about somebody else: no answers of their own are kept."""
        return self.placement_id is not None or self.participant_id is not None


async def _run_started(turn: Turn, walk: Walk, event: events.RunStarted) -> None:
    """The run's row is written by the walk itself, because everything else points at it."""


async def _message_said(turn: Turn, walk: Walk, event: events.MessageSaid) -> None:
    await turn.send(walk.person, Outgoing("send", event.text), "run", walk.run_id)


async def _question_asked(turn: Turn, walk: Walk, event: events.QuestionAsked) -> None:
    def answer(key: str, label: str) -> Wanted:
        return Wanted(label, "answer", walk.run_id, walk.turn, event.step, key)

    def word(key: str, label: str) -> Wanted:
        return Wanted(label, "word", walk.run_id, walk.turn, event.step, key)

    lines: list[list[Wanted]] = []
    for choice in event.choices:
        ticked = f"{TICK} " if choice.key in event.ticked else ""
        lines.append([answer(choice.key, ticked + choice.label)])
    small = [word("stop", turn.say(walk.person, "Stop"))]
    if walk.turn > OPENING:
        small.insert(0, word("back", turn.say(walk.person, "Terug")))
    if event.optional:
        small.insert(0, word("skip", turn.say(walk.person, "Overslaan")))
    answers = {choice.label for choice in event.choices}
    lines.append([one for one in small if one.label not in answers])  # no two buttons may look alike
    rows = await turn.buttons(walk.person, lines)
    if event.kind == "several" and event.again and walk.tapped_message is not None:
        await turn.send(
            walk.person, Outgoing("edit", event.text, rows, message=walk.tapped_message), "run", walk.run_id
        )
    elif event.again:
        await timers.stale_for(turn.tx, ("reask",), walk.run_id)
        await _repeated(turn, walk, Outgoing("send", event.text, rows))
    else:
        await turn.send(walk.person, Outgoing("send", event.text, rows), "run", walk.run_id)
    if event.again:
        await runs.asked_again(turn.tx, walk.run_id, turn.now)


async def _repeated(turn: Turn, walk: Walk, question: Outgoing) -> None:
    """The open question once more. Later questions may show what was answered: not on a lock screen."""
    if walk.turn == OPENING and not walk.by_coach:  # a coach's first question names the participant
        await turn.send(walk.person, question, "run", walk.run_id)
        return
    neutral = turn.say(walk.person, "Tik op de knop. Dan zie je de vraag waar we waren gebleven.")
    await veil.send(turn, walk.person, question, neutral, About("run", walk.run_id))


async def _answer_given(turn: Turn, walk: Walk, event: events.AnswerGiven) -> None:
    key = await turn.key(walk.person.id)
    value = list(event.value) if isinstance(event.value, tuple) else event.value
    given = AnswerRow(
        flow=event.flow,
        step=event.step,
        kind=event.kind,
        question=event.question,
        value=value,
        words=event.words,
        at=turn.now,
        run_id=walk.run_id,
        ref=event.ref,
    )
    await runs.answer_given(turn.tx, key, given, event.version)
    await show_answer(turn, walk, event)


async def show_answer(turn: Turn, walk: Walk, event: events.AnswerGiven) -> None:
    """Under a question that was answered by a tap: what was answered, in the place of its buttons."""
    if walk.tapped_message is not None:
        chosen = f"{event.question}\n\n{TICK} {event.words or turn.say(walk.person, 'Overgeslagen')}"
        edit = Outgoing("edit", chosen, message=walk.tapped_message, in_place=True)
        await turn.send(walk.person, edit, "run", walk.run_id)


async def _answer_taken_back(turn: Turn, walk: Walk, event: events.AnswerTakenBack) -> None:
    await runs.take_back(turn.tx, walk.run_id, event.flow, event.step, turn.now)


async def _flag_raised(turn: Turn, walk: Walk, event: events.FlagRaised) -> None:
    if event.level != alerts.GOOD:
        await standing.flagged(turn, walk)
    if walk.coach is None:
        return
    item = Item("flag", event.level, event.topic, event.because, None, turn.now)
    await alerting.add(turn, walk.person, walk.coach, item)


async def _effect_wanted(turn: Turn, walk: Walk, event: events.EffectWanted) -> None:
    await EFFECTS[event.name](turn, walk, dict(event.arguments))
    await parking.after_effect(turn, walk.person, event.name)


async def _message_left(turn: Turn, walk: Walk, event: events.MessageLeft) -> None:
    medium = (event.ref or "text").partition(":")[0]
    kind, text, ref = medium if medium in ("text", *alerting.KINDS) else "file", event.text, event.ref
    if medium in alerting.NOT_PASSED_ON:
        kind, text, ref = medium, alerting.not_passed_on(turn, walk.coach, medium, text), None
    first = await alerting.message_for_coach(turn, walk.person, walk.coach, kind, text, ref)
    await alerting.receive(turn, walk.person, walk.coach, first=first)


HINTS = {
    "choice": N_("Kies een van de knoppen. Of typ wat erop staat."),
    "yesno": N_("Kies een van de knoppen. Of typ: ja of nee."),
    "scale": N_("Kies een van de knoppen. Of typ wat erop staat."),
    "several": N_("Tik aan wat past. Tik daarna op Klaar."),
    "number": N_("Hier past een getal, zoals {example}."),
    "date": N_("Hier past een dag, zoals maandag of {example}."),
    "date_passed": N_("Die dag is al voorbij. Hier past een dag die nog komt, zoals {example}."),
    "date_to_come": N_("Die dag moet nog komen. Hier past een dag die al was, zoals {example}."),
    "time": N_("Hier past een tijd, zoals {example}."),
    "phone": N_("Hier past een telefoonnummer, met cijfers."),
}
"""What fits, by kind of question or what is wrong with the day, for a reply that did not. Own words always fit."""


async def _reply_misunderstood(turn: Turn, walk: Walk, event: events.ReplyMisunderstood) -> None:
    """The words themselves went to the coach before this (MessageLeft), and the person was told so."""
    coach = walk.coach.name if walk.coach else ""
    if not event.offer_human:
        hint = HINTS.get(event.kind)
        if hint is not None:
            values = {"example": event.example} if "{example}" in hint else {}
            await turn.tell(walk.person, hint, **values)
        return
    text = turn.say(walk.person, "Kom je er niet uit? Ik kan {coach} vragen om je te helpen.", coach=coach)
    ask = Wanted(turn.say(walk.person, "Vraag {coach}", coach=coach), "ask_coach", walk.run_id)
    rows = await turn.buttons(walk.person, [[ask]])
    await turn.send(walk.person, Outgoing("send", text, rows), "run", walk.run_id)


async def _timer_wanted(turn: Turn, walk: Walk, event: events.TimerWanted) -> None:
    due_at = turn.now + event.after
    await timers.want(turn.tx, walk.person.id, event.timer, walk.run_id, event.turn, due_at)


async def _help_wanted(turn: Turn, walk: Walk, event: events.HelpWanted) -> None:
    await explain_words(turn, walk.person, walk.coach)


async def explain_words(turn: Turn, person: Person, coach: Person | None) -> None:
    """What a participant can type, and who reads along. Telegram makes the words with a slash something to tap."""
    text = turn.say(
        person,
        "Dit kun je typen, of tik erop:\n"
        "/menu: kies waar het over gaat\n"
        "/overzicht: alles wat je kunt bekijken\n"
        "/afspraken: wat is afgesproken\n"
        "/wanneer: wanneer je van mij hoort\n"
        "/ladder: waar je nu staat\n"
        "/pauze: een tijd geen vragen\n"
        "/taal: een andere taal\n"
        "/stop: stoppen met een gesprek, of met de vragen\n"
        "/sos: nu hulp nodig\n\n"
        "Bij een vraag kan ook: terug, of overslaan.\n"
        "Je kunt altijd een gewoon bericht typen. {coach} leest het.\n"
        "Ik ben een automatische assistent, geen mens.\n"
        "Is er gevaar? Bel 112. Denk je aan zelfdoding? Bel 113.",
        coach=coach.name if coach else "",
    )
    await turn.send(person, Outgoing("send", text))


async def _run_ended(turn: Turn, walk: Walk, event: events.RunEnded) -> None:
    await contact.release(turn.tx, walk.person.id, turn.now)
    coach = walk.coach.name if walk.coach else ""
    if event.outcome == "stopped" and event.flow != wishes.OFFER:
        await turn.tell(
            walk.person,
            "Goed, we stoppen voor nu. Wil je helemaal geen vragen meer? Typ dan: stop.\n"
            "Je kunt altijd een bericht typen. {coach} leest het.",
            coach=coach,
        )
        await _undecided(turn, walk, event.flow)
    if event.outcome == "failed":
        await failed(turn, walk)
    await standing.ended(turn, walk, event.outcome, event.then)
    if event.flow == contact.WELCOME:
        await agreeing.joined(turn, walk.person)


async def failed(turn: Turn, walk: Walk) -> None:
    """A script went wrong: not the participant's doing, and the coach knows."""
    if walk.coach is None:
        await turn.tell(walk.person, "Dit gesprek lukt nu niet. Dat ligt aan mij.")
        return
    text = "Dit gesprek lukt nu niet. Dat ligt aan mij. {coach} weet het."
    await turn.tell(walk.person, text, coach=walk.coach.name)
    item = Item("failure", "soon", "failure", "Een gesprek is vastgelopen.", None, turn.now)
    await alerting.add(turn, walk.person, walk.coach, item)


async def _undecided(turn: Turn, walk: Walk, flow: str) -> None:
    """Stopped before saying yes or no: the way back for the participant, and a word for the coach."""
    if flow != contact.WELCOME or walk.person.state != "joined":
        return
    await turn.tell(walk.person, "Wil je later meedoen? Typ dan: meedoen.")
    if walk.coach:
        text = turn.say(walk.coach, "{name} heeft nog niet gekozen. Er komen geen vragen.", name=walk.person.name)
        await veil.news(turn, walk.coach, walk.person, text)


Writer = Callable[[Turn, Walk, Any], Awaitable[None]]

WRITERS: dict[type, Writer] = {
    events.RunStarted: _run_started,
    events.MessageSaid: _message_said,
    events.QuestionAsked: _question_asked,
    events.AnswerGiven: _answer_given,
    events.AnswerTakenBack: _answer_taken_back,
    events.FlagRaised: _flag_raised,
    events.EffectWanted: _effect_wanted,
    events.MessageLeft: _message_left,
    events.ReplyMisunderstood: _reply_misunderstood,
    events.TimerWanted: _timer_wanted,
    events.HelpWanted: _help_wanted,
    events.RunEnded: _run_ended,
}


async def _set_language(turn: Turn, walk: Walk, arguments: dict[str, str]) -> None:
    await people.change(turn.tx, walk.person.id, language=arguments["language"])


async def _nothing_yet(turn: Turn, walk: Walk, arguments: dict[str, str]) -> None:
    """What begins another talk is done once this run has ended."""


async def _sos(turn: Turn, walk: Walk, arguments: dict[str, str]) -> None:
    await sos.show(turn, walk.person)


EFFECTS: dict[str, Callable[[Turn, Walk, dict[str, str]], Awaitable[None]]] = {
    "set_language": _set_language,
    "start": _nothing_yet,
    "begin_wish": _nothing_yet,
    **care_effects.EFFECTS,
    **sick_effects.EFFECTS,
    **referring.EFFECTS,
    **ladder.EFFECTS,
    "agree": making_effects.agree,
    "set_contact": making_effects.set_contact,
    "set_work": making_effects.set_work,
    "bring_employer": making_employer.bring,
    "show": seeing.show,
    "sos": _sos,
}
