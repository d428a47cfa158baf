"""P4 on what is shipped: whoever walks whichever script, with whatever replies, reads a way on after each of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.engine.book import Book
from flows.engine.context import Context, ContextValue
from flows.engine.effects import EFFECTS
from flows.engine.events import (
    Choice,
    EffectWanted,
    Event,
    HelpWanted,
    MessageSaid,
    QuestionAsked,
    RunEnded,
)
from flows.engine.facts import FACT_KEYS, FACTS, OPTIONS, PLACEHOLDERS
from flows.engine.inputs import AskedAgain, Input, Pressed, Sent, Tapped, TimePassed, Typed
from flows.engine.replies import WORDS
from flows.engine.run import Run
from flows.engine.runner import Sprint, reading, resume, start
from flows.engine.wishes import StartWords
from tests.support.engine_talk import NOW

BOOK = Book.load(Path(__file__).parents[3] / "flows" / "scripts").book
SPEAKING = {"show", "sos", "forget_me", "start", "begin_wish"}
"""Effects at which the bot itself says something, or begins what does."""
SILENT_ENDS = {("wish", "done")}
"""After a refused offer the bot says where the words went, or asks the question that waited."""
OF_A_HANDOVER = "handover-"
"""Flows after which the bot itself goes on with the checklist."""

WORDS_OF = {
    "number": st.integers(0, 90),
    "truth": st.booleans(),
    "duration": st.builds(timedelta, st.integers(-30, 400)),
    "date": st.just("2026-11-20"),
    "clock": st.just("08:30"),
    "text": st.just("iets"),
    "list": st.just(("a",)),
}


def of_fact(name: str) -> st.SearchStrategy[ContextValue]:
    kind = FACTS[name]
    known = st.sampled_from(FACT_KEYS[name]) if kind == "word" else WORDS_OF[kind]
    return st.none() | known  # type: ignore[operator,return-value]


people = st.fixed_dictionaries(
    {
        **{name: of_fact(name) for name in FACTS},
        **{name: st.none() | st.just("iets") for name in PLACEHOLDERS},
        "today": st.just("2026-11-25"),
    }
)
buttons = {name: (Choice("nl", "Nederlands"), Choice("en", "English")) for name in OPTIONS}
usual = ("ja", "nee", "4", "24,5", "morgen", "😀", "half 9")
START_WORDS = StartWords.of(BOOK)
wishes = ("ik", "ben", "ziek", "pauze", "niet", "beter", "stop", "baas", "boos")
anything: st.SearchStrategy[Input] = st.one_of(
    st.builds(Typed, st.text(max_size=40) | st.sampled_from([*WORDS, *usual])),
    st.builds(Sent, st.sampled_from(["voice", "photo", "sticker"]), st.just("voice:ref"), st.just("")),
    st.builds(Pressed, st.sampled_from(["skip", "back", "help", "stop"])),
    st.builds(TimePassed, st.sampled_from(["reminder", "expiry"]), st.integers(1, 9)),
    st.builds(Tapped, st.just("of another question")),
    st.just(AskedAgain()),
)
replies = st.lists(st.one_of(st.integers(0, 7), st.integers(0, 7), anything), max_size=14)
"""A number taps that button of the open question."""


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(flow.id for flow in BOOK)), people, replies)
def test_whatever_somebody_does_they_read_a_way_on(
    flow: str, values: dict[str, ContextValue], given_: list[int | Input]
) -> None:
    context = Context(values, {}, str, buttons)
    sprint = start(BOOK, flow, context, NOW)
    goes_on(sprint, at_once=True)
    asked = open_question(sprint.events, None)
    for one in given_:
        if sprint.run.ended:
            return
        reply = tap(asked, one) if isinstance(one, int) else one
        if isinstance(reply, Typed):
            assert reading(BOOK, sprint.run, reply.text, context, NOW) in ("answer", "words", "miss")
        run = Run.from_json(sprint.run.to_json())
        sprint = resume(BOOK, run, reply, context, NOW)
        goes_on(sprint, at_once=not isinstance(reply, TimePassed))
        asked = open_question(sprint.events, asked)


def tap(asked: QuestionAsked | None, number: int) -> Input:
    choices = asked.choices if asked else ()
    return Tapped(choices[number % len(choices)].key) if choices else Typed("vandaag")


def open_question(events: tuple[Event, ...], before: QuestionAsked | None) -> QuestionAsked | None:
    return next((event for event in reversed(events) if isinstance(event, QuestionAsked)), before)


def goes_on(sprint: Sprint, *, at_once: bool) -> None:
    """A question or help; or an end at which something is said. No run fails."""
    assert sprint.run.ended != "failed"
    if not at_once or any(isinstance(event, QuestionAsked | HelpWanted) for event in sprint.events):
        return
    end = sprint.events[-1]
    assert isinstance(end, RunEnded)
    if end.flow.startswith(OF_A_HANDOVER):
        return
    said = any(isinstance(event, MessageSaid) for event in sprint.events)
    spoken = any(isinstance(event, EffectWanted) and event.name in SPEAKING for event in sprint.events)
    assert said or spoken or end.outcome == "stopped" or (end.flow, end.outcome) in SILENT_ENDS, sprint.events


def test_the_effects_that_speak_are_effects() -> None:
    assert set(EFFECTS) >= SPEAKING


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=80) | st.lists(st.sampled_from(wishes)).map(" ".join))
def test_any_words_ask_for_one_talk_or_none(text: str) -> None:
    found = START_WORDS.find(text)
    assert found is None or found.flow.starts.words
