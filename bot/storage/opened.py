"""The database and the keys to what is sealed in it, opened as the settings say."""

from __future__ import annotations

import logging

from bot.settings import Settings
from bot.storage import master
from bot.storage.database import Database
from bot.storage.errors import StorageError
from bot.storage.keys import Keyring

log = logging.getLogger(__name__)


class Storage:
    """The database with its keys, open."""

    def __init__(self, db: Database, keyring: Keyring) -> None:
        self.db, self.keyring = db, keyring

    @classmethod
    async def open(cls, settings: Settings) -> Storage:
        """Make the folder if needed, open the database, upgrade it and find its keys. Raises StorageError."""
        try:
            settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StorageError(f"{settings.data} is no folder that can be used: {error.strerror}") from error
        db = await Database.open(settings.database)
        try:
            return cls(db, await cls._keyring(db, settings))
        except BaseException:
            await db.close()
            raise

    @staticmethod
    async def _keyring(db: Database, settings: Settings) -> Keyring:
        await db.upgrade()
        value = settings.key.get_secret_value() if settings.key else ""
        found = await master.masters(db, settings.master_key_file, value)
        if found.notice:
            log.warning("%s", found.notice)
        keyring = Keyring(found.keys)
        await keyring.house(db)
        return keyring

    async def close(self) -> None:
        await self.db.close()
