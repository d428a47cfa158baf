"""A button of the handover says what its name means, and `check` tells where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.authoring import meanings
from bot.authoring.sentences import drafts
from bot.turns.handover.making_effects import CLOCKS, SPANS, WEEKDAYS
from flows.engine.reader import read_draft

SCRIPTS = Path(__file__).parents[3] / "flows" / "scripts"
SCRIPT = """\
spec: 1
flow: table
audience: coach
title: Aan tafel
expires: {after: 7 days}
steps:
  asked:
    say: Wat wordt het?
    ask:
      choice:
        NAME: LABEL
        other: Iets anders
    do: {EFFECT: {ARGUMENT: asked}}
    end: done
"""


def found(effect: str, argument: str, name: str, label: str) -> list[tuple[str, int]]:
    """Code and line of the problems of a script with this button."""
    script = SCRIPT.replace("EFFECT", effect).replace("ARGUMENT", argument)
    draft = read_draft(script.replace("NAME", name).replace("LABEL", label), "table.yaml")
    assert draft.flow is not None
    assert draft.problems == ()
    told = meanings.problems([draft])
    return [(one.code, one.line) for one in told]


def test_our_own_scripts_say_what_they_mean() -> None:
    assert list(meanings.problems(drafts(SCRIPTS))) == []


@pytest.mark.parametrize(
    ("effect", "argument", "name", "label"),
    [
        ("agree", "review", "quarter", "Over drie maanden"),
        ("agree", "review", "never", "Niet nodig"),
        ("agree", "review", "year", "Over een jaar"),
        ("set_contact", "until", "half_year", "Een half jaar"),
        ("set_contact", "until", "day", "Tot een andere dag"),
        ("set_contact", "form", "chat", "Een jaar lang"),
    ],
)
def test_a_button_that_says_what_its_name_means_is_fine(effect: str, argument: str, name: str, label: str) -> None:
    assert found(effect, argument, name, label) == []


@pytest.mark.parametrize(
    ("effect", "argument", "name", "label"),
    [
        ("agree", "review", "quarter", "Over 6 maanden"),
        ("agree", "review", "quarter", "Later"),
        ("agree", "review", "half_year", "Over een jaar"),
        ("agree", "review", "nine_months", "Over 9 maanden"),
        ("set_contact", "until", "year", "Twee jaar"),
    ],
)
def test_a_button_that_says_something_else_is_told_with_its_line(
    effect: str, argument: str, name: str, label: str
) -> None:
    assert found(effect, argument, name, label) == [("other-meaning", 11)]


@pytest.mark.parametrize(
    ("argument", "name", "label"),
    [
        ("at", "morning", "'10:00'"),
        ("at", "morning", "'19:30'"),
        ("at", "lunch", "'13:00'"),
        ("weekday", "monday", "Dinsdag"),
        ("weekday", "saturday", "Zaterdag"),
        ("backup", "year", "Een half jaar"),
        ("backup", "ever", "Altijd"),
    ],
)
def test_where_every_name_must_be_known_the_other_button_is_told_too(argument: str, name: str, label: str) -> None:
    assert found("set_contact", argument, name, label) == [("other-meaning", 11), ("other-meaning", 12)]


def test_every_name_that_means_something_is_known_here() -> None:
    known = meanings.MEANINGS
    assert known["at"].keys() == CLOCKS.keys()
    assert [*known["weekday"]] == [*WEEKDAYS]
    assert known["until"].keys() == known["backup"].keys() == known["review"].keys() == SPANS.keys()
