"""A part of a transaction that may fail by itself: what it wrote is undone, and the rest stands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.errors import AlreadyDone, Stale, StorageTrouble
from bot.storage.trouble import told

_BEGIN, _BACK, _END = (text(f"{verb} SAVEPOINT attempt".strip()) for verb in ("", "ROLLBACK TO", "RELEASE"))


class Failed(Exception):
    """This part could not be done, and left nothing; the cause is what it raised."""


@asynccontextmanager
async def attempt(tx: AsyncConnection) -> AsyncIterator[None]:
    """Raises Failed in the place of what is raised within.

    What is no fault of the part itself ends the whole transaction as ever: a database that cannot be used, somebody
    else who was first.
    """
    await tx.execute(_BEGIN)
    try:
        yield
    except (AlreadyDone, Stale):
        raise
    except Exception as error:
        if isinstance(told(error), StorageTrouble):
            raise
        await tx.execute(_BACK)
        await tx.execute(_END)
        raise Failed(type(error).__name__) from error
    await tx.execute(_END)
