"""Publishing: what would change, who stands where it changes, and the transaction that lets it count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.authoring import changes
from bot.caseload import numbers as numbering
from bot.storage import flow_versions, runs, timers
from bot.storage.connection import Connection
from bot.storage.flow_versions import AWAY, Publication, Published
from bot.storage.keys import Keyring
from bot.storage.runs import RunRow
from flows.engine.effects.start import Start
from flows.engine.errors import RunUnreadable
from flows.engine.flow import Flow, version_of
from flows.engine.reader import read_flow
from flows.engine.run import Frame, Run

Running = Literal["finish", "move", "restart"]
"""What is done with people who are in a talk that changes: they end it as it was, go on in the new one, begin again."""
Now = Literal["same", "changed", "other", "removed"]
"""What became of a step: `other` asks another kind of thing."""
BACK = "Terug naar de versie van "
"""How the history tells that an earlier version counts again."""


@dataclass(frozen=True, slots=True)
class Change:
    """One flow, or the phone numbers, that would be published. `text` is None for one that goes away."""

    name: str
    version: str
    text: str | None
    lines: tuple[str, ...]
    is_new: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """So many people stand at this step of an earlier version of a flow."""

    flow: str
    step: str
    now: Now
    people: int


@dataclass(frozen=True, slots=True)
class _Stand:
    """One open run that goes through a flow which changes."""

    row: RunRow
    flow: str
    step: str
    now: Now


@dataclass(frozen=True, slots=True)
class Taken:
    """How many people go on or begin again, and how many end their talk as it was although that was not wanted."""

    people: int
    left: int


class NotComplete(Exception):
    """What is to be published names a flow or number that would not be there. The message is Dutch."""


async def differences(conn: Connection, texts: Mapping[str, str], only: Collection[str] = ()) -> list[Change]:
    """What is different in `texts` (by flow) from what counts now; `only`: of these names."""
    published = await flow_versions.newest(conn)
    names = [name for name in sorted({*texts, *published}) if not only or name in only]
    return [
        _change(name, published.get(name), texts.get(name))
        for name in names
        if name not in texts or name not in published or published[name].version != version_of(texts[name])
    ]


async def left_alone(conn: Connection, made: Collection[Change], only: Collection[str] = ()) -> list[Change]:
    """What counts already and stays: somebody may still stand in an earlier version of it. `only`: of these names."""
    changed = {one.name for one in made}
    return [
        Change(name, one.version, one.source, (), False)
        for name, one in (await flow_versions.newest(conn)).items()
        if name not in changed and name != numbering.FILE and (not only or name in only)
    ]


async def undone(conn: Connection, made: Collection[Change]) -> list[str]:
    """The flows that somebody set back, and whose text of before that would be published again."""
    found = []
    for one in made:
        lines = await flow_versions.history(conn, one.name)
        if lines and lines[0].changed.startswith(BACK) and one.version in {line.version for line in lines[1:]}:
            found.append(one.name)
    return found


async def standing(conn: Connection, keyring: Keyring, made: Collection[Change]) -> list[Standing]:
    """Where people stand in talks that `made` changes, flow by flow in the order of the steps' names."""
    counted = Counter((one.flow, one.step, one.now) for one in await _stands(conn, keyring, made))
    return [Standing(*where, people) for where, people in sorted(counted.items())]


async def check_complete(conn: Connection, made: Collection[Change]) -> None:
    """Raises NotComplete when a published flow would begin one, or name a phone number, that is not there."""
    texts = {name: one.source for name, one in (await flow_versions.newest(conn)).items()}
    for one in made:
        texts.pop(one.name, None)
        if one.text is not None:
            texts[one.name] = one.text
    listed = numbering.stored(texts.get(numbering.FILE, "")).by_key
    for one in made:
        flow = None if one.text is None else _flow(one.name, one.text)
        if flow and (missing := numbering.named(flow) - listed.keys()):
            raise NotComplete(f"Het gesprek '{one.name}' noemt het nummer '{min(missing)}'. Publiceer ook numbers.")
        for wanted in begun_by(flow) if flow else ():
            if wanted not in texts:
                raise NotComplete(f"Het gesprek '{one.name}' roept '{wanted}' aan. Publiceer dat ook.")


