"""Long polling. P1: kept before confirmed; P2: duplicates; P17: the end of an outage; P18: never deaf."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from sqlalchemy import select

from bot.chat.fetch import Fetching
from bot.chat.intake import Intake
from bot.storage import facts, inbox
from bot.storage.errors import StorageTrouble
from bot.storage.tables import HOUSE
from bot.storage.tables import inbox as table
from tests.support.chat_rig import NOOR, SAM, Broken, Rig


class Hearing:
    """A Fetching on the rig, and what it noticed."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.gaps: list[tuple[float, datetime]] = []
        self.rung = 0
        self.on_gap_fails = 0
        self.intake = Intake(rig.db, rig.keyring, rig.world, self.ring)
        self.fetching = Fetching(
            rig.api,
            rig.db,
            self.intake,
            rig.world,
            self.on_gap,
            backoff=rig.backoff,
            poll_seconds=0,
            answer_within=0.3,
        )

    def ring(self) -> None:
        self.rung += 1

    async def on_gap(self, seconds: float, began_at: datetime) -> None:
        if self.on_gap_fails:
            self.on_gap_fails -= 1
            raise StorageTrouble
        self.gaps.append((seconds, began_at))

    async def texts(self) -> list[str]:
        """What is in the inbox, in the order it is dealt with."""
        async with self.rig.db.read() as conn:
            key = await self.rig.keyring.of(conn, HOUSE)
            bodies = (await conn.execute(select(table.c.body).order_by(table.c.id))).scalars().all()
        raws = [json.loads(key.open("inbox.body", body)) for body in bodies]
        return [raw.get("message", {}).get("text", next(reversed(raw))) for raw in raws]

    async def heard(self, *texts: str) -> None:
        """Waits until exactly these are kept and confirmed."""
        telegram = self.rig.telegram
        await telegram.until(lambda: not telegram.updates.waiting() or None)
        assert await self.texts() == list(texts)

    async def polls(self, count: int = 1) -> None:
        """Waits for so many more answered getUpdates."""
        telegram = self.rig.telegram
        before = telegram.record._count

        def answered() -> bool | None:
            done = [r for r in telegram.requests("getUpdates", after=before) if r.status]
            return len(done) >= count or None

        await telegram.until(answered)


@pytest.fixture
async def hearing(rig: Rig) -> AsyncIterator[Hearing]:
    hearing = Hearing(rig)
    yield hearing
    await hearing.fetching.stop()


async def test_what_people_send_is_kept_in_order_and_the_turns_are_woken(rig: Rig, hearing: Hearing) -> None:
    rig.telegram.start(SAM)
    rig.telegram.write(SAM, "een")
    rig.telegram.write(NOOR, "twee")
    hearing.fetching.start()
    await hearing.heard("/start", "een", "twee")
    rig.telegram.write(SAM, "drie")
    await hearing.heard("/start", "een", "twee", "drie")
    assert hearing.rung >= 2
    async with rig.db.read() as conn:
        assert [row.chat_id for row in await inbox.waiting(conn, rig.clock.now(), 9)] == [SAM, NOOR]


async def test_exactly_the_kinds_we_read_are_asked_for_and_the_webhook_is_taken_away_first(
    rig: Rig, hearing: Hearing
) -> None:
    rig.telegram.write(SAM, "een")
    hearing.fetching.start()
    await hearing.heard("een")
    first, second = rig.telegram.requests()[:2]
    assert (first.method, first.parameters) == ("deleteWebhook", {"drop_pending_updates": False})
    assert second.parameters["allowed_updates"] == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    ]
    assert all(r.parameters["timeout"] <= 50 for r in rig.telegram.requests("getUpdates"))


async def test_nothing_is_confirmed_that_is_not_on_disk(rig: Rig, hearing: Hearing) -> None:
    broken = Broken(rig.db, StorageTrouble)
    broken.times = 3
    rig.telegram.write(SAM, "een")
    hearing.fetching.start()
    await hearing.heard("een")
    assert broken.failed == 3
    asked = rig.telegram.requests("getUpdates")
    assert ["offset" in request.parameters for request in asked[:5]] == [False] * 4 + [True]


async def test_a_stop_before_the_commit_leaves_the_update_with_telegram(rig: Rig, hearing: Hearing) -> None:
    broken = Broken(rig.db, StorageTrouble)
    broken.times = 10**6
    rig.telegram.write(SAM, "een")
    hearing.fetching.start()
    await hearing.polls(2)
    await hearing.fetching.stop()
    assert len(rig.telegram.updates.waiting()) == 1
    broken.times = 0
    after = Hearing(rig)
    after.fetching.start()
    await after.heard("een")
    await after.fetching.stop()


async def test_the_same_update_twice_is_kept_once(rig: Rig, hearing: Hearing) -> None:
    hearing.fetching.start()
    rig.telegram.write(SAM, "een")
    await hearing.heard("een")
    rig.telegram.redeliver(last=1)
    rig.telegram.write(SAM, "twee")
    await hearing.polls(2)
    await hearing.heard("een", "twee")


@pytest.mark.parametrize("at", [5, 2**31])
async def test_the_cursor_follows_when_telegram_numbers_anew(rig: Rig, hearing: Hearing, at: int) -> None:
    rig.telegram.write(SAM, "een")
    hearing.fetching.start()
    await hearing.heard("een")
    rig.telegram.restart_ids(at)
    rig.telegram.write(SAM, "twee")
    await hearing.polls(2)
    await hearing.heard("een", "twee")
    async with rig.db.read() as conn:
        assert await inbox.cursor(conn) == at + 1


