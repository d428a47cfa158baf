"""Who may do what just now: one process fetches, one sends, one turn at a time per chat.

Taken without waiting, and let go of by the system or the server when the process dies, however it dies.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from bot.storage.database import Database
from bot.storage.errors import StorageTrouble

ROLES = ("fetch", "send")
"""What one process does for all; every other name is a matter of turns."""

PATIENCE = 10.0
"""Seconds within which the server must answer."""

KEEPALIVE = {"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "2", "tcp_keepalives_count": "3"}
"""The server notices within about ten seconds that a holder's whole machine is gone, and lets go of its locks."""

Lost = Callable[[frozenset[str]], None]
"""Called with the names that were held when the connection behind them broke: stop doing what they allowed."""


class Locks(ABC):
    """Named locks. Not re-entrant: a name that is taken here is taken."""

    @staticmethod
    def for_database(db: Database, folder: Path, lost: Lost) -> Locks:
        """Locks that hold among all processes on `db`. On SQLite role locks are files in `folder`."""
        return _FileLocks(folder) if db.dialect == "sqlite" else _ServerLocks(db.url, lost)

    @abstractmethod
    async def try_take(self, name: str) -> bool:
        """Take the lock if nobody has it. Raises StorageTrouble or OSError when that cannot be asked."""

    @abstractmethod
    async def release(self, name: str) -> None:
        """Let go of a lock that this object took; anything else does nothing."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of all of them."""


class _FileLocks(Locks):
    """SQLite: roles by flock, the rest in this process, because only the process that fetches takes turns."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, int | None] = {}

    async def try_take(self, name: str) -> bool:
        if name in self._held:
            return False
        descriptor = None
        if name in ROLES:
            descriptor = _flock(self._folder / f"{name}.lock")
            if descriptor is None:
                return False
        self._held[name] = descriptor
        return True

    async def release(self, name: str) -> None:
        descriptor = self._held.pop(name, None)
        if descriptor is not None:
            os.close(descriptor)

    async def close(self) -> None:
        for name in list(self._held):
            await self.release(name)


@contextmanager
def nobody_else(folder: Path) -> Iterator[bool]:
    """Whether no bot on a SQLite database runs with this data folder; then none can begin either. Raises OSError."""
    taken = [_flock(folder / f"{name}.lock") for name in ROLES]
    try:
        yield None not in taken
    finally:
        for descriptor in taken:
            if descriptor is not None:
                os.close(descriptor)


def _flock(path: Path) -> int | None:
    """The descriptor that holds the lock until it is closed; None if another process holds it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        if isinstance(error, BlockingIOError):
            return None
        raise
    return descriptor


class _ServerLocks(Locks):
    """PostgreSQL: session advisory locks on one connection of their own. If it breaks, all of them are lost."""

    def __init__(self, url: URL, lost: Lost) -> None:
        self._dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._lost = lost
        self._held: set[str] = set()
        self._connection: Any = None
        self._one_at_a_time = asyncio.Lock()

    async def try_take(self, name: str) -> bool:
        asking = asyncio.ensure_future(self._take(name))
        try:
            return await asyncio.shield(asking)
        except asyncio.CancelledError:
            if await asking:  # it went on; nobody will use what it took
                await self.release(name)
            raise

    async def release(self, name: str) -> None:
        await asyncio.shield(self._give_back(name))

    async def close(self) -> None:
        async with self._one_at_a_time:
            self._held.clear()
            if self._connection is not None:
                self._connection.remove_termination_listener(self._broken)
                await self._connection.close()
                self._connection = None

    async def _take(self, name: str) -> bool:
        async with self._one_at_a_time:
            if name in self._held:
                return False
            taken = bool(await self._ask("SELECT pg_try_advisory_lock($1)", name))
            if taken:
                self._held.add(name)
            return taken

    async def _give_back(self, name: str) -> None:
        async with self._one_at_a_time:
            if name in self._held:
                self._held.discard(name)
                await self._ask("SELECT pg_advisory_unlock($1)", name)

    async def _ask(self, question: str, name: str) -> Any:
        import asyncpg  # type: ignore[import-untyped]  # an extra: who runs on SQLite does not have it

        try:
            if self._connection is None:
                self._connection = await asyncpg.connect(self._dsn, timeout=PATIENCE, server_settings=KEEPALIVE)
                self._connection.add_termination_listener(self._broken)
            return await self._connection.fetchval(question, _number(name), timeout=PATIENCE)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            self._give_up()
            raise StorageTrouble(f"PostgreSQL cannot be asked for a lock: {type(error).__name__}") from error

    def _give_up(self) -> None:
        """Whether a connection that failed once still holds our locks, nobody can say; asyncpg may not even notice."""
        connection = self._connection
        if connection is not None:
            connection.terminate()
            self._broken(connection)

    def _broken(self, connection: object) -> None:
        if connection is self._connection:
            self._connection = None
            names, self._held = frozenset(self._held), set()
            self._lost(names)


def _number(name: str) -> int:
    """The name as the 64-bit number that PostgreSQL wants."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
