"""P12, the part that reads: words that mean danger are seen, and what breaks leaves the rest standing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import safety
from flows.safety import classifier, literals, looking
from flows.safety.finding import LEVELS

HOME = looking.FOLDER


@pytest.fixture
def anew() -> Iterator[None]:
    """Lists and classifier are read anew, before and after."""
    looking.forget()
    yield
    looking.forget()


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("ik wil dood", "red"),
        ("kga er een eind aan maken", "red"),
        ("mijn zusje zegt dat ze dood wil", "red"),
        ("zelf moord", "red"),
        ("z e l f m o o r d", "red"),
        ("IK WIL NIE MEER LEVEN", "red"),
        ("I want to die", "red"),
        ("أريد أن أموت", "red"),
        ("ölmek istiyorum", "red"),
        ("nie chcę żyć", "red"),
        ("не хочу жити", "red"),
        ("می‌خواهم بمیرم", "red"),
        ("mijn man slaat me", "violence"),
        ("ik durf niet naar huis", "violence"),
        ("ik steek hem neer", "violence"),
        ("my husband hits me", "violence"),
        ("ik trek het niet meer", "orange"),
    ],
)
def test_what_is_plainly_said_is_certain(text: str, level: str) -> None:
    found = safety.look(text)
    assert (found.level, found.certain) == (level, True)
    assert found.entry not in ("", classifier.NAME)


@pytest.mark.parametrize(
    "text",
    [
        "doodmoe",
        "ik ben doodmoe",
        "deadline",
        "trein gemist",
        "tot morgen, ik maak er een eind aan",
        "ja",
        "nee dank je",
        "10",
        "👍",
        "",
        "   ",
    ],
)
def test_look_alikes_are_nothing(text: str) -> None:
    assert safety.look(text) == safety.Finding("none", certain=True, entry="")


@pytest.mark.parametrize(
    "text",
    [
        "nee, geen zelfmoordgedachten",
        "nee joh ik wil niet dood",
        "op het nieuws ging het over zelfmoord",
        "documentaire gezien over mensenhandel",
        "vroeger werd ik geslagen door mijn vader",
        "zelfmord op tv gezien",
    ],
)
def test_denials_and_news_ask_at_most(text: str) -> None:
    found = safety.look(text)
    assert found.level == "orange" or not found.certain


def test_a_laugh_far_away_excuses_nothing() -> None:
    text = "haha die film gister was zo leuk, we lagen dubbel met zijn allen op de bank. verder wil ik eigenlijk dood"
    assert safety.look(text).certain


def test_a_slip_asks_first() -> None:
    assert safety.look("ik denk aan zelfmmoord").level == "red"
    assert safety.look("ik word mishandelt").certain
    assert not safety.look("ik word mishhandeld").certain


def test_the_classifier_never_acts() -> None:
    found = safety.look("ik sta al een uur op het balkon en kijk hoe diep het is, sorry jongens")
    assert found.level != "none"
    assert not found.certain


def test_danger_in_another_language_than_ones_own_is_seen() -> None:
    assert safety.look("ik wil dood", "en") == safety.look("ik wil dood", "nl")
    assert safety.look("ik wil dood", "xx").certain


@given(st.text(max_size=400), st.sampled_from(["nl", "en", "so", ""]))
def test_any_text_has_a_finding(text: str, language: str) -> None:
    found = safety.look(text, language)
    assert found.level in LEVELS
    assert (found.entry == "") == (found.level == "none")


@given(st.text(st.characters(categories=["Cs", "Mn", "Cf", "So", "Nd"]), max_size=60))
def test_strange_text_has_a_finding_too(text: str) -> None:
    assert safety.look(text).level in LEVELS


def test_the_longest_message_has_a_finding() -> None:
    assert safety.look("ik wil .. dood " * 1000).level == "red"


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize("content", [None, b"", b"no gzip", classifier.FILE.read_bytes()[:200]])
def test_without_the_classifier_the_lists_are_left(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "model.json.gz"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setattr(classifier, "FILE", file)
    assert safety.look("ik wil dood") == safety.Finding("red", certain=True, entry="wil* .. dood")
    assert safety.look("soms denk ik een stap en dan de trein") == safety.Finding(
        "red", certain=False, entry="plek en springen"
    )
    assert safety.look("geen zelfmoordgedachten").level == "red"
    assert safety.look("tot morgen").level == "none"


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize("content", [None, "", "\t:", "spec: 1\nlanguage: nl\nphrases: nonsense\n", "[" * 200])
def test_without_the_lists_the_literals_are_left(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "FOLDER", tmp_path)
    monkeypatch.setattr(classifier, "FILE", tmp_path / "none")
    if content is not None:
        (tmp_path / "nl.yaml").write_text(content)
    assert safety.look("Ik denk aan zelfmoord").level == "red"
    assert safety.look("tot morgen").level == "none"


@pytest.mark.usefixtures("anew")
def test_one_broken_list_leaves_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "FOLDER", tmp_path)
    (tmp_path / "nl.yaml").write_bytes((HOME / "nl.yaml").read_bytes())
    (tmp_path / "en.yaml").write_bytes(b"\xff\xfe\x00")
    assert safety.look("mijn man slaat me").certain
    assert safety.look("he hits me").level == "violence"


@pytest.mark.usefixtures("anew")
def test_one_broken_entry_leaves_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "FOLDER", tmp_path)
    broken = (HOME / "nl.yaml").read_text("utf-8").replace("level: violence", "level: violent", 1)
    (tmp_path / "nl.yaml").write_text(broken, "utf-8")
    assert safety.problems(tmp_path)
    assert safety.look("ik wil dood").certain


def test_nothing_that_came_along_is_broken() -> None:
    assert safety.broken() == ()


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize("name", ["nl.yaml", "pl.yaml", "model.json.gz"])
@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe nonsense"])
def test_what_is_missing_or_broken_is_named(
    name: str, content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in (*HOME.glob("*.yaml"), classifier.FILE):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    monkeypatch.setattr(looking, "FOLDER", tmp_path)
    monkeypatch.setattr(classifier, "FILE", tmp_path / classifier.FILE.name)
    assert safety.broken() == (name,)


@pytest.mark.parametrize("text", ["en nu?", "dat zoek ik op", "Ik wil pouze", "goed dank je"])
def test_a_few_words_that_mean_nothing_are_nothing(text: str) -> None:
    assert safety.look(text).level == "none"


def test_the_end_of_a_long_message_is_looked_at_by_the_classifier_too() -> None:
    grave = "ik sta al een uur op het balkon en kijk hoe diep het is, sorry jongens"
    assert safety.look("vandaag weer gewerkt in de kas en dat ging goed. " * 60 + grave).level != "none"


@pytest.mark.usefixtures("anew")
def test_a_matcher_that_raises_leaves_the_literals(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(looking.Lists, "hits", breaks)
    monkeypatch.setattr(looking.Model, "guess", breaks)
    monkeypatch.setattr(looking, "plain", breaks)
    assert safety.look("ik wil dood") == safety.Finding("red", certain=False, entry="wil dood")


@pytest.mark.parametrize("literal", literals.LITERALS)
def test_every_literal_is_in_the_lists_too(literal: str) -> None:
    words = re.sub(r"^(slaat|bedreigt|hits|raped)", r"hij \1", literal)
    assert safety.look(f"{words}").level == literals.LITERALS[literal]
