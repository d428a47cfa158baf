"""A run from the version that it began with to the newest one, at the same step. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from flows.engine.book import Book
from flows.engine.context import Context
from flows.engine.errors import FlowUnknown
from flows.engine.flow import Flow
from flows.engine.run import Frame, Run
from flows.engine.runner import Sprint
from flows.engine.walk import Walk


def moved(book: Book, run: Run) -> Run | None:
    """The run in the newest version of its flows; None when a step where it stands is gone, or asks another thing.

    Answers go along as far as their questions do. Raises FlowUnknown if the book lacks the version it is pinned to.
    """
    frames = tuple(_frames(book, run))
    return replace(run, frames=frames) if len(frames) == len(run.frames) else None


def same_question(book: Book, before: Run, after: Run) -> bool:
    """Whether the open question has the same words and buttons in both."""
    old, new = (
        book.get(run.frames[-1].flow, run.frames[-1].version).steps[run.frames[-1].step] for run in (before, after)
    )
    return (old.say[-1:], old.ask) == (new.say[-1:], new.ask)


def ask_anew(book: Book, run: Run, context: Context, now: datetime) -> Sprint:
    """The open question as it now is, as a new turn: buttons and timers of the former one mean nothing any more."""
    walk = Walk(book, run, context, context.today(now))
    question = walk.question(walk.step)
    if question is None:
        walk.end("failed")
    else:
        walk.ask_first(question, walk.step.say[-1], again=True)
    return Sprint(walk.run, tuple(walk.events))


def _frames(book: Book, run: Run) -> Iterator[Frame]:
    """Each frame in its newest version, up to the first that cannot be."""
    for depth, frame in enumerate(run.frames):
        old = book.get(frame.flow, frame.version)
        try:
            new = book.latest(frame.flow)
        except FlowUnknown:
            return
        inner = run.frames[depth + 1].flow if depth + 1 < len(run.frames) else None
        if not _stands(old, new, frame.step, inner):
            return
        kept = {name for name in frame.answers if _kind(old, name) == _kind(new, name)}
        yield replace(
            frame,
            version=new.version,
            answers={name: value for name, value in frame.answers.items() if name in kept},
            asked=tuple(name for name in frame.asked if name in kept),
        )


def _stands(old: Flow, new: Flow, step: str, inner: str | None) -> bool:
    """Whether somebody can stand at this step of `new` as they did of `old`: asked something, or inside `inner`."""
    if step not in new.steps:
        return False
    if inner is not None:
        return new.steps[step].run == inner
    return _kind(new, step) is not None and _kind(old, step) == _kind(new, step)


def _kind(flow: Flow, step: str) -> str | None:
    """What kind of question the step asks; None without one, and for a step that is not there."""
    found = flow.steps.get(step)
    return found.ask.kind if found and found.ask else None
