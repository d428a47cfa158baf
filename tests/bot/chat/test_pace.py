from __future__ import annotations

import pytest

from bot.chat.backoff import Backoff
from bot.chat.pace import CLUMP, MANY_CHATS, Pace


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


def test_what_we_say_first_is_spread_so_that_room_for_an_answer_comes_free_all_the_time(clock: Clock) -> None:
    pace = Pace(25, 0, clock)
    waits: list[float] = []
    firsts = 0
    for _ in range(4000):
        for chat in range(min(pace.first_room(), pace.room(40))):
            pace.take(chat, first=True)
            firsts += 1
        waits.append(pace.room_wait())
        clock.now += 0.005
    assert max(waits) <= CLUMP + 1 / 25
    assert firsts >= 20 * 25 - 1, "and still at the limit"


def test_only_what_we_say_first_is_spread(clock: Clock) -> None:
    pace = Pace(25, 0, clock)
    assert (pace.first_room(), pace.first_wait()) == (6, 0.0)
    for chat in range(6):
        pace.take(chat, first=True)
    assert (pace.first_room(), pace.room(40)) == (0, 19)
    assert pace.first_wait() == pytest.approx(0.04)
    for chat in range(19):
        pace.take(chat)
    assert pace.first_wait() == 1.0


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
