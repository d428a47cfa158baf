"""The queue of updates, with the ways of getUpdates. From the public server's TQueue and Client.cpp do_get_updates."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.demo.standin.bell import Bell
from bot.demo.standin.errors import Refused

Raw = dict[str, Any]

MESSAGE_SECONDS = 86_400
"""How long Telegram keeps texts, edits and everything but taps."""
TAP_SECONDS = 150
LONGEST_POLL = 50
"""Seconds; a longer timeout is cut."""
MOST_AT_ONCE = 100
LONGEST_SILENCE = 7 * 86_400
"""Seconds without an update, after which ids go on at random."""
FUTURE = 10
"""An offset further than this beyond the newest id is 'in the future', and is ignored."""
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class Update:
    id: int
    raw: Raw
    expires: float
    """Seconds since 1970."""
    lane: int
    """Webhook deliveries keep their order within a lane: a chat's messages in one, a person's taps in another."""


class Updates:
    """`seconds` is the clock, in seconds since 1970; `kept` how many updates can be redelivered."""

    def __init__(self, seconds: Callable[[], float], bell: Bell, kept: int, first_id: int = 100_000_000) -> None:
        self.allowed: tuple[str, ...] = ()
        """The remembered allowed_updates; empty means Telegram's default."""
        self.deliver: Callable[[Update], None] | None = None
        """Takes each new update when there is a webhook."""
        self.seconds = seconds
        self._bell = bell
        self._waiting: deque[Update] = deque()
        self._history: deque[Update] = deque(maxlen=kept)
        self._next = first_id
        self._newest_at = seconds()
        self._soonest = float("inf")
        self._again: list[Update] = []
        self._held: list[Update] | None = None
        self._backwards = False
        self._poller: asyncio.Future[bool] | None = None

    # ---- making

    def add(self, kind: str, payload: Raw, lane: int, keep: float = MESSAGE_SECONDS) -> int | None:
        """Queues an update that is kept for `keep` seconds; None when the bot did not ask for this kind."""
        if kind not in self.allowed if self.allowed else kind in NOT_BY_DEFAULT:
            return None
        now = self.seconds()
        if now - self._newest_at >= LONGEST_SILENCE:
            self.restart_ids()
        self._newest_at = now
        update = Update(self._next, {"update_id": self._next, kind: payload}, now + keep, lane)
        self._next += 1
        self._history.append(update)
        self._waiting.append(update)
        self._soonest = min(self._soonest, update.expires)
        self._let_go(update)
        return update.id

    def _let_go(self, update: Update) -> None:
        if self._held is not None:
            self._held.append(update)
        elif self.deliver:
            self.deliver(update)
        else:
            self._wake()

    def redeliver(self, ids: Sequence[int], last: int = 0) -> list[int]:
        """Hands out updates once more, also after they were confirmed; the ids of those that are still known."""
        newest = {update.id for update in list(self._history)[-last:]} if last else set()
        again = [update for update in self._history if update.id in ids or update.id in newest]
        if self.deliver:
            for update in again:
                self.deliver(update)
        else:
            self._again += again
            self._wake()
        return [update.id for update in again]

    def hold(self) -> None:
        """New updates wait until `go_on`."""
        if self._held is None:
            self._held = []

    def go_on(self, *, newest_first: bool = False) -> None:
        held, self._held = self._held or [], None
        self._backwards = newest_first
        if self.deliver:
            for update in reversed(held) if newest_first else held:
                self.deliver(update)
        else:
            self._wake()

    def restart_ids(self, at: int | None = None) -> None:
        """After a week of silence: nothing waits any more, and the next id is another one."""
        self._waiting.clear()
        self._held = None if self._held is None else []
        self._next = self._elsewhere() if at is None else at

    def _elsewhere(self) -> int:
        """Random to a bot, the same every time to a test."""
        return (self._next * 48_271 + 11) % (2**31 - 1)

    # ---- handing out

    @property
    def polled(self) -> bool:
        """Whether somebody waits in a long poll."""
        return self._poller is not None

    def waiting(self) -> list[Update]:
        """What is neither confirmed nor lost, oldest first."""
        self._lose_expired()
        return list(self._waiting)

    def alive(self, update: Update) -> bool:
        return update.expires > self.seconds()

    def forget(self, update: Update) -> None:
        """A webhook took it."""
        if update in self._waiting:
            self._waiting.remove(update)
        self._bell.ring()

    def drop_all(self) -> None:
        self._waiting.clear()
        self._bell.ring()

    def take(self, offset: int, limit: int) -> list[Update]:
        """What getUpdates answers at once; confirms everything below `offset`."""
        self._lose_expired()
        self._confirm(offset)
        if self._held is not None:
            return []
        again, self._again = self._again, []
        batch = (again + [self._waiting[n] for n in range(min(limit, len(self._waiting)))])[:limit]
        if self._backwards and batch:
            self._backwards = False
            batch.reverse()
        return batch

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Update]:
        """Waits up to `timeout` seconds for the first update. Raises Refused 409 when another poll begins."""
        self._end_poll(False)
        batch = self.take(offset, limit)
        if batch or timeout <= 0:
            return batch
        mine = self._poller = asyncio.get_running_loop().create_future()
        self._bell.ring()
        try:
            async with asyncio.timeout(min(timeout, LONGEST_POLL)):
                if not await mine:
                    raise Refused(409)
        except TimeoutError:
            return []
        finally:
            if self._poller is mine:
                self._poller = None
        return self.take(offset, limit)

    def close(self) -> None:
        """Lets a waiting poll end with what there is."""
        self._wake()

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        elif 0 < offset <= self._next + FUTURE:
            before = len(self._waiting)
            while self._waiting and self._waiting[0].id < offset:
                self._waiting.popleft()
            if len(self._waiting) != before:
                self._bell.ring()

    def _lose_expired(self) -> None:
        now = self.seconds()
        if now < self._soonest:
            return
        self._waiting = deque(update for update in self._waiting if update.expires > now)
        self._soonest = min((update.expires for update in self._waiting), default=float("inf"))

    def _wake(self) -> None:
        if self._held is None:
            self._end_poll(True)

    def _end_poll(self, served: bool) -> None:
        poller, self._poller = self._poller, None
        if poller and not poller.done():
            poller.set_result(served)
