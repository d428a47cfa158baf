"""What became different between two versions, in words."""

from __future__ import annotations

import pytest

from bot.authoring import changes
from bot.caseload.numbers import stored
from flows.engine.flow import Flow
from flows.engine.reader import read_flow

SCRIPT = """\
spec: 1
flow: a
audience: participant
title: Een
starts: {words: [een]}
reminders: [3 days]
steps:
  work:
    say:
      - Hoi.
      - Hoe gaat het?
    ask: {choice: {good: Goed, bad: Slecht}}
    goto: [{when: work is bad, step: bye}]
  glad:
    say: Fijn.
  bye:
    say: Dag.
    end: done
"""


def flow(text: str) -> Flow:
    found, problems = read_flow(text, "a.yaml")
    assert found is not None, problems
    return found


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("Hoe gaat het?", "Hoe is het?", "Stap work: «Hoe gaat het?» werd «Hoe is het?»."),
        ("      - Hoi.\n", "", "Stap work: weg is «Hoi.»."),
        ("      - Hoi.\n", "      - Hoi.\n      - Fijn je te spreken.\n", "Stap work: nieuw is «Fijn je te spreken.»."),
        ("Slecht", "Niet goed", "Stap work: knop «Slecht» werd «Niet goed»."),
        ("bad: Slecht}", "bad: Slecht, so: Matig}", "Stap work: nieuwe knop «Matig»."),
        ("step: bye", "step: glad", "Stap work: hoe het verdergaat is anders."),
        ("    say: Fijn.\n", "    say: Fijn.\n    end: done\n", "Stap glad: het gesprek stopt hier nu."),
        ("  glad:\n    say: Fijn.\n", "", "Stap glad is weg: «Fijn.»."),
        ("  bye:", "  nice:\n    say: Mooi.\n  bye:", "Nieuwe stap nice: «Mooi.»."),
        ("title: Een", "title: Twee", "De titel is anders."),
        ("[3 days]", "[4 days]", "De herinneringen zijn anders."),
        ("[een]", "[twee]", "Hoe het begint is anders."),
        ("spec: 1", "# toelichting\nspec: 1", changes.NOTHING),
    ],
)
def test_a_difference_is_told_in_words(old: str, new: str, line: str) -> None:
    assert old in SCRIPT
    assert changes.between(flow(SCRIPT), flow(SCRIPT.replace(old, new, 1))) == [line]


def test_what_is_new_and_what_went_away() -> None:
    assert changes.between(None, flow(SCRIPT)) == ["Nieuw gesprek: Een."]
    assert changes.between(flow(SCRIPT), None) == ["Het gesprek is weg."]


def test_numbers_are_compared_by_what_they_are_called() -> None:
    one = "  a: {name: A, number: '1234', when: nu, what: x, source: y, sure: H}\n"
    two = "  b: {name: B, number: '5678', when: nu, what: x, source: y, sure: H}\n"
    head = "spec: 1\nnumbers:\n"
    before = stored(head + one)
    assert changes.of_numbers(before, stored(head + one.replace("1234", "4321") + two)) == [
        "Nieuw: B, 5678.",
        "A: 1234 werd 4321.",
    ]
    assert changes.of_numbers(before, stored(head + two)) == ["A is weg.", "Nieuw: B, 5678."]
    assert changes.of_numbers(before, before) == [changes.NOTHING]
