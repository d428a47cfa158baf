"""A message counts as sent before Telegram has it."""

from __future__ import annotations

from bot.chat.delivery import Delivery, Fate, Letter


def plant() -> None:
    deliver = Delivery.deliver

    async def marking(self: Delivery, letter: Letter) -> Fate:
        await self._settle(letter.row, Fate("sent"))
        return await deliver(self, letter)

    Delivery.deliver = marking  # type: ignore[method-assign]
