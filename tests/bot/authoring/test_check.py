"""`check` tells every mistake at once, with its place and the way out (P13)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.authoring.check import check

SCRIPT = """\
spec: 1
flow: rest
audience: participant
title: Rust
expires: {after: 10 days, then: silence}
reminders: [3 days]
steps:
  sleep:
    say: Hoi {name}. Hoe slaap je?
    ask: {choice: {good: Goed, bad: Slecht}}
    flag: {when: sleep is bad, level: soon, topic: home, because: "Slaapt {sleep}."}
    goto:
      - {when: sleep is bad, step: bad}
  good:
    say: Mooi.
    end: done
  bad:
    say: Wat vervelend.
    end: done
"""
GOOD = """\
- talk: goed
  given: {name: Sam}
  lines:
    - bot: Hoi Sam. Hoe slaap je?
    - tap: Goed
    - bot: Mooi.
    - end: done
"""
BAD = """\
- talk: slecht
  given: {name: Sam}
  lines:
    - bot: Hoi Sam…
    - wait: 3 days
    - bot: Hoi Sam. Hoe slaap je?
    - type: slecht
    - flag: {level: soon, topic: home, because: Slaapt Slecht.}
    - bot: Wat vervelend.
    - end: done
"""


CHECKLIST = """\
spec: 1
parts:
  first:
    title: Eerst
    items:
      hours: {title: Uren, ask: "Hoeveel uren zijn het?", who: employer, employer: may}
"""
RHYTHMS = """\
spec: 1
default: monthly
ends: 1 jaar
backup_after: 1 jaar
back_off: {after: 3, max: 3}
much: {messages: 12, weeks: 4}
silence: 2
kinds:
  checkin: {title: Vraag, by: bot, flow: rest, late: skip, what: De assistent vraagt het.}
always: []
rhythms:
  monthly:
    title: Elke maand
    source: Ons
    contacts: [{kind: checkin, every: 1 maand}]
