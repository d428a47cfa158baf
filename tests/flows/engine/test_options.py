"""Buttons from outside the scripts: `choice: {from: rhythms}`."""

from __future__ import annotations

import json

from flows.engine.context import Context
from flows.engine.events import Choice, MessageSaid, QuestionAsked
from flows.engine.inputs import AskedAgain, Tapped, Typed
from flows.engine.reader import read_flow
from flows.engine.runner import resume, start
from tests.support.engine_talk import HEAD, NOW, VALUES, Talk, flow_of

STEPS = (
    "  rhythm:\n    say: Hoe vaak?\n    ask: {choice: {from: rhythms}, required: true}\n"
    "    goto: [{when: rhythm is weekly, step: often}]\n"
    "  rare:\n    say: Goed, {rhythm}.\n    end: done\n"
    "  often:\n    say: Vaak, {rhythm}.\n    end: done\n"
)
RHYTHMS = {"rhythms": (Choice("monthly", "Elke maand"), Choice("weekly", "Elke week"))}
ENGLISH = {"Elke week": "Every week", "Elke maand": "Every month"}


def talk(language: dict[str, str] | None = None) -> Talk:
    flow = flow_of(STEPS)
    begun = Talk(flow)
    begun.context = Context(VALUES, {}, lambda text: (language or {}).get(text, text), RHYTHMS)
    begun._take(start(begun.book, flow.id, begun.context, NOW))
    return begun


def test_the_buttons_come_from_the_list_in_the_language_of_the_person() -> None:
    assert [one.label for one in talk().asked.choices] == ["Elke maand", "Elke week"]
    assert [one.label for one in talk(ENGLISH).asked.choices] == ["Every month", "Every week"]


def test_a_tap_and_typed_words_both_answer_it_and_conditions_and_texts_know_the_answer() -> None:
    assert talk().give(Tapped("monthly")).one(MessageSaid).text == "Goed, Elke maand."
    assert talk(ENGLISH).give(Typed("every week")).one(MessageSaid).text == "Vaak, Every week."


def test_it_is_repeated_with_the_same_buttons() -> None:
    assert talk().give(AskedAgain()).one(QuestionAsked).choices == RHYTHMS["rhythms"]


def test_a_button_that_left_the_list_is_no_answer_and_the_question_stands() -> None:
    begun = talk()
    begun.context = Context(VALUES, {}, str, {"rhythms": (Choice("weekly", "Elke week"),)})
    assert [one.key for one in begun.give(Tapped("monthly")).asked.choices] == ["weekly"]
    assert not begun.run.ended


def test_without_the_list_the_question_waits_and_takes_no_words_for_an_answer() -> None:
    begun = Talk(flow_of(STEPS))
    assert begun.asked.choices == ()
    assert not begun.type("elke week").run.ended


def test_the_stored_run_does_not_hold_the_list() -> None:
    begun = talk()
    assert "Elke" not in json.dumps(begun.run.to_json())
    assert resume(begun.book, begun.run, Tapped("weekly"), begun.context, NOW).run.ended == "done"


def test_an_unknown_list_is_a_problem_with_the_lists_there_are() -> None:
    text = HEAD.replace("{flow}", "sample") + "steps:\n" + STEPS.replace("from: rhythms", "from: ritmes")
    problems = read_flow(text, "a.yaml")[1]
    assert [one.code for one in problems] == ["unknown-word"]
    assert "rhythms, who" in problems[0].way_out