async def release(
    tx: Connection,
    keyring: Keyring,
    made: Collection[Change],
    by: str,
    now: datetime,
    running: Running,
    others: Collection[Change] = (),
) -> Taken:
    """Let these versions count from now on, and take people to them, and to the newest of the `others`, as wanted."""
    stands = [] if running == "finish" else await _stands(tx, keyring, (*made, *others))
    for one in made:
        said = Publication(one.name, one.version, now, by, "\n".join(one.lines))
        await flow_versions.release(tx, said, one.text or "")
    texts = {name: one.source for name, one in (await flow_versions.newest(tx)).items()}
    gone = {one.row.id for one in stands if one.now in ("other", "removed")}
    rows = {one.row.id: one.row for one in stands}
    fit = [
        row for row in rows.values() if (row.id not in gone if running == "move" else _begins_quietly(texts, row.flow))
    ]
    for row in fit:
        await timers.want(tx, row.person_id, running, row.id, row.turn, now)  # type: ignore[arg-type]
    return Taken(
        len({row.person_id for row in fit}),
        len({row.person_id for row in rows.values()} - {row.person_id for row in fit}),
    )


def back_to(one: Published, current: Published | None, when: str) -> Change:
    """The change that makes an earlier version count again; `when` it was published, in words."""
    change = _change(one.flow, current, one.source)
    return Change(one.flow, one.version, one.source, (f"{BACK}{when}.", *change.lines), False)


def begun_by(flow: Flow) -> set[str]:
    """The flows that this one runs, or lets begin when it has ended."""
    named = {effect.flow for step in flow.steps.values() for effect in step.do if isinstance(effect, Start)}
    return named | {step.run for step in flow.steps.values() if step.run}


def _change(name: str, before: Published | None, text: str | None) -> Change:
    version = AWAY if text is None else version_of(text)
    if name == numbering.FILE:
        old = numbering.stored(before.source) if before else None
        lines = changes.of_numbers(old, numbering.stored(text or ""))
    else:
        old_flow = _flow(name, before.source) if before else None
        lines = changes.between(old_flow, None if text is None else _flow(name, text))
    return Change(name, version, text, tuple(lines), before is None)


async def _stands(conn: Connection, keyring: Keyring, made: Collection[Change]) -> list[_Stand]:
    """Every place where an open run goes through a flow that changes, in an earlier version."""
    after = {one.name: None if one.text is None else _flow(one.name, one.text) for one in made}
    versions = {one.name: one.version for one in made}
    before: dict[tuple[str, str], Flow | None] = {}
    for one in await flow_versions.versions(conn, after):
        before[one.flow, one.version] = _flow(one.flow, one.source) if one.flow != numbering.FILE else None
    found: list[_Stand] = []
    for row in await runs.every_open(conn, keyring):
        for frame in _frames(row):
            if frame.flow in after and frame.version != versions[frame.flow]:
                now = _now(before.get((frame.flow, frame.version)), after[frame.flow], frame.step)
                found.append(_Stand(row, frame.flow, frame.step, now))
    return found


def _frames(row: RunRow) -> tuple[Frame, ...]:
    try:
        return Run.from_json(row.state).frames
    except RunUnreadable:
        return ()


def _now(old: Flow | None, new: Flow | None, step: str) -> Now:
    if new is None or step not in new.steps:
        return "removed"
    before, after = old.steps.get(step) if old else None, new.steps[step]
    if before == after:
        return "same"
    kinds = {one.ask.kind if one and one.ask else None for one in (before, after)}
    return "changed" if len(kinds) == 1 else "other"


def _begins_quietly(texts: Mapping[str, str], flow_id: str) -> bool:
    """Whether this flow begins with words that may show on a lock screen (P19): the others are never begun unasked."""
    flow = _flow(flow_id, texts[flow_id]) if flow_id in texts else None
    return flow is not None and flow.starts.moment is not None


def _flow(name: str, text: str) -> Flow | None:
    return read_flow(text, name)[0]
