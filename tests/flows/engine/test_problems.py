"""P13: a script mistake never reaches a participant. Every code has a broken script that gives exactly that problem.

A case marks the line of its problem with `# <--`. Directives: `#! file NAME` begins another file, `#! pad N` makes
the file N characters longer, `#! latin-1` writes it in that encoding.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows.engine.book import Book
from flows.engine.catalogue import CATALOGUE
from flows.engine.problems import Problem
from flows.engine.reader import read_flow

CASES = Path(__file__).parent / "cases"


def written(case: Path, folder: Path) -> tuple[str, int]:
    """Writes the case's files with the line numbers of the case; returns file and line of the problem."""
    files: dict[str, list[str]] = {}
    name, marked = "a.yaml", ("", 0)
    for number, line in enumerate(case.read_text().splitlines(keepends=True), 1):
        if line.startswith("#! file "):
            name = line.split()[2]
        lines = files.setdefault(name, ["\n"] * (number - 1))
        lines.append(line)
        if "# <--" in line:
            marked = (str(folder / name), number)
    for name, lines in files.items():
        text = "".join(lines)
        if "#! pad " in text:
            text += "#" * int(text.split("#! pad ")[1].split()[0])
        (folder / name).write_text(text, encoding="latin-1" if "#! latin-1" in text else "utf-8")
    return marked


def test_every_code_has_a_case_and_every_case_a_code() -> None:
    assert {case.stem for case in CASES.glob("*.yaml")} == set(CATALOGUE)


@pytest.mark.parametrize("case", sorted(CASES.glob("*.yaml")), ids=lambda case: case.stem)
def test_the_case_gives_exactly_its_problem_at_its_line(case: Path, tmp_path: Path) -> None:
    place = written(case, tmp_path)
    problems = Book.load(tmp_path).problems
    assert [(one.code, one.file, one.line) for one in problems] == [(case.stem, *place)]


@pytest.mark.parametrize("case", sorted(CASES.glob("*.yaml")), ids=lambda case: case.stem)
def test_sentence_and_way_out_are_filled_in(case: Path, tmp_path: Path) -> None:
    written(case, tmp_path)
    for one in Book.load(tmp_path).problems:
        assert one.column >= 1
        assert one.message.strip()
        assert one.way_out.strip()
        for text in (one.message, one.way_out):
            assert not re.search(r"\{(?!naam|employer|coach)", text)


def codes(text: str) -> list[str]:
    return [one.code for one in read_flow(text, "a.yaml")[1]]


def only(text: str) -> Problem:
    problems = read_flow(text, "a.yaml")[1]
    assert len(problems) == 1, problems
    return problems[0]


HEAD = "spec: 1\nflow: sample\naudience: participant\ntitle: Voorbeeld\nsteps:\n"
BYE = "  bye:\n    say: Dank je wel.\n    end: done\n"


@pytest.mark.parametrize(
    ("steps", "code", "line"),
    [
        ("  work:\n    say:Knap gedaan.\n    end: done\n", "missing-colon", 7),
        ("  work:\n    say: Hoi.\n    end done\n", "missing-colon", 8),
        ("  work\n    say: Hoi.\n    end: done\n", "missing-colon", 6),
        ("  bye:\n    say: Hoi.\n    goto: work\n  work\n    say: Hoi.\n    end: done\n", "missing-colon", 9),
        ("  work:\n    say: Hoi.\n    end: done\n  bye:\n    say Knap gedaan.\n", "missing-colon", 10),
        ("  work:\n    say: Hoi\n      allemaal\n      dus: dit\n    end: done\n", "yaml-colon", 9),
        ('  work:\n    say: "Hoi.\n    end: done\n', "quote-open", 7),
        ("  work:\n    say: 's Avonds is het stil.\n    end: done\n", "quote-open", 7),
        (
            '  work:\n    say: Hoi.\n    end: done\n  bye:\n    say: "Dag\n      dag."\n    end: done]\n',
            "unknown-word",
            12,
        ),
        ("  work:\n    say:\n      - {name}, hoe gaat het?\n    ask: text\n", "brace-first", 8),
        ("  work:\n    say: {name}\n    end: done\n", "brace-first", 7),
        ("  work:\n    say: Hoi?\n    ask: {choice: {a: A, b: B}\n", "yaml-syntax", 8),
    ],
)
def test_what_is_left_out_is_told_where_it_should_have_been(steps: str, code: str, line: int) -> None:
    """Never at a later line, where YAML stumbles, nor after the end."""
    assert [(one.code, one.line) for one in read_flow(HEAD + steps, "a.yaml")[1]] == [(code, line)]


def test_all_problems_are_told_at_once_in_order_of_place() -> None:
    text = HEAD + (
        "  work:\n    say: Hoe gaat het? En thuis?\n    ask: {scale: {1: Slecht, 5: Goed}}\n"
        "    goto: [{when: werk > 4, step: bey}]\n" + BYE
    )
    assert codes(text) == ["two-questions", "unknown-answer", "unknown-step"]


