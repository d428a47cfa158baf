"""Walking through a flow: start it, hand it a reply, write down what the engine says happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.storage import people, runs
from bot.storage.people import Person
from bot.storage.runs import Begun, RunRow
from bot.turns.care import care_effects, knowing, standing
from bot.turns.effects import WRITERS, Made, Walk
from bot.turns.handover import making_context
from bot.turns.handover.making_writers import COACH_WRITERS
from bot.turns.turn import Turn
from flows.engine import runner
from flows.engine.context import Context
from flows.engine.events import EffectWanted, Event, RunEnded, Value
from flows.engine.inputs import Input
from flows.engine.run import Run
from flows.engine.runner import Sprint


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


async def begin(
    turn: Turn,
    person: Person,
    flow_id: str,
    *,
    moment_id: int | None = None,
    placement_id: int | None = None,
    item: str | None = None,
) -> Came:
    """Start the newest version of a flow: for a coach about a placement. Raises the engine's FlowUnknown."""
    book, coach = turn.services.book, await _coach(turn, person)
    flow = book.latest(flow_id)
    about = _About(coach, flow_id, flow.source, None, moment_id, placement_id, item)
    sprint = await _think(turn, person, about, lambda seen: runner.start(book, flow_id, seen, turn.now))
    outcome = _outcome(sprint.events)
    run, version = sprint.run, flow.version
    begun = Begun(flow_id, version, run.turn, run.to_json(), outcome, moment_id, placement_id, item)
    run_id = await runs.begin(turn.tx, await turn.key(person.id), begun, turn.now)
    walk = Walk(person, coach, run_id, run.turn, moment_id=moment_id, placement_id=placement_id, item=item)
    await _write(turn, walk, sprint.events)
    return Came(outcome, walk.made)


async def go_on(turn: Turn, person: Person, row: RunRow, given: Input, *, tapped_message: int | None = None) -> Came:
    """Hand an open run an input."""
    book, coach = turn.services.book, await _coach(turn, person)
    run = Run.from_json(row.state)
    flow = book.get(row.flow, row.version)
    about = _About(coach, row.flow, flow.source, row.id, row.moment_id, row.placement_id, row.item)
    sprint = await _think(turn, person, about, lambda seen: runner.resume(book, run, given, seen, turn.now))
    outcome = _outcome(sprint.events)
    if sprint.run != run:
        key, state = await turn.key(person.id), sprint.run.to_json()
        await runs.save(turn.tx, key, row.id, row.turn, sprint.run.turn, state, outcome, turn.now)
    walk = Walk(person, coach, row.id, sprint.run.turn, tapped_message, row.moment_id, row.placement_id, row.item)
    await _write(turn, walk, sprint.events)
    follows = None if turn.forgotten else await standing.offer(turn, person, row.moment_id, outcome)
    if follows is not None:
        await begin(turn, person, follows)
    return Came(outcome, walk.made)


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
    writers = WRITERS if walk.placement_id is None else COACH_WRITERS
    for event in events:
        await writers[type(event)](turn, walk, event)
        if turn.forgotten:
            return


async def _context(turn: Turn, person: Person, about: _About) -> Context:
    """What the script may look at. What costs a query is fetched only where the script names it."""
    if about.placement_id is not None:
        return await making_context.of(turn, person, about.placement_id, about.item)
    values = await knowing.values(turn, person, about.coach, about.source, about.moment_id)
    last: dict[str, Value] = {}
    if "last(" in about.source:
        last = await runs.last_answers(turn.tx, await turn.key(person.id), about.flow, about.run_id)
    return Context(values=values, last=last, translate=turn.services.texts.script(person.language))
