"""Less often when it goes well, as agreed again after a worry: the counting alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.caseload import backing_off
from bot.caseload.backing_off import Standing
from bot.caseload.rhythms import BackOff, Much

BACK_OFF = BackOff.model_construct(after=3, max=3)
MUCH = Much.model_construct(messages=12, weeks=4)
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
EVENTS = st.lists(st.sampled_from(["good", "worry", "stopped", "silent"]), max_size=12)


def after(*events: str) -> Standing:
    now = Standing(1, 0, 0)
    for one in events:
        if one == "worry":
            now = backing_off.flagged(now, in_check_in=True)
        silent = one == "silent"
        now = backing_off.silent(now) if silent else backing_off.answered(now, to_the_end=one != "stopped")
    return now


def test_three_good_ones_in_a_row_bring_the_offer_and_two_do_not() -> None:
    assert backing_off.offers_less(after("good", "good", "good"), BACK_OFF)
    assert not backing_off.offers_less(after("good", "good"), BACK_OFF)


def test_who_gets_less_already_is_offered_nothing_more() -> None:
    assert not backing_off.offers_less(Standing(2, 5, 0), BACK_OFF)
    assert not backing_off.offers_less(Standing(1, 5, 0), BackOff.model_construct(after=3, max=1))


@given(EVENTS)
def test_the_streak_counts_the_good_ones_since_the_last_that_was_not(events: list[str]) -> None:
    since = next((n for n, one in enumerate(reversed(events)) if one != "good"), len(events))
    assert after(*events).good_streak == since


@given(EVENTS)
def test_silences_count_in_a_row(events: list[str]) -> None:
    since = next((n for n, one in enumerate(reversed(events)) if one != "silent"), len(events))
    assert after(*events).silences == since


def test_a_worry_or_silence_brings_the_agreed_interval_back() -> None:
    assert backing_off.flagged(Standing(3, 2, 0), in_check_in=False) == Standing(1, 0, 0)
    assert backing_off.silent(Standing(3, 2, 0)) == Standing(1, 0, 1)


def test_the_coach_hears_of_every_second_silence() -> None:
    told = [backing_off.tells_of_silence(Standing(1, 0, silences), 2) for silences in range(5)]
    assert told == [False, False, True, False, True]


def test_who_writes_ever_more_is_shown_once_in_eight_weeks() -> None:
    assert not backing_off.tells_of_much(12, MUCH, None, NOW)
    assert backing_off.tells_of_much(13, MUCH, None, NOW)
    assert not backing_off.tells_of_much(13, MUCH, NOW - timedelta(weeks=8) + timedelta(seconds=1), NOW)
    assert backing_off.tells_of_much(13, MUCH, NOW - timedelta(weeks=8), NOW)
