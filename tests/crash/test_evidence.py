"""The comparison itself must be able to fail: for each kind of difference, one case."""

from __future__ import annotations

import pytest

from tests.crash.evidence import compare_sending, differences

A, B, C = (("sendMessage", text) for text in "abc")


def test_what_is_the_same_differs_in_nothing() -> None:
    assert differences("she", "answer", [1, 2], [1, 2]) == []


@pytest.mark.parametrize("found", [[1], [1, 2, 2], [2, 1], [], [1, 3]])
def test_lost_doubled_and_misplaced_differ(found: list[int]) -> None:
    assert differences("she", "answer", [1, 2], found) != []


def test_messages_that_all_arrived_in_order_are_fine() -> None:
    sending = compare_sending(1, [A, B, B, C], [A, B, B, C], 0)
    assert (sending.problems, sending.doubled) == ([], 0)


def test_a_message_under_way_at_a_kill_may_be_doubled_once() -> None:
    sending = compare_sending(1, [A, B], [A, A, B], 1)
    assert (sending.problems, sending.doubled) == ([], 1)


@pytest.mark.parametrize(
    ("arrived", "may_double"),
    [
        pytest.param([A], 9, id="lost"),
        pytest.param([A, A, B], 0, id="doubled outside the window"),
        pytest.param([A, A, A, B], 1, id="doubled more often than the window allows"),
        pytest.param([B, A], 9, id="wrong order"),
        pytest.param([A, B, A], 9, id="an older one again"),
        pytest.param([A, B, C], 9, id="never committed"),
    ],
)
def test_everything_else_is_a_problem(arrived: list[tuple[str, str]], may_double: int) -> None:
    assert compare_sending(1, [A, B], arrived, may_double).problems != []
