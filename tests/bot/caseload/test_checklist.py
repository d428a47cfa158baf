"""The checklist: whole as shipped, and every mistake in it is told at its place (P10, P13)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.caseload import checklist, written
from bot.caseload.checklist import Checklist
from scheduler.terms import Span

SHIPPED = Path(__file__).parents[3] / "flows" / "handover"
SMALL = """\
spec: 1
parts:
  first:
    title: Eerst
    items:
      hours:
        title: Uren
        ask: Hoeveel uren zijn het?
        who: employer
        review: 3 maanden
        employer: may
      sick:
        title: Ziek melden
        ask: Wie bel je?
        kind: absence
        who: participant
        employer: may
  second:
    title: Daarna
    items:
      form:
        title: Vorm
        ask: Hoe hebben jullie contact?
        choices: {phone: Telefoon, mail: Mail}
        who: coach
        employer: never
"""


def shipped() -> Checklist:
    found, problems = checklist.load(SHIPPED)
    assert not problems
    assert found is not None
    return found


@pytest.fixture
def problems(tmp_path: Path) -> Callable[[str], list[tuple[str, int]]]:
    def read(text: str) -> list[tuple[str, int]]:
        (tmp_path / checklist.FILE).write_text(text, encoding="utf-8")
        found, wrong = checklist.load(tmp_path)
        assert (found is None) is bool(wrong)
        for one in wrong:
            assert not re.search(r"\{(?!name|vorm)", one.message + one.way_out)
        return [(one.code, one.line) for one in wrong]

    return read


def test_the_shipped_list_has_everything_that_is_agreed_at_the_handover() -> None:
    """S1 §4.4, §4.6, §5.1 and recommendations 2 to 4; money is two items, because of what the employer may see."""
    keys = {part.key: [item.key for item in shipped().of(part.key)] for part in shipped().parts}
    assert {part: " ".join(items) for part, items in keys.items()} == {
        "basics": "work contact_person supervisor buddy roles coach_stays workplace_study limits",
        "agreements": (
            "money travel trial guidance hours output tasks three_way evaluation wage_subsidy leave sick personal"
        ),
        "expectations": "firm_base growth how_long future_tasks aftercare",
        "toward_employer": "employer_form employer_side employer_often employer_pays",
        "toward_participant": "need contact participant_pays known",
    }


def test_an_employer_never_sees_the_participants_own_money_and_personal_matters() -> None:
    """P9, and S1 appendix B: the employer does not need to know about money."""
    never = [item for item in shipped().items if item.employer == "never"]
    assert {item.key for item in never} == {"money", "personal", "need", "participant_pays"}
    assert all(item.ask.startswith("Zonder de werkgever erbij") for item in never)  # not at the table either


def test_reporting_sick_the_rhythm_and_the_work_are_asked_once_each_with_questions_of_their_own() -> None:
    kinds = {item.kind: item.key for item in shipped().items if item.kind != "text"}
    assert kinds == {"work": "work", "absence": "sick", "contact": "contact"}
    assert shipped().items[0].kind == "work"  # whether there is an employer decides what is asked after it


def test_every_item_of_the_shipped_list_asks_one_thing() -> None:
    for item in shipped().items:
        assert item.ask[-1] in "?.", item.ask
        assert item.ask.count("?") <= 1


def test_an_item_is_found_by_its_name_and_one_taken_out_since_is_none() -> None:
    item = shipped().get("travel")
    assert item is not None
    assert (item.title, item.part, item.review) == ("Reiskosten", "agreements", Span(months=3))
    assert shipped().get("gone") is None


def test_the_small_list_is_sound(problems: Callable[[str], list[tuple[str, int]]]) -> None:
    assert problems(SMALL) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("spec: 1", "spec: 2", "unknown-spec", 1),
        ("parts:", "partss:", "missing-key", 1),
        ("title: Eerst", "title: {a: b}", "text-with-colon", 4),
        ("  first:", "  First:", "bad-key", 3),
        ("      hours:", "      hours_and_days_and_everything_els:", "bad-key", 6),
        ("      hours:", "      hours2:", "bad-key", 6),
        ("      form:", "      hours:", "double-key", 21),
        ("        title: Uren", "        titel: Uren", "unknown-key", 7),
        ("title: Uren", "title: Uren en werktijden op een gewone werkdag en op vrijdag", "title-too-long", 7),
        ("title: Uren", "title: Uren van {name}", "no-placeholder", 7),
        ("ask: Hoeveel uren zijn het?", "ask: Hoeveel uren? Welke dagen?", "two-questions", 8),
        ("ask: Hoeveel uren zijn het?", "ask:", "empty-text", 8),
        ("ask: Hoeveel uren zijn het?", "ask: Welke medicijnen zijn er?", "do-not-ask", 8),
        ("ask: Hoeveel uren zijn het?", "ask: " + "uren " * 16, "long-sentence", 8),
        ("who: employer\n", "who: boss\n", "unknown-word", 9),
        ("review: 3 maanden", "review: 3 months", "bad-period", 10),
        ("review: 3 maanden", "review: straks", "bad-period", 10),
        ("employer: may\n      sick", "employer: always\n      sick", "unknown-word", 11),
        ("        kind: absence", "        kind: ziek", "unknown-word", 15),
        ("        kind: absence", "        kind: absence\n        choices: {a: A, b: B}", "choices-of-text", 12),
        ("choices: {phone: Telefoon, mail: Mail}", "choices: {phone: Telefoon}", "choices-count", 21),
        ("choices: {phone: Telefoon, mail: Mail}", "choices: {phone: Mail, mail: Mail}", "same-label", 21),
        ("choices: {phone: Telefoon, mail: Mail}", "choices: {Phone: Telefoon, mail: Mail}", "bad-name", 24),
        ("choices: {phone: Telefoon, mail: Mail}", "kind: absence", "kind-twice", 24),
        ("choices: {phone: Telefoon, mail: Mail}", "choices: Telefoon", "wrong-value", 24),
        ("  second:\n    title: Daarna", "  second:\n    titel: Daarna", "unknown-key", 19),
        ("        who: coach\n", "", "missing-key", 21),
    ],
)
def test_a_mistake_is_told_at_its_line(
    problems: Callable[[str], list[tuple[str, int]]], old: str, new: str, code: str, line: int
) -> None:
    assert SMALL.count(old) == 1
    assert (code, line) in problems(SMALL.replace(old, new))


def test_all_mistakes_are_told_at_once(problems: Callable[[str], list[tuple[str, int]]]) -> None:
    text = SMALL.replace("review: 3 maanden", "review: ooit").replace("kind: absence", "kind: sick")
    text = text.replace("title: Eerst", "title:").replace("Vorm", "De {vorm}")
    assert problems(text) == [("empty-text", 4), ("bad-period", 10), ("unknown-word", 15), ("no-placeholder", 22)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-script"),
        ("hallo", "wrong-value"),
        ("spec: 1\nparts: []", "wrong-value"),
        ("a: [", "yaml-syntax"),
        (SMALL.replace("      hours:", "      hours: &x"), "yaml-alias"),
        (SMALL[: SMALL.index("    items:")] + "    items: geen\n", "wrong-value"),
    ],
)
def test_what_is_no_checklist_is_a_problem_and_no_crash(
    problems: Callable[[str], list[tuple[str, int]]], text: str, code: str
) -> None:
    assert code in [found for found, _ in problems(text)]


def test_a_missing_file_and_one_in_another_encoding_are_problems(tmp_path: Path) -> None:
    assert [one.code for one in checklist.load(tmp_path)[1]] == ["missing-file"]
    (tmp_path / checklist.FILE).write_bytes(SMALL.replace("Uren", "Ur\xeben").encode("latin-1"))
    assert [one.code for one in checklist.load(tmp_path)[1]] == ["not-utf8"]


def test_a_misspelt_word_names_the_nearest_known_one(tmp_path: Path) -> None:
    (tmp_path / checklist.FILE).write_text(SMALL.replace("kind: absence", "kind: absense"), encoding="utf-8")
    (problem,) = checklist.load(tmp_path)[1]
    assert problem.nearest == "absence"
    assert problem.way_out == "Kies uit: text, work, absence, contact."
    assert str(problem).startswith(f"{tmp_path / checklist.FILE}:15:15: 'absense' kennen we hier niet.")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("handover")


@settings(deadline=None, max_examples=50)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_no_text_at_all_makes_the_reader_raise(folder: Path, text: str) -> None:
    for where in ("title: Uren", "review: 3 maanden", "choices: {phone: Telefoon, mail: Mail}", SMALL):
        (folder / checklist.FILE).write_text(SMALL.replace(where, text), encoding="utf-8")
        found, problems = checklist.load(folder)
        assert (found is None) is bool(problems)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("1 dag", Span(days=1)),
        ("10 dagen", Span(days=10)),
        ("1 week", Span(weeks=1)),
        ("4 weken", Span(weeks=4)),
        ("1 maand", Span(months=1)),
        (" 12  maanden ", Span(months=12)),
        ("1 jaar", Span(months=12)),
        ("2 jaren", Span(months=24)),
        ("0 dagen", None),
        ("11 jaar", None),
        ("121 maanden", None),
        ("1,5 maand", None),
        ("een maand", None),
        ("maand", None),
        ("4 weken en 2 dagen", None),
        ("", None),
    ],
)
def test_durations_are_read_in_dutch(text: str, span: Span | None) -> None:
    assert written.read_period(text) == span
