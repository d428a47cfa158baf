"""The language of `when:`."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from flows.engine import limits
from flows.engine.conditions import ConditionUnreadable, read_condition
from flows.engine.nodes import Scope

SCOPE = Scope(
    answers={
        "work": 2,
        "hours": 7.5,
        "trouble": "home",
        "call": True,
        "topics": ("home", "work"),
        "none": (),
        "note": "een twee",
        "skipped": None,
        "began": "2026-11-20",
    },
    last={"work": 4, "trouble": "home", "skipped": None},
    values={
        "placement.contract_ends_in": timedelta(days=30),
        "placement.started_ago": 12,
        "today": datetime(2026, 11, 25, 9),
        "unknown": None,
    },
    today=date(2026, 11, 25),
)


@pytest.mark.parametrize(
    "text",
    [
        "work <= 2",
        "work < 3",
        "work >= 2",
        "work > 1",
        "work is 2",
        "work is not 3",
        "hours > 7",
        "hours is 7.5",
        "work <= last(work) - 2",
        "work + 2 >= last(work)",
        "last(work) is 4",
        "(work + 1) - 1 <= 2",
        "1 < work",
        "-1 < work",
        "work-1 <= 1",
        "trouble is home",
        "trouble is not work",
        "trouble in [home, people]",
        "trouble is last(trouble)",
        "call is yes",
        "call is not no",
        "not call is no",
        "home in topics",
        "not people in topics",
        'note is "een twee"',
        "note is 'Een Twee'",
        "answered(work)",
        "answered(none)",
        "not answered(skipped)",
        "not answered(later)",
        "days_since(began) is 5",
        "days_since(began) >= 5",
        "days_since(today) < 1",
        "placement.contract_ends_in < 60 days",
        "placement.contract_ends_in > 4 weeks",
        "placement.started_ago < 2 weeks",
        "placement.contract_ends_in >= 720 hours",
        "work is 9 or trouble is home",
        "work is 2 and trouble is home",
        "work is 9 or work is 2 and trouble is home",
        "not (work is 9 or trouble is work)",
        "work is 1 or work is 2 or work is 3",
    ],
)
def test_holds(text: str) -> None:
    assert read_condition(text).holds(SCOPE)


@pytest.mark.parametrize(
    "text",
    [
        "work > 2",
        "work is 3",
        "trouble is work",
        "trouble in [work, people]",
        "people in topics",
        "home in none",
        "call is no",
        "not answered(work)",
        "work is 9 and trouble is home",
        "(work is 2 or work is 3) and trouble is work",
        "work is two",
        "note > 3",
        "call > 0",
        "days_since(note) > 0",
        "work in [3, 4]",
    ],
)
def test_does_not_hold(text: str) -> None:
    assert not read_condition(text).holds(SCOPE)


@pytest.mark.parametrize(
    "missing", ["skipped", "later", "last(skipped)", "last(later)", "unknown", "days_since(later)"]
)
@pytest.mark.parametrize("rest", ["< 3", ">= 3", "is 3", "is not 3", "in [3, 4]", "- 2 < 3", "+ 2 > 3"])
def test_what_is_missing_makes_a_comparison_false(missing: str, rest: str) -> None:
    assert not read_condition(f"{missing} {rest}").holds(SCOPE)


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("work = 3", 5),
        ("", 0),
        ("work", 0),
        ("work >", 5),
        ("work is", 5),
        ("Work is 3", 0),
        ("work is 3 3", 10),
        ("__import__('os')", 0),
        ("work is 3; 1", 9),
        ("x(work) > 3", 1),
        ("last(1) > 3", 5),
        ("work => 3", 5),
    ],
)
def test_what_is_no_condition_tells_where_reading_stopped(text: str, offset: int) -> None:
    with pytest.raises(ConditionUnreadable) as caught:
        read_condition(text)
    assert caught.value.offset == offset


def test_a_condition_has_a_greatest_length() -> None:
    with pytest.raises(ConditionUnreadable):
        read_condition("not " * limits.CONDITION_LENGTH + "work is 3")


def test_the_parts_of_a_condition_are_all_listed() -> None:
    names = [type(node).__name__ for node in read_condition("not (a is b or last(c) - 1 > 2)").nodes()]
    assert names == ["Not", "Some", "Same", "Name", "Literal", "Compare", "Sum", "Last", "Literal", "Literal"]
