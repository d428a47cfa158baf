"""One sprint under way: the only mutable thing in the engine, made and dropped inside `start` and `resume`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flows.engine import limits
from flows.engine.book import Book
from flows.engine.conditions import Condition
from flows.engine.context import Context
from flows.engine.effects.start import Start
from flows.engine.errors import FlowUnknown
from flows.engine.events import (
    EffectWanted,
    Event,
    FlagRaised,
    MessageSaid,
    Outcome,
    QuestionAsked,
    RunEnded,
    TimerWanted,
)
from flows.engine.flow import Flow
from flows.engine.model import Step
from flows.engine.nodes import Scope
from flows.engine.questions import Question
from flows.engine.run import Follow, Frame, Run
from flows.engine.wording import Wording


class Walk:
    """Goes from step to step, collecting events, until a question waits or the run ends."""

    def __init__(self, book: Book, run: Run, context: Context, today: date) -> None:
        self.book = book
        self.run = run
        self.context = context
        self.today = today
        self.events: list[Event] = []
        self._steps = 0

    @property
    def frame(self) -> Frame:
        return self.run.frames[-1]

    @property
    def flow(self) -> Flow:
        return self.book.get(self.frame.flow, self.frame.version)

    @property
    def step(self) -> Step:
        return self.flow.steps[self.frame.step]

    def wording(self) -> Wording:
        last = self.context.last if len(self.run.frames) == 1 else {}
        context = self.context
        return Wording(self.flow.steps, self.frame.answers, last, context.values, context.translate, context.options)

    def question(self, step: Step) -> Question | None:
        """What the step asks, with the buttons that come from outside the script."""
        return step.ask and step.ask.filled(self.context.options)

    def go(self, name: str | None) -> None:
        """Walks on from step `name`; None: this flow is at its end."""
        while self.run.ended is None:
            if name is None:
                name = self._return()
                continue
            self._steps += 1
            if self._steps > limits.STEPS_PER_TURN:
                self.end("failed")
                return
            self.change_frame(step=name)
            step = self.step
            question = self.question(step)
            if question is not None:
                self._say(step.say[:-1])
                self.ask_first(question, step.say[-1])
                return
            self._say(step.say)
            name = self.leave(step)

    def go_after(self, step: Step) -> None:
        """Walks on from a step that has its answer."""
        self.go(self.leave(step))

    def leave(self, step: Step) -> str | None:
        """What comes after the answer: flags, effects, another flow; and the step to go on with."""
        self._flag(step)
        self._do(step)
        if step.run is not None:
            return self._enter(step.run)
        return self.onward(step)

    def onward(self, step: Step) -> str | None:
        """The step after this one; None at the end of the flow."""
        for goto in step.goto:
            if self._holds(goto.when):
                return goto.step
        return None if step.end else self.flow.following[self.frame.step]

    def ask_first(self, question: Question, text: str, *, again: bool = False) -> None:
        """Asks the question of the current step, as a new turn with its timers; `again`: nobody asked for it."""
        if self.run.turn >= limits.TURNS_PER_RUN:
            self.end("failed")
            return
        said = self.wording().said(text)
        self.run = replace(self.run, turn=self.run.turn + 1, question=said, ticked=(), misses=0, reminders=0)
        self._ask(question, again=again)
        self.want_reminder()
        expires = self.started_flow().expires
        if expires is not None:
            self.events.append(TimerWanted("expiry", expires.after, self.run.turn))

    def ask_again(self, question: Question) -> None:
        """Repeats the open question as it was sent."""
        self._ask(question, again=True)

    def want_reminder(self) -> None:
        """Wants the next reminder of the flow that was started, if one is left."""
        reminders = self.started_flow().reminders
        if self.run.reminders < len(reminders):
            self.events.append(TimerWanted("reminder", reminders[self.run.reminders], self.run.turn))

    def end(self, outcome: Outcome, then: str | None = None) -> None:
        """Ends the whole run, sub-flows included."""
        self.run = replace(self.run, frames=self.run.frames[:1], question="", ticked=(), ended=outcome)
        follow = self.run.follow.flow if self.run.follow and outcome == "done" else None
        self.events.append(RunEnded(self.run.flow, self.run.version, outcome, then, follow))

    def change_frame(self, **changes: object) -> None:
        """The innermost frame with these fields changed."""
        frame = replace(self.frame, **changes)  # type: ignore[arg-type]
        self.run = replace(self.run, frames=(*self.run.frames[:-1], frame))

    def started_flow(self) -> Flow:
        return self.book.get(self.run.flow, self.run.version)

    def _ask(self, question: Question, *, again: bool) -> None:
        frame = self.frame
        self.events.append(
            QuestionAsked(
                flow=frame.flow,
                version=frame.version,
                step=frame.step,
                kind=question.kind,
                text=self.run.question,
                choices=question.choices(self.context.translate),
                ticked=self.run.ticked,
                optional=question.optional,
                again=again,
            )
        )

    def _say(self, texts: tuple[str, ...]) -> None:
        for text in texts:
            self.events.append(MessageSaid(self.frame.flow, self.frame.step, self.wording().said(text)))

    def _flag(self, step: Step) -> None:
        for flag in step.flag:
            if self._holds(flag.when):
                because = self.wording().in_dutch(flag.because)
                self.events.append(FlagRaised(self.frame.flow, self.frame.step, flag.level, flag.topic, because))

    def _do(self, step: Step) -> None:
        for effect in step.do:
            arguments = effect.arguments(self.frame.answers, self.today)
            if arguments is not None:
                self.events.append(EffectWanted(self.frame.flow, self.frame.step, effect.name, arguments))
            if isinstance(effect, Start):
                self.run = replace(self.run, follow=Follow(effect.flow, len(self.run.frames[0].asked)))

    def _enter(self, flow_id: str) -> str | None:
        """Into another flow, which is pinned from now on; its first step."""
        if len(self.run.frames) >= limits.FLOW_DEPTH:
            self.end("failed")
            return None
        try:
            flow = self.book.latest(flow_id)
        except FlowUnknown:
            self.end("failed")
            return None
        frame = Frame(flow.id, flow.version, flow.first)
        self.run = replace(self.run, frames=(*self.run.frames, frame))
        return flow.first

    def _return(self) -> str | None:
        """Out of a flow that is at its end, to the step after the one that ran it."""
        if len(self.run.frames) == 1:
            self.end("done")
            return None
        self.run = replace(self.run, frames=self.run.frames[:-1])
        return self.onward(self.step)

    def _holds(self, when: Condition | None) -> bool:
        if when is None:
            return True
        last = self.context.last if len(self.run.frames) == 1 else {}
        return when.holds(Scope(self.frame.answers, last, self.context.values, self.today))
