"""What comes from outside the program: the clock, fresh ids, chance. Handed in; only `real_world` asks the machine."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class World:
    """The three things that differ between a test, the demo and a real day."""

    now: Callable[[], datetime]
    """The current moment, aware, in UTC."""
    token: Callable[[], str]
    """A fresh unguessable id: 128 bits, 22 characters of A-Z a-z 0-9 _ - (fits a Telegram start payload)."""
    chance: Callable[[], float]
    """A number from 0 up to 1, for jitter."""


def real_world() -> World:
    """This machine's clock, ids of 128 bits, chance."""
    return World(lambda: datetime.now(UTC), lambda: secrets.token_urlsafe(16), random.SystemRandom().random)
