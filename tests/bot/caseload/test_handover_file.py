"""A handover as a file: written and read back it is the same, and every mistake is told at its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.caseload import handover_file
from bot.caseload.handbook import Handbook
from bot.caseload.handovers import Agreed, Case, Version
from bot.storage.handovers import Agreement, Handover
from bot.storage.people import Person
from bot.storage.placements import Placement
from scheduler.calendar import Calendar

HANDBOOK = Handbook.load(Path(__file__).parents[3] / "flows" / "handover", None)
ITEMS = HANDBOOK.checklist.items
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
GOOD = """\
spec: 1
participant: 2
company: Bakkerij Vos
start: 2026-12-01
contract_end: 30 juni 2027
hours: 24
contact: {rhythm: monthly, weekday: dinsdag, at: 10:00, until: 2027-11-30, backup: 1 jaar}
agreements:
  contact: {who: coach, employer: ja}
  hours: {text: Van 9 tot 15 uur., who: employer, review: 2027-03-01, employer: ja}
"""


def problems(tmp_path: Path, text: str) -> list[tuple[str, int, int]]:
    """Code, line and column of each problem."""
    file = tmp_path / "handover.yaml"
    file.write_text(text, "utf-8")
    paper, _ = handover_file.read(file, HANDBOOK, Calendar())
    return sorted((one.code, one.line, one.column) for one in paper.source.problems)


def test_a_file_is_read_as_it_is_meant(tmp_path: Path) -> None:
    file = tmp_path / "handover.yaml"
    file.write_text(GOOD, "utf-8")
    paper, filled = handover_file.read(file, HANDBOOK, Calendar())
    assert paper.source.problems == []
    assert filled is not None
    assert filled.work["contract_end"] == date(2027, 6, 30)
    assert filled.agreed == Agreed("monthly", 1, time(10), "chat", date(2027, 11, 30), 12)
    assert filled.agreements[1] == Agreement(
        0, "hours", "Van 9 tot 15 uur.", "employer", date(2027, 3, 1), for_employer=True, details={}
    )


def test_what_is_not_said_of_the_employer_is_not_shown_to_the_employer(tmp_path: Path) -> None:
    """P9: silence is a no."""
    file = tmp_path / "handover.yaml"
    file.write_text(GOOD.replace(", employer: ja", ""), "utf-8")
    _, filled = handover_file.read(file, HANDBOOK, Calendar())
    assert filled is not None
    assert not any(one.for_employer for one in filled.agreements)


@pytest.mark.parametrize(
    ("was", "becomes", "code", "line", "column"),
    [
        ("start: 2026-12-01", "start: 30 februari 2027", "bad-date", 4, 8),
        ("start: 2026-12-01", "start: morgen", "bad-date", 4, 8),
        ("30 juni 2027", "2026-11-30", "ends-before-start", 5, 15),
        ("until: 2027-11-30", "until: 2026-11-30", "ends-before-start", 7, 64),
        ("at: 10:00", "at: 23:00", "quiet-hours", 7, 50),
        ("at: 10:00", "at: tien uur", "bad-clock", 7, 50),
        ("backup: 1 jaar", "backup: 3 weken", "bad-months", 7, 84),
        ("rhythm: monthly", "rhythm: montly", "unknown-word", 7, 19),
        ("rhythm: monthly", "rhythm: search", "unknown-word", 7, 19),
        ("weekday: dinsdag", "weekday: zondag", "unknown-word", 7, 37),
        ("  hours:", "  hour:", "unknown-item", 10, 3),
        ("  hours:", "  money:", "never-for-employer", 10, 81),
        ("text: Van 9 tot 15 uur., ", "", "missing-text", 10, 3),
        ("{text: Van 9", "{number: 050, text: Van 9", "only-absence", 10, 11),
        ("{who: coach", "{text: Af en toe., who: coach", "text-is-made", 9, 13),
        ("  contact: {who: coach, employer: ja}\n", "", "contact-not-agreed", 7, 1),
        ("participant: 2", "participant: Sam", "wrong-value", 2, 14),
        ("company:", "compny:", "unknown-key", 3, 1),
        ("spec: 1", "spec: 2", "unknown-spec", 1, 7),
    ],
)
def test_each_mistake_is_told_at_its_place(
    tmp_path: Path, was: str, becomes: str, code: str, line: int, column: int
) -> None:
    assert was in GOOD
    assert problems(tmp_path, GOOD.replace(was, becomes, 1)) == [(code, line, column)]


def test_a_rhythm_that_nobody_wrote_down_cannot_be_agreed_to(tmp_path: Path) -> None:
    lines = GOOD.splitlines(keepends=True)
    assert problems(tmp_path, "".join([*lines[:6], *lines[7:]])) == [("contact-missing", 8, 3)]


def test_all_mistakes_are_told_at_once_with_the_name_that_was_meant(tmp_path: Path) -> None:
    text = GOOD.replace("2026-12-01", "31-2-2027").replace("monthly", "montly").replace("  hours:", "  hour:")
    assert [code for code, *_ in problems(tmp_path, text)] == ["bad-date", "unknown-item", "unknown-word"]
    paper, _ = handover_file.read(tmp_path / "handover.yaml", HANDBOOK, Calendar())
    assert {one.nearest for one in paper.source.problems} == {None, "monthly", "hours"}


def test_what_is_no_handover_at_all_is_a_problem_too(tmp_path: Path) -> None:
    for text in ("", "- een\n- twee\n", "alleen tekst\n", "agreements: [hours]\n", "contact: 3\n", "\tspec: 1\n"):
        assert problems(tmp_path, text), text
    paper, filled = handover_file.read(tmp_path / "absent.yaml", HANDBOOK, Calendar())
    assert filled is None
    assert [one.code for one in paper.source.problems] == ["missing-file"]


# ---- there and back

said = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80).map(str.strip).filter(bool)
days = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@st.composite
def agreements(draw: st.DrawFn) -> tuple[Agreement, ...]:
    found = []
    for item in draw(st.lists(st.sampled_from(ITEMS), unique_by=lambda one: one.key)):
        details = draw(st.dictionaries(st.sampled_from(handover_file.DETAILS), said)) if item.kind == "absence" else {}
        who = draw(st.sampled_from(["participant", "coach", "employer", "supervisor", "buddy", "together"]))
        may = item.employer == "may" and draw(st.booleans())
        found.append(Agreement(0, item.key, draw(said), who, draw(st.none() | days), may, details))
    return tuple(found)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Somebody's handover in force, of any content that could be made in the chat."""
    start = draw(days)
    later = st.none() | st.dates(start, date(2041, 1, 1)).filter(lambda day: day > start)
    track = draw(st.sampled_from(["work", "search"]))
    rhythm = draw(st.sampled_from([one.key for one in HANDBOOK.rhythms.fitting(track)]))
    at = draw(st.times(time(9), time(19, 59))).replace(second=0, microsecond=0, tzinfo=None)
    form = draw(st.sampled_from(["chat", "call", "talk"]))
    weekday = draw(st.none() | st.integers(0, 4))
    agreed = Agreed(rhythm, weekday, at, form, draw(later), draw(st.integers(1, 120)))
    words = st.just("") | said
    placement = Placement(4, 2, 3, draw(words), draw(words), track, start, draw(later), "open", None)
    handover = Handover(9, 4, 2, 1, "in_force", agreed.to_json(), NOW, NOW, NOW)
    version = Version(placement, handover, draw(agreements()), {}, {})
    sam, ilse, karin = (
        Person(number, role, "active", name, "nl", None, True, None, None, None, None)
        for number, role, name in ((2, "participant", "Sam"), (1, "coach", "Ilse"), (3, "employer", draw(said)))
    )
    return Case(placement, sam, ilse, karin, version, None)


