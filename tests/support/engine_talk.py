"""Talks to the engine in tests. Between two inputs the run exists as JSON alone, as in the bot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

from flows.engine.book import Book
from flows.engine.context import Context, ContextValue
from flows.engine.events import AnswerGiven, Event, QuestionAsked, Value
from flows.engine.flow import Flow
from flows.engine.inputs import Input, Pressed, Tapped, Typed
from flows.engine.reader import read_flow
from flows.engine.run import Run
from flows.engine.runner import Sprint, resume, start

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""A Wednesday morning."""
VALUES: Mapping[str, ContextValue] = {"name": "Sam", "coach": "Ilse", "today": "2026-11-25"}
HEAD = "spec: 1\nflow: {flow}\naudience: participant\ntitle: Voorbeeld\n"

E = TypeVar("E")


def flow_of(steps: str, *, flow: str = "sample", header: str = "") -> Flow:
    """The flow with these steps, which must have no problem."""
    found, problems = read_flow(HEAD.replace("{flow}", flow) + header + "steps:\n" + steps, f"{flow}.yaml")
    assert found is not None, problems
    assert problems == ()
    return found


class Talk:
    """One run of the first flow given."""

    def __init__(
        self,
        *flows: Flow,
        values: Mapping[str, ContextValue] = VALUES,
        last: Mapping[str, Value] | None = None,
        translate: Callable[[str], str] = str,
    ) -> None:
        self.book = Book.of(flows)
        self.context = Context(values, last or {}, translate)
        self.events: tuple[Event, ...] = ()
        self._stored = ""
        self._take(start(self.book, flows[0].id, self.context, NOW))

    @property
    def run(self) -> Run:
        return Run.from_json(self._stored)

    def give(self, given: Input) -> Talk:
        self._take(resume(self.book, self.run, given, self.context, NOW))
        return self

    def type(self, text: str) -> Talk:
        return self.give(Typed(text))

    def tap(self, key: str) -> Talk:
        return self.give(Tapped(key))

    def press(self, word: str) -> Talk:
        return self.give(Pressed(word))  # type: ignore[arg-type]

    def of(self, kind: type[E]) -> list[E]:
        """What the last input caused, of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    def one(self, kind: type[E]) -> E:
        found = self.of(kind)
        assert len(found) == 1, self.events
        return found[0]

    @property
    def asked(self) -> QuestionAsked:
        return self.one(QuestionAsked)

    @property
    def answer(self) -> AnswerGiven:
        return self.one(AnswerGiven)

    def _take(self, sprint: Sprint) -> None:
        stored = sprint.run.to_json()
        assert Run.from_json(stored) == sprint.run
        self._stored, self.events = stored, sprint.events
