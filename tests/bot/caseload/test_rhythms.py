"""The rhythms: what the sources practise, and every mistake told at its place (P13)."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from bot.caseload import catalogue, checklist, handbook, rhythms
from bot.caseload.handbook import Handbook, HandbookProblem
from bot.caseload.handovers import Form
from bot.caseload.rhythms import Rhythms
from bot.turns.handover import making_effects
from flows.engine import catalogue as engine
from flows.engine.book import Book
from scheduler.terms import Contact, Span

ROOT = Path(__file__).parents[3] / "flows"
SHIPPED = ROOT / "handover"
SCRIPTS = ROOT / "scripts"
SMALL = """\
spec: 1
default: monthly
ends: 12 maanden
backup_after: 1 jaar
back_off: {after: 3, max: 3}
much: {messages: 12, weeks: 4}
silence: 2
kinds:
  checkin:
    title: Hoe het gaat
    by: bot
    flow: monthly-checkin
    late: next_morning
    what: De assistent vraagt het.
  call:
    title: Telefoontje
    by: coach
    late: tell_coach
    what: Bel even.
always:
  - {kind: call, before_end: [3 maanden, 2 maanden]}
rhythms:
  monthly:
    title: Elke maand
    source: Ons
    contacts:
      - {kind: checkin, every: 1 maand, first: 2 maanden}
  on-the-way:
    title: Op weg
    track: search
    source: Ons
    contacts:
      - {kind: call, after: 4 weken}
