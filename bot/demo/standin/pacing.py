"""Telegram's limits on sending: about 30 messages a second in all and one a second per chat, short bursts forgiven."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from bot.demo.standin.errors import Refused

IN_ALL = 30.0
PER_CHAT = 1.0
BURST = 5
"""Messages to one chat that may come at once. Telegram names no number; this one is a judgement."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float

    def refill(self, now: float, rate: float, most: float) -> None:
        self.left = min(most, self.left + max(0.0, now - self.at) * rate)
        self.at = now


class Pacing:
    """Off until `on` is set. `seconds` is the clock, in seconds."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self.on = False
        self._seconds = seconds
        self._all = _Bucket(IN_ALL, 0.0)
        self._chats: dict[int, _Bucket] = {}

    def spend(self, chat: int) -> None:
        """One message to `chat`. Raises Refused 429."""
        if not self.on:
            return
        now = self._seconds()
        one = self._chats.setdefault(chat, _Bucket(BURST, now))
        one.refill(now, PER_CHAT, BURST)
        self._all.refill(now, IN_ALL, IN_ALL)
        wait = max((1 - one.left) / PER_CHAT, (1 - self._all.left) / IN_ALL)
        if wait > 0:
            raise Refused(429, retry_after=max(1, math.ceil(wait)))
        one.left -= 1
        self._all.left -= 1
