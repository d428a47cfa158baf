"""What typed words ask for: start words, the same with filling, a slip of the finger, or words inside a message."""

from __future__ import annotations

import pytest

from flows.engine.wishes import StartWords
from tests.support.engine_talk import flow_of

BYE = "  bye:\n    say: Dag.\n    end: done\n"


def flow(name: str, words: str) -> object:
    return flow_of(BYE, flow=name, header=f"starts: {{words: [{words}]}}\n")


FLOWS = [
    flow("sick", "ziek, ik ben ziek, ziek melden"),
    flow("late", "te laat, ik kom later"),
    flow("conflict", "mijn baas is boos, ruzie"),
    flow("pause", "pauze"),
    flow("resume", "verder, weer verder"),
    flow("stop", "stop, stoppen, ik wil stoppen"),
]


def asked(text: str) -> tuple[str, str] | None:
    found = StartWords.of(FLOWS).find(text)  # type: ignore[arg-type]
    return None if found is None else (found.flow.id, found.how)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Ziek!", ("sick", "exact")),
        ("/pauze", ("pause", "exact")),
        ("IK BEN  ZIEK", ("sick", "exact")),
        ("ben ziek vandaag", ("sick", "same")),
        ("hoi, ben sinds gisteren ziek", ("sick", "same")),
        ("ik kom vandaag later", ("late", "same")),
        ("baas is boos", ("conflict", "same")),
        ("ik wil graag pauze", ("pause", "same")),
        ("zeik", ("sick", "near")),
        ("pauzee", ("pause", "near")),
        ("ik wil stopen", ("stop", "near")),
        ("ik ben ziek sinds maandag", ("sick", "near")),
        ("weet je wat er is, ik ben ziek en kan niets doen", None),
        ("weet je wat er is, ik ben ziek en blijf thuis in bed", ("sick", "within")),
        ("mijn dochter is ziek en daarom bel ik later op de dag", None),
        ("ik ben niet ziek", None),
        ("wij komen", None),
        ("ik ben", None),
        ("", None),
        ("😀", None),
        ("pau", None),
    ],
)
def test_what_words_ask_for(text: str, wanted: tuple[str, str] | None) -> None:
    assert asked(text) == wanted


def test_words_that_are_as_near_to_two_talks_ask_for_neither() -> None:
    two = [flow("one", "boek"), flow("two", "doek")]
    assert StartWords.of(two).find("hoek") is None  # type: ignore[arg-type]


def test_a_word_of_three_letters_has_no_slips() -> None:
    assert StartWords.of([flow("one", "dag")]).find("dog") is None  # type: ignore[list-item]


def test_the_words_of_the_persons_language_count_too() -> None:
    turkish = {"ziek": "hastayım, hasta"}
    found = StartWords.of(FLOWS, lambda dutch: turkish.get(dutch, dutch)).find("hasta")  # type: ignore[arg-type]
    assert found is not None
    assert found.flow.id == "sick"
