"""Queries on runs and the answers they gathered."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select, update
from sqlalchemy import insert as core_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import insert
from bot.storage.errors import Stale
from bot.storage.keys import Keyring, PersonKey
from bot.storage.prepared import prepared
from bot.storage.tables import answer, outbox, person, run, timer

_RUNS = select(
    run.c.id,
    run.c.person_id,
    run.c.flow,
    run.c.version,
    run.c.turn,
    run.c.state,
    run.c.status,
    run.c.moment_id,
    run.c.placement_id,
    run.c.item,
    run.c.asked_at,
    run.c.outcome,
    run.c.wish,
    run.c.heard,
    run.c.parked_at,
    run.c.participant_id,
)
_OPEN_ONE = prepared(
    _RUNS.where(run.c.person_id == bindparam("who"), or_(run.c.status == "waiting", run.c.status == "resting"))
    .order_by(run.c.id.desc())
    .limit(1)
    .with_for_update()
)
_PARKED = prepared(
    _RUNS.where(run.c.person_id == bindparam("who"), run.c.status == "parked")
    .order_by(run.c.parked_at.desc(), run.c.id.desc())
    .with_for_update()
)
_BY_ID = prepared(_RUNS.where(run.c.id == bindparam("row")).with_for_update())
_SAVE = prepared(update(run).where(run.c.id == bindparam("row"), run.c.turn == bindparam("was")))
_ASKED_AGAIN = prepared(update(run).where(run.c.id == bindparam("row")).values(asked_at=bindparam("at")))
_UNHEARD = update(run).where(run.c.person_id == bindparam("who"), run.c.status != "ended").values(asked_at=None)
_ANSWER = prepared(core_insert(answer))


@dataclass(frozen=True, slots=True)
class RunRow:
    """`status`: waiting (for the person), resting (a coach is talking), parked (another talk came in between) or
    ended. `state` is the engine's JSON.
    """

    id: int
    person_id: int
    flow: str
    version: str
    turn: int
    state: str
    status: str
    moment_id: int | None
    placement_id: int | None
    """The placement whose handover a coach fills in here …"""
    item: str | None
    """… and which item of it."""
    asked_at: datetime | None
    outcome: str | None
    wish: str | None
    """For an offer of another talk: which, as JSON."""
    heard: int | None
    """The newest input, of anybody, that had come in when the question was asked: what is older does not answer it."""
    parked_at: datetime | None
    participant_id: int | None = None
    """Whom a coach notes something about here, apart from any placement."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A run as it is after its first turn; `outcome` when that turn already ended it."""

    flow: str
    version: str
    turn: int
    state: str
    outcome: str | None
    moment_id: int | None = None
    placement_id: int | None = None
    item: str | None = None
    wish: str | None = None
    participant_id: int | None = None
    heard: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerRow:
    flow: str
    step: str
    kind: str
    question: str
    value: Any
    words: str
    at: datetime
    run_id: int
    ref: str | None = None


def _row(key: PersonKey, row: Any) -> RunRow:
    wish = None if row.wish is None else key.open("run.wish", row.wish)
    return RunRow(**{**row._asdict(), "state": key.open("run.state", row.state), "wish": wish})


async def open_one(conn: AsyncConnection, key: PersonKey, person_id: int) -> RunRow | None:
    """The person's run that waits or rests, if any; locked until the end of the transaction."""
    row = (await conn.execute(_OPEN_ONE, {"who": person_id})).one_or_none()
    return None if row is None else _row(key, row)


async def parked(conn: AsyncConnection, key: PersonKey, person_id: int) -> list[RunRow]:
    """The person's parked runs, the one that comes back first in front; locked like an open one."""
    return [_row(key, row) for row in (await conn.execute(_PARKED, {"who": person_id})).all()]


