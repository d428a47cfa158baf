"""`make bench`: ours and its rivals side by side in one run. Prints a table for each work; `--works 3 4` only those.

W1 and W2 are turns over HTTP against the stand-in, which shares this process with the crowd; each contestant is a
process of its own, with its library's defaults. W1 is run several times, everybody in turn; the table has each
contestant's median by processor time. W3 is the plan of very many people, W4 a morning on which all of them are due.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from statistics import median_low

from tests.bench import ours, rival_floor, show
from tests.bench.morning import morning
from tests.bench.planning import costs
from tests.bench.process import Contestant, plain
from tests.bench.rival_apscheduler import job_costs
from tests.bench.work import Result, calm_among_parked, crowd_at_once


def pickling(url: str, token: str, data: Path) -> dict[str, str]:
    return {**plain(url, token, data), "BENCH_PICKLE": str(data / "pickle")}


async def park_on_the_floor(data: Path, people: range, parked: int | None) -> None:
    if parked is not None:
        rival_floor.park(data, people, parked)


OURS = Contestant("achterdehand", "disk, sealed", ours.MODULE, ours.environment, ours.prepare)
FLOOR = Contestant("floor: SQLite, a commit per turn", "disk", ("tests.bench.rival_floor",), plain, park_on_the_floor)
PTB = Contestant("python-telegram-bot ConversationHandler", "nothing", ("tests.bench.rival_ptb",))
PICKLE = Contestant("… with PicklePersistence, 60 s", "file, late", ("tests.bench.rival_ptb",), pickling)
AIOGRAM = Contestant("aiogram FSM, memory", "nothing", ("tests.bench.rival_aiogram",))


def middle(results: Sequence[Result]) -> Result:
    wanted = median_low(one.processor_ms for one in results)
    return next(one for one in results if one.processor_ms == wanted)


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--parked", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3, help="how often W1 is run")
    parser.add_argument("--only", default="", help="contestants whose name contains this")
    parser.add_argument("--care", type=int, nargs="+", default=[1_000, 20_000, 200_000], help="people in W3")
    parser.add_argument("--jobs", type=int, default=20_000, help="APScheduler's jobs in W3; 0: none")
    parser.add_argument("--due", type=int, default=20_000, help="check-ins due in W4")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long W4 is watched")
    parser.add_argument("--works", type=int, nargs="+", choices=(1, 2, 3, 4), default=[1, 2, 3, 4])
    chosen = parser.parse_args()
    logging.getLogger("bot.storage.opened").setLevel(logging.ERROR)  # each folder gets a new master key, and says so

    def field(*contestants: Contestant) -> list[Contestant]:
        return [one for one in contestants if chosen.only in one.name]

    if 1 in chosen.works:
        rivals = field(OURS, FLOOR, PTB, PICKLE, AIOGRAM)
        rounds = [[await crowd_at_once(one, chosen.people) for one in rivals] for _ in range(chosen.rounds)]
        at_once = [middle(results) for results in zip(*rounds, strict=True)]
        show.turns(f"W1: {chosen.people} people x five questions, everybody at once", at_once)
    if 2 in chosen.works:
        calm = [await calm_among_parked(one, chosen.parked) for one in field(OURS, FLOOR)]
        show.turns(f"W2: {chosen.parked} people parked in the middle of a talk, then calm turns one by one", calm)
    if 3 in chosen.works:
        show.plans("W3: planning and sweeping", [await costs(people) for people in chosen.care])
        if chosen.jobs:
            show.jobs("W3, the same with a job per person", await job_costs(chosen.jobs))
    if 4 in chosen.works:
        mornings = [await morning(due, chosen.seconds) for due in (0, chosen.due)]
        show.mornings(f"W4: {chosen.seconds:.0f} seconds of the morning on which so many check-ins are due", mornings)


if __name__ == "__main__":
    asyncio.run(main())
