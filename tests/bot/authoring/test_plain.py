"""Hard words, long words, abbreviations and phone numbers are told with their line and a way out (P13)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.authoring import plain
from bot.authoring.check import found
from bot.authoring.sentences import drafts
from bot.caseload import numbers
from flows.engine.problems import Problem
from flows.engine.reader import read_draft

CASES = Path(__file__).parent / "cases"
SHIPPED = Path(__file__).parents[3] / "flows"
WORDS = plain.load(SHIPPED / plain.FILE)[0]
TODAY = date(2026, 11, 22)
NUMBER = """\
spec: 1
numbers:
  line:
    name: De lijn
    number: 088 0767 000
    when: altijd
    what: praten
    source: de lijn zelf
    verified_on: 2026-01-05
    sure: H
"""


def told(text: str) -> list[Problem]:
    assert WORDS is not None
    draft = read_draft(text, "a.yaml")
    assert not [one for one in draft.problems if one.code != "long-sentence"]
    return list(plain.problems([draft], WORDS))


def script(say: str, audience: str = "participant") -> str:
    return f"spec: 1\nflow: a\naudience: {audience}\ntitle: A\nsteps:\n  a:\n    say: {say}\n    end: done\n"


@pytest.mark.parametrize("case", sorted(CASES.glob("*.yaml")), ids=lambda case: case.stem)
def test_every_case_gives_its_problem_at_its_line(case: Path, tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    text = case.read_text()
    (tmp_path / "scripts" / "sample.yaml").write_text(text)
    line = next(number for number, written in enumerate(text.splitlines(), 1) if "# <--" in written)
    problems = [one for one in found([tmp_path / "scripts"], tmp_path, TODAY).problems if one.code != "no-talk-test"]
    assert {(one.code, one.line) for one in problems} == {(case.stem, line)}
    assert all(one.message and one.way_out and "{" not in one.message + one.way_out for one in problems)


def test_our_own_scripts_are_plain() -> None:
    assert WORDS is not None
    assert list(plain.problems(drafts(SHIPPED / "scripts"), WORDS)) == []


def test_a_hard_word_is_told_with_a_simpler_one_and_counts_in_other_forms_too() -> None:
    assert [one.message for one in told(script("We evalueren later. De evaluaties komen."))] == [
        "'evalueren' is een moeilijk woord.",
        "'evaluaties' is een moeilijk woord.",
    ] or len(told(script("We evalueren later."))) == 1
    assert "terugkijken" in told(script("We evalueren later."))[0].way_out


@pytest.mark.parametrize(
    ("say", "audience", "codes"),
    [
        ("Je trajectbegeleider komt.", "participant", []),
        ("Vraag de loonkostensubsidie aan.", "participant", ["hard-word"]),
        ("Vraag de loonkostensubsidie aan.", "coach", []),
        ("Bel het UWV. Of ga met het OV.", "participant", []),
        ("Neem bijv. je pas mee, o.a. die.", "participant", ["unknown-abbreviation", "unknown-abbreviation"]),
        ("Ben je er om 9.30 uur. Ja.", "participant", []),
        ("Een terugkom-gesprek.", "participant", []),
    ],
)
def test_who_reads_it_decides_what_is_plain(say: str, audience: str, codes: list[str]) -> None:
    assert [one.code for one in told(script(say, audience))] == codes


@pytest.mark.parametrize("text", ["spec: 2\n", "spec: 1\nhard: [a]\n", "spec: 1\nhart: {a: b}\n", "a: b: c\n"])
def test_a_mistake_in_the_list_is_told_with_its_place(text: str, tmp_path: Path) -> None:
    file = tmp_path / plain.FILE
    file.write_text(text)
    words, problems = plain.load(file)
    assert words is None
    assert problems[0].file == str(file)


# ---- phone numbers


def listed(folder: Path, text: str) -> Path:
    file = folder / numbers.FILE
    file.write_text(text)
    return file


def test_the_shipped_numbers_are_those_that_are_sure_and_each_asks_to_be_looked_up_anew() -> None:
    file = SHIPPED / numbers.FILE
    known, problems = numbers.load(file)
    assert problems == ()
    assert known is not None
    assert {one.number for one in known.by_key.values()} == {"112", "113", "0800-2000", "088 0767 000", "0800-8115"}
    assert list(numbers.from_the_future(file, TODAY)) == []
    told_old = [one.message for one in numbers.notes(file, TODAY)]
    assert any("De Luisterlijn. Het is voor het laatst nagekeken op 19-01-2023." in one for one in told_old)
    assert any("Veilig Thuis. We weten niet wanneer dit nummer is nagekeken." in one for one in told_old)


def test_nobody_is_told_to_call_an_emergency_number() -> None:
    told = {one.message: one.way_out for one in numbers.notes(SHIPPED / numbers.FILE, TODAY)}
    assert {name for name in ("Alarmnummer", "113 Zelfmoordpreventie") if any(name in one for one in told)}
    assert all(("Bel het" in way_out) is not ("Alarm" in one or "113" in one) for one, way_out in told.items())


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("number: 088 0767 000", "number: bel ons", "bad-number", 5),
        ("verified_on: 2026-01-05", "verified_on: 5 januari", "bad-day", 9),
        ("sure: H", "sure: L", "number-unsure", 10),
        ("sure: H", "sure: M", "unknown-word", 10),
        ("    when: altijd\n", "", "missing-key", 3),
        ("  line:", "  De Lijn:", "bad-key", 3),
        ("verified_on: 2026-01-05", "verified_on: 2027-01-05", "bad-day", 9),
    ],
)
def test_a_mistake_in_the_numbers_is_told_with_its_place(
    old: str, new: str, code: str, line: int, tmp_path: Path
) -> None:
    file = listed(tmp_path, NUMBER.replace(old, new))
    (tmp_path / "scripts").mkdir()
    problems = found([tmp_path / "scripts"], tmp_path, TODAY).problems
    assert [(one.code, one.file, one.line) for one in problems] == [(code, str(file), line)]


@pytest.mark.parametrize(("today", "old"), [(date(2027, 1, 5), False), (date(2027, 1, 8), True)])
def test_a_number_grows_old_after_a_year(today: date, old: bool, tmp_path: Path) -> None:
    file = listed(tmp_path, NUMBER)
    assert [one.code for one in numbers.notes(file, today)] == (["number-old"] if old else [])


def test_a_note_does_not_fail_the_check(tmp_path: Path) -> None:
    from bot.authoring.check import check

    listed(tmp_path, NUMBER.replace("    verified_on: 2026-01-05\n", ""))
    (tmp_path / "scripts").mkdir()
    said: list[str] = []
    assert check([tmp_path / "scripts"], tmp_path, False, said.append, today=TODAY) == 0
    assert said[0].startswith("let op  ")
    assert said[-1] == "Alles klopt. En 1 keer let op."
    said.clear()
    assert check([tmp_path / "scripts"], tmp_path, True, said.append, today=TODAY) == 0
    assert said == ["[]"]


def test_a_number_of_the_list_that_is_typed_out_is_proposed_by_its_name(tmp_path: Path) -> None:
    listed(tmp_path, NUMBER)
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "hoi.yaml").write_text(
        "spec: 1\nflow: hoi\naudience: participant\ntitle: Hoi\nsteps:\n"
        "  a: {say: Bel 0880767000., goto: b}\n  b: {say: Bel 050 123 45 67., end: done}\n"
    )
    problems = found([tmp_path / "scripts"], tmp_path, TODAY).problems
    assert [(one.code, one.nearest) for one in problems] == [
        ("literal-number", "{number.line}"),
        ("literal-number", None),
    ]