async def by_id(conn: AsyncConnection, key: PersonKey, run_id: int) -> RunRow | None:
    """None also when it is somebody else's than the key's."""
    row = (await conn.execute(_BY_ID, {"row": run_id})).one_or_none()
    return None if row is None or row.person_id != key.person_id else _row(key, row)


async def begin(tx: AsyncConnection, key: PersonKey, begun: Begun, now: datetime) -> int:
    """Write a run after its first turn. Returns the id."""
    return await insert.new(
        tx,
        run,
        person_id=key.person_id,
        flow=begun.flow,
        version=begun.version,
        turn=begun.turn,
        state=key.seal("run.state", begun.state),
        status="waiting" if begun.outcome is None else "ended",
        outcome=begun.outcome,
        moment_id=begun.moment_id,
        placement_id=begun.placement_id,
        heard=begun.heard,
        item=begun.item,
        participant_id=begun.participant_id,
        wish=None if begun.wish is None else key.seal("run.wish", begun.wish),
        started_at=now,
        asked_at=now if begun.outcome is None else None,
        ended_at=None if begun.outcome is None else now,
    )


async def save(
    tx: AsyncConnection,
    key: PersonKey,
    run_id: int,
    was: int,
    turn: int,
    state: str,
    outcome: str | None,
    now: datetime,
    heard: int | None = None,
) -> None:
    """Write the run as it is after a turn: a higher one means a new question, that has `heard` what had come in.

    `was`: the turn as it was loaded. Raises Stale.
    """
    values: dict[str, Any] = {"row": run_id, "was": was, "turn": turn, "state": key.seal("run.state", state)}
    if turn != was:
        values |= {"asked_at": now, "heard": heard}
    if outcome is not None:
        values |= {"status": "ended", "outcome": outcome, "ended_at": now}
    if (await tx.execute(_SAVE, values)).rowcount != 1:
        raise Stale


async def pin(tx: AsyncConnection, run_id: int, version: str) -> None:
    """From now on the run is in this version of its flow."""
    await tx.execute(update(run).where(run.c.id == run_id).values(version=version))


async def asked_again(tx: AsyncConnection, run_id: int, now: datetime) -> None:
    """The open question was repeated, in the same turn."""
    await tx.execute(_ASKED_AGAIN, {"row": run_id, "at": now})


async def unheard(tx: AsyncConnection, person_id: int) -> None:
    """Something else came after the person's open question: it counts as asked only when it is asked again."""
    await tx.execute(_UNHEARD, {"who": person_id})


async def rest(tx: AsyncConnection, person_id: int) -> None:
    """A coach begins to talk: the waiting run waits until that talk is closed."""
    mine = and_(run.c.person_id == person_id, run.c.status == "waiting")
    await tx.execute(update(run).where(mine).values(status="resting"))


async def wake(tx: AsyncConnection, run_id: int) -> None:
    await tx.execute(update(run).where(run.c.id == run_id, run.c.status == "resting").values(status="waiting"))


async def park(tx: AsyncConnection, run_id: int, now: datetime) -> None:
    """Another talk comes first: the waiting run waits until that one has ended."""
    mine = and_(run.c.id == run_id, run.c.status == "waiting")
    await tx.execute(update(run).where(mine).values(status="parked", parked_at=now))


async def unpark(tx: AsyncConnection, run_id: int, heard: int) -> None:
    """Its question is about to be asked again, now that all up to `heard` came in."""
    mine = and_(run.c.id == run_id, run.c.status == "parked")
    await tx.execute(update(run).where(mine).values(status="waiting", parked_at=None, heard=heard))


async def end_parked(tx: AsyncConnection, run_id: int, outcome: str, now: datetime) -> None:
    """It will not come back."""
    mine = and_(run.c.id == run_id, run.c.status == "parked")
    await tx.execute(update(run).where(mine).values(status="ended", outcome=outcome, ended_at=now, parked_at=None))


