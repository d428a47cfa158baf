"""Answers go before what we say first, in order per chat, and neither waits for ever (P3, P16)."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.order import FIRST_AT_ONCE, IN_A_ROW, Order
from bot.chat.pace import Pace
from bot.chat.sender import Sender
from bot.storage import outbox
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.keys import PersonKey
from bot.storage.outbox import ANSWER, FIRST, OutboxRow
from bot.storage.tables import HOUSE
from bot.turns.outgoing import Outgoing
from tests.support.chat_rig import NOOR, SAM, Rig

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEY = PersonKey(HOUSE, bytes(32))
MANY = 500


@dataclass
class Desk:
    """The sender's choice on a real database, with a clock of its own and a Telegram that takes everything at once."""

    db: Database
    pace: Pace
    order: Order
    sent: list[OutboxRow] = field(default_factory=list)

    async def put(self, priority: int, *chats: int) -> list[int]:
        async def work(tx: Connection) -> list[int]:
            return [await outbox.put(tx, KEY, chat, None, "tekst", NOW, priority=priority) for chat in chats]

        return await self.db.write(work)

    async def unsent(self) -> list[OutboxRow]:
        """What every chat would get next."""
        async with self.db.read() as conn:
            return [row for one in (ANSWER, FIRST) for row in await outbox.waiting(conn, NOW, MANY, (), one)]

    async def send(self, most: int = 40) -> list[OutboxRow]:
        """What goes at this instant."""
        room = self.pace.room(most)
        async with self.db.read() as conn:
            rows = (await self.order.ready(conn, NOW, room, ()))[0] if room else []
        assert len(rows) <= room

        async def work(tx: Connection) -> None:
            assert await outbox.claim(tx, [row.id for row in rows]) == {row.id for row in rows}
            for row in rows:
                await outbox.sent(tx, row.id, None, NOW)

        await self.db.write(work)
        for row in rows:
            self.order.begin(row)
            self.order.end(row.chat_id)
        self.sent += rows
        return rows


class Ticks:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def desk(rig: Rig, ticks: Ticks) -> Desk:
    return desk_at(rig.db, ticks)


def desk_at(db: Database, ticks: Ticks, per_chat: float = 0) -> Desk:
    pace = Pace(25, per_chat, ticks)
    return Desk(db, pace, Order(pace, 0.5))


async def test_an_answer_goes_at_once_whatever_waits_before_it(desk: Desk, ticks: Ticks) -> None:
    await desk.put(FIRST, *range(1000, 1300))
    for _ in range(100):
        await desk.send()
        ticks.now += 0.01
    (answer,) = await desk.put(ANSWER, 7)
    waited = 0.0
    while answer not in [row.id for row in await desk.send()]:
        ticks.now += 0.01
        waited += 0.01
    assert waited == 0.0
    assert len(desk.sent) < 100, "most of what we say first still waits"


async def test_what_we_say_first_leaves_at_the_limit_but_for_the_place_that_is_kept(desk: Desk, ticks: Ticks) -> None:
    await desk.put(FIRST, *range(1000, 1300))
    for _ in range(1000):
        await desk.send()
        ticks.now += 0.01
        assert desk.pace.room_wait() == 0.0
    assert len(desk.sent) >= 239


async def test_a_pace_too_slow_to_keep_a_place_still_lets_us_speak_first(rig: Rig, ticks: Ticks) -> None:
    pace = Pace(1, 0, ticks)
    desk = Desk(rig.db, pace, Order(pace, 0.5))
    await desk.put(FIRST, 1, 2)
    for _ in range(2):
        assert len(await desk.send()) == 1
        ticks.now += 1.0


async def test_what_we_say_first_leaves_while_answers_keep_coming(desk: Desk, ticks: Ticks) -> None:
    """More answers than Telegram takes: of every ten messages one is still ours."""
    await desk.put(FIRST, *range(1000, 1040))
    for round_ in range(200):
        await desk.put(ANSWER, *range(2000 + 10 * round_, 2010 + 10 * round_))
        await desk.send()
        ticks.now += 0.05
    ours = sum(row.priority == FIRST for row in desk.sent)
    assert len(desk.sent) >= 249
    assert ours / len(desk.sent) == pytest.approx(1 / (IN_A_ROW + 1), abs=0.03)


async def test_a_slow_telegram_leaves_places_for_answers(desk: Desk, ticks: Ticks) -> None:
    await desk.put(FIRST, *range(1000, 1100))
    under_way: set[int] = set()
    for _ in range(50):
        async with desk.db.read() as conn:
            rows, _ = await desk.order.ready(conn, NOW, desk.pace.room(40 - len(under_way)), under_way)
        for row in rows:
            desk.order.begin(row)
        under_way |= {row.chat_id for row in rows}
        ticks.now += 0.2
    assert len(under_way) == FIRST_AT_ONCE
    desk.order.end(1000)
    async with desk.db.read() as conn:
        rows, _ = await desk.order.ready(conn, NOW, 9, under_way)
    assert len(rows) == 1


