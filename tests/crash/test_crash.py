"""P1, P2, P3 and P16: what is written is never lost, nothing is done twice, a committed reply is sent, order is kept.

A real process on a real SQLite file is killed at every named point and at random instants, polling and with a
webhook, while people go on talking over HTTP. And the six mutants: the same harness must find each of them.
Campaigns run beside each other, so that both cores work.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import get_args

import pytest

from tests.crash import campaign, mutant
from tests.crash.counting import Report
from tests.crash.plan import Death, Plan, at_every_point
from tests.crash.points import POINTS
from tests.crash.process import ROOT, Mode

BESIDE = 3
"""Campaigns at the same time."""
MODES: tuple[Mode, ...] = get_args(Mode)
TIMES = 2
RANDOM = 11
"""Kills per mode: each point twice and eleven random instants are 25."""
SHORT = Plan(
    (
        (
            Death(changes=60),
            Death("before-keep", 2),
            Death("before-send", 3),
            Death("after-commit", 3),
        ),
        (Death(changes=20),),
    )
)
"""For a mutant, and for the control that shows it is the mutant that is found."""
CONTROL = "control"
MUTANTS: tuple[tuple[str, Mode], ...] = (
    (CONTROL, "polling"),
    *((name, "polling") for name in mutant.NAMES),
    ("confirm_before_commit", "webhook"),
)

Reports = Mapping[tuple[str, Mode], Report]


async def _all(folder: Path) -> Reports:
    beside, alone = asyncio.Semaphore(BESIDE), asyncio.Lock()
    plans = {("", mode): at_every_point(Random(f"kills {mode}"), TIMES, RANDOM) for mode in MODES}
    plans |= dict.fromkeys(MUTANTS, SHORT)

    async def one(name: str, mode: Mode, plan: Plan) -> Report:
        async with beside:
            planted = name if name in mutant.NAMES else ""
            return await campaign.run(mode, plan, folder / f"{name}-{mode}", planted, alone)

    found = await asyncio.gather(*(one(name, mode, plan) for (name, mode), plan in plans.items()))
    return dict(zip(plans, found, strict=True))


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Reports:
    return asyncio.run(_all(tmp_path_factory.mktemp("crash")))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("mode", MODES)
def test_nothing_is_lost_or_misplaced_by_kills(mode: Mode, reports: Reports) -> None:
    report = reports["", mode]
    print(f"{mode}: {report}")
    assert report.problems == []
    assert report.kills >= 25
    assert report.answers > 100, "people must have talked while the bot was dying"
    assert report.doubled <= report.under_way.total()


@pytest.mark.timeout(600)
def test_the_short_plan_finds_nothing_in_the_bot_as_it_is(reports: Reports) -> None:
    assert reports[CONTROL, "polling"].problems == []


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("name", "mode"), MUTANTS[1:])
def test_a_planted_bug_is_found(name: str, mode: Mode, reports: Reports) -> None:
    assert reports[name, mode].problems != []


def test_the_six_mutants_of_the_promises_are_there() -> None:
    assert len(mutant.NAMES) == 6


def test_every_point_of_the_bot_is_killed_at_and_no_other() -> None:
    calls = re.compile(r'failpoint\(\s*"([a-z-]+)"')
    found = {name for file in (ROOT / "bot").rglob("*.py") for name in calls.findall(file.read_text())}
    assert found == set(POINTS)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("mode", MODES)
def test_five_hundred_kills(mode: Mode, tmp_path: Path) -> None:
    plan = at_every_point(Random(f"soak {mode}"), 40, 220)
    report = asyncio.run(campaign.run(mode, plan, tmp_path / mode))
    print(f"{mode}: {report}")
    assert report.problems == []
    assert report.kills == 500
