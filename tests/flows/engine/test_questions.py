"""Every kind of question: what replies it understands, in Dutch and English, and what it makes of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from flows.engine.events import Value
from flows.engine.inputs import Typed
from flows.engine.questions import QUESTIONS, Asking, Found, Question
from flows.engine.questions.text import MEDIA
from flows.engine.replies import Answered, read_reply

WEDNESDAY = date(2026, 11, 25)
ASKING = Asking(WEDNESDAY, str)

SETTINGS: dict[str, dict[str, Any]] = {
    "choice": {"labels": {"people": "Collega's of mijn baas", "tasks": "Het werk zelf", "no": "Nee hoor"}},
    "several": {"labels": {"work": "Werk", "home": "Thuis", "hours": "Tijden en uren"}},
    "scale": {"labels": {1: "Slecht", 2: "Niet zo goed", 3: "Gaat wel", 4: "Goed", 5: "Heel goed"}},
    "number": {"from": 0, "to": 40},
    "yesno": {},
    "date": {},
    "time": {},
    "text": {},
    "voice": {},
    "phone": {},
}

UNDERSTOOD: list[tuple[str, str, Value]] = [
    ("choice", "Het werk zelf", "tasks"),
    ("choice", "het  WERK zelf!", "tasks"),
    ("choice", "het werk zelff", "tasks"),
    ("choice", "mijn baas", "people"),
    ("choice", "Collegas of mijn baas", "people"),
    ("choice", "nee", "no"),
    ("scale", "2", 2),
    ("scale", "niet zo goed", 2),
    ("scale", "2 niet zo goed", 2),
    ("scale", "Heel goed 🎉", 5),
    ("scale", "goed", 4),
    ("scale", "٣", 3),
    ("scale", "gaat well", 3),
    ("yesno", "ja", True),
    ("yesno", "Ja!", True),
    ("yesno", "jaa", True),
    ("yesno", "JAAAAA!!", True),
    ("yesno", "jawel", True),
    ("yesno", "👍", True),
    ("yesno", "yes", True),
    ("yesno", "nee", False),
    ("yesno", "neeeee", False),
    ("yesno", "Nee, bedankt", False),
    ("yesno", "👎", False),
    ("yesno", "no thanks", False),
    ("number", "8", 8),
    ("number", "7,5", 7.5),
    ("number", "7.5 uur", 7.5),
    ("number", "ongeveer 20 uur", 20),
    ("number", "٨", 8),
    ("number", " 40 ", 40),
    ("date", "vandaag", "2026-11-25"),
    ("date", "Gisteren", "2026-11-24"),
    ("date", "eergisteren", "2026-11-23"),
    ("date", "morgen", "2026-11-26"),
    ("date", "today", "2026-11-25"),
    ("date", "yesterday", "2026-11-24"),
    ("date", "tomorow", "2026-11-26"),
    ("date", "maandag", "2026-11-30"),
    ("date", "woensdag", "2026-11-25"),
    ("date", "afgelopen maandag", "2026-11-23"),
    ("date", "vorige woensdag", "2026-11-18"),
    ("date", "volgende woensdag", "2026-12-02"),
    ("date", "op vrijdag", "2026-11-27"),
    ("date", "sinds maandag", "2026-11-30"),
    ("date", "last friday", "2026-11-20"),
    ("date", "mandag", "2026-11-30"),
    ("date", "wo", "2026-11-25"),
    ("date", "12-3", "2027-03-12"),
    ("date", "12/11", "2026-11-12"),
    ("date", "12-3-2026", "2026-03-12"),
    ("date", "12.3.26", "2026-03-12"),
    ("date", "12 maart", "2027-03-12"),
    ("date", "12 maart 2026", "2026-03-12"),
    ("date", "12 mrt", "2027-03-12"),
    ("date", "12e maart", "2027-03-12"),
    ("date", "March 12", "2027-03-12"),
    ("date", "12th of March 2026", "2026-03-12"),
    ("date", "2026-03-12", "2026-03-12"),
    ("date", "3 dagen geleden", "2026-11-22"),
    ("date", "2 weeks ago", "2026-11-11"),
    ("date", "over 2 weken", "2026-12-09"),
    ("date", "29 feb 2028", "2028-02-29"),
    ("date", "12 maarrt", "2027-03-12"),
    ("time", "9:30", "09:30"),
    ("time", "9.30", "09:30"),
    ("time", "9u30", "09:30"),
    ("time", "0930", "09:30"),
    ("time", "9 uur", "09:00"),
    ("time", "om 9 uur", "09:00"),
    ("time", "14u", "14:00"),
    ("time", "half tien", "09:30"),
    ("time", "half 10", "09:30"),
    ("time", "negen uur", "09:00"),
    ("time", "kwart voor drie", "02:45"),
    ("time", "kwart over 3", "03:15"),
    ("time", "10 voor 9", "08:50"),
    ("time", "3 pm", "15:00"),
    ("time", "12 am", "00:00"),
    ("time", "half 1", "00:30"),
    ("time", "23:59", "23:59"),
    ("text", "  zo maar iets ", "  zo maar iets "),
    ("voice", "liever getypt", "liever getypt"),
    ("phone", "06-12345678", "+31612345678"),
    ("phone", "0612345678", "+31612345678"),
    ("phone", "+32 470 12 34 56", "+32470123456"),
    ("phone", "0031 6 1234 5678", "+31612345678"),
    ("phone", "+31 (0)6 12345678", "+31612345678"),
    ("phone", "٠٦١٢٣٤٥٦٧٨", "+31612345678"),
]

MISSED: list[tuple[str, str]] = [
    ("choice", "weet niet"),
    ("choice", "mijn"),
    ("choice", ""),
    ("choice", "?"),
    ("choice", "Jan"),
    ("scale", "6"),
    ("scale", "0"),
    ("scale", "prima"),
    ("scale", "2,5"),
    ("several", "school"),
    ("several", "werk en school"),
    ("several", ", "),
    ("yesno", "misschien"),
    ("yesno", "Jan"),
    ("yesno", "😀"),
    ("number", "41"),
    ("number", "-1"),
    ("number", "veel"),
    ("number", "8 of 9"),
    ("number", "1e3"),
    ("number", "9" * 30),
    ("date", "ooit"),
    ("date", "31-2"),
    ("date", "32 maart"),
    ("date", "12-13"),
    ("date", "29 feb 2027"),
    ("date", "0"),
    ("date", "1-1-0001"),
    ("date", "ma"[:1]),
    ("time", "25:00"),
    ("time", "9:60"),
    ("time", "straks"),
    ("time", "13 pm"),
    ("time", "half"),
    ("time", "half nine"),
    ("time", "70 over 3"),
    ("text", "   "),
    ("text", "x" * 5000),
    ("phone", "112"),
    ("phone", "bel maar"),
    ("phone", "06123456789012345"),
]


def question(kind: str, **settings: Any) -> Question:
    return QUESTIONS[kind].model_validate({**SETTINGS[kind], **settings})


@pytest.mark.parametrize("kind", QUESTIONS)
def test_every_kind_has_cases_of_both_sorts(kind: str) -> None:
    assert kind in {case[0] for case in UNDERSTOOD} | {"several"}
    assert kind in {case[0] for case in MISSED} | {"voice"}


@pytest.mark.parametrize(("kind", "text", "value"), UNDERSTOOD)
def test_typed_words_are_understood(kind: str, text: str, value: Value) -> None:
    found = question(kind).typed(text, ASKING)
    assert found is not None
    assert (found.value, type(found.value), found.words) == (value, type(value), text)


@pytest.mark.parametrize(("kind", "text"), MISSED)
def test_other_words_are_not_taken_for_an_answer(kind: str, text: str) -> None:
    assert question(kind).typed(text, ASKING) is None


@pytest.mark.parametrize("text", ["nee", "Nee.", "niets", "niks!", "no", "Nothing"])
@pytest.mark.parametrize("kind", ["text", "voice"])
def test_no_more_than_no_skips_a_question_for_own_words_that_may_be_skipped(kind: str, text: str) -> None:
    assert read_reply(Typed(text), question(kind, optional=True), ASKING) == "skip"
    assert isinstance(read_reply(Typed(text), question(kind), ASKING), Answered)
    assert isinstance(read_reply(Typed(f"{text} te klagen"), question(kind, optional=True), ASKING), Answered)


def test_no_stays_an_answer_where_it_is_one() -> None:
    asked = question("yesno", optional=True)
    assert read_reply(Typed("nee"), asked, ASKING) == Answered(Found(value=False, words="nee"))


@pytest.mark.parametrize("kind", QUESTIONS)
def test_every_button_gives_an_answer_that_can_be_shown(kind: str) -> None:
    asked = question(kind)
    for choice in asked.choices(str):
        found = asked.tapped(choice.key, ASKING)
        assert found is not None
        assert asked.shown(found.value, str)
    assert asked.tapped("no such button", ASKING) is None
    assert asked.shown(None, str)


@pytest.mark.parametrize("kind", QUESTIONS)
@pytest.mark.parametrize("stray", [None, "", "x", -1, 2.5, True, ("x",), ()])
def test_showing_never_fails_whatever_an_older_version_of_the_flow_stored(kind: str, stray: Value) -> None:
    assert isinstance(question(kind).shown(stray, str), str)


@pytest.mark.parametrize(
    ("text", "past", "future"),
    [
        ("maandag", "2026-11-23", "2026-11-30"),
        ("woensdag", "2026-11-25", "2026-11-25"),
        ("12-3", "2026-03-12", "2027-03-12"),
        ("25-11", "2026-11-25", "2026-11-25"),
        ("26 november", "2025-11-26", "2026-11-26"),
        ("gisteren", "2026-11-24", None),
        ("morgen", None, "2026-11-26"),
        ("volgende maandag", None, "2026-11-30"),
        ("29 feb", None, None),
    ],
)
def test_a_day_is_sought_in_the_direction_that_the_question_says(
    text: str, past: str | None, future: str | None
) -> None:
    for setting, day in (("past", past), ("future", future)):
        found = question("date", **{setting: True}).typed(text, ASKING)
        assert (found.value if found else None) == day


def test_a_date_question_with_a_direction_has_buttons_for_the_nearest_days() -> None:
    assert [choice.label for choice in question("date", past=True).choices(str)] == ["Vandaag", "Gisteren"]
    found = question("date", future=True).tapped("tomorrow", ASKING)
    assert found is not None
    assert found.value == "2026-11-26"
    assert question("date").choices(str) == ()


def test_a_date_that_is_mostly_far_away_has_no_buttons_and_takes_a_near_day_all_the_same() -> None:
    asked = question("date", future=True, far=True)
    assert asked.choices(str) == ()
    found = asked.typed("morgen", ASKING)
    assert found is not None
    assert found.value == "2026-11-26"


@pytest.mark.parametrize("kind", ["date", "number"])
def test_who_does_not_know_skips_what_may_be_left_open(kind: str) -> None:
    for text in ("Geen idee", "weet ik niet.", "I don't know"):
        assert question(kind, optional=True).means_nothing(text)
        assert not question(kind).means_nothing(text)
    assert not question(kind, optional=True).means_nothing("31 januari")


def test_a_day_on_the_wrong_side_of_today_is_told_apart_from_what_is_no_day() -> None:
    ahead, before = question("date", future=True), question("date", past=True)
    assert [ahead.misfit(text, ASKING) for text in ("gisteren", "1-2-2020", "tja")] == ["date_passed"] * 2 + ["date"]
    assert [before.misfit(text, ASKING) for text in ("morgen", "tja")] == ["date_to_come", "date"]


def test_labels_are_known_in_the_persons_language_and_in_dutch() -> None:
    english = Asking(WEDNESDAY, {"Het werk zelf": "The work itself", "Nee hoor": "No"}.get)  # type: ignore[arg-type]
    asked = QUESTIONS["choice"].model_validate({"labels": {"tasks": "Het werk zelf", "no": "Nee hoor"}})
    for text in ("the work itself", "het werk zelf", "The work itsself"):
        found = asked.typed(text, english)
        assert found is not None
        assert found.value == "tasks"


def test_two_labels_that_are_nearly_alike_are_never_guessed_between() -> None:
    asked = QUESTIONS["choice"].model_validate({"labels": {"a": "Maandagochtend", "b": "Maandagochtenden"}})
    assert asked.typed("maandagochtende", ASKING) is None


def test_several_ticks_with_taps_and_with_words() -> None:
    asked = question("several")
    for ticked, text, after in [
        ((), "thuis", ("home",)),
        (("home",), "Werk", ("work", "home")),
        (("home",), "thuis", ()),
        ((), "thuis, werk", ("work", "home")),
        ((), "tijden en uren", ("hours",)),
        ((), "thuis en werk", ("work", "home")),
    ]:
        found = asked.typed(text, Asking(WEDNESDAY, str, ticked))
        assert found is not None
        assert found.ticked == after
    done = asked.typed("klaar", Asking(WEDNESDAY, str, ("work", "home")))
    assert done is not None
    assert (done.value, done.ticked, done.words) == (("work", "home"), None, "Werk, Thuis")


def test_a_scale_with_words_at_the_ends_shows_numbers_between() -> None:
    asked = QUESTIONS["scale"].model_validate({"labels": {1: "Slecht", 4: "Goed"}})
    assert [choice.label for choice in asked.choices(str)] == ["1 · Slecht", "2", "3", "4 · Goed"]


def test_a_whole_number_is_asked_for() -> None:
    assert question("number", whole=True).typed("7,5", ASKING) is None


def test_own_words_for_yes_and_no() -> None:
    asked = question("yesno", yes="Bel me maar", no="Liever niet")
    for text, value in (("bel me maar", True), ("ja", True), ("liever niet", False), ("nee", False)):
        found = asked.typed(text, ASKING)
        assert found is not None
        assert found.value is value


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("choice", "tasks", "Het werk zelf"),
        ("several", ("work", "home"), "Werk, Thuis"),
        ("scale", 2, "2"),
        ("number", 7.5, "7,5"),
        ("yesno", True, "Ja"),
        ("yesno", False, "Nee"),
        ("date", "2026-03-02", "2-3-2026"),
        ("text", "hallo", "hallo"),
        ("text", "", MEDIA),
    ],
)
def test_how_an_answer_reads_in_another_text(kind: str, value: Value, shown: str) -> None:
    assert question(kind).shown(value, str) == shown
