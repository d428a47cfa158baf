"""The cursor only ever goes up, as if Telegram never began to count anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.chat.intake import Intake
from bot.storage import inbox


def plant() -> None:
    keep, keep_rows = Intake.keep, inbox.keep

    async def keeping_rows(tx: Any, key: Any, raws: Any, chat_of: Any, now: Any, cursor: int | None) -> list[int]:
        return await keep_rows(tx, key, raws, chat_of, now, max(cursor or 0, await inbox.cursor(tx) or 0))

    async def keeping(self: Intake, batch: Sequence[object], *, polled: bool) -> int | None:
        await keep(self, batch, polled=polled)
        async with self._db.read() as conn:
            return await inbox.cursor(conn)

    inbox.keep = keeping_rows  # type: ignore[assignment]
    Intake.keep = keeping  # type: ignore[method-assign]
