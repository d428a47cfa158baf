"""Each due row is handed on, held or missed; one that fails stops nobody else (P6, P16)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from scheduler import sweep as sweeping
from scheduler.calendar import Calendar
from scheduler.sweep import Decision, HandOn, Hold, Miss, Rests, Swept, decide, sweep
from tests.support.due_rows import Memory, Overtaken, Row

DUTCH = Calendar()
NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)  # a Friday
EVENING = datetime(2026, 11, 20, 17, tzinfo=UTC)
NIGHT = datetime(2026, 11, 20, 22, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


def row(id_: int = 1, **values: object) -> Row:
    return Row(**{"id": id_, "person_id": id_, "due_at": NOON, "slot": f"s{id_}", **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("due", "now", "decision"),
    [
        (row(), NOON, HandOn()),
        (row(), NIGHT, Hold(MONDAY, sweeping.QUIET)),
        (row(hours="any"), NIGHT, HandOn()),
        (row(best_before=NIGHT), NOON, HandOn()),
        (row(hours="office"), NOON, HandOn()),
        (row(hours="office"), EVENING, Hold(MONDAY, sweeping.CLOSED)),
        (row(), EVENING, HandOn()),
        (row(best_before=NOON), NOON, Miss(sweeping.LATE)),
        (row(best_before=NOON, hours="any"), NIGHT, Miss(sweeping.LATE)),
        (row(best_before=MONDAY), NIGHT, Miss(sweeping.NO_HOUR_LEFT)),
        (row(best_before=MONDAY + timedelta(hours=1)), NIGHT, Hold(MONDAY, sweeping.QUIET)),
    ],
)
def test_what_to_do_with_a_due_row(due: Row, now: datetime, decision: Decision) -> None:
    assert decide(due, now, DUTCH) == decision


async def test_rows_meet_their_fates_and_are_counted() -> None:
    memory = Memory()
    for one in (row(1, hours="any"), row(2), row(3, best_before=NOON), row(4, due_at=MONDAY)):
        memory.add(one)

    async def hand_on(due: Row) -> None:
        memory.finish(due, NIGHT)

    assert await sweep(memory, hand_on, DUTCH, NIGHT, 10) == Swept(handed_on=1, held=1, missed=1)
    assert memory.rows[1].outcome == "fired"
    assert (memory.rows[2].due_at, memory.rows[2].reason) == (MONDAY, sweeping.QUIET)
    assert (memory.rows[3].outcome, memory.rows[3].reason) == ("missed", sweeping.LATE)
    assert await sweep(memory, hand_on, DUTCH, NIGHT, 10) == Swept()


async def test_a_row_stays_due_until_its_turn_has_committed() -> None:
    memory = Memory()
    memory.add(row())
    handed = []

    async def hand_on(due: Row) -> None:
        handed.append(due.id)

    await sweep(memory, hand_on, DUTCH, NOON, 10)
    await sweep(memory, hand_on, DUTCH, NOON, 10)
    assert handed == [1, 1]


async def test_one_row_that_raises_stops_nobody_and_is_tried_again_after_a_rest() -> None:
    memory, rests = Memory(), Rests()
    memory.add(row(1))
    memory.add(row(2))
    tried = []

    async def hand_on(due: Row) -> None:
        tried.append(due.id)
        if due.id == 1 and len(tried) < 3:
            raise RuntimeError
        memory.finish(due, NOON)

    assert await sweep(memory, hand_on, DUTCH, NOON, 10, rests) == Swept(handed_on=1, failed=1)
    soon, later = NOON + timedelta(seconds=5), NOON + timedelta(seconds=20)
    assert await sweep(memory, hand_on, DUTCH, soon, 10, rests) == Swept(resting=1)
    assert await sweep(memory, hand_on, DUTCH, later, 10, rests) == Swept(handed_on=1)
    await sweep(memory, hand_on, DUTCH, later, 10, rests)
    assert rests == Rests()


async def test_rests_grow_to_an_hour() -> None:
    memory, rests, now = Memory(), Rests(), NOON
    memory.add(row(hours="any"))

    async def hand_on(due: Row) -> None:
        raise RuntimeError

    lengths = []
    for _ in range(12):
        await sweep(memory, hand_on, DUTCH, now, 10, rests)
        lengths.append(rests.until[1] - now)
        now = rests.until[1]
    assert lengths[:3] == [timedelta(seconds=15), timedelta(seconds=30), timedelta(seconds=60)]
    assert lengths[-1] == timedelta(hours=1)


async def test_what_is_nobodys_fault_is_not_counted_and_never_makes_a_rest_longer() -> None:
    memory, rests, now = Memory(), Rests(nobodys_fault=ConnectionError), NOON
    memory.add(row(hours="any"))
    raised: type[Exception] = ConnectionError

    async def hand_on(due: Row) -> None:
        raise raised

    lengths = []
    for number in range(8):
        raised = RuntimeError if number in (3, 6) else ConnectionError
        await sweep(memory, hand_on, DUTCH, now, 10, rests)
        lengths.append((rests.until[1] - now).total_seconds())
        now = rests.until[1]
    assert lengths == [15, 15, 15, 15, 15, 15, 30, 15]
    memory.finish(memory.rows[1], now)
    await sweep(memory, hand_on, DUTCH, now, 10, rests)
    assert (rests.tries, rests.until) == ({}, {})


async def test_failing_rows_do_not_use_up_the_limit() -> None:
    memory, rests = Memory(), Rests()
    for number in range(1, 8):
        memory.add(row(number, due_at=NOON - timedelta(minutes=10 - number)))
    fired = []

    async def hand_on(due: Row) -> None:
        if due.id <= 4:
            raise RuntimeError
        fired.append(due.id)
        memory.finish(due, NOON)

    for _ in range(4):
        await sweep(memory, hand_on, DUTCH, NOON, 2, rests)
    assert fired == [5, 6, 7]


async def test_a_hand_on_that_hangs_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "PATIENCE", 0.0)
    memory = Memory()
    memory.add(row(1))
    memory.add(row(2))

    async def hand_on(due: Row) -> None:
        if due.id == 1:
            await asyncio.Event().wait()
        memory.finish(due, NOON)

    assert await sweep(memory, hand_on, DUTCH, NOON, 10) == Swept(handed_on=1, failed=1)


async def test_no_more_is_handed_on_than_there_is_room_for_and_the_rest_stays_due() -> None:
    memory = Memory()
    for number in range(1, 8):
        memory.add(row(number, due_at=NOON - timedelta(minutes=10 - number)))
    memory.add(row(8, best_before=NOON))
    memory.add(row(9, due_at=NOON - timedelta(hours=1), person_id=1, best_before=NOON))

    async def hand_on(due: Row) -> None:
        memory.finish(due, NOON)

    first = await sweep(memory, hand_on, DUTCH, NOON, 50, room=3)
    assert first == Swept(handed_on=3, missed=2, waiting=4)
    assert [one.id for one in memory.waiting()] == [4, 5, 6, 7]
    assert await sweep(memory, hand_on, DUTCH, NOON, 50, room=-1) == Swept(waiting=4)
    assert await sweep(memory, hand_on, DUTCH, NOON, 50, room=9) == Swept(handed_on=4)


async def test_behind_one_that_had_no_room_nothing_of_the_same_person_happens() -> None:
    memory = Memory()
    memory.add(row(1, person_id=7, due_at=NOON - timedelta(hours=2)))
    memory.add(row(2, person_id=7, due_at=NOON - timedelta(hours=1), best_before=NOON))

    async def hand_on(due: Row) -> None:
        memory.finish(due, NOON)

    assert await sweep(memory, hand_on, DUTCH, NOON, 50, room=0) == Swept(waiting=2)
    assert await sweep(memory, hand_on, DUTCH, NOON, 50, room=1) == Swept(handed_on=1, missed=1)


async def test_what_waited_for_room_too_long_is_missed() -> None:
    memory, soon = Memory(), NOON + timedelta(minutes=5)
    memory.add(row(1, best_before=soon))

    async def hand_on(due: Row) -> None:
        raise AssertionError

    assert await sweep(memory, hand_on, DUTCH, NOON, 50, room=0) == Swept(waiting=1)
    assert await sweep(memory, hand_on, DUTCH, soon, 50, room=0) == Swept(missed=1)


async def test_one_persons_rows_go_in_order_and_people_beside_each_other() -> None:
    memory = Memory()
    memory.add(row(1, person_id=7, due_at=NOON - timedelta(hours=2)))
    memory.add(row(2, person_id=7, due_at=NOON - timedelta(hours=1)))
    memory.add(row(3, person_id=8))
    other_done = asyncio.Event()
    done = []

    async def hand_on(due: Row) -> None:
        if due.id == 1:
            await other_done.wait()
        done.append(due.id)
        if due.id == 3:
            other_done.set()

    await sweep(memory, hand_on, DUTCH, NOON, 10)
    assert done == [3, 1, 2]


async def test_two_sweepers_never_do_a_row_twice() -> None:
    memory = Memory()
    for number in range(1, 21):
        memory.add(row(number, best_before=NOON if number % 3 == 0 else None))
    spoken: list[int] = []

    async def hand_on(due: Row) -> None:
        await asyncio.sleep(0)
        memory.finish(due, NOON)
        spoken.append(due.id)

    one, two = await asyncio.gather(*(sweep(memory, hand_on, DUTCH, NOON, 99) for _ in range(2)))
    assert sorted(spoken) == [number for number in range(1, 21) if number % 3]
    assert one.missed + two.missed == 6
    assert one.failed + two.failed + one.overtaken + two.overtaken == 20
    with pytest.raises(Overtaken):
        memory.finish(row(1), NOON)


async def test_a_failure_is_logged_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    memory = Memory()
    memory.add(row())

    async def hand_on(due: Row) -> None:
        raise RuntimeError("Sam is ziek")

    await sweep(memory, hand_on, DUTCH, NOON, 10)
    assert "RuntimeError" in caplog.text
    assert "ziek" not in caplog.text
