"""An event loop on which time passes as quickly as the work allows: two minutes of waiting cost a second.

While `passing`, a loop that has nothing to do moves its clock to the next thing that waits for a time. Sockets,
disks and threads are real, and are waited for, also on a machine that is busy with something else.
"""

from __future__ import annotations

import asyncio
import functools
import selectors
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import aiosqlite
import pytest

A_MOMENT = 0.001
"""Real seconds without any work before the clock is moved: sockets of this machine need less."""
THREADS = 3.0
"""Real seconds that work in a thread gets; what takes longer waits for something, and time passes meanwhile."""
EPOCH = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


class QuickLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.ahead = 0.0
        self.passing = False
        self._in_threads: dict[object, float] = {}
        super().__init__(_Selector(self))

    def time(self) -> float:
        return super().time() + self.ahead

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        future = super().run_in_executor(executor, func, *args)
        self._in_threads[future] = super().time()
        future.add_done_callback(self._in_threads.pop)
        return future

    @contextmanager
    def in_a_thread(self) -> Iterator[None]:
        """Inside, a thread that is not the loop's own works for us."""
        mark = object()
        self._in_threads[mark] = super().time()
        try:
            yield
        finally:
            del self._in_threads[mark]

    @property
    def working(self) -> bool:
        """Whether a thread has work that will be done in a moment."""
        return any(super(QuickLoop, self).time() - began < THREADS for began in self._in_threads.values())


class _Selector(selectors.DefaultSelector):
    def __init__(self, loop: QuickLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if not self._loop.passing or timeout is None or timeout <= A_MOMENT:
            return super().select(timeout)
        ready = super().select(A_MOMENT)
        if not ready and not self._loop.working:
            self._loop.ahead += timeout - A_MOMENT
        return ready


@contextmanager
def passing() -> Iterator[None]:
    """In here time passes whenever there is nothing to do."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, QuickLoop)
    loop.passing = True
    try:
        yield
    finally:
        loop.passing = False


async def passes(seconds: float) -> None:
    """Let so much time pass, with everything that happens in it."""
    with passing():
        await asyncio.sleep(seconds)


def in_quick_time(story: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Runs an async test on a QuickLoop, and APScheduler's clock with it."""

    @functools.wraps(story)
    def run(*given: Any, **named: Any) -> None:
        with asyncio.Runner(loop_factory=QuickLoop) as runner, pytest.MonkeyPatch.context() as patch:
            loop = runner.get_loop()
            assert isinstance(loop, QuickLoop)
            patch.setattr(aiosqlite.Connection, "_execute", _waited_for(loop))
            for module in ("apscheduler.schedulers.base", "apscheduler.triggers.interval"):
                patch.setattr(f"{module}.datetime", _clock(loop))
            runner.run(story(*given, **named))

    return run


def _waited_for(loop: QuickLoop) -> Callable[..., Coroutine[Any, Any, Any]]:
    """What aiosqlite hands to its thread, with the loop knowing of it."""
    execute: Callable[..., Coroutine[Any, Any, Any]] = aiosqlite.Connection._execute

    async def counted(self: aiosqlite.Connection, *given: Any, **named: Any) -> Any:
        with loop.in_a_thread():
            return await execute(self, *given, **named)

    return counted


def _clock(loop: asyncio.AbstractEventLoop) -> type[datetime]:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return (EPOCH + timedelta(seconds=loop.time())).astimezone(tz)

    return Clock
