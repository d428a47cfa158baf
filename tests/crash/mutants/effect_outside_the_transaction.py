"""A turn's messages are written in a transaction of their own, after that of the turn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.storage import outbox
from bot.turns.dispatcher import Dispatcher
from bot.turns.turn import Turn

Put = tuple[tuple[Any, ...], dict[str, Any]]


def plant() -> None:
    put, turn_whole = outbox.put, Dispatcher._turn
    collected: list[Put] = []

    async def putting(tx: Any, *given: Any, **named: Any) -> int:
        collected.append((given, named))
        return 0

    async def turning(self: Dispatcher, work: Callable[[Turn], Awaitable[None]]) -> None:
        late: list[Put] = []

        async def collecting(turn: Turn) -> None:
            collected.clear()
            await work(turn)
            late[:] = collected

        async def write(tx: Any) -> None:
            for given, named in late:
                await put(tx, *given, **named)

        await turn_whole(self, collecting)
        await self._db.write(write)
        self._sending()

    outbox.put = putting
    Dispatcher._turn = turning  # type: ignore[method-assign]
