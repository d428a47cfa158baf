"""`python -m tests.support.holder URL FOLDER NAME`: takes a lock, says whether it got it, and waits to be killed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.storage.database import Database
from bot.storage.locks import Locks


async def main(url: str, folder: str, name: str) -> None:
    db = await Database.open(url)
    locks = Locks.for_database(db, Path(folder), lambda names: None)
    print(await locks.try_take(name), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
