"""`python -m tests.support.acks URL`: writes rows for ever, and prints each number once it was told it is kept.

A process to be killed.
"""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from itertools import count

from bot.storage import facts
from bot.storage.database import Database


async def main(url: str) -> None:
    db = await Database.open(url)
    numbers = count()

    async def write_for_ever() -> None:
        while True:
            number = next(numbers)
            await db.write(partial(facts.put, name=f"ack {number}", value="x" * 400))
            print(number, flush=True)

    await asyncio.gather(*(write_for_ever() for _ in range(10)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