async def end_all(tx: AsyncConnection, person_id: int, outcome: str, now: datetime) -> None:
    mine = and_(run.c.person_id == person_id, run.c.status != "ended")
    await tx.execute(update(run).where(mine).values(status="ended", outcome=outcome, ended_at=now))


async def end_about(tx: AsyncConnection, placement_id: int, outcome: str, now: datetime) -> None:
    """Nobody fills in this placement's handover any more."""
    here = and_(run.c.placement_id == placement_id, run.c.status != "ended")
    await tx.execute(update(run).where(here).values(status="ended", outcome=outcome, ended_at=now))


async def open_questions(conn: AsyncConnection, lately: datetime, until: datetime) -> list[tuple[int, int, int]]:
    """(run, person, turn) of waiting runs whose question was on the screen by `until`.

    One that was asked before `lately` only while it still expires, and if it was not asked again after an outage yet.
    """
    later = exists().where(
        outbox.c.chat_id == person.c.chat_id,
        outbox.c.about_kind == "run",
        outbox.c.about == run.c.id,
        or_(outbox.c.sent_at > until, outbox.c.state.in_(("new", "sending"))),
    )
    of_run = timer.c.about == run.c.id
    expires = exists().where(timer.c.kind == "expiry", of_run, timer.c.state == "waiting")
    before = exists().where(timer.c.kind == "reask", of_run, timer.c.turn == run.c.turn)
    query = (
        select(run.c.id, run.c.person_id, run.c.turn)
        .join(person, person.c.id == run.c.person_id)
        .where(run.c.status == "waiting", run.c.asked_at <= until, ~later)
        .where(or_(run.c.asked_at >= lately, and_(expires, ~before)))
    )
    return [(row.id, row.person_id, row.turn) for row in (await conn.execute(query)).all()]


async def last_item(conn: AsyncConnection, person_id: int, placement_id: int) -> tuple[str, bool] | None:
    """The item of this placement's handover that this coach was at last, and whether its script came to its end."""
    query = select(run.c.item, run.c.outcome).where(
        run.c.person_id == person_id, run.c.placement_id == placement_id, run.c.item.is_not(None)
    )
    row = (await conn.execute(query.order_by(run.c.id.desc()).limit(1))).one_or_none()
    return None if row is None else (row.item, row.outcome == "done")


async def standing_on(conn: AsyncConnection) -> set[tuple[str, str]]:
    """(flow, version) pairs that somebody still walks."""
    rows = await conn.execute(select(run.c.flow, run.c.version).where(run.c.status != "ended").distinct())
    return {(row.flow, row.version) for row in rows.all()}


async def every_open(conn: AsyncConnection, keyring: Keyring) -> list[RunRow]:
    """Everybody's runs that have not ended, without locking them; what cannot be read any more is left out."""
    rows = (await conn.execute(_RUNS.where(run.c.status != "ended").order_by(run.c.id))).all()
    keys = await keyring.many(conn, {row.person_id for row in rows})
    return [_row(keys[row.person_id], row) for row in rows if row.person_id in keys]


async def answer_given(tx: AsyncConnection, key: PersonKey, given: AnswerRow, version: str) -> None:
    values = {
        "person_id": key.person_id,
        "run_id": given.run_id,
        "flow": given.flow,
        "version": version,
        "step": given.step,
        "kind": given.kind,
        "question": key.seal("answer.question", given.question),
        "value": key.seal("answer.value", json.dumps(given.value, ensure_ascii=False)),
        "words": key.seal("answer.words", given.words),
        "ref": None if given.ref is None else key.seal("answer.ref", given.ref),
        "at": given.at,
    }
    await tx.execute(_ANSWER, values)


async def take_back(tx: AsyncConnection, run_id: int, flow: str, step: str, now: datetime) -> None:
    mine = (
        answer.c.run_id == run_id,
        answer.c.flow == flow,
        answer.c.step == step,
        answer.c.taken_back_at.is_(None),
    )
    await tx.execute(update(answer).where(*mine).values(taken_back_at=now))


