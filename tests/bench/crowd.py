"""The load: people on the stand-in who answer as soon as they are asked, and who check what they are asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import asynccontextmanager
from typing import Any

from bot.demo.standin import Telegram
from tests.bench.questions import expected


class Crowd:
    """Everybody who talks to one contestant. A wrong or missing answer hangs, and ends in TimeoutError."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._waiting: dict[int, tuple[str, asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def looking(self) -> Any:
        """People look at their phones while the block runs."""
        with self._telegram.bell.listening() as changes:
            looking = asyncio.create_task(self._look(changes))
            try:
                yield self
            finally:
                looking.cancel()

    async def say(self, person: int, words: str, answer: str) -> float:
        """Write `words`; the seconds until `answer` is on the screen."""
        loop = asyncio.get_running_loop()
        seen: asyncio.Future[None] = loop.create_future()
        self._waiting[person] = (answer, seen)
        begin = loop.time()
        self._telegram.write(person, words)
        await seen
        return loop.time() - begin

    async def talk(self, person: int) -> list[float]:
        """The whole check-in; the latency of each turn in seconds."""
        return [await self.say(person, words, answer) for words, answer in expected()]

    async def talk_all(self, people: Iterable[int]) -> list[float]:
        """Everybody at once."""
        talks = await asyncio.gather(*(self.talk(person) for person in people))
        return [latency for talk in talks for latency in talk]

    async def _look(self, changes: asyncio.Queue[Any]) -> None:
        while (change := await changes.get()) is not None:
            answer, seen = self._waiting.get(change["chat"], ("", None))
            message = change.get("message")
            if seen and change["what"] == "message" and message["from"] == "bot" and answer in message["text"]:
                del self._waiting[change["chat"]]
                seen.set_result(None)
