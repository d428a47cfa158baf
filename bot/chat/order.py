"""Which messages go now: answers before what we say first, and neither for ever before the other."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.chat.pace import Pace
from bot.storage import outbox
from bot.storage.connection import Connection
from bot.storage.outbox import ANSWER, FIRST, OutboxRow

FIRST_AT_ONCE = 30
"""Chats sent to beside each other with what we say first: when Telegram is slow, an answer still finds a place."""
IN_A_ROW = 9
"""So many answers go for each message that we say first: it leaves too while answers keep coming."""


class Order:
    """`begin` and `end` tell it what is under way. `idle`: seconds to rest when there is nothing to wait for."""

    def __init__(self, pace: Pace, idle: float) -> None:
        self._pace = pace
        self._idle = idle
        self._firsts: set[int] = set()
        self._in_a_row = 0

    async def ready(
        self, conn: Connection, now: datetime, room: int, busy: Collection[int]
    ) -> tuple[list[OutboxRow], float]:
        """At most `room` rows of chats that are not `busy`, and the seconds until there may be more."""
        answers, wait = await self._free(conn, now, room, busy, ANSWER)
        owed = (self._in_a_row + room) // (IN_A_ROW + 1)
        ours = self._pace.room(room + self._pace.kept) - self._pace.kept
        left = max(ours - len(answers), owed)
        places = min(self._pace.first_room(), FIRST_AT_ONCE - len(self._firsts))
        firsts, first_wait = await self._free(conn, now, min(left, places), busy, FIRST)
        rest = min(wait, first_wait, self._pace.first_wait() or self._idle)
        return answers[: room - len(firsts)] + firsts, rest

    def begin(self, row: OutboxRow) -> None:
        """This row is being sent."""
        first = row.priority == FIRST
        self._pace.take(row.chat_id, first=first)
        self._in_a_row = 0 if first else min(self._in_a_row + 1, IN_A_ROW)
        if first:
            self._firsts.add(row.chat_id)

    def end(self, chat: int) -> None:
        """Nothing is being sent to this chat any more."""
        self._firsts.discard(chat)

    async def _free(
        self, conn: Connection, now: datetime, room: int, busy: Collection[int], priority: int
    ) -> tuple[list[OutboxRow], float]:
        """Rows whose chat may have its next message now, and the seconds until the first of the others may."""
        if room <= 0:
            return [], self._idle
        # More than there is room for, because some chats must still wait for their second to pass.
        rows = await outbox.waiting(conn, now, room + self._pace.waiting(), busy, priority)
        waits = {row.id: self._pace.chat_wait(row.chat_id) for row in rows}
        free = [row for row in rows if not waits[row.id]]
        return free[:room], min([self._idle, *(wait for wait in waits.values() if wait)])
