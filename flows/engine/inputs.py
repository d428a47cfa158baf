"""What can happen to a run from outside: the engine's whole vocabulary of inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Word = Literal["skip", "back", "stop", "help"]


@dataclass(frozen=True, slots=True)
class Typed:
    """Words as the person wrote them."""

    text: str


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button of the open question, by the key the script gave it (a scale's key is its number as text)."""

    key: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that is not text: a voice message, a photo, a sticker. `ref` is opaque to the engine."""

    kind: str
    ref: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Pressed:
    """One of the four words that work at every step."""

    word: Word


@dataclass(frozen=True, slots=True)
class TimePassed:
    """A timer this run asked for came due. `turn` is its fence: a timer of an earlier turn does nothing."""

    timer: Literal["reminder", "expiry"]
    turn: int


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """Repeat the open question, changing nothing (after an outage, or after a tap on an old button)."""


Input = Typed | Tapped | Sent | Pressed | TimePassed | AskedAgain
