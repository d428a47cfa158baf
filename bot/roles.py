"""What one process does for all, while the others stand by: whoever may, keeps its parts alive."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from bot.health import Health
from bot.storage.locks import Locks

ASK_EVERY = 2.0
"""Seconds between two questions whether the process that had the role is gone."""

log = logging.getLogger(__name__)


class Part(Protocol):
    """A loop of its own. `revive` starts it anew if it ended by itself, and says whether it had."""

    def start(self) -> None: ...
    def revive(self) -> bool: ...
    def health(self) -> Health: ...


class Role:
    """`parts` run in the process that holds the lock `name`; without a name, in every process."""

    def __init__(self, name: str | None, locks: Locks, parts: Sequence[Part]) -> None:
        self._name, self._locks, self._parts = name, locks, parts
        self._mine = False
        self._trouble = ""

    async def take(self) -> None:
        """Wait until this process may, then start the parts."""
        if self._name is not None:
            while True:
                if await self._may(self._name):
                    break
                await asyncio.sleep(ASK_EVERY)
            log.info("this process does: %s", self._name)
        self._mine = True
        for part in self._parts:
            part.start()

    def give_up(self) -> None:
        """Another process may have it now: what ends here is not to be started anew."""
        self._mine = False

    async def _may(self, name: str) -> bool:
        try:
            may = await self._locks.try_take(name)
        except Exception as error:  # whatever it is, nobody else would ask again for this process
            self._trouble = f"the role {name} cannot be asked for: {type(error).__name__}"
            log.error("%s", self._trouble)
            return False
        self._trouble = ""
        return may

    def healths(self) -> list[Health]:
        """One verdict per part. Standing by is well: another process does it, and says how that goes.

        Who cannot ask for the role does not stand by.
        """
        verdicts = [part.health() for part in self._parts]
        if self._mine:
            return verdicts
        reason = self._trouble or "standing by"
        return [replace(one, well=not self._trouble, reason=reason) for one in verdicts]

    def revive(self) -> None:
        """Start anew what ended by itself."""
        for part in self._parts:
            if self._mine and part.revive():
                log.error("%s had ended by itself and was started anew", part.health().name)
