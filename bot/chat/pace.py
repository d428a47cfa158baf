"""Telegram's limits on how fast a bot may write, kept before they are hit."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from itertools import islice, takewhile

CLUMP = 0.2
"""Seconds' worth of what we say first that may go at once, and one more, so that a late look costs no speed."""
ENOUGH = 10
"""From so many messages a second on, one of them is kept free for whoever writes to us next."""
MANY_CHATS = 1000
"""Chats remembered before those whose turn has come are forgotten."""


class Pace:
    """At most `overall` messages in any second, and `per_chat` a second in one chat (0: no limit there).

    Telegram allows about 30 a second, and 1 a second in one chat. What we say first is spread evenly over the
    second and leaves `kept` places free, so that there is room for an answer at once, and soon again. Nothing waits
    in here: ask `room`, `first_room` and `chat_wait`, then `take`.
    """

    def __init__(self, overall: int = 25, per_chat: float = 1.0, tick: Callable[[], float] | None = None) -> None:
        self._tick = tick or asyncio.get_running_loop().time
        self._recent: deque[float] = deque([float("-inf")] * overall, maxlen=overall)
        self._gap = 1.0 / per_chat if per_chat else 0.0
        self.kept = int(overall >= ENOUGH)
        self._first_gap = 1.0 / overall
        self._first_at = float("-inf")
        self._free_at: dict[int, float] = {}
        self._many = MANY_CHATS

    def chat_wait(self, chat: int) -> float:
        """Seconds until this chat may have its next message."""
        return max(0.0, self._free_at.get(chat, 0.0) - self._tick())

    def waiting(self) -> int:
        """How many chats may have had a message so short ago that their next one must wait."""
        now = self._tick()
        return sum(at > now for at in self._free_at.values())

    def room(self, most: int) -> int:
        """How many messages may go out right now, all chats together, counted up to `most`."""
        second_ago = self._tick() - 1.0
        return sum(1 for _ in takewhile(lambda at: at <= second_ago, islice(self._recent, most)))

    def room_wait(self) -> float:
        """Seconds until there is room for one more."""
        return max(0.0, self._recent[0] + 1.0 - self._tick())

    def first_room(self) -> int:
        """How many messages that we say first may go out right now, as far as their spreading goes."""
        now = self._tick()
        return max(0, int((now + CLUMP - max(now, self._first_at)) / self._first_gap + 1))

    def first_wait(self) -> float:
        """Seconds until one more that we say first."""
        return max(0.0, max(self._first_at - CLUMP, self._recent[self.kept] + 1.0) - self._tick())

    def take(self, chat: int, *, first: bool = False) -> None:
        """One message goes to `chat` now; `first`: nobody waits for it."""
        now = self._tick()
        self._recent.append(now)
        if first:
            self._first_at = max(now, self._first_at) + self._first_gap
        if self._gap:
            self._free_at[chat] = now + self._gap
            self._forget(now)

    def _forget(self, now: float) -> None:
        if len(self._free_at) > self._many:
            self._free_at = {chat: at for chat, at in self._free_at.items() if at > now}
            self._many = max(MANY_CHATS, 2 * len(self._free_at))
