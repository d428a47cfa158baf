"""Property: each check-in asks about another part of life, all come round, and a group does not get the same one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.caseload import domains
from bot.caseload.domains import DOMAINS
from bot.storage.moments import Moment, Outcome

PEOPLE = st.integers(1, 2**31)
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
CHECKINS = {"monthly-checkin", "search-checkin"}


def moment(number: int, flow: str, outcome: Outcome | None) -> Moment:
    at = NOW + timedelta(days=number)
    state = "planned" if outcome is None else "done"
    done_at = None if outcome is None else at
    slot = f"{at.date()}/checkin@1.1"
    return Moment(number, 2, flow, "checkin", slot, at, at, "bot", 1, False, state, 0, outcome, None, None, done_at)


@settings(deadline=None)
@given(PEOPLE, st.integers(1, 500))
def test_in_any_row_of_six_each_comes_once_so_none_comes_twice_in_a_row(who: int, begin: int) -> None:
    row = [domains.turn_of(who, number) for number in range(begin, begin + len(DOMAINS))]
    assert sorted(row) == sorted(DOMAINS)
    assert domains.turn_of(who, begin) != domains.turn_of(who, begin + 1)


def test_people_get_them_in_different_orders_and_begin_differently() -> None:
    orders = {domains.order(who) for who in range(1, 101)}
    assert len(orders) > 50
    assert {order[0] for order in orders} == set(DOMAINS)


def test_who_goes_from_one_check_in_to_the_other_gets_the_next_and_what_never_came_counts_for_nothing() -> None:
    rows = [
        moment(1, "monthly-checkin", "fired"),
        moment(2, "monthly-checkin", "missed"),
        moment(3, "monthly-checkin", "cancelled"),
        moment(4, "contract-end", "fired"),
        moment(5, "search-checkin", "fired"),
        moment(6, "search-checkin", None),
    ]
    assert domains.count(rows, CHECKINS, 1) == 1
    assert domains.count(rows, CHECKINS, 5) == 2
    assert domains.count(rows, CHECKINS, None) == 2  # begun without a moment: as the newest
    assert domains.count([], CHECKINS, None) == 1


@settings(deadline=None)
@given(PEOPLE, st.lists(st.sampled_from(["fired", "missed", "cancelled"]), min_size=1, max_size=40))
def test_a_check_in_keeps_its_question_however_many_come_after_it(who: int, outcomes: list[Outcome]) -> None:
    rows = [moment(number, "monthly-checkin", outcome) for number, outcome in enumerate(outcomes, 1)]
    asked = []
    for row in rows:
        if row.outcome == "fired":
            then = [one for one in rows if one.id <= row.id]
            assert domains.count(then, CHECKINS, row.id) == domains.count(rows, CHECKINS, row.id)
            asked.append(domains.turn_of(who, domains.count(rows, CHECKINS, row.id)))
    assert all(first != second for first, second in pairwise(asked))
