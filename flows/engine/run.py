"""A run: one person's walk through one version of one flow. Frozen; every turn makes a new one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.engine.errors import RunUnreadable
from flows.engine.events import Outcome, Value

FORM = 2
"""The version of the stored form. A change of form adds a function to UPGRADES."""

UPGRADES: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {
    1: lambda raw: {**raw, "form": 2, "follow": None},
}
"""From each earlier form to the one after it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One flow that is being walked. `asked` are the steps that got an answer, in order, for going back."""

    flow: str
    version: str
    step: str
    answers: Mapping[str, Value] = field(default_factory=dict)
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Follow:
    """The flow that begins when a run is done. `after`: how many answers of the started flow came before that."""

    flow: str
    after: int


@dataclass(frozen=True, slots=True)
class Run:
    """`frames` from the flow that was started to the one that asks now; a sub-flow's frame goes when it returns.

    `turn` counts the questions asked so far: repeats, misses and ticks leave it, so buttons and timers of the
    open question stay good. `question` is the open question's text as it was sent.
    Who goes back past what made it `follow` takes that back too.
    """

    frames: tuple[Frame, ...]
    turn: int = 0
    question: str = ""
    ticked: tuple[str, ...] = ()
    misses: int = 0
    reminders: int = 0
    ended: Outcome | None = None
    follow: Follow | None = None

    @property
    def flow(self) -> str:
        return self.frames[0].flow

    @property
    def version(self) -> str:
        return self.frames[0].version

    @property
    def waiting_at(self) -> str | None:
        """The step that waits for an answer, in the innermost flow; None when the run has ended."""
        return None if self.ended else self.frames[-1].step

    def to_json(self) -> str:
        return json.dumps(
            {
                "form": FORM,
                "frames": [
                    [frame.flow, frame.version, frame.step, dict(frame.answers), frame.asked] for frame in self.frames
                ],
                "turn": self.turn,
                "question": self.question,
                "ticked": self.ticked,
                "misses": self.misses,
                "reminders": self.reminders,
                "ended": self.ended,
                "follow": self.follow and [self.follow.flow, self.follow.after],
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )

    @classmethod
    def from_json(cls, text: str) -> Run:
        """The run as stored, upgraded if it is of an older form. Raises RunUnreadable."""
        try:
            raw = _upgraded(json.loads(text))
            return cls(
                frames=tuple(_frame(*parts) for parts in raw["frames"]),
                turn=raw["turn"],
                question=raw["question"],
                ticked=tuple(raw["ticked"]),
                misses=raw["misses"],
                reminders=raw["reminders"],
                ended=raw["ended"],
                follow=raw["follow"] and Follow(*raw["follow"]),
            )
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise RunUnreadable("the stored run is not in a form that this engine knows") from error


def _frame(flow: str, version: str, step: str, answers: Mapping[str, Any], asked: list[str]) -> Frame:
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in answers.items()}
    return Frame(flow, version, step, values, tuple(asked))


def _upgraded(raw: dict[str, Any]) -> dict[str, Any]:
    form = raw["form"]
    while form != FORM:
        raw = UPGRADES[form](raw)
        form = raw["form"]
    return raw
