"""Rings at every change, so that whoever waits looks again instead of sleeping; and tells listeners what changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")
Change = dict[str, Any]


class Bell:
    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()
        self._listeners: set[asyncio.Queue[Change | None]] = set()

    @property
    def heard(self) -> bool:
        """Whether anybody listens; making up a change for nobody is work for nothing."""
        return bool(self._listeners)

    def ring(self) -> None:
        """Everybody who waits looks again."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    def tell(self, change: Change) -> None:
        for queue in self._listeners:
            queue.put_nowait(change)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[Change | None]]:
        """A queue of all changes from here on; None ends it."""
        queue: asyncio.Queue[Change | None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

    def close(self) -> None:
        for queue in self._listeners:
            queue.put_nowait(None)

    async def until(self, look: Callable[[], T | None], timeout: float) -> T:
        """What `look` finds, as soon as it is not None. Raises TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout):
            while (found := look()) is None:
                future = asyncio.get_running_loop().create_future()
                self._waiting.add(future)
                try:
                    await future
                finally:
                    self._waiting.discard(future)
            return found
