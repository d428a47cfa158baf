"""One run played outside the bot: for talk tests and for the simulator. The engine is the same one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.texts import SOURCE, Texts
from flows.engine import runner
from flows.engine.book import Book
from flows.engine.context import Context, ContextValue, Options
from flows.engine.events import EffectWanted, Event, QuestionAsked, TimerWanted, Value
from flows.engine.inputs import Input, TimePassed
from flows.engine.run import Run
from flows.engine.runner import Sprint
from flows.engine.texts import NUMBER

_NUMBERS = re.compile(rf"\{{({re.escape(NUMBER)}[a-z0-9_]+)\}}")
START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
"""When a played run begins: a Tuesday morning."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the person and the past bring along: placeholder values, last time's answers, the language, lists."""

    values: Mapping[str, ContextValue]
    last: Mapping[str, Value] = field(default_factory=dict)
    language: str = SOURCE
    options: Options = field(default_factory=dict)


def _numbers_as_written(book: Book) -> dict[str, ContextValue]:
    """Phone numbers by their placeholder, which stands for itself: a number that is mended breaks no talk test."""
    named = {name for flow in book for name in _NUMBERS.findall(flow.source)}
    return {name: f"{{{name}}}" for name in named}


@dataclass(slots=True)
class Play:
    """A run with a clock of its own. Between two inputs the run exists as JSON alone, as in the bot."""

    book: Book
    flow_id: str
    given: Given
    texts: Texts
    now: datetime = START
    language: str = field(init=False)
    question: QuestionAsked | None = field(default=None, init=False)
    """The question that waits for an answer."""
    _values: Mapping[str, ContextValue] = field(init=False)
    _stored: str = field(default="", init=False)
    _timers: list[tuple[datetime, TimerWanted]] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.language = self.given.language
        self._values = {**_numbers_as_written(self.book), **self.given.values}

    def start(self) -> tuple[Event, ...]:
        """Begin the run; returns what happened."""
        return self._take(lambda context: runner.start(self.book, self.flow_id, context, self.now))

    def hand(self, given: Input) -> tuple[Event, ...]:
        """Give the run an input; returns what happened."""
        run = Run.from_json(self._stored)
        return self._take(lambda context: runner.resume(self.book, run, given, context, self.now))

    def wait(self, span: timedelta) -> tuple[Event, ...]:
        """Let time pass; the timers that come due ring in order."""
        end = self.now + span
        happened: list[Event] = []
        while due := min((each for each in self._timers if each[0] <= end), key=lambda each: each[0], default=None):
            self._timers.remove(due)
            self.now = due[0]
            happened += self.hand(TimePassed(due[1].timer, due[1].turn))
        self.now = end
        return tuple(happened)

    @property
    def ended(self) -> bool:
        return Run.from_json(self._stored).ended is not None

    def _take(self, go: Callable[[Context], Sprint]) -> tuple[Event, ...]:
        sprint = go(self._context())
        if self._switch_language(sprint.events):
            sprint = go(self._context())
        self._stored = sprint.run.to_json()
        for event in sprint.events:
            if isinstance(event, TimerWanted):
                self._timers.append((self.now + event.after, event))
            if isinstance(event, QuestionAsked):
                self.question = event
        if sprint.run.waiting_at is None:
            self.question = None
        return sprint.events

    def _switch_language(self, events: tuple[Event, ...]) -> bool:
        """Whether this sprint chose another language: then it is taken again, so that the rest is said in it."""
        before = self.language
        for event in events:
            if isinstance(event, EffectWanted) and event.name == "set_language":
                self.language = event.arguments["language"]
        return self.language != before

    def _context(self) -> Context:
        given = self.given
        return Context(self._values, given.last, self.texts.script(self.language), given.options)
