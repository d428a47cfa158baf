"""Which branches a flow has, and which of them a talk walked.

A branch is a case of a `goto`, the way on when no case holds, or a button of a choice. To see which way the engine
goes, every way leads through a step of our own that leaves a mark: the engine itself is not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, TypeGuard

from flows.engine.book import Book
from flows.engine.effects import Effect
from flows.engine.events import AnswerGiven, EffectWanted, Event, Value
from flows.engine.flow import Flow
from flows.engine.model import Goto, Step
from flows.engine.questions import Question

OTHERWISE = "otherwise"
_CHOSEN = {"choice", "yesno"}
_KEYS: Mapping[Value, str] = {True: "yes", False: "no"}
"""The buttons behind the values of a yes/no question."""


class Mark(Effect):
    """Left on the way from `step` by way `way`: the index of a goto case, or OTHERWISE."""

    name: ClassVar[str] = "mark"
    step: str
    way: str


@dataclass(frozen=True, slots=True, order=True)
class Branch:
    """`way` of `step`: "goto 0", "goto otherwise", "choice home"."""

    step: str
    kind: str
    way: str


def marked(book: Book) -> Book:
    """The same flows under the same versions, leaving a mark on every way."""
    return Book.of(_marked(flow) for flow in book)


def branches(flow: Flow) -> Iterator[Branch]:
    """Every branch of a flow, in order. A step with one way on has no branch."""
    for name, step in flow.steps.items():
        if step.ask and step.ask.kind in _CHOSEN:
            yield from (Branch(name, "choice", key) for key in _keys(step.ask))
        ways = [way for way, _ in _ways(flow, name)]
        if len(ways) > 1:
            yield from (Branch(name, "goto", way) for way in ways)


def walked(events: Iterable[Event], flow_id: str) -> Iterator[Branch]:
    """The branches of this flow that these events show."""
    for event in events:
        if isinstance(event, AnswerGiven) and event.flow == flow_id and event.kind in _CHOSEN:
            yield Branch(event.step, "choice", _KEYS.get(event.value, str(event.value)))
        if is_mark(event) and event.flow == flow_id:
            yield Branch(event.arguments["step"], "goto", event.arguments["way"])


def is_mark(event: Event) -> TypeGuard[EffectWanted]:
    return isinstance(event, EffectWanted) and event.name == Mark.name


def _keys(question: Question) -> tuple[str, ...]:
    return question.keys()


def _marked(flow: Flow) -> Flow:
    steps: dict[str, Step] = {}
    for name, step in flow.steps.items():
        ways = tuple(_ways(flow, name))
        steps[name] = step.model_copy(
            update={"goto": tuple(goto.model_copy(update={"step": f"{name} {way}"}) for way, goto in ways)}
        )
        for way, goto in ways:
            steps[f"{name} {way}"] = _mark(name, way, goto.step)
    return replace(flow, steps=steps, following=dict.fromkeys(steps))


def _mark(name: str, way: str, target: str) -> Step:
    """A step that leaves a mark and goes on to `target`, or ends the flow when that is empty."""
    mark = Mark(step=name, way=way)
    if not target:
        return Step.model_validate({"do": [mark], "end": "done"})
    return Step.model_validate({"do": [mark], "goto": [Goto(step=target)]})


def _ways(flow: Flow, name: str) -> Iterator[tuple[str, Goto]]:
    """Every way on from a step, the unwritten one included; an empty target is the end of the flow."""
    step = flow.steps[name]
    for index, goto in enumerate(step.goto):
        yield str(index), goto
        if goto.when is None:
            return
    target = None if step.end else flow.following[name]
    yield OTHERWISE, Goto.model_construct(when=None, step=target or "")
