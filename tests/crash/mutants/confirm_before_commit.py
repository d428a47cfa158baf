"""Telegram is told that an update is ours before it is on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from bot.chat.fetch import Fetching
from bot.chat.intake import Intake

_later: set[asyncio.Task[Any]] = set()


def plant() -> None:
    ask, keep = Fetching._ask, Intake.keep

    async def confirming(self: Fetching, seconds: int) -> list[Any]:
        batch = await ask(self, seconds)
        if batch:
            await self._api.call("getUpdates", {"offset": batch[-1]["update_id"] + 1, "timeout": 0})
        return batch

    async def keeping(self: Intake, batch: Sequence[object], *, polled: bool) -> int | None:
        if polled:
            return await keep(self, batch, polled=True)
        _later.add(asyncio.create_task(keep(self, batch, polled=False)))
        return None

    Fetching._ask = confirming  # type: ignore[method-assign]
    Intake.keep = keeping  # type: ignore[method-assign]
