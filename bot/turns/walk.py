"""Walking through a flow: start it, hand it a reply, write down what the engine says happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.caseload import contact
from bot.storage import people, runs
from bot.storage.people import Person
from bot.storage.runs import Begun, RunRow
from bot.turns import days
from bot.turns.effects import WRITERS, Walk
from bot.turns.turn import Turn
from flows.engine import runner
from flows.engine.context import Context
from flows.engine.events import EffectWanted, Event, RunEnded, Value
from flows.engine.inputs import Input
from flows.engine.run import Run
from flows.engine.runner import Sprint


async def begin(turn: Turn, person: Person, flow_id: str, *, moment_id: int | None = None) -> None:
    """Start the newest version of a flow. Raises the engine's UnknownFlow when there is none."""
    book, coach = turn.services.book, await _coach(turn, person)
    flow = book.latest(flow_id)
    context = await _context(turn, person, coach, flow.source, flow_id, None)
    sprint = _in_chosen_language(turn, context, lambda seen: runner.start(book, flow_id, seen, turn.now))
    begun = Begun(flow_id, flow.version, sprint.run.turn, sprint.run.to_json(), _outcome(sprint.events))
    run_id = await runs.begin(turn.tx, await turn.key(person.id), begun, moment_id, turn.now)
    await _write(turn, Walk(person, coach, run_id, sprint.run.turn), sprint.events)


async def go_on(turn: Turn, person: Person, row: RunRow, given: Input, *, tapped_message: int | None = None) -> None:
    """Hand an open run an input."""
    book, coach = turn.services.book, await _coach(turn, person)
    run = Run.from_json(row.state)
    flow = book.get(row.flow, row.version)
    context = await _context(turn, person, coach, flow.source, row.flow, row.id)
    sprint = _in_chosen_language(turn, context, lambda seen: runner.resume(book, run, given, seen, turn.now))
    if sprint.run != run:
        key, state = await turn.key(person.id), sprint.run.to_json()
        await runs.save(turn.tx, key, row.id, row.turn, sprint.run.turn, state, _outcome(sprint.events), turn.now)
    await _write(turn, Walk(person, coach, row.id, sprint.run.turn, tapped_message), sprint.events)


async def _coach(turn: Turn, person: Person) -> Person | None:
    return await people.coach_of(turn.tx, turn.services.keyring, person.id)


def _outcome(events: tuple[Event, ...]) -> str | None:
    last = events[-1] if events else None
    return last.outcome if isinstance(last, RunEnded) else None


def _in_chosen_language(turn: Turn, context: Context, think: Callable[[Context], Sprint]) -> Sprint:
    """Think once, and where the reply chose a language once more in that one: thinking is pure, so it may."""
    sprint = think(context)
    for event in sprint.events:
        if isinstance(event, EffectWanted) and event.name == "set_language":
            translate = turn.services.texts.script(event.arguments["language"])
            return think(Context(values=context.values, last=context.last, translate=translate))
    return sprint


async def _write(turn: Turn, walk: Walk, events: tuple[Event, ...]) -> None:
    for event in events:
        await WRITERS[type(event)](turn, walk, event)


async def _context(
    turn: Turn, person: Person, coach: Person | None, source: str, flow_id: str, run_id: int | None
) -> Context:
    """What the script may look at. What costs a query is fetched only where the script names it."""
    services = turn.services
    values: dict[str, str | int | float | bool | datetime | None] = {
        "name": person.name,
        "coach": coach.name if coach else "",
        "today": services.calendar.local(turn.now).date().isoformat(),
    }
    if "{next_moment}" in source:
        at = await contact.next_at(turn.tx, services.calendar, person, turn.now)
        values["next_moment"] = days.day(services.calendar, at, person.language)
    last: dict[str, Value] = {}
    if "last(" in source:
        last = await runs.last_answers(turn.tx, await turn.key(person.id), flow_id, run_id)
    return Context(values=values, last=last, translate=services.texts.script(person.language))