async def disown(tx: AsyncConnection, person_id: int, since: datetime, now: datetime) -> None:
    """What was answered from then on was not this person's: none of it counts."""
    theirs = (answer.c.person_id == person_id, answer.c.at >= since, answer.c.taken_back_at.is_(None))
    await tx.execute(update(answer).where(*theirs).values(taken_back_at=now))


def _answer(key: PersonKey, row: Any) -> AnswerRow:
    return AnswerRow(
        flow=row.flow,
        step=row.step,
        kind=row.kind,
        question=key.open("answer.question", row.question),
        value=json.loads(key.open("answer.value", row.value)),
        words=key.open("answer.words", row.words),
        at=row.at,
        run_id=row.run_id,
        ref=None if row.ref is None else key.open("answer.ref", row.ref),
    )


async def answers(conn: AsyncConnection, key: PersonKey) -> list[AnswerRow]:
    """All answers that count, oldest first."""
    query = (
        select(answer)
        .where(answer.c.person_id == key.person_id, answer.c.taken_back_at.is_(None))
        .order_by(answer.c.id)
    )
    return [_answer(key, row) for row in (await conn.execute(query)).all()]


async def answers_since(
    conn: AsyncConnection, key: PersonKey, flows: Collection[str], since: datetime
) -> list[AnswerRow]:
    """The answers that count in these flows from that time on, oldest first."""
    query = select(answer).where(
        answer.c.person_id == key.person_id,
        answer.c.flow.in_(flows),
        answer.c.at >= since,
        answer.c.taken_back_at.is_(None),
    )
    return [_answer(key, row) for row in (await conn.execute(query.order_by(answer.c.id))).all()]


async def free_words_since(conn: AsyncConnection, key: PersonKey, since: datetime) -> list[AnswerRow]:
    """What the person said in own words, typed or spoken, in answers from that time on; skipped ones left out."""
    query = select(answer).where(
        answer.c.person_id == key.person_id,
        answer.c.kind.in_(("text", "voice")),
        answer.c.at >= since,
        answer.c.taken_back_at.is_(None),
    )
    found = [_answer(key, row) for row in (await conn.execute(query.order_by(answer.c.id))).all()]
    return [one for one in found if one.words or one.ref]


async def last_started(conn: AsyncConnection, person_id: int, flow: str, before_run: int | None) -> datetime | None:
    """When the newest ended run of this flow before `before_run` began in which something was answered."""
    answered = exists().where(answer.c.run_id == run.c.id, answer.c.taken_back_at.is_(None))
    ended = select(run.c.started_at).where(
        run.c.person_id == person_id, run.c.flow == flow, run.c.status == "ended", answered
    )
    if before_run is not None:
        ended = ended.where(run.c.id < before_run)
    found: datetime | None = (await conn.execute(ended.order_by(run.c.id.desc()).limit(1))).scalar_one_or_none()
    return found


async def last_answers(conn: AsyncConnection, key: PersonKey, flow: str, before_run: int | None) -> dict[str, Any]:
    """step → value of the newest time that it was asked and answered or skipped, in ended runs before `before_run`.

    A question that does not come every time is so compared with the last time that it did come.
    """
    ended = select(run.c.id).where(run.c.person_id == key.person_id, run.c.flow == flow, run.c.status == "ended")
    if before_run is not None:
        ended = ended.where(run.c.id < before_run)
    given = (answer.c.person_id == key.person_id, answer.c.flow == flow, answer.c.taken_back_at.is_(None))
    newest = select(func.max(answer.c.id)).where(*given, answer.c.run_id.in_(ended)).group_by(answer.c.step)
    query = select(answer.c.step, answer.c.value).where(answer.c.id.in_(newest))
    rows: Sequence[Any] = (await conn.execute(query)).all()
    return {row.step: json.loads(key.open("answer.value", row.value)) for row in rows}
