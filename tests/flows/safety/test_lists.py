"""The lists that come along are sound, and an admin's mistakes are told with their place (P13)."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows import safety
from flows.safety import catalogue, lists, looking, patterns, written
from flows.safety.normalise import plain

HEAD = "spec: 1\nlanguage: nl\n"
SOUND = (
    HEAD + "meanings:\n  pets: [hond, kat]\nphrases:\n  - {say: [bijt <pets>], level: orange, finds: [ik bijt hond]}\n"
)


def test_the_lists_that_come_along_have_no_problems() -> None:
    assert safety.problems() == ()
    assert set(safety.languages()) == {"ar", "en", "fa", "nl", "pl", "tr", "uk"}


@pytest.mark.parametrize("language", safety.languages())
def test_every_entry_finds_its_own_sentences_by_itself(language: str) -> None:
    paper = written.read(looking.FOLDER / f"{language}.yaml")
    ready = lists.ready(paper)
    assert len(ready.rules) == len(paper.entries)
    for (at, entry), rule in zip(paper.entries, ready.rules, strict=True):
        for text in entry.finds:
            found = [hit for hit in ready.hits(text) if hit.entry in rule.entries]
            assert any(hit.level == entry.level and not hit.softened for hit in found), (at, text)
        for text in entry.passes:
            assert not any(hit.acts for hit in ready.hits(text)), (at, text)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_word_and_phrase_is_a_pattern_that_can_be_found(language: str) -> None:
    paper = written.read(looking.FOLDER / f"{language}.yaml")
    assert all(entry.passes for (key, _), entry in paper.entries if key != "combinations" and entry.level == "red")


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("spec: 2\nlanguage: nl\n", "unknown-spec", 1, 7),
        (HEAD + "extra: 1\n", "unknown-key", 3, 1),
        (HEAD + "meanings:\n  pets: hond\n", "wrong-value", 4, 9),
        (HEAD + "exact:\n  - {say: [a], level: rood, finds: [a]}\n", "unknown-word", 4, 23),
        (HEAD + "exact:\n  - {say: [a], level: red}\n", "missing-key", 4, 5),
        (HEAD + "exact:\n  - {say: [<no>], level: red, finds: [a]}\n", "unknown-meaning", 4, 5),
        (HEAD + "exact:\n  - {say: [a], level: red, finds: [b]}\n", "words-not-found", 4, 36),
        (HEAD + "exact:\n  - {say: [a], level: red, finds: [a], passes: [a b]}\n", "acts-too-soon", 4, 49),
        (HEAD + "exact:\n  - {say: [a], level: red, finds: [a], reviewed_by: Bo}\n", "half-reviewed", 4, 5),
        (HEAD + "exact:\n  - {say: [a], level: red, finds: [a], reviewed_on: mei}\n", "half-reviewed", 4, 53),
        (HEAD + "exact:\n\t- a\n", "yaml-tab", 4, 1),
        ("", "empty-script", 1, 1),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, code: str, line: int, column: int, tmp_path: Path) -> None:
    file = tmp_path / "nl.yaml"
    file.write_text(text)
    assert [(one.code, one.line, one.column) for one in safety.problems(file)] == [(code, line, column)]


def test_an_absent_list_is_told(tmp_path: Path) -> None:
    assert [one.code for one in safety.problems(tmp_path / "nl.yaml")] == ["no-such-list"]


def test_who_looked_at_an_entry_is_counted(tmp_path: Path) -> None:
    file = tmp_path / "nl.yaml"
    file.write_text(SOUND)
    assert safety.problems(file) == ()
    assert safety.unreviewed(tmp_path) == 1
    assert [one.code for one in safety.notes(tmp_path)] == ["not-reviewed"]
    file.write_text(SOUND.replace("level:", "reviewed_by: Bo van 113, reviewed_on: 2026-12-01, level:"))
    assert safety.problems(file) == ()
    assert safety.unreviewed(tmp_path) == 0
    assert safety.notes(tmp_path) == ()


def test_every_code_of_the_lists_is_told_by_a_test_above() -> None:
    told = ["unknown-meaning", "words-not-found", "acts-too-soon", "half-reviewed", "no-such-list", "not-reviewed"]
    assert set(told) == set(catalogue.OWN)


@pytest.mark.parametrize("language", safety.languages())
def test_no_rule_that_finds_something_is_passed_over(language: str) -> None:
    ready = lists.load(looking.FOLDER / f"{language}.yaml")
    said = {
        plain(text) for _, entry in written.read(looking.FOLDER / f"{language}.yaml").entries for text in entry.finds
    }
    for file in (looking.FOLDER / "sentences").glob(f"{language}-*.tsv"):
        lines = file.read_text(encoding="utf-8").splitlines()[::10]
        said.update(plain(column) for line in lines for column in line.split("\t"))
    tidied = {ready.corrected(one) for one in said}
    for one in said | tidied:
        found = [rule for rule in ready.rules if rule.hit(one)]
        assert [rule for rule in found if rule not in ready.possible(one)] == []
    assert any(len(ready.possible(one)) < len(ready.rules) for one in said), "or it saves nothing"


@pytest.mark.parametrize(
    ("pattern", "beginnings"),
    [
        ("ik wil dood", {"dood"}),
        ("ik/we wil*", {"wil"}),
        (".. springen", {"spri"}),
        ("mijn <pets>", {"mijn"}),
        ("<pets>", {"hond", "poes"}),
        ("de <pets>", {"hond", "poes"}),
        ("kwil", {"ik"}),
        ("..", {""}),
    ],
)
def test_how_a_word_begins_that_a_pattern_cannot_do_without(pattern: str, beginnings: set[str]) -> None:
    assert patterns.beginnings([pattern], {"pets": ["hond*", "een poesje"]}) == beginnings


def test_combinations_lie_near_each_other(tmp_path: Path) -> None:
    file = tmp_path / "nl.yaml"
    file.write_text(
        HEAD + "meanings:\n  one: [brug]\n  two: [spring]\ncombinations:\n"
        "  - {name: both, all: [one, two], within: 3, level: red, does: asks, finds: [brug en spring]}\n"
    )
    ready = lists.load(file)
    assert [hit.acts for hit in ready.hits("de brug af dan spring ik")] == [False]
    assert ready.hits("de brug stond open dus ik kwam veel later en toen zag ik een spring touw") == []
