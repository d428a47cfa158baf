"""Updates into the inbox, in one commit with the cursor: what is confirmed to Telegram is on disk (P1)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from bot.chat.translate import chat_of, update_id_of
from bot.storage import inbox
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.keys import Keyring
from bot.storage.tables import HOUSE
from bot.world import World

Raw = dict[str, Any]
Failpoint = Callable[[str], None]
"""Called with the name of each place where a kill would hurt most; tests kill there."""


def no_failpoint(_: str) -> None:
    """Outside tests nobody kills."""


_log = logging.getLogger(__name__)


class Intake:
    """Keeps raw updates. `on_kept` is called after a commit that brought something; `unusable` counts the rest."""

    def __init__(
        self,
        db: Database,
        keyring: Keyring,
        world: World,
        on_kept: Callable[[], None],
        failpoint: Failpoint = no_failpoint,
    ) -> None:
        self.unusable = 0
        self._db = db
        self._keyring = keyring
        self._world = world
        self._on_kept = on_kept
        self._failpoint = failpoint

    async def keep(self, batch: Sequence[object], *, polled: bool) -> int | None:
        """Commits a batch in its order and returns the new cursor, None if nothing in it has a usable id.

        The cursor is the *last of this batch* + 1, never the highest ever: after a quiet week Telegram's ids
        start again at random, and an offset in the future would bring the same hundred updates for ever.
        Only polling has a cursor. Raises StorageError: nothing was kept, confirm nothing.
        """
        usable = [raw for raw in batch if isinstance(raw, dict) and update_id_of(raw) is not None]
        if len(usable) < len(batch):
            self.unusable += len(batch) - len(usable)
            _log.error("updates without a usable id", extra={"count": len(batch) - len(usable)})
        if not usable:
            return None
        cursor: int = usable[-1]["update_id"] + 1
        self._failpoint("before-keep")
        await self._write(usable, cursor if polled else None)
        self._failpoint("after-keep")
        self._on_kept()
        return cursor

    async def _write(self, raws: Sequence[Raw], cursor: int | None) -> None:
        now = self._world.now()

        async def work(tx: Connection) -> None:
            await inbox.keep(tx, await self._keyring.of(tx, HOUSE), raws, chat_of, now, cursor)

        await self._db.write(work)
