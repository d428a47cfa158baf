from __future__ import annotations

import pytest

from bot.chat.backoff import Backoff
from bot.chat.pace import MANY_CHATS, Pace


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_no_second_holds_more_than_the_limit(clock: Clock) -> None:
    pace = Pace(25, 0, clock)
    sent: list[float] = []
    while len(sent) < 200:
        for chat in range(min(7, pace.room(40))):
            pace.take(chat)
            sent.append(clock.now)
        clock.now += 0.125
    assert all(sum(start <= at < start + 1 for at in sent) <= 25 for start in sent)
    assert max(sent) - min(sent) < 8


def test_a_burst_up_to_the_limit_goes_at_once_and_then_all_wait_a_second(clock: Clock) -> None:
    pace = Pace(25, 1.0, clock)
    assert (pace.room(40), pace.room(3), pace.room_wait()) == (25, 3, 0.0)
    for chat in range(25):
        pace.take(chat)
    assert (pace.room(40), pace.room_wait()) == (0, 1.0)
    clock.now += 1.0
    assert (pace.room(40), pace.room_wait()) == (25, 0.0)


def test_one_chat_waits_a_second_and_others_do_not(clock: Clock) -> None:
    pace = Pace(25, 1.0, clock)
    pace.take(1)
    assert pace.chat_wait(1) == pytest.approx(1.0)
    assert pace.chat_wait(2) == 0.0
    clock.now += 1.0
    assert pace.chat_wait(1) == 0.0


def test_chats_of_long_ago_are_forgotten(clock: Clock) -> None:
    pace = Pace(25, 1.0, clock)
    for chat in range(5 * MANY_CHATS):
        clock.now += 1.0
        pace.take(chat)
    assert len(pace._free_at) <= MANY_CHATS + 1


def test_waits_double_up_to_the_limit_with_at_most_half_taken_off() -> None:
    assert [Backoff(lambda: 0.0, 1.0, 30.0).after(n) for n in (1, 2, 3, 6, 1000)] == [1, 2, 4, 30, 30]
    assert Backoff(lambda: 1.0, 1.0, 30.0).after(2) == 1.0
