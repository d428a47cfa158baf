"""APScheduler 3 with one persistent job per person: SQLAlchemyJobStore on a SQLite file. Its jobs do nothing at all."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

DUE = 1_000
_rung: list[int] = []


@dataclass(frozen=True, slots=True)
class JobCosts:
    """Processor milliseconds, and the tick by the wall: everybody's job added, a start on that file, 1,000 due."""

    people: int
    add: float
    start: float
    tick: float
    seconds: float


async def ring(person: int) -> None:
    _rung.append(person)


def _scheduler(file: Path) -> AsyncIOScheduler:
    return AsyncIOScheduler(
        timezone=UTC,
        jobstores={"default": SQLAlchemyJobStore(url=f"sqlite:///{file}")},
        # Without the last one it drops whatever is more than a second late, so nearly all of the 1,000.
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )


async def job_costs(people: int) -> JobCosts:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        file = Path(folder) / "jobs.db"
        due_at = datetime.now(UTC) + timedelta(seconds=1)
        later = due_at + timedelta(days=20)
        adding = _scheduler(file)
        adding.start(paused=True)
        begin = process_time()
        for number in range(people):
            run_at = due_at if number < DUE else later
            adding.add_job(ring, "date", run_date=run_at, args=(number,), id=str(number))
        added = process_time() - begin
        adding.shutdown(wait=False)
        # Real time, here and below: APScheduler asks the machine's clock what is due, and its time is what is measured.
        await asyncio.sleep(max(0.0, (due_at - datetime.now(UTC)).total_seconds()))
        begin = process_time()
        again = _scheduler(file)
        again.start(paused=True)
        started = process_time() - begin
        _rung.clear()
        begin, clock = process_time(), perf_counter()
        again.resume()
        while len(_rung) < min(DUE, people):
            await asyncio.sleep(0.001)  # its jobs ring in threads by real time, which is what is measured
        ticked, seconds = process_time() - begin, perf_counter() - clock
        again.shutdown(wait=False)
    return JobCosts(people, 1000 * added, 1000 * started, 1000 * ticked, seconds)
