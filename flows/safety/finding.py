"""What a look at a message can find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Level = Literal["red", "violence", "orange", "none"]
LEVELS: tuple[Level, ...] = get_args(Level)
"""From the most to the least urgent: of two findings the first one counts."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How urgent a message is.

    `certain` False means: ask the person first. `entry` is the word, phrase or combination of the lists that was
    found, "classifier" when only the classifier thought so, and "" for none.
    """

    level: Level
    certain: bool
    entry: str


NOTHING = Finding("none", certain=True, entry="")
