"""What happened in a turn: the engine returns these, in order, and somebody else does something about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Value = str | int | float | bool | tuple[str, ...] | None
"""An answer's value. Dates and times are ISO text, several choices a tuple of keys, a skipped question None."""

Level = Literal["good", "soon", "today", "urgent"]
Outcome = Literal["done", "stopped", "expired", "failed"]


@dataclass(frozen=True, slots=True)
class Choice:
    """A button under a question: the script's key and the label in the person's language."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class RunStarted:
    flow: str
    version: str


@dataclass(frozen=True, slots=True)
class MessageSaid:
    """A text that asks nothing."""

    flow: str
    step: str
    text: str


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """A question that now waits. `again` tells a repeat (reminder, outage, misunderstanding) from the first time."""

    flow: str
    version: str
    step: str
    kind: str
    text: str
    choices: tuple[Choice, ...]
    ticked: tuple[str, ...] = ()
    optional: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """An answer, with exactly the question it was given to. `words` is what the person typed or the label tapped."""

    flow: str
    version: str
    step: str
    kind: str
    question: str
    value: Value
    words: str
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerTakenBack:
    """The person went back to this step: its earlier answer no longer counts."""

    flow: str
    step: str


@dataclass(frozen=True, slots=True)
class FlagRaised:
    flow: str
    step: str
    level: Level
    topic: str
    because: str
    """Dutch, for the coach, placeholders filled in."""


@dataclass(frozen=True, slots=True)
class EffectWanted:
    """A `do:` of the script. `name` is in the effects registry; `arguments` are checked and filled in."""

    flow: str
    step: str
    name: str
    arguments: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MessageLeft:
    """Words or media that did not answer the question. Never dropped: they belong on the back-up line."""

    flow: str
    step: str
    text: str
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class ReplyMisunderstood:
    """The reply did not fit. At the second miss in a row (`offer_human`) the person is offered the coach."""

    flow: str
    step: str
    misses: int
    offer_human: bool
    kind: str = ""
    example: str = ""
    """The kind of question or what is wrong with the day, and an answer that would fit; "" where buttons say enough."""


@dataclass(frozen=True, slots=True)
class TimerWanted:
    """Wake this run after `after`, if it still is at turn `turn`."""

    timer: Literal["reminder", "expiry"]
    after: timedelta
    turn: int


@dataclass(frozen=True, slots=True)
class HelpWanted:
    """The person asked for help at this step; the question still waits."""

    flow: str
    step: str


@dataclass(frozen=True, slots=True)
class RunEnded:
    flow: str
    version: str
    outcome: Outcome
    then: str | None = None
    """For an expired run: the script's `then` word, for example `silence`."""
    follow: str | None = None
    """For a run that is done: the flow that begins now."""


Event = (
    RunStarted
    | MessageSaid
    | QuestionAsked
    | AnswerGiven
    | AnswerTakenBack
    | FlagRaised
    | EffectWanted
    | MessageLeft
    | ReplyMisunderstood
    | TimerWanted
    | HelpWanted
    | RunEnded
)