"""
Problems = Callable[[str], list[tuple[str, int]]]


def shipped() -> Rhythms:
    found, problems = rhythms.load(SHIPPED)
    assert not problems
    assert found is not None
    return found


@pytest.fixture
def problems(tmp_path: Path) -> Problems:
    def read(text: str) -> list[tuple[str, int]]:
        (tmp_path / rhythms.FILE).write_text(text, encoding="utf-8")
        found, wrong = rhythms.load(tmp_path, {"monthly-checkin", "first-weeks"})
        assert (found is None) is bool(wrong)
        for one in wrong:
            assert not re.search(r"\{(?!name)", one.message + one.way_out)
        return [(one.code, one.line) for one in wrong]

    return read


def lines(preset: str) -> dict[str, list[Contact]]:
    found: dict[str, list[Contact]] = {}
    for contact in shipped().contacts(preset):
        found.setdefault(contact.kind, []).append(contact)
    return found


def test_once_a_month_for_participant_and_employer_is_where_it_begins() -> None:
    """S1 §4.2 and recommendation 3: one call a month, to both sides."""
    assert shipped().default == "monthly"
    monthly = lines("monthly")
    assert monthly["checkin"] == [Contact("checkin", "bot", "monthly-checkin", every=Span(months=1))]
    assert monthly["employer_call"] == [
        Contact("employer_call", "coach", every=Span(months=1), late="tell_coach"),
    ]


def test_more_in_the_first_weeks_and_both_sides_after_two_months() -> None:
    """S3 Larcom; S4: problems come in the first three months."""
    first = lines("first-weeks")
    assert [one.after for one in first["first_weeks"]] == [(Span(weeks=1), Span(weeks=2), Span(weeks=4))]
    assert [one.after for one in first["visit"]] == [(Span(months=2),)]
    assert [(one.every, one.first) for one in first["checkin"]] == [(Span(months=1), Span(months=2))]


def test_following_for_three_months_ends_after_three_months() -> None:
    """S4 Pastiel."""
    for kind in ("call", "employer_call"):
        assert [(one.every, one.until) for one in lines("three-months")[kind]] == [(Span(months=1), Span(months=3))]


def test_weekly_is_weekly_and_the_return_talk_comes_after_four_weeks() -> None:
    """S3 Azure Academy; S0 §6.2."""
    assert [one.every for one in lines("weekly")["call"]] == [Span(weeks=1)]
    assert [one.after for one in lines("search")["return_talk"]] == [(Span(weeks=4),)]


def test_who_has_no_job_is_not_asked_how_work_is() -> None:
    (monthly,) = lines("search")["search_checkin"]
    assert (monthly.flow, monthly.every) == ("search-checkin", Span(months=1))
    assert not {"checkin", "first_weeks"} & set(lines("search"))


@pytest.mark.parametrize("preset", ["monthly", "first-weeks", "three-months", "weekly", "search"])
def test_every_rhythm_has_the_contract_the_evaluation_and_a_real_end(preset: str) -> None:
    """S4 Lelystad (before the contract ends), S1 §4.4 (evaluate the agreements), S3 (a closing talk)."""
    found = lines(preset)
    assert [one.before_end for one in found["contract_talk"]] == [(Span(months=3), Span(months=2), Span(months=1))]
    assert [one.before_end for one in found["contract_end"]] == [(Span(months=2), Span(months=1))]
    assert [one.every for one in found["evaluation"]] == [Span(months=12)]
    assert [one.after for one in found["closing"]] == [(Span(months=6),)]


def test_the_coach_who_talks_about_the_contract_reads_the_rule_of_the_law() -> None:
    """Burgerlijk Wetboek 7:668: in writing, a month before, for contracts of six months or longer."""
    what = shipped().kinds["contract_talk"].what
    for words in ("6 maanden of langer", "een maand", "schrijven"):
        assert words in what


def test_who_has_a_job_and_who_has_none_get_rhythms_that_fit() -> None:
    work = ["monthly", "first-weeks", "three-months", "weekly", "return"]
    assert [one.key for one in shipped().fitting("work")] == work
    assert [one.key for one in shipped().fitting("search")] == ["search"]
    for line in shipped().presets["search"].lines:
        assert shipped().kinds[line.kind].needs is None


def test_without_an_employer_nobody_is_sent_to_the_work_place() -> None:
    """Some keep us out of sight there; looking back on the agreements is for two as well."""
    to_work = {kind.key for kind in shipped().kinds.values() if kind.needs == "employer"}
    assert to_work == {"employer_call", "visit"}
    for preset in shipped().presets:
        every, own = shipped().contacts(preset), shipped().contacts(preset, employer=False)
        assert own == tuple(one for one in every if one.kind not in to_work)
    evaluation = shipped().kinds["evaluation"]
    assert "drieën" not in evaluation.title
    assert "werkgever als die meedoet" in evaluation.what


def test_the_settings_are_as_agreed() -> None:
    found = shipped()
    assert (found.ends, found.backup_after, found.silence) == (Span(months=12), Span(months=12), 2)
    assert (found.back_off.after, found.back_off.max) == (3, 3)
    assert (found.much.messages, found.much.weeks) == (12, 4)


def test_the_shipped_handbook_fits_the_shipped_scripts() -> None:
    flows = {flow.id for flow in Book.load(SCRIPTS).book}
    assert Handbook.load(SHIPPED, flows).checklist.items


def test_every_rhythm_fits_the_buttons_of_a_phone() -> None:
    """The engine shows at most five, of at most thirty characters."""
    for track in ("work", "search"):
        assert 1 <= len(shipped().fitting(track)) <= 5


def test_the_small_file_is_sound(problems: Problems) -> None:
    assert problems(SMALL) == []


def test_a_question_that_never_finds_room_is_told_where_it_stands(problems: Problems) -> None:
    other = "  tip:\n    title: Tip\n    by: bot\n    flow: first-weeks\n    late: skip\n    what: Een tip.\n"
    text = SMALL.replace("  call:\n", f"{other}  call:\n")
    line = "      - {kind: checkin, every: 1 maand, first: 2 maanden}\n"
    assert problems(text.replace(line, f"{line}      - {{kind: tip, every: 1 maand, first: 2 maanden}}\n")) == [
        ("never-comes", 34)
    ]
    assert problems(text.replace(line, line + line)) == [("never-comes", 34)]
    # Before the check-ins begin there is room for it, and so there is half a month from them.
    assert problems(text.replace(line, f"{line}      - {{kind: tip, every: 1 maand}}\n")) == []
    assert problems(text.replace(line, f"{line}      - {{kind: tip, every: 1 maand, first: 75 dagen}}\n")) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("spec: 1", "spec: 3", "unknown-spec", 1),
        ("default: monthly", "default: montly", "unknown-word", 2),
        ("ends: 12 maanden", "ends: 12", "bad-period", 3),
        ("ends: 12 maanden", "", "missing-key", 1),
        ("back_off: {after: 3, max: 3}", "back_off: 3", "wrong-value", 5),
        ("back_off: {after: 3, max: 3}", "back_off: {after: 0, max: 3}", "wrong-value", 5),
        ("back_off: {after: 3, max: 3}", "back_off: {aftr: 3, max: 3}", "unknown-key", 5),
        ("silence: 2", "silence: twee", "wrong-value", 7),
        ("  checkin:", "  check-in:", "bad-key", 9),
        ("  checkin:", "  a_very_long_kind_:", "bad-key", 9),
        ("    flow: monthly-checkin", "    flow: montly-checkin", "unknown-flow", 12),
        ("    flow: monthly-checkin\n", "", "missing-key", 9),
        ("late: next_morning", "late: morgen", "unknown-word", 13),
        ("by: coach", "by: coach\n    flow: first-weeks", "coach-has-flow", 15),
        ("by: coach", "by: coach\n    needs: boss", "unknown-word", 18),
        ("what: Bel even.", "what: Bel {name}.", "no-placeholder", 19),
        ("kind: call, before_end", "kind: cal, before_end", "unknown-word", 21),
        ("[3 maanden, 2 maanden]", "[3 maanden, 2 maand en]", "bad-period", 21),
        ("always:\n  - {", "always:\n  {", "wrong-value", 20),
        ("  monthly:\n", "  Monthly:\n", "bad-key", 23),
        ("title: Elke maand", "title: Elke maand een keer een kort bericht", "title-too-long", 24),
        ("every: 1 maand, first", "after: 1 maand, first", "only-with-every", 27),
        ("every: 1 maand, first", "after: 1 maand, until", "only-with-every", 27),
        ("kind: call, after: 4 weken", "kind: call", "contact-without-time", 33),
        ("kind: call, after: 4 weken", "kind: call, afetr: 4 weken", "unknown-key", 33),
        ("track: search", "track: zoekt", "unknown-word", 30),
        ("    contacts:\n      - {kind: call, after: 4 weken}\n", "    contacts: call\n", "wrong-value", 32),
    ],
)
def test_a_mistake_is_told_at_its_line(problems: Problems, old: str, new: str, code: str, line: int) -> None:
    assert SMALL.count(old) == 1
    assert (code, line) in problems(SMALL.replace(old, new))


def test_a_misspelt_kind_and_flow_name_the_nearest(tmp_path: Path) -> None:
    text = SMALL.replace("flow: monthly-checkin", "flow: montly-chekin").replace("kind: checkin", "kind: checkim")
    (tmp_path / rhythms.FILE).write_text(text, encoding="utf-8")
    problems = rhythms.load(tmp_path, {"monthly-checkin", "welcome"})[1]
    assert [one.nearest for one in problems] == ["monthly-checkin", "checkin"]


def test_what_can_stand_inside_a_setting_is_told(tmp_path: Path) -> None:
    (tmp_path / rhythms.FILE).write_text(SMALL.replace("max: 3", "maxx: 3"), encoding="utf-8")
    problems = rhythms.load(tmp_path)[1]
    assert [(one.code, one.way_out) for one in problems if one.nearest] == [
        ("unknown-key", "Hier kan staan: after, max.")
    ]


def test_without_the_flows_at_hand_they_are_not_checked(tmp_path: Path) -> None:
    (tmp_path / rhythms.FILE).write_text(SMALL.replace("monthly-checkin", "elsewhere"), encoding="utf-8")
    assert rhythms.load(tmp_path)[1] == ()


def test_an_unsound_handbook_is_refused_with_all_its_problems(tmp_path: Path) -> None:
    (tmp_path / rhythms.FILE).write_text(SMALL.replace("silence: 2", "silence: x"), encoding="utf-8")
    with pytest.raises(HandbookProblem) as refused:
        Handbook.load(tmp_path, {"monthly-checkin"})
    said = str(refused.value).splitlines()
    assert [line.rpartition("[")[2] for line in said] == ["missing-file]", "wrong-value]"]


def test_own_scripts_bring_their_own_handbook_or_use_the_shipped_one(tmp_path: Path) -> None:
    scripts = tmp_path / "scripts"
    assert handbook.beside(scripts) == SHIPPED
    (tmp_path / "handover").mkdir()
    assert handbook.beside(scripts) == tmp_path / "handover"


def test_no_problem_of_the_handbook_hides_one_of_the_engine() -> None:
    assert not set(catalogue.OWN) & set(engine.CATALOGUE)


def keys(flow: str, step: str) -> set[str]:
    asked = Book.load(SCRIPTS).book.latest(flow).steps[step].ask
    assert asked is not None
    return set(asked.keys())


def test_every_button_of_the_coachs_scripts_has_a_meaning() -> None:
    assert keys("handover-item", "review") == {*making_effects.SPANS, "never"} - {"two_years"}
    assert keys("handover-contact", "weekday") == set(making_effects.WEEKDAYS)
    assert keys("handover-contact", "at") == set(making_effects.CLOCKS)
    assert keys("handover-contact", "until") == {"half_year", "year", "day"}
    assert keys("handover-contact", "backup") == {"half_year", "year", "two_years"}
    assert keys("handover-contact", "form") == set(get_args(Form))


def test_every_kind_of_item_has_a_script_of_the_coach() -> None:
    scripts = {"text": "item", "work": "work", "absence": "absence", "contact": "contact"}
    book = Book.load(SCRIPTS).book
    assert set(scripts) == set(get_args(checklist.Kind))
    for script in scripts.values():
        assert book.latest(f"handover-{script}").audience == "coach"


def test_what_prepares_a_talk_of_the_coach_comes_along_with_it_and_ahead(problems: Problems) -> None:
    for preset in shipped().presets:
        every = shipped().contacts(preset)
        by_kind = {one.kind: one for one in every}
        assert by_kind["closing_prepare"].after == by_kind["closing"].after
        assert by_kind["closing_prepare"].ahead == rhythms.AHEAD
        assert ("return_talk" in by_kind) == ("return_prepare" in by_kind)
    assert shipped().prepared_by("closing") == {"closing-talk"}
    assert shipped().prepared_by("return_talk") == {"return-talk"}
    assert shipped().prepared_by("call") == frozenset()
    flow = "    flow: monthly-checkin\n"
    assert problems(SMALL.replace(flow, f"{flow}    prepares: call\n")) == []


def test_only_what_the_coach_does_is_prepared(problems: Problems) -> None:
    flow = "    flow: monthly-checkin\n"
    told = problems(SMALL.replace(flow, f"{flow}    prepares: checkin\n"))
    assert told == [("unknown-word", 13)]
    told = problems(SMALL.replace("    what: Bel even.\n", "    what: Bel even.\n    prepares: call\n"))
    assert told == [("coach-prepares", 15)]


def test_the_ladder_is_asked_twice_a_year_apart_from_the_check_ins() -> None:
    for preset in shipped().presets:
        own = {one.kind: one for one in shipped().contacts(preset)}
        weeks = [span.weeks for span in own["ladder"].after]
        assert own["ladder"].after == own["ladder_coach"].after
        assert {later - sooner for sooner, later in pairwise(weeks)} == {26}