def test_shape_problems_of_different_steps_are_told_together() -> None:
    text = HEAD + "  a:\n    say: Hoi.\n    aks: text\n  b:\n    say: Hoi?\n    ask: tekst\n" + BYE
    assert codes(text) == ["unknown-key", "unknown-question"]


@pytest.mark.parametrize(
    ("line", "nearest"),
    [
        ("    goto: byee", "bye"),
        ("    do: take_prat", "take_part"),
        ("    aks: text", "ask"),
        ("    flag: {level: sone, topic: work, because: Zo.}", "soon"),
        ("    flag: {level: soon, topic: wrk, because: Zo.}", "work"),
        ("    flag: {level: soon, topic: work, becaus: Zo.}", "because"),
    ],
)
def test_the_nearest_known_name_is_told(line: str, nearest: str) -> None:
    assert nearest in {one.nearest for one in read_flow(f"{HEAD}  work:\n    say: Hoi.\n{line}\n{BYE}", "a")[1]}


def test_a_problem_points_at_the_column_of_the_offending_key() -> None:
    found = only(HEAD + "  work:\n    say: Hoi.\n    ask: {number: {form: 1}}\n" + BYE)
    assert (found.code, found.line, found.column, found.nearest) == ("unknown-key", 8, 20, "from")


def test_a_problem_prints_as_one_line_that_editors_can_open() -> None:
    found = str(only(HEAD + "  work:\n    say: Hoi {naam}!\n" + BYE))
    assert found.startswith("a.yaml:7:10: ")
    assert found.endswith("[unknown-placeholder]")
    assert "Bedoelde je 'name'?" in found


@pytest.mark.parametrize(
    "text", ["", "\0", "\t", "a: b: c", "- x", "[" * 5000, "{" * 300, "a" * 9, "&a b", "? [a]\n: b", "---\na\n---\nb"]
)
def test_whatever_the_text_reading_gives_problems_and_never_raises(text: str) -> None:
    flow, problems = read_flow(text, "a.yaml")
    assert flow is None
    assert problems


@pytest.mark.parametrize(
    "label", ["no", "yes", "on", "9:30", "2026-12-01", "0612345678", "1_000", "007", "1e3", "0x1f"]
)
def test_what_an_author_writes_stays_as_written(label: str) -> None:
    flow, problems = read_flow(
        HEAD + f"  work:\n    say: Kies.\n    ask: {{choice: {{no: {label}, b: Anders}}}}\n" + BYE, "a"
    )
    assert problems == ()
    assert flow is not None
    assert flow.steps["work"].ask is not None
    assert flow.steps["work"].ask.buttons()[0] == ("no", label)


@pytest.mark.parametrize(
    "text",
    [
        "Je hoeft niet te zeggen wat je hebt. Wanneer ben je er weer?",
        "Wat heb je zelf al geprobeerd?",
        "Wat heb je nodig?",
        "Noem geen diagnose of medicijnen. Wat kun je nog wel doen?",
        "Ben je ziek?",
        "Wat is er aan de hand?",
        "Heb je klachten over je rooster?",
        "Is je aanvraag in behandeling?",
        "Hoe ga je naar je werk als je ziek bent?",
    ],
)
def test_careful_questions_about_absence_are_allowed(text: str) -> None:
    assert codes(HEAD + f"  work:\n    say: {text}\n    ask: text\n" + BYE) == []


@pytest.mark.parametrize(
    "text",
    [
        "Wat heb je?",
        "Waarom ben je ziek?",
        "Gebruik je medicijnen?",
        "Ben je zwanger?",
        "Typ je BSN.",
        "Wat scheelt eraan?",
        "Welke klachten heb je?",
        "Heb je een no-riskpolis?",
        "Sta je in het doelgroepregister?",
        "Waar heb je last van?",
        "Hoe komt het dat je ziek bent?",
        "Waarvan ben je ziek?",
        "Heb je een beperking?",
        "Welke behandeling krijg je?",
        "Wat zei de dokter?",
        "Ben je in verwachting?",
        "Neem je een pil?",
        "Wat is er met je gezondheid aan de hand?",
        "Wat is er aan de hand met je rug?",
        "Ben je depressief?",
        "Waar heb je pijn?",
        "Ben je onder behandeling?",
        "Zit je bij een psycholoog?",
        "Wat mankeer je?",
        "Komt het door je werk dat je ziek bent?",
        "Wat heb je voor klachten?",
        "Heb je last van een burn-out of depressie?",
        "Vertel eens wat de dokter zei.",
    ],
)
def test_health_and_registers_may_not_be_asked(text: str) -> None:
    assert codes(HEAD + f"  work:\n    say: {text}\n    ask: text\n" + BYE) == ["do-not-ask"]


