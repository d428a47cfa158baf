"""P4 and P16 on the engine: any script × any replies ends or waits, keeps the limits, and loses no words.

The scripts have a valid shape but need not be wise: they may loop without a question or run each other for ever.
`Talk` stores and loads the run at every step.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.engine import limits
from flows.engine.events import (
    AnswerGiven,
    Event,
    FlagRaised,
    HelpWanted,
    MessageLeft,
    MessageSaid,
    QuestionAsked,
    RunEnded,
    TimerWanted,
)
from flows.engine.flow import Flow
from flows.engine.inputs import AskedAgain, Input, Pressed, Sent, Tapped, TimePassed, Typed
from flows.engine.questions import QUESTIONS
from flows.engine.reader import read_flow
from flows.engine.replies import WORDS
from flows.engine.runner import resume
from tests.support.engine_talk import NOW, Talk

NAMES = ("a", "b", "c", "d", "e")
KEYS = {"x": "Werk", "y": "Thuis", "z": "Stop"}

questions = st.sampled_from(
    [
        {"choice": KEYS},
        {"choice": KEYS, "required": True},
        {"choice": {"from": "rhythms"}},
        {"several": KEYS, "optional": True},
        {"scale": {1: "Slecht", 5: "Goed"}},
        {"number": {"from": 0, "to": 40}},
        {"yesno": {"required": True}},
        {"date": {"past": True}},
        *({kind: {}} for kind in ("yesno", "date", "time", "text", "voice", "phone")),
    ]
)
names = st.sampled_from(NAMES)
simple = st.builds(
    lambda pattern, name: pattern.replace("@", name),
    st.sampled_from(
        [
            "@ >= 3", "@ < last(@) - 1", "@ is x", "@ is not yes", "x in @", "@ in [x, 3]", "answered(@)",
            "days_since(@) > 2", "placement.contract_ends_in < 60 days",
        ]
    ),
    names,
)  # fmt: skip
conditions = st.recursive(
    simple,
    lambda inner: st.one_of(
        inner.map(lambda one: f"not ({one})"), st.tuples(inner, inner).map(lambda two: f"({two[0]} or {two[1]})")
    ),
    max_leaves=3,
)
texts = st.sampled_from(["Hoi {name}.", "Je zei {a}.", "Toen {last(b)}, nu {b}.", "Tot {next_moment}!", "Vraag {c}?"])
steps = st.fixed_dictionaries(
    {"say": st.lists(texts, min_size=1, max_size=2)},
    optional={
        "ask": questions,
        "flag": st.fixed_dictionaries(
            {"when": conditions, "level": st.just("soon"), "topic": st.just("work"), "because": texts}
        ),
        "do": st.sampled_from(["take_part", {"set_language": "a"}, {"set_language": "nl"}, {"agree": {"text": "b"}}]),
        "run": st.sampled_from(["outer", "inner", "missing"]),
        "goto": st.lists(st.fixed_dictionaries({"step": names}, optional={"when": conditions}), min_size=1, max_size=2),
        "end": st.just("done"),
    },
)
headers = st.sampled_from([{}, {"reminders": ["3 days"], "expires": {"after": "10 days", "then": "silence"}}])


def scripts(flow: str) -> st.SearchStrategy[Flow]:
    return st.builds(
        lambda header, bodies: made(flow, header, dict(zip(NAMES, bodies, strict=True))),
        headers,
        st.lists(steps, min_size=len(NAMES), max_size=len(NAMES)),
    )


def made(flow: str, header: dict[str, Any], bodies: dict[str, Any]) -> Flow:
    """A script as JSON, which is YAML; JSON has no numbers as keys, so those lose their quotes."""
    head = {"spec": 1, "flow": flow, "audience": "coach", "title": "Iets", **header, "steps": bodies}
    text = json.dumps(head).replace('"1":', "1:").replace('"5":', "5:")
    found, problems = read_flow(text, flow)
    assert found is not None, problems
    return found


typed = st.one_of(
    st.sampled_from(
        ["werk", "Thuis, werk", "klaar", "ja", "nee", "3", "7,5", "vandaag", "12-3", "half tien", "0612345678", *WORDS]
    ),
    st.text(max_size=30),
)
inputs: st.SearchStrategy[Input] = st.one_of(
    st.builds(Tapped, st.sampled_from(["x", "y", "done", "1", "3", "yes", "no", "today", "?"])),
    st.builds(Typed, typed),
    st.builds(Sent, st.sampled_from(["voice", "photo", "sticker", "contact"]), st.just("ref"), typed),
    st.builds(Pressed, st.sampled_from(["skip", "back", "help"])),
    st.builds(TimePassed, st.sampled_from(["reminder", "expiry"]), st.integers(0, 6)),
    st.just(AskedAgain()),
)


@settings(max_examples=150, deadline=None)
@given(
    scripts("outer"),
    scripts("inner"),
    st.dictionaries(names, st.sampled_from([2, "x", True, ("x",), None])),
    st.lists(inputs, max_size=15),
)
def test_any_script_with_any_replies_ends_or_waits_and_loses_no_words(
    outer: Flow, inner: Flow, last: dict[str, Any], replies: list[Input]
) -> None:
    talk = Talk(outer, inner, last=last)
    ends_or_waits(talk)
    for reply in replies:
        before = talk.run
        assert resume(talk.book, before, reply, talk.context, NOW) == resume(
            talk.book, before, reply, talk.context, NOW
        )
        talk.give(reply)
        keeps_what_was_said(reply, talk.events)
        if before.ended:
            assert talk.run == before
        else:
            new_questions = [asked for asked in talk.of(QuestionAsked) if not asked.again]
            assert len(new_questions) == talk.run.turn - before.turn
            if talk.events:
                ends_or_waits(talk)


def ends_or_waits(talk: Talk) -> None:
    run, events = talk.run, talk.events
    assert run.turn <= limits.TURNS_PER_RUN
    assert len(run.frames) <= limits.FLOW_DEPTH
    assert len(events) <= 6 * limits.STEPS_PER_TURN
    assert all(timer.turn == run.turn for timer in talk.of(TimerWanted))
    assert all(said.text and len(said.text) < limits.TEXT_UNITS for said in talk.of(MessageSaid))
    assert all(flag.because for flag in talk.of(FlagRaised))
    last = [event for event in events if not isinstance(event, TimerWanted)][-1]
    if run.ended:
        assert isinstance(last, RunEnded)
        assert last.outcome == run.ended
    else:
        step = talk.book.get(run.frames[-1].flow, run.frames[-1].version).steps[run.frames[-1].step]
        assert step.ask is not None
        assert isinstance(last, QuestionAsked | HelpWanted)
        assert (last.flow, last.step) == (run.frames[-1].flow, run.waiting_at)


def keeps_what_was_said(reply: Input, events: tuple[Event, ...]) -> None:
    words = reply.text if isinstance(reply, Typed) else reply.caption if isinstance(reply, Sent) else ""
    kept = [event.words for event in events if isinstance(event, AnswerGiven)]
    kept += [event.text for event in events if isinstance(event, MessageLeft)]
    ticked_or_command = any(isinstance(event, QuestionAsked) and event.kind == "several" for event in events)
    if words and " ".join(words.lower().split()) not in WORDS and words != "klaar":
        assert words in kept or ticked_or_command
    if isinstance(reply, Sent):
        assert "ref" in [getattr(event, "ref", None) for event in events]


def test_the_scripts_of_this_test_know_every_kind_of_question() -> None:
    drawn = {"choice", "several", "scale", "number", "yesno", "date", "time", "text", "voice", "phone"}
    assert drawn == set(QUESTIONS)