@pytest.mark.parametrize(
    "fault",
    [
        {"code": 404},
        {"code": 401},
        {"code": 409},
        {"code": 500},
        {"code": 502, "body": "<html>Bad Gateway</html>"},
        {"code": 200, "body": "<html>log in to this network</html>"},
        {"code": 429, "retry_after": 1},
        {"how": "close"},
        {"how": "hang"},
        {"how": "act_then_close"},
    ],
    ids=str,
)
async def test_after_any_fault_it_still_hears(rig: Rig, hearing: Hearing, fault: dict[str, object]) -> None:
    rig.telegram.fault("getUpdates", times=1 if "retry_after" in fault else 2, **fault)
    rig.telegram.write(SAM, "een")
    hearing.fetching.start()
    await hearing.heard("een")
    assert hearing.fetching.health().well


async def test_an_outage_is_seen_with_its_reason_and_its_end(rig: Rig, hearing: Hearing) -> None:
    assert hearing.fetching.health().reason == "not running"
    rig.telegram.fault("getUpdates", code=401, times=10**6)
    hearing.fetching.start()
    await hearing.polls(2)
    await asyncio.sleep(0)
    health = hearing.fetching.health()
    assert (health.well, health.reason, health.since) == (False, "InvalidToken", None)
    rig.telegram.calm()
    await hearing.polls(3)
    assert hearing.fetching.health().well


async def test_an_update_that_cannot_be_confirmed_is_counted_and_what_follows_is_heard(
    rig: Rig, hearing: Hearing
) -> None:
    odd = [{"update_id": "x", "message": {}}, {"message": {}}, 7, {"update_id": 41, "odd": [1]}]
    body = json.dumps({"ok": True, "result": odd})
    rig.telegram.fault("getUpdates", code=200, body=body)
    hearing.fetching.start()
    rig.telegram.write(SAM, "een")
    await hearing.polls(2)
    await hearing.heard("odd", "een")
    assert hearing.intake.unusable == 3


async def test_a_batch_without_any_usable_update_is_asked_for_again_calmly(rig: Rig, hearing: Hearing) -> None:
    rig.telegram.fault("getUpdates", code=200, body='{"ok": true, "result": [{"x": 1}]}')
    rig.telegram.fault("getUpdates", code=200, body='{"ok": true, "result": {}}')
    rig.telegram.write(SAM, "een")
    hearing.fetching.start()
    await hearing.heard("een")


async def test_half_a_surrogate_pair_does_not_stop_the_others(rig: Rig, hearing: Hearing) -> None:
    odd = {"update_id": 9, "message": {"text": "a\ud83d", "chat": {"id": SAM, "type": "private"}}}
    rig.telegram.fault("getUpdates", code=200, body=json.dumps({"ok": True, "result": [odd]}))
    rig.telegram.write(SAM, "een")
    hearing.fetching.start()
    await hearing.polls(2)
    await hearing.heard("a\ud83d", "een")


async def _noted(rig: Rig) -> str | None:
    async with rig.db.read() as conn:
        return await facts.get(conn, "fetched_at")


async def test_the_very_first_start_is_no_outage(rig: Rig, hearing: Hearing) -> None:
    hearing.fetching.start()
    await hearing.polls(3)
    assert hearing.gaps == []
    assert await _noted(rig) == rig.clock.now().isoformat()


@pytest.mark.parametrize(("down", "gaps"), [(149, 0), (151, 1), (25 * 3600, 1)])
async def test_after_a_restart_only_a_long_outage_is_told(rig: Rig, down: int, gaps: int) -> None:
    began = rig.clock.now()
    before = Hearing(rig)
    before.fetching.start()
    await before.polls(2)
    await before.fetching.stop()
    rig.clock.move(down)
    after = Hearing(rig)
    after.fetching.start()
    await after.polls(3)
    await after.fetching.stop()
    assert after.gaps == [(down, began)] * gaps


async def test_an_outage_is_told_once_and_only_when_the_backlog_is_read(rig: Rig, hearing: Hearing) -> None:
    hearing.fetching.start()
    await hearing.polls(2)
    rig.telegram.fault("getUpdates", code=502, times=10**6)
    await hearing.polls(2)
    rig.clock.move(200)
    for number in range(250):
        rig.telegram.write(SAM, f"{number}")
    kept: list[int] = []
    tell = hearing.fetching._on_gap

    async def on_gap(seconds: float, began_at: datetime) -> None:
        kept.append(len(await hearing.texts()))
        await tell(seconds, began_at)

    hearing.fetching._on_gap = on_gap
    rig.telegram.calm()
    await rig.telegram.until(lambda: not rig.telegram.updates.waiting() or None)
    await hearing.polls(2)
    assert kept == [250]
    assert [round(seconds) for seconds, _ in hearing.gaps] == [200]


async def test_a_telling_that_fails_is_done_again_also_after_a_crash(rig: Rig) -> None:
    first = Hearing(rig)
    first.fetching.start()
    await first.polls(2)
    await first.fetching.stop()
    began = rig.clock.now()
    rig.clock.move(1000)
    second = Hearing(rig)
    second.on_gap_fails = 10**6
    second.fetching.start()
    await second.polls(4)
    assert not second.fetching.health().well, "nothing that is due is handed on meanwhile"
    await second.fetching.stop()
    rig.clock.move(10)
    third = Hearing(rig)
    third.on_gap_fails = 2
    third.fetching.start()
    await third.polls(6)
    assert third.fetching.health().well
    await third.fetching.stop()
    assert third.gaps == [(1010, began)]


async def test_a_clock_that_is_moved_while_we_hear_is_no_outage(rig: Rig, hearing: Hearing) -> None:
    hearing.fetching.start()
    await hearing.polls(2)
    rig.clock.move(3 * 86_400)
    rig.telegram.write(SAM, "een")
    await hearing.polls(2)
    assert hearing.gaps == []
    assert hearing.fetching.health().well
