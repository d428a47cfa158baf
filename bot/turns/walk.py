"""Walking through a flow: start it, hand it a reply, write down what the engine says happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.caseload import alerts
from bot.storage import alerts as alert_rows
from bot.storage import flow_versions, inbox, people, runs
from bot.storage.people import Person
from bot.storage.runs import Begun, RunRow
from bot.turns import alerting, parking, wishes
from bot.turns.care import care_effects, knowing, standing
from bot.turns.effects import WRITERS, Made, Walk, failed
from bot.turns.handover import making_context
from bot.turns.handover.making_writers import COACH_WRITERS
from bot.turns.turn import Turn
from bot.turns.wishes import Wish
from flows.engine import limits, moving, runner
from flows.engine.context import Context, ContextValue
from flows.engine.errors import FlowUnknown
from flows.engine.events import EffectWanted, Event, RunEnded, Value
from flows.engine.inputs import AskedAgain, Input, Typed
from flows.engine.run import Run
from flows.engine.runner import Reading, Sprint


@dataclass(frozen=True, slots=True)
class Came:
    """What a turn of a run came to: how the run ended, if it did, and what became of a coach's answers."""

    outcome: str | None
    made: Made


@dataclass(frozen=True, slots=True)
class _About:
    """What a script's context is made of, besides the person."""

    coach: Person | None
    flow: str
    source: str
    run_id: int | None
    moment_id: int | None
    placement_id: int | None
    item: str | None
    wish: Wish | None = None
    participant_id: int | None = None


async def begin(
    turn: Turn,
    person: Person,
    flow_id: str,
    *,
    moment_id: int | None = None,
    placement_id: int | None = None,
    item: str | None = None,
    participant_id: int | None = None,
    wish: Wish | None = None,
    after: int = 0,
) -> Came:
    """Start the newest version of a flow: for a coach about a placement or a participant, or to offer a wish.

    `after` so many runs of this turn that each began the next. Raises the engine's FlowUnknown.
    """
    book, coach = turn.services.book, await _coach(turn, person)
    flow = book.latest(flow_id)
    what = (moment_id, placement_id, item)
    about = _About(coach, flow_id, flow.source, None, *what, wish, participant_id)
    sprint = await _think(turn, person, about, lambda seen: runner.start(book, flow_id, seen, turn.now))
    outcome = _outcome(sprint.events)
    run, version = sprint.run, flow.version
    kept = None if wish is None else wish.to_json()
    heard = await inbox.newest(turn.tx)
    begun = Begun(flow_id, version, run.turn, run.to_json(), outcome, *what, kept, participant_id, heard)
    run_id = await runs.begin(turn.tx, await turn.key(person.id), begun, turn.now)
    walk = Walk(person, coach, run_id, run.turn, None, *what, participant_id)
    await _write(turn, walk, sprint.events)
    await _afterwards(turn, walk, sprint.events, wish, after)
    return Came(outcome, walk.made)


async def go_on(turn: Turn, person: Person, row: RunRow, given: Input, *, tapped_message: int | None = None) -> Came:
    """Hand an open run an input. One whose version this program cannot read any more fails, whatever the input."""
    book, coach = turn.services.book, await _coach(turn, person)
    run, wish = Run.from_json(row.state), wishes.of(row)
    try:
        source = book.get(row.flow, row.version).source
        what = (row.moment_id, row.placement_id, row.item)
        about = _About(coach, row.flow, source, row.id, *what, wish, row.participant_id)
        sprint = await _think(turn, person, about, lambda seen: runner.resume(book, run, given, seen, turn.now))
    except FlowUnknown:
        if await behind(turn):
            raise
        sprint = runner.give_up(run, given)
    outcome = _outcome(sprint.events)
    if sprint.run != run:
        key, state = await turn.key(person.id), sprint.run.to_json()
        heard = await inbox.newest(turn.tx) if sprint.run.turn != row.turn else None
        await runs.save(turn.tx, key, row.id, row.turn, sprint.run.turn, state, outcome, turn.now, heard)
    walk = Walk.of(row, person, coach, sprint.run.turn, tapped_message)
    await _write(turn, walk, sprint.events)
    await _afterwards(turn, walk, sprint.events, wish, 0)
    return Came(outcome, walk.made)