@pytest.mark.parametrize(("audience", "told"), [("participant", 1), ("employer", 1), ("coach", 0)])
def test_only_a_coach_may_be_asked_about_registers(audience: str, told: int) -> None:
    text = HEAD + "  work:\n    say: Is er een no-riskpolis?\n    ask: text\n" + BYE
    assert codes(text.replace("participant", audience)) == ["do-not-ask"] * told


@pytest.mark.parametrize("text", ["Bel 0800-2000.", "Bel 088 0767 000.", "Bel +31 6 12345678.", "Bel 14 050."])
def test_a_phone_number_is_told_wherever_somebody_reads_it(text: str) -> None:
    assert codes(f"{HEAD}  work:\n    say: {text}\n{BYE}") == ["literal-number"]


@pytest.mark.parametrize(
    "text", ["Bel 112 of 113.", "Om 09:30 uur.", "Op 12-03-2026.", "Bel {number.geldfit}.", "Kies 0 of 10."]
)
def test_other_numbers_are_fine(text: str) -> None:
    assert codes(f"{HEAD}  work:\n    say: {text}\n{BYE}") == []


@pytest.mark.parametrize(("audience", "told"), [("participant", 1), ("employer", 1), ("coach", 0)])
def test_who_does_it_is_said_to_everybody_but_a_coach(audience: str, told: int) -> None:
    text = f"{HEAD}  work:\n    say: De afspraak werd gemaakt.\n{BYE}".replace("participant", audience)
    assert codes(text.replace("Dank je wel", "Dank u wel")) == ["passive"] * told


def test_long_sentences_are_fine_for_a_coach() -> None:
    sentence = "Dit is een zin van meer dan vijftien woorden, maar een coach leest zulke zinnen de hele dag."
    text = (HEAD + f"  work:\n    say: {sentence}\n" + BYE).replace("participant", "coach")
    assert codes(text) == []


def test_what_is_told_before_the_question_may_name_what_need_not_be_said() -> None:
    said = "  work:\n    say:\n      - Schrijf liever niets over medicijnen.\n      - Hoe gaat het?\n    ask: text\n"
    assert codes(HEAD + said + BYE) == []


def test_the_book_may_hold_flows_that_run_another() -> None:
    assert codes(HEAD + "  work:\n    run: other\n" + BYE) == []


def asking(ask: str, when: str) -> str:
    goto = f"    goto:\n      - {{when: '{when}', step: bye}}\n"
    return f"{HEAD}  work:\n    say: Hoe gaat het?\n    ask: {ask}\n{goto}{BYE}"


@pytest.mark.parametrize(
    ("ask", "when"),
    [
        ("{several: {a: Aan, b: Uit}}", "work is a"),
        ("{several: {a: Aan, b: Uit}}", "work > 2"),
        ("yesno", "work > 2"),
        ("yesno", "work is 1"),
        ("{choice: {a: Aan, b: Uit}}", "a in work"),
        ("{choice: {a: Aan, b: Uit}}", "last(work) >= 2"),
        ("{choice: {a: Aan, b: Uit}}", "work - 2 > 1"),
        ("{scale: {1: Slecht, 5: Goed}}", "work is good"),
        ("{scale: {1: Slecht, 5: Goed}}", "days_since(work) > 1"),
        ("date", "work > 3"),
        ("date", 'work is "2026-01-01"'),
        ("text", "work is ziek"),
        ("text", "work < 3"),
        ("time", "work is vroeg"),
        ("yesno", "placement.contract_ends_in is 3"),
        ("yesno", "has_employer > 2"),
        ("yesno", "track < 3"),
    ],
)
def test_a_condition_fits_the_kind_of_its_answer(ask: str, when: str) -> None:
    text = asking(ask, when)
    assert codes(text) == ["type-mismatch"]


@pytest.mark.parametrize(
    ("ask", "when"),
    [
        ("{several: {a: Aan, b: Uit}}", "a in work"),
        ("{choice: {a: Aan, b: Uit}}", "work in [a, b] and work is last(work)"),
        ("{scale: {1: Slecht, 5: Goed}}", "work is 3 or work <= last(work) - 2"),
        ("yesno", "work is yes"),
        ("date", "days_since(work) > 14"),
        ("text", "answered(work)"),
        ("yesno", "placement.contract_ends_in < 60 days"),
        ("yesno", "track is search and has_employer is yes"),
        ("yesno", "track in [work, search] or item.employer_may_see is no"),
        ("{choice: {from: rhythms}}", "work is whatever"),
    ],
)
def test_a_fitting_condition_is_no_problem(ask: str, when: str) -> None:
    text = asking(ask, when)
    assert codes(text) == []


@pytest.mark.parametrize(("when", "nearest"), [("track is werk", "work"), ("has_employer is ja", None)])
def test_a_fact_is_compared_with_what_it_can_be(when: str, nearest: str | None) -> None:
    found = only(asking("yesno", when))
    assert (found.code, found.nearest) == ("unknown-choice", nearest)
