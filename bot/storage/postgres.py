"""PostgreSQL: pooled connections, repeatable reads, and a transaction that begins again when it lost a race."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.storage.trouble import RETRIED, sqlstate, told
from bot.storage.writer import T, Work

IDLE_IN_TRANSACTION = "60s"
"""A transaction that waits for something else than the database this long is ended by the server."""

POOL = 10
"""Connections per process; works queue for them."""


class Postgres:
    """Reads and writes over one pool. Transactions are REPEATABLE READ, so read-then-write loses no update."""

    def __init__(self, url: URL, *, patience: float) -> None:
        milliseconds = str(int(patience * 1000))
        self.engine = create_async_engine(
            url.set(drivername="postgresql+asyncpg"),
            isolation_level="REPEATABLE READ",
            pool_size=POOL,
            max_overflow=0,
            pool_timeout=patience,
            hide_parameters=True,
            connect_args={
                "timeout": patience,
                "server_settings": {
                    "application_name": "achterdehand",
                    "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION,
                    "lock_timeout": milliseconds,
                },
            },
        )
        self._patience = patience
        self._readers = self.engine.execution_options(postgresql_readonly=True)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one moment and cannot write."""
        try:
            async with self._readers.connect() as connection:
                yield connection
        except Exception as error:
            if (meant := told(error)) is error:
                raise
            raise meant from error

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction, again and again while it loses races, for `patience` seconds at most."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._patience
        pause = 0.001
        while True:
            try:
                async with self.engine.begin() as connection:
                    return await work(connection)
            except Exception as error:
                if sqlstate(error) not in RETRIED or loop.time() > until:
                    if (meant := told(error)) is error:
                        raise
                    raise meant from error
            await asyncio.sleep(pause)
            pause = min(pause * 2, 0.05)

    async def close(self) -> None:
        await self.engine.dispose()