async def behind(turn: Turn) -> bool:
    """Whether something was published that this process has not taken over yet."""
    return await flow_versions.mark(turn.tx) != turn.services.mark


async def reading(turn: Turn, person: Person, row: RunRow, text: str) -> Reading:
    """What these words would be to the open question; to one that cannot be read any more they are nothing."""
    book, coach = turn.services.book, await _coach(turn, person)
    try:
        source = book.get(row.flow, row.version).source
        about = _About(coach, row.flow, source, row.id, row.moment_id, None, None, wishes.of(row))
        context = await _context(turn, person, about)
        return runner.reading(book, Run.from_json(row.state), text, context, turn.now)
    except FlowUnknown:
        return "miss"


async def want(turn: Turn, person: Person, flow_id: str, *, after: int = 0) -> None:
    """Talk about this now: begin, or go on where this person was in it. No run may wait."""
    parked = await parking.newest(turn, person, flow_id)
    if parked is None:
        await begin(turn, person, flow_id, after=after)
    else:
        await go_on(turn, person, await parking.take_up(turn, parked), AskedAgain())


async def come_back(turn: Turn, person: Person) -> None:
    """Take up the talk that waited for another one, if there is one and nothing else is open."""
    parked = await parking.newest(turn, person)
    if parked is None or await runs.open_one(turn.tx, await turn.key(person.id), person.id) is not None:
        return
    if alerts.silent(await alert_rows.open_one(turn.tx, person.id)):
        return
    await turn.tell(person, "We gaan verder waar we gebleven waren.")
    await go_on(turn, person, await parking.take_up(turn, parked), AskedAgain())


async def _afterwards(turn: Turn, walk: Walk, events: tuple[Event, ...], wish: Wish | None, after: int) -> None:
    """What comes once a participant's run is over: what it led to, what it was offered for, or what waited for it."""
    ended = events[-1] if events else None
    if turn.forgotten or not isinstance(ended, RunEnded) or walk.by_coach:
        return
    person = await people.by_id(turn.tx, turn.services.keyring, walk.person.id)
    assert person is not None
    if wish is not None:
        granted = any(isinstance(one, EffectWanted) and one.name == "begin_wish" for one in events)
        await (_grant(turn, walk, person, wish, after) if granted else _refuse(turn, person, wish))
        return
    if any(isinstance(one, EffectWanted) and one.name == "sos" for one in events):
        return  # first that; what waits comes back with the next thing that happens
    follows = ended.follow or await standing.offer(turn, person, walk.moment_id, ended.outcome)
    if follows is not None:
        await _next(turn, walk, person, follows, after)
    await come_back(turn, person)


async def _next(turn: Turn, walk: Walk, person: Person, flow_id: str, after: int) -> None:
    """Begin what this run led to. Scripts that lead to each other for ever, or to one that is gone, are a failure."""
    if flow_id in turn.services.book and after < limits.FLOW_DEPTH:
        await want(turn, person, flow_id, after=after + 1)
    else:
        await failed(turn, walk)


async def _grant(turn: Turn, walk: Walk, person: Person, wish: Wish, after: int) -> None:
    await _next(turn, walk, person, wish.flow, after)
    await come_back(turn, person)


async def _refuse(turn: Turn, person: Person, wish: Wish) -> None:
    """What was kept is what it would have been without the offer: the answer to the question, or for the coach."""
    parked = await parking.newest(turn, person)
    if parked is not None and wish.words and wish.answer_to(parked):
        await go_on(turn, person, await parking.take_up(turn, parked), Typed(wish.words))
        return
    if wish.words:
        coach = await _coach(turn, person)
        first = await alerting.message_for_coach(turn, person, coach, "text", wish.words, None)
        await alerting.receive(turn, person, coach, first=first)
    if parked is not None:
        await go_on(turn, person, await parking.take_up(turn, parked), AskedAgain())
    elif not wish.words:
        await turn.tell(person, "Goed. Je kunt altijd een bericht typen.")


