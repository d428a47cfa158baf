"""The one writer of a SQLite database: works queued together share one transaction and one flush to the disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage import sqlite
from bot.storage.errors import StorageError
from bot.storage.trouble import told

T = TypeVar("T")
Work = Callable[[AsyncConnection], Awaitable[T]]

GROUP = 32
"""Works per transaction: so many that the flush costs each of them little, so few that the first waits not long."""


@dataclass(slots=True)
class _Job:
    work: Work[Any]
    future: asyncio.Future[Any]


class Writer:
    """Owns the writing connection. `write` returns after the commit is on the disk.

    A group is one BEGIN IMMEDIATE … COMMIT. If a work raises, the group is rolled back and each of its works is run
    alone, so a work may run more than once and each caller gets its own result or exception.
    """

    def __init__(self, connection: sqlite.InlineConnection) -> None:
        self._connection = connection
        self._raw = connection.raw
        self._patience = f"PRAGMA busy_timeout={self._raw.execute('PRAGMA busy_timeout').fetchone()[0]}"
        self._jobs: deque[_Job] = deque()
        self._taken: list[_Job] = []
        self._turn = asyncio.Lock()
        self._wake = asyncio.Event()
        self._closing = False
        self._task = asyncio.create_task(self._serve(), name="sqlite-writer")

    @classmethod
    async def open(cls, engine: AsyncEngine) -> Writer:
        return cls(await sqlite.connect(engine))

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction. Cancelled before its turn it is not run; after, it is kept as a whole."""
        if self._closing or self._task.done():
            raise StorageError("this database is closed")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.append(_Job(work, future))
        self._wake.set()
        return await future

    async def checkpoint(self) -> bool:
        """Move everything from the WAL into the file and empty the WAL; False if a reader held on to it."""
        async with self._turn:
            ((busy, *_),) = await self._raw.owner.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
        return not busy

    async def close(self) -> None:
        """Finish what is queued, then close the connection."""
        self._closing = True
        self._wake.set()
        try:
            await self._task
        finally:
            await self._connection.close()

    async def _serve(self) -> None:
        try:
            while not self._closing or self._jobs:
                if not self._jobs:
                    self._wake.clear()
                    await self._wake.wait()
                    continue
                async with self._turn:
                    await self._group()
        finally:
            for job in (*self._taken, *self._jobs):
                _fail(job, StorageError("this database was closed before the work could run"))

    async def _group(self) -> None:
        trouble = await self._begin()
        jobs = self._taken = self._take()
        if trouble:
            for job in jobs:
                _fail(job, trouble)
        elif not await self._together(jobs):
            for job in jobs:
                await self._alone(job)
        self._taken = []

    def _take(self) -> list[_Job]:
        taken = (self._jobs.popleft() for _ in range(min(GROUP, len(self._jobs))))
        return [job for job in taken if not job.future.done()]

    async def _together(self, jobs: list[_Job]) -> bool:
        """Run and commit `jobs` in the transaction that stands open; False: one raised, nothing is written."""
        try:
            results = []
            for job in jobs:
                results.append(self._run(job.work))
                await asyncio.sleep(0)  # others may go on while the transaction stands open
        except Exception as error:
            self._roll_back()
            if len(jobs) > 1:
                return False
            _fail(jobs[0], error)
            return True
        trouble = await _trouble(self._raw.owner.commit())
        if trouble:
            self._roll_back()
        for job, result in zip(jobs, results, strict=True):
            if trouble:
                _fail(job, trouble)
            elif not job.future.done():
                job.future.set_result(result)
        return True

    async def _alone(self, job: _Job) -> None:
        trouble = await self._begin()
        if trouble:
            _fail(job, trouble)
        else:
            await self._together([job])

    def _run(self, work: Work[T]) -> T:
        """Drive `work` to its end. Our connection never waits, so a work that does is awaiting something else."""
        steps = work(self._connection).__await__()
        try:
            next(steps)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        steps.close()
        raise StorageError("a work in a write may await nothing but its connection")

    async def _begin(self) -> Exception | None:
        """Take the write lock: at once if it is free, else in aiosqlite's thread, where waiting hinders nobody."""
        self._raw.execute("PRAGMA busy_timeout=0")
        try:
            self._raw.execute("BEGIN IMMEDIATE")
            return None
        except sqlite3.OperationalError:
            pass
        finally:
            self._raw.execute(self._patience)
        return await _trouble(self._raw.owner.execute("BEGIN IMMEDIATE"))

    def _roll_back(self) -> None:
        if self._raw.in_transaction:  # SQLite itself rolls back when the disk is full
            self._raw.execute("ROLLBACK")


async def _trouble(attempt: Awaitable[object]) -> Exception | None:
    """What SQLite says against it, if anything."""
    try:
        await attempt
    except sqlite3.Error as error:
        return error
    return None


def _fail(job: _Job, error: Exception) -> None:
    if not job.future.done():
        job.future.set_exception(told(error))