"""


class Desk:
    """A folder with one flow, its talk tests and its translations."""

    def __init__(self, folder: Path) -> None:
        self.scripts, self.locales = folder / "scripts", folder / "locales"
        self.scripts.mkdir()
        self.locales.mkdir()
        self.write(SCRIPT)

    def write(self, script: str, talks: str = GOOD + BAD) -> None:
        (self.scripts / "rest.yaml").write_text(script, encoding="utf-8")
        if talks:
            (self.scripts / "rest.talks.yaml").write_text(talks, encoding="utf-8")

    def hand_over(self, checklist: str = CHECKLIST, rhythms: str = RHYTHMS) -> Path:
        """The handbook beside the scripts."""
        own = self.scripts.parent / "handover"
        own.mkdir(exist_ok=True)
        (own / "checklist.yaml").write_text(checklist, encoding="utf-8")
        (own / "rhythms.yaml").write_text(rhythms, encoding="utf-8")
        return own

    def translate(self, **english: str) -> None:
        """A complete English catalogue, with these changes by number of the sentence."""
        from bot.authoring.extract import of_the_scripts
        from bot.authoring.sentences import drafts

        template = of_the_scripts(drafts(self.scripts), self.scripts.parent / "handover")
        lines = ['msgid ""', 'msgstr "Content-Type: text/plain; charset=utf-8\\n"', ""]
        for number, message in enumerate(m for m in template if m.id):
            lines += [f'msgid "{message.id}"', f'msgstr "{english.get(f"s{number}", message.id)}"', ""]
        file = self.locales / "en" / "LC_MESSAGES" / "scripts.po"
        file.parent.mkdir(parents=True)
        file.write_text("\n".join(lines), encoding="utf-8")

    def found(self, path: Path | None = None) -> list[tuple[str, str, int]]:
        """Code, file name and line of every problem."""
        out: list[str] = []
        code = check([path or self.scripts], self.locales, True, out.append)
        problems = json.loads("\n".join(out))
        assert code == (1 if problems else 0)
        return [(one["code"], Path(one["file"]).name, one["line"]) for one in problems]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_sound_folder_has_no_problems(desk: Desk) -> None:
    said: list[str] = []
    assert check([desk.scripts], desk.locales, False, said.append) == 0
    assert said == ["Alles klopt."]


def test_a_problem_is_told_with_place_code_and_way_out(desk: Desk) -> None:
    desk.write(SCRIPT.replace("title:", "titel:"))
    said: list[str] = []
    assert check([desk.scripts], desk.locales, False, said.append) == 1
    assert any(
        "rest.yaml:4:1: 'titel' kennen we hier niet. Bedoelde je 'title'? (unknown-key) — Hier kan staan:" in line
        for line in said
    )
    assert said[0] == f"{desk.scripts / 'rest.yaml'}: 2 problemen"
    assert said[-1] == "Samen: 2 problemen."


def test_on_a_terminal_it_is_coloured_and_without_the_colours_the_same(desk: Desk) -> None:
    desk.write(SCRIPT.replace("title:", "titel:"))
    plain: list[str] = []
    painted: list[str] = []
    check([desk.scripts], desk.locales, False, plain.append)
    check([desk.scripts], desk.locales, False, painted.append, colour=True)
    assert plain != painted
    assert [re.sub(r"\x1b\[\d*m", "", line) for line in painted] == plain


def test_a_path_that_is_not_there_is_a_problem(desk: Desk) -> None:
    assert desk.found(desk.scripts / "nowhere") == [("no-such-path", "nowhere", 1)]


def test_one_file_is_checked_alone(desk: Desk) -> None:
    (desk.scripts / "other.yaml").write_text(SCRIPT.replace("flow: rest", "flow: other"), encoding="utf-8")
    assert desk.found(desk.scripts / "rest.yaml") == []
    assert desk.found(desk.scripts / "other.yaml") == [("no-talk-test", "other.yaml", 2)]


def test_a_flow_without_talks_is_a_problem(desk: Desk) -> None:
    (desk.scripts / "rest.talks.yaml").unlink()
    assert desk.found() == [("no-talk-test", "rest.yaml", 2)]


def test_talks_without_a_flow_are_a_problem(desk: Desk) -> None:
    (desk.scripts / "gone.talks.yaml").write_text(GOOD, encoding="utf-8")
    assert desk.found() == [("talk-without-flow", "gone.talks.yaml", 1)]


def test_a_branch_that_no_talk_walks_is_a_problem(desk: Desk) -> None:
    desk.write(SCRIPT, GOOD)
    assert desk.found() == [("branch-not-walked", "rest.yaml", 10), ("branch-not-walked", "rest.yaml", 13)]
    desk.write(SCRIPT, BAD)
    assert desk.found() == [("branch-not-walked", "rest.yaml", 10), ("branch-not-walked", "rest.yaml", 12)]


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("- talk: goed", "- tlak: goed", "talk-unknown-key", 1),
        ("  lines:", "  lined:", "talk-unknown-key", 3),
        ("name: Sam", "naam: Sam", "talk-unknown-key", 2),
        ("{name: Sam}", "{name: Sam, last: {slep: good}}", "talk-unknown-key", 2),
        ("- tap: Goed", "- tapp: Goed", "talk-unknown-key", 5),
        ("- end: done", "- end: klaar", "talk-wrong-value", 7),
        ("- tap: Goed", "- wait: een tijdje", "talk-wrong-value", 5),
        ("- tap: Goed", "- send: geld", "talk-wrong-value", 5),
        ("- tap: Goed", "- flag: {lvel: soon}", "talk-unknown-key", 5),
        ("- tap: Goed", "- effect: [a]", "talk-wrong-value", 5),
        ("- tap: Goed", "- effect: {take_part: [a]}", "talk-wrong-value", 5),
        ("- tap: Goed", "- tap: [Goed]", "talk-wrong-value", 5),
        ("- tap: Goed", "- hallo", "talk-wrong-value", 5),
    ],
)
def test_a_misspelt_talk_is_told_with_its_place(desk: Desk, old: str, new: str, code: str, line: int) -> None:
    desk.write(SCRIPT, GOOD.replace(old, new, 1) + BAD)
    assert (code, "rest.talks.yaml", line) in desk.found()


@pytest.mark.parametrize(("effect", "fits"), [("nl", True), ("{language: nl}", True), ("en", False)])
def test_an_effect_is_told_with_its_arguments(desk: Desk, effect: str, fits: bool) -> None:
    told = f"    - bot: Mooi.\n    - effect: {{set_language: {effect}}}\n"
    script = SCRIPT.replace("    say: Mooi.\n", "    say: Mooi.\n    do: {set_language: nl}\n")
    desk.write(script, GOOD.replace("    - bot: Mooi.\n", told) + BAD)
    assert desk.found() == ([] if fits else [("talk-fails", "rest.talks.yaml", 7)])


def test_talks_that_are_not_utf8_are_problems_and_no_crash(desk: Desk) -> None:
    (desk.scripts / "rest.talks.yaml").write_bytes((GOOD + BAD).replace("Mooi.", "Moo\xef.").encode("cp1252"))
    assert {code for code, _, _ in desk.found()} == {"talk-fails"}


def test_a_talk_without_lines_is_told(desk: Desk) -> None:
    desk.write(SCRIPT, GOOD + BAD + "- talk: leeg\n")
    assert desk.found() == [("talk-missing-key", "rest.talks.yaml", 18)]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("- bot: Mooi.", "- bot: Prachtig.", 6),
        ("- tap: Goed", "- tap: Prima", 5),
        ("    - end: done\n", "", 6),
        ("    - bot: Mooi.\n", "", 6),
        ("- end: done", "- flag: {level: soon}", 7),
        ("- end: done", "- end: stopped", 7),
    ],
)
def test_a_talk_that_goes_otherwise_fails_at_its_line(desk: Desk, old: str, new: str, line: int) -> None:
    desk.write(SCRIPT, GOOD.replace(old, new, 1) + BAD)
    assert desk.found() == [("talk-fails", "rest.talks.yaml", line)]


def test_a_flag_that_no_line_tells_fails_the_talk(desk: Desk) -> None:
    line = "    - flag: {level: soon, topic: home, because: Slaapt Slecht.}\n"
    desk.write(SCRIPT, GOOD + BAD.replace(line, ""))
    assert [code for code, _, _ in desk.found()] == ["talk-fails"]


def test_the_flag_of_the_wrong_level_fails_the_talk(desk: Desk) -> None:
    desk.write(SCRIPT, GOOD + BAD.replace("level: soon", "level: urgent"))
    assert [code for code, _, _ in desk.found()] == ["talk-fails"]


def test_a_missing_translation_is_told_at_the_sentence(desk: Desk) -> None:
    desk.translate(s4="")
    assert desk.found() == [("missing-translation", "rest.yaml", 15)]


def test_a_complete_translation_has_no_problems(desk: Desk) -> None:
    desk.translate()
    assert desk.found() == []


def test_a_placeholder_lost_in_a_translation_is_told_in_the_catalogue(desk: Desk) -> None:
    desk.translate(s1="Hello.")
    assert desk.found() == [("lost-placeholder", "scripts.po", 7)]


def test_a_button_that_is_too_long_in_another_language_is_told(desk: Desk) -> None:
    desk.translate(s2="x" * 31)
    assert ("button-too-long", "scripts.po", 10) in desk.found()


def test_a_broken_catalogue_is_told(desk: Desk) -> None:
    desk.translate()
    (desk.locales / "en" / "LC_MESSAGES" / "bot.po").write_text("hallo\n", encoding="utf-8")
    assert desk.found() == [("unreadable-translations", "bot.po", 1)]


def test_the_handbook_beside_the_scripts_is_checked_with_them(desk: Desk) -> None:
    desk.hand_over()
    assert desk.found() == []
    desk.hand_over(CHECKLIST.replace("employer: may", "employer: maybe"), RHYTHMS.replace("1 maand", "1 month"))
    assert desk.found() == [("unknown-word", "checklist.yaml", 6), ("bad-period", "rhythms.yaml", 15)]


def test_a_contact_whose_flow_is_not_there_is_told(desk: Desk) -> None:
    desk.hand_over(rhythms=RHYTHMS.replace("flow: rest", "flow: ret"))
    assert desk.found() == [("unknown-flow", "rhythms.yaml", 9)]


def test_a_broken_script_does_not_make_its_flow_unknown(desk: Desk) -> None:
    desk.hand_over()
    desk.write(SCRIPT.replace("spec: 1", "spec: 2"))
    assert desk.found() == [("unknown-spec", "rest.yaml", 1)]


@pytest.mark.parametrize("path", ["handover", "handover/checklist.yaml"])
def test_the_handbook_or_a_file_of_it_is_checked_alone(desk: Desk, path: str) -> None:
    own = desk.hand_over(CHECKLIST.replace("employer: may", "employer: maybe"))
    (desk.scripts / "rest.talks.yaml").unlink()
    assert desk.found(own.parent / path) == [("unknown-word", "checklist.yaml", 6)]


def test_a_sound_handbook_file_is_not_blamed_for_the_scripts(desk: Desk) -> None:
    own = desk.hand_over()
    (desk.scripts / "rest.talks.yaml").unlink()
    assert desk.found(own / "rhythms.yaml") == []


def test_the_folder_above_means_scripts_and_handbook(desk: Desk) -> None:
    desk.hand_over(rhythms=RHYTHMS.replace("silence: 2", "silence: 0"))
    assert desk.found(desk.scripts.parent) == [("wrong-value", "rhythms.yaml", 7)]


def test_a_title_or_question_without_translation_is_told_where_it_stands(desk: Desk) -> None:
    desk.translate()
    desk.hand_over()
    told = desk.found()
    assert {(code, file) for code, file, _ in told} == {
        ("missing-translation", "checklist.yaml"),
        ("missing-translation", "rhythms.yaml"),
    }
    assert [line for _, file, line in told if file == "rhythms.yaml"] == [9, 9, 13]


def test_a_rhythm_whose_name_is_too_long_for_a_button_in_another_language_is_told(desk: Desk) -> None:
    desk.hand_over()
    desk.translate()
    file = desk.locales / "en" / "LC_MESSAGES" / "scripts.po"
    file.write_text(file.read_text().replace('msgstr "Elke maand"', f'msgstr "{"x" * 31}"'), encoding="utf-8")
    assert [code for code, _, _ in desk.found()] == ["button-too-long"]


def test_a_file_with_another_name_than_its_flow_is_told(desk: Desk) -> None:
    for ending in (".yaml", ".talks.yaml"):
        (desk.scripts / f"rest{ending}").rename(desk.scripts / f"rust{ending}")
    assert desk.found() == [("file-name", "rust.yaml", 2)]


def test_a_missing_translation_sends_to_extract_first(desk: Desk) -> None:
    desk.translate(s4="")
    said: list[str] = []
    check([desk.scripts], desk.locales, False, said.append)
    assert any("Typ eerst 'achterdehand extract'." in line for line in said)


@pytest.mark.parametrize(
    "english",
    [
        "Where do you have pain?", "Are you depressed?", "What is wrong with your back?",
        "Tell us what the doctor said.", "Are you under treatment?", "Are you seeing a psychologist?",
        "Are you ill because of your work?", "What complaints do you have?",
    ],
)  # fmt: skip
def test_a_translation_that_asks_what_the_dutch_does_not_is_told(desk: Desk, english: str) -> None:
    """P10."""
    desk.translate(s4=english)
    assert desk.found() == [("do-not-ask", "scripts.po", 16)]


def test_words_of_two_flows_are_told_with_both_files(desk: Desk) -> None:
    for name in ("rest", "rust"):
        script = SCRIPT.replace("title:", "starts: {words: [moe]}\ntitle:").replace("flow: rest", f"flow: {name}")
        (desk.scripts / f"{name}.yaml").write_text(script, encoding="utf-8")
    said: list[str] = []
    check([desk.scripts], desk.locales, False, said.append)
    told = next(line for line in said if "(same-words)" in line)
    assert "rust.yaml" in told
    assert f"Met 'moe' begint ook het gesprek 'rest', in {desk.scripts / 'rest.yaml'}." in told


def test_notes_come_after_the_problems_and_are_counted(desk: Desk) -> None:
    from datetime import date

    desk.write(SCRIPT.replace("title:", "titel:"))
    (desk.scripts.parent / "numbers.yaml").write_text(
        "spec: 1\nnumbers:\n  line: {name: L, number: 0800-1, when: nu, what: zo, source: ons, sure: H}\n"
    )
    said: list[str] = []
    check([desk.scripts], desk.locales, False, said.append, today=date(2026, 11, 22))
    assert not said[0].startswith("let op")
    desk.write(SCRIPT)
    said.clear()
    assert check([desk.scripts], desk.locales, False, said.append, today=date(2026, 11, 22)) == 0
    assert said[-1] == "Alles klopt. En 1 keer let op."