async def move(turn: Turn, person: Person, row: RunRow, run: Run, version: str) -> None:
    """Let a waiting run go on as `run`, which is in `version` of its flow, and ask its question anew."""
    book, coach = turn.services.book, await _coach(turn, person)
    source = book.get(row.flow, version).source
    wish = wishes.of(row)
    what = (row.moment_id, row.placement_id, row.item)
    about = _About(coach, row.flow, source, row.id, *what, wish, row.participant_id)
    sprint = await _think(turn, person, about, lambda seen: moving.ask_anew(book, run, seen, turn.now))
    key, state = await turn.key(person.id), sprint.run.to_json()
    heard, outcome = await inbox.newest(turn.tx), _outcome(sprint.events)
    await runs.save(turn.tx, key, row.id, row.turn, sprint.run.turn, state, outcome, turn.now, heard)
    walk = Walk.of(row, person, coach, sprint.run.turn)
    await _write(turn, walk, sprint.events)


async def _coach(turn: Turn, person: Person) -> Person | None:
    return await people.coach_of(turn.tx, turn.services.keyring, person.id)


def _outcome(events: tuple[Event, ...]) -> str | None:
    last = events[-1] if events else None
    return last.outcome if isinstance(last, RunEnded) else None


async def _think(turn: Turn, person: Person, about: _About, think: Callable[[Context], Sprint]) -> Sprint:
    """Think once, and where the reply changes something once more about how it will be: thinking is pure, so it may.

    So the last words of a script are in the language that was just chosen, and name the day that just became the next.
    """
    context = await _context(turn, person, about)
    sprint = think(context)
    changed = care_effects.foreseen(turn, person, sprint.events)
    if changed != person:
        context = await _context(turn, changed, about)
    for event in sprint.events:
        if isinstance(event, EffectWanted) and event.name == "set_language":
            context = replace(context, translate=turn.services.texts.script(event.arguments["language"]))
            changed = replace(changed, language=event.arguments["language"])
    return sprint if changed == person else think(context)


async def _write(turn: Turn, walk: Walk, events: tuple[Event, ...]) -> None:
    writers = COACH_WRITERS if walk.by_coach else WRITERS
    for event in events:
        await writers[type(event)](turn, walk, event)
        if turn.forgotten:
            return


async def _context(turn: Turn, person: Person, about: _About) -> Context:
    """What the script may look at. What costs a query is fetched only where the script names it."""
    if about.placement_id is not None:
        return await making_context.of(turn, person, about.placement_id, about.item)
    if about.participant_id is not None:
        return await making_context.of_participant(turn, person, about.participant_id)
    values = await knowing.values(turn, person, about.coach, about.source, about.moment_id)
    if about.wish is not None:
        values |= _of_wish(turn, person, about.wish)
    if "last_time_ago" in about.source:
        values["last_time_ago"] = await _last_time_ago(turn, person, about)
    last: dict[str, Value] = {}
    if "last(" in about.source:
        last = await runs.last_answers(turn.tx, await turn.key(person.id), about.flow, about.run_id)
    texts = turn.services.texts
    return Context(values, last, texts.script(person.language), {"languages": texts.offered})


async def _last_time_ago(turn: Turn, person: Person, about: _About) -> int | None:
    """Days since this person had this talk before, and answered something in it; None: they never did."""
    at = await runs.last_started(turn.tx, person.id, about.flow, about.run_id)
    local = turn.services.calendar.local
    return None if at is None else (local(turn.now).date() - local(at).date()).days


def _of_wish(turn: Turn, person: Person, wish: Wish) -> dict[str, ContextValue]:
    """What an offer names. A flow that is gone meanwhile has no title."""
    book = turn.services.book
    title = book.latest(wish.flow).title if wish.flow in book else None
    said = turn.services.texts.script(person.language)
    return {"asked_for": None if title is None else said(title), "asked_for.nearly": wish.near}
