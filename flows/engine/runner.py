"""The engine's verbs. Pure: the same run, input, book, context and `now` give the same sprint."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from flows.engine import limits
from flows.engine.book import Book
from flows.engine.context import Context
from flows.engine.events import (
    AnswerGiven,
    AnswerTakenBack,
    Event,
    HelpWanted,
    MessageLeft,
    ReplyMisunderstood,
    RunEnded,
    RunStarted,
)
from flows.engine.inputs import AskedAgain, Input, Sent, TimePassed, Typed, Word
from flows.engine.questions import Asking, Found, Question
from flows.engine.replies import Answered, Missed, NoSuchButton, read_reply
from flows.engine.run import Frame, Run
from flows.engine.walk import Walk

Reading = Literal["answer", "words", "miss"]
"""Fits the question; fits because any words do; does not fit."""


@dataclass(frozen=True, slots=True)
class Sprint:
    """The run after one input, and what happened, in order."""

    run: Run
    events: tuple[Event, ...]


def start(book: Book, flow_id: str, context: Context, now: datetime) -> Sprint:
    """A new run of the latest version of `flow_id`, up to its first question. Raises FlowUnknown."""
    flow = book.latest(flow_id)
    walk = Walk(book, Run((Frame(flow.id, flow.version, flow.first),)), context, context.today(now))
    walk.events.append(RunStarted(flow.id, flow.version))
    walk.go(flow.first)
    return Sprint(walk.run, tuple(walk.events))


def resume(book: Book, run: Run, given: Input, context: Context, now: datetime) -> Sprint:
    """The run after `given`. No input raises; FlowUnknown only if the book lacks a version that the run is pinned to.

    What somebody said after the end of a run is not dropped either: it is a MessageLeft.
    """
    if run.ended:
        return Sprint(run, _left(run, given))
    walk = Walk(book, run, context, context.today(now))
    question = walk.question(walk.step)
    if question is None:
        return give_up(run, given)
    if isinstance(given, TimePassed):
        _time_passed(walk, question, given)
    elif isinstance(given, AskedAgain):
        walk.ask_again(question)
    else:
        asking = Asking(walk.today, context.translate, run.ticked)
        match read_reply(given, question, asking):
            case Answered(found, ref):
                _answered(walk, question, found, ref)
            case Missed(text, ref, misfit):
                _missed(walk, question, text, ref, misfit)
            case NoSuchButton():
                walk.ask_again(question)
            case word:
                _word(walk, question, word)
    return Sprint(walk.run, tuple(walk.events))


def give_up(run: Run, given: Input) -> Sprint:
    """The end of a run that cannot go on, because the book lacks its version or its question: it failed.

    What was said then is a MessageLeft.
    """
    ended = replace(run, frames=run.frames[:1], question="", ticked=(), ended="failed")
    return Sprint(ended, (*_left(run, given), RunEnded(run.flow, run.version, "failed")))


def reading(book: Book, run: Run, text: str, context: Context, now: datetime) -> Reading:
    """What `text` would be to the open question: nothing happens."""
    walk = Walk(book, run, context, context.today(now))
    question = None if run.ended else walk.question(walk.step)
    if question is None:
        return "miss"
    asking = Asking(walk.today, context.translate, run.ticked)
    reply = read_reply(Typed(text), question, asking)
    if isinstance(reply, Missed | NoSuchButton):
        return "miss"
    # What is only practised with («ik ben ziek») is no wish.
    takes_all = question.takes_all and question.keeps()
    open_words = isinstance(reply, Answered) and takes_all and not question.is_label(text, asking)
    return "words" if open_words else "answer"


def _answered(walk: Walk, question: Question, found: Found, ref: str | None) -> None:
    if found.ticked is not None:
        walk.run = replace(walk.run, ticked=found.ticked, misses=0)
        walk.ask_again(question)
        return
    if found.value is not None and not question.keeps():
        found, ref = Found(""), None
    frame, step = walk.frame, walk.step
    walk.events.append(
        AnswerGiven(
            frame.flow, frame.version, frame.step, question.kind, walk.run.question, found.value, found.words, ref
        )
    )
    answers = {**frame.answers, frame.step: found.value}
    walk.change_frame(answers=answers, asked=(*frame.asked, frame.step))
    walk.go_after(step)


def _missed(walk: Walk, question: Question, text: str, ref: str | None = None, misfit: str = "") -> None:
    frame = walk.frame
    if text or ref:
        walk.events.append(MessageLeft(frame.flow, frame.step, text, ref))
    misses = walk.run.misses + 1
    walk.run = replace(walk.run, misses=misses)
    offer = misses >= limits.OFFER_HUMAN_AT
    walk.events.append(
        ReplyMisunderstood(frame.flow, frame.step, misses, offer, misfit or question.kind, question.example(walk.today))
    )
    walk.ask_again(question)


def _word(walk: Walk, question: Question, word: Word) -> None:
    match word:
        case "stop":
            walk.end("stopped")
        case "help":
            walk.events.append(HelpWanted(walk.frame.flow, walk.frame.step))
        case "back":
            _back(walk, question)
        case "skip" if question.required:
            _missed(walk, question, "")
        case "skip":
            _answered(walk, question, Found(None, ""), None)


def _back(walk: Walk, question: Question) -> None:
    """To the question before; into the flow that ran this one, but not into one that has returned."""
    frames = walk.run.frames
    while frames and not frames[-1].asked:
        frames = frames[:-1]
    if not frames:
        walk.ask_again(question)
        return
    walk.run = replace(walk.run, frames=frames)
    frame = frames[-1]
    step = frame.asked[-1]
    answers = {name: value for name, value in frame.answers.items() if name != step}
    walk.events.append(AnswerTakenBack(frame.flow, step))
    walk.change_frame(step=step, answers=answers, asked=frame.asked[:-1])
    if walk.run.follow and len(walk.run.frames[0].asked) < walk.run.follow.after:
        walk.run = replace(walk.run, follow=None)
    earlier = walk.step
    question_before = walk.question(earlier)
    if question_before is not None:
        walk.ask_first(question_before, earlier.say[-1])


def _time_passed(walk: Walk, question: Question, given: TimePassed) -> None:
    if given.turn != walk.run.turn:
        return
    flow = walk.started_flow()
    if given.timer == "expiry":
        walk.end("expired", flow.expires.then if flow.expires else None)
    elif walk.run.reminders < len(flow.reminders):
        walk.run = replace(walk.run, reminders=walk.run.reminders + 1)
        walk.ask_again(question)
        walk.want_reminder()


def _left(run: Run, given: Input) -> tuple[Event, ...]:
    frame = run.frames[-1]
    match given:
        case Typed(text):
            return (MessageLeft(frame.flow, frame.step, text),)
        case Sent(_, ref, caption):
            return (MessageLeft(frame.flow, frame.step, caption, ref),)
    return ()