@settings(deadline=None)
@given(cases())
def test_written_and_read_back_it_is_the_same(tmp_path_factory: pytest.TempPathFactory, case: Case) -> None:
    text = handover_file.write(case, HANDBOOK)
    assert text is not None
    file = tmp_path_factory.mktemp("back", numbered=True) / "handover.yaml"
    file.write_bytes(text.encode())
    paper, filled = handover_file.read(file, HANDBOOK, Calendar())
    assert paper.source.problems == []
    assert filled is not None
    version, placement = case.in_force, case.placement
    assert version is not None
    assert case.employer is not None
    assert (filled.participant, filled.placement, filled.employer) == (2, 4, case.employer.name)
    assert all(getattr(placement, name) == value for name, value in filled.work.items())
    kinds = {item.key: item.kind for item in ITEMS}
    has_contact = any(kinds[one.item] == "contact" for one in version.agreements)
    assert filled.agreed == (version.agreed if has_contact else None)
    made = {
        one.item: replace(one, text="") if kinds[one.item] in handover_file.MADE else one for one in version.agreements
    }
    assert {one.item: one for one in filled.agreements} == made


def test_without_any_version_there_is_nothing_to_write() -> None:
    placement = Placement(4, 2, None, "", "", "work", date(2026, 12, 1), None, "open", None)
    sam = Person(2, "participant", "active", "Sam", "nl", None, True, None, None, None, None)
    assert handover_file.write(Case(placement, sam, None, None, None, None), HANDBOOK) is None
