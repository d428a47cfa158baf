"""Where the making of a handover goes on: no empty item is passed over for good, and none comes twice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.caseload import handbook, progress
from bot.caseload.handovers import Agreed, Case, Version
from bot.settings import Settings
from bot.storage.handovers import Agreement, Handover
from bot.storage.people import Person
from bot.storage.placements import Placement

BOOK, _ = handbook.read(handbook.beside(Settings().scripts))
assert BOOK is not None
CHECKLIST = BOOK.checklist
KEYS = [item.key for item in CHECKLIST.items]
NOW = datetime(2026, 12, 1, tzinfo=UTC)
SAM = Person(7, "participant", "active", "Sam", "nl", 5, True, None, None, None, None)

filled = st.sets(st.sampled_from(KEYS))
last = st.none() | st.sampled_from([*KEYS, "an_item_of_last_year"])
left = st.none() | st.tuples(st.sampled_from([*KEYS, "an_item_of_last_year"]), st.booleans())
tracks: st.SearchStrategy[Literal["work", "search"]] = st.sampled_from(["work", "search"])


def case(keys: set[str], track: Literal["work", "search"] = "work", employer: int | None = None) -> Case:
    placement = Placement(1, 7, employer, "Bakkerij Vos", "", track, date(2026, 12, 1), None, "open", None)
    agreements = tuple(Agreement(n, key, "x", None, None, False, {}) for n, key in enumerate(sorted(keys)))
    handover = Handover(1, 1, 7, 1, "draft", Agreed("monthly").to_json(), NOW, None, None)
    return Case(placement, SAM, None, None, None, Version(placement, handover, agreements, {}, {}))


@given(filled, left, tracks)
def test_going_on_reaches_every_empty_item_of_the_list_once(
    keys: set[str], after: tuple[str, bool] | None, track: Literal["work", "search"]
) -> None:
    walked = []
    while (item := progress.first_empty(CHECKLIST, case(keys, track), after)) is not None:
        walked.append(item.key)
        keys, after = keys | {item.key}, (item.key, True)
    assert len(walked) == len(set(walked))
    assert {item.key for item in progress.in_turn(CHECKLIST, case(keys, track))} <= keys


@given(filled, st.sampled_from(KEYS))
def test_an_item_that_was_left_off_in_the_middle_comes_first(keys: set[str], key: str) -> None:
    found = progress.first_empty(CHECKLIST, case(keys - {key}), (key, False))
    assert found is not None
    assert found.key == key


@given(filled, last)
def test_skipping_goes_forward_and_comes_to_an_end(keys: set[str], after: str | None) -> None:
    walked = []
    while (item := progress.next_empty(CHECKLIST, case(keys), after)) is not None:
        walked.append(item.key)
        after = item.key
    assert walked == [key for key in KEYS if key in walked]
    assert not keys & set(walked)


@pytest.mark.parametrize(
    ("keys", "employer", "missing"),
    [
        (set(), None, ["contact"]),
        (set(), 9, ["sick", "contact"]),
        ({"contact"}, 9, ["sick"]),
        ({"contact", "sick"}, 9, []),
    ],
)
def test_what_no_handover_does_without(keys: set[str], employer: int | None, missing: list[str]) -> None:
    assert [item.key for item in progress.missing(CHECKLIST, case(keys, employer=employer))] == missing
