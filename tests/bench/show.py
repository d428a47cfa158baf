"""The tables that the bench prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.bench.morning import Morning
from tests.bench.planning import DUE, Costs
from tests.bench.rival_apscheduler import JobCosts
from tests.bench.work import Result

TURN = (
    "A turn is one message of a person in and its answer on that person's screen. Processor ms per turn is all that"
    "\nthe contestant's processes spent, kernel included, while the turns were taken, divided by their number."
)
PLAN = (
    f"Processor ms; × is to the smallest number of people. Nothing due and {DUE} due: finding them, what every second's"
    f"\ntick does. A tick: {DUE} found and a turn for each, with its commit. The night's check looks at everybody. A"
    "\nchange is ms per person whose cadence is another one from now on."
)
JOBS = (
    f"APScheduler 3 with one persistent job per person; its {DUE} due jobs do nothing at all. Told to be patient: with"
    "\nits default settings it drops nearly all of them as misfires."
)
MORNING = (
    "The real process at its own pace of 25 messages a second, held to Telegram's limits by the stand-in. People write"
    "\nfive messages a second meanwhile. ms from a person's words to the answer on the screen, over HTTP."
)


def turns(title: str, results: Sequence[Result]) -> None:
    head = (
        f"{'bot':41} {'keeps in':13} {'start s':>8} {'turns/s':>7} {'cpu ms':>7} {'p50 ms':>8} {'p99 ms':>8} {'MB':>6}"
    )
    lines = (
        f"{one.name:41} {one.keeps:13} {one.start:8.2f} {one.turns_per_second:7.0f} {one.processor_ms:7.2f}"
        f" {one.p50:8.1f} {one.p99:8.1f} {one.memory_mb:6.0f}"
        for one in results
    )
    _table(title, head, lines, TURN)


def plans(title: str, results: Sequence[Costs]) -> None:
    names = ("none due", "1,000 due", "a tick", "the night", "a change")
    head = f"{'people in care':>14}" + "".join(f" {name:>11} {'×':>5}" for name in names) + f" {'tick s':>7}"
    rows = [(one.calm, one.claim, one.tick, one.nightly, one.change / one.changed) for one in results]
    lines = (
        f"{one.people:14,}"
        + "".join(f" {ms:11.2f} {ms / first:5.1f}" for ms, first in zip(row, rows[0], strict=True))
        + f" {one.seconds:7.2f}"
        for one, row in zip(results, rows, strict=True)
    )
    _table(title, head, lines, PLAN)


def jobs(title: str, one: JobCosts) -> None:
    head = f"{'jobs':>14} {'add all':>11} {'start':>11} {'a tick':>11} {'tick s':>7}"
    line = f"{one.people:14,} {one.add:11.0f} {one.start:11.1f} {one.tick:11.0f} {one.seconds:7.2f}"
    _table(title, head, [line], JOBS)


def mornings(title: str, results: Sequence[Morning]) -> None:
    head = f"{'due':>14} {'check-ins/s':>12} {'answers/s':>9} {'processor':>9} {'p50 ms':>8} {'p99 ms':>8} {'worst':>8}"
    lines = (
        f"{one.due:14,} {one.checkins:12.1f} {one.answers:9.1f} {one.processor:9.0%}"
        f" {one.p50:8.0f} {one.p99:8.0f} {one.worst:8.0f}"
        for one in results
    )
    _table(title, head, lines, MORNING)


def _table(title: str, head: str, lines: Iterable[str], legend: str) -> None:
    print(f"\n{title}\n{head}\n{'-' * len(head)}")
    for line in lines:
        print(line)
    print(legend)
