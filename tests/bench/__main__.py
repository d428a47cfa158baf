"""`make bench`: ours and its rivals side by side in one run, over HTTP against the stand-in. Prints two tables.

The stand-in and the crowd share this process; each contestant is a process of its own, with its library's defaults.
W1 is run several times, everybody in turn; the table has each contestant's median by processor time.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path
from statistics import median_low

from tests.bench import ours, rival_floor
from tests.bench.process import Contestant, plain
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

HEAD = f"{'bot':42} {'keeps in':13} {'start s':>8} {'turns/s':>8} {'cpu ms':>7} {'p50 ms':>8} {'p99 ms':>8} {'MB':>6}"


LEGEND = (
    "A turn is one message of a person in and its answer on that person's screen. Processor ms per turn is all that"
    "\nthe contestant's processes spent, kernel included, while the turns were taken, divided by their number."
)


def middle(results: Sequence[Result]) -> Result:
    wanted = median_low(one.processor_ms for one in results)
    return next(one for one in results if one.processor_ms == wanted)


def show(title: str, results: Sequence[Result]) -> None:
    print(f"\n{title}\n{HEAD}\n{'-' * len(HEAD)}")
    for one in results:
        print(
            f"{one.name:42} {one.keeps:13} {one.start:8.2f} {one.turns_per_second:8.0f} {one.processor_ms:7.2f}"
            f" {one.p50:8.1f} {one.p99:8.1f} {one.memory_mb:6.0f}"
        )


async def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--parked", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3, help="how often W1 is run")
    parser.add_argument("--only", default="", help="contestants whose name contains this")
    chosen = parser.parse_args()

    def field(*contestants: Contestant) -> list[Contestant]:
        return [one for one in contestants if chosen.only in one.name]

    rivals = field(OURS, FLOOR, PTB, PICKLE, AIOGRAM)
    rounds = [[await crowd_at_once(one, chosen.people) for one in rivals] for _ in range(chosen.rounds)]
    at_once = [middle(results) for results in zip(*rounds, strict=True)]
    show(f"W1: {chosen.people} people x five questions, everybody at once", at_once)
    calm = [await calm_among_parked(one, chosen.parked) for one in field(OURS, FLOOR)]
    show(f"W2: {chosen.parked} people parked in the middle of a talk, then calm turns one by one", calm)
    print(f"\n{LEGEND}")


if __name__ == "__main__":
    asyncio.run(main())