async def test_it_says_when_there_may_be_more(desk: Desk, ticks: Ticks) -> None:
    await desk.put(FIRST, *range(1000, 1100))
    await desk.send()
    async with desk.db.read() as conn:
        rows, rest = await desk.order.ready(conn, NOW, 5, ())
    assert (rows, rest) == ([], pytest.approx(0.04))
    ticks.now += rest
    assert len(await desk.send()) == 1
    for _ in range(85):
        ticks.now += 0.01
        await desk.send()
    async with desk.db.read() as conn:
        rows, rest = await desk.order.ready(conn, NOW, 1, ())
    assert (rows, desk.pace.room(40)) == ([], 1), "the last place is kept"
    ticks.now += rest + 1e-9
    assert await desk.send()


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from([ANSWER, FIRST]), st.lists(st.integers(1, 6), min_size=1, max_size=8)),
        st.tuples(st.just(None), st.sampled_from([0.0, 0.04, 0.3, 1.0])),
    ),
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@given(actions=ACTIONS, per_chat=st.sampled_from([0.0, 1.0]))
def test_whatever_is_put_when_each_chat_reads_it_in_its_order_and_all_of_it(
    empty_file: Path, actions: list[tuple[int | None, list[int] | float]], per_chat: float
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bot.db"
        shutil.copy(empty_file, path)
        asyncio.run(_told(path, actions, per_chat))


async def _told(path: Path, actions: list[tuple[int | None, list[int] | float]], per_chat: float) -> None:
    db, ticks = await Database.open(f"sqlite:///{path}"), Ticks()
    desk, put = desk_at(db, ticks, per_chat), list[int]()
    try:
        for priority, what in actions:
            if isinstance(what, list):
                put += await desk.put(priority or ANSWER, *what)
                continue
            ticks.now += what
            await _sends_answers_first(desk)
        while await desk.unsent():
            ticks.now += 0.5
            await _sends_answers_first(desk)
    finally:
        await db.close()
    assert sorted(row.id for row in desk.sent) == put
    for chat in {row.chat_id for row in desk.sent}:
        own = [row.id for row in desk.sent if row.chat_id == chat]
        assert own == sorted(own)


async def _sends_answers_first(desk: Desk) -> None:
    """One message at a time: ours goes only when no answer may, or when it is owed its turn."""
    for _ in range(30):
        before = [row for row in await desk.unsent() if not desk.pace.chat_wait(row.chat_id)]
        run = next((at for at, row in enumerate(reversed(desk.sent)) if row.priority == FIRST), len(desk.sent))
        for row in await desk.send(1):
            if row.priority == FIRST:
                assert run >= IN_A_ROW or all(one.priority == FIRST for one in before)


async def test_somebody_who_writes_during_a_busy_morning_is_answered_before_the_morning_is_over(rig: Rig) -> None:
    tick = 0.0

    async def nobody(number: int, what: object) -> None:
        raise AssertionError(number, what)

    async def put(priority: int, *pairs: tuple[int, str]) -> None:
        async def work(tx: Connection) -> None:
            key = await rig.keyring.of(tx, HOUSE)
            for chat, text in pairs:
                body = Outgoing("send", text).to_json()
                await outbox.put(tx, key, chat, None, body, rig.clock.now(), priority=priority)

        await rig.db.write(work)
        sender.wake()

    crowd = range(1000, 1060)
    for chat in (SAM, NOOR, *crowd):
        if chat in crowd:
            rig.telegram.make_user(chat, "X")
        rig.telegram.start(chat)
    pace = Pace(25, 1.0, lambda: tick)
    sender = Sender(rig.db, rig.keyring, rig.api, rig.world, pace, nobody, nobody, idle=0.01, tick=lambda: tick)
    await put(FIRST, *((chat, "Hoe gaat het?") for chat in crowd), (SAM, "Hoe gaat het?"))
    sender.start()
    try:
        await rig.telegram.wait_for(crowd[5], "Hoe gaat het?")
        await put(ANSWER, (NOOR, "Dank je wel."), (SAM, "Ook jij bedankt."))
        await rig.telegram.wait_for(NOOR, "Dank je wel.")
        await rig.telegram.wait_for(SAM, "Hoe gaat het?")
        assert len(rig.telegram.requests("sendMessage")) == 8
        tick = 1.0
        await rig.telegram.wait_for(SAM, "Ook jij bedankt.")
        while (sent := len(rig.telegram.requests("sendMessage"))) < len(crowd) + 3:
            tick += 1.0
            sender.wake()
            await rig.asked("sendMessage", sent + 1)
    finally:
        await sender.stop()
    assert [one.text for one in rig.telegram.read(SAM) if one.from_bot] == ["Hoe gaat het?", "Ook jij bedankt."]
