from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support import oracle
from tests.support.phones import Phone
from tests.support.stage import TELEGRAMS, Stage, staged


@pytest.fixture(autouse=True)
def lawful() -> Iterator[None]:
    """After every story: whatever the bot asked of Telegram is held against the Bot API and our own rules (P19)."""
    TELEGRAMS.clear()
    yield
    complaints = [complaint for telegram in TELEGRAMS for complaint in oracle.check(telegram.requests())]
    assert complaints == []


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str | None:
    """None: the file in the data folder. Set ACHTERDEHAND_TEST_STORIES=postgresql to tell all stories there too."""
    if os.environ.get("ACHTERDEHAND_TEST_STORIES") != "postgresql":
        return None
    url: str = request.getfixturevalue("postgres_databases").url
    return url


@pytest.fixture
async def stage(tmp_path: Path, database_url: str | None) -> AsyncIterator[Stage]:
    async with staged(tmp_path / "data", database_url=database_url) as it:
        yield it


@dataclass
class Pair:
    """A coach and a participant who know each other, both with a phone and both joined."""

    stage: Stage
    ilse: Phone
    sam: Phone
    coach: int
    participant: int

    async def shows(self) -> dict[str, Any]:
        """What is known of the participant, once all is dealt with."""
        await self.stage.settled()
        return await self.stage.shows(self.participant)


@dataclass
class Trio:
    """A pair, and somebody else who has to do with the participant."""

    pair: Pair

    @property
    def sam(self) -> Phone:
        return self.pair.sam

    @property
    def ilse(self) -> Phone:
        return self.pair.ilse


async def joins(stage: Stage, role: str, name: str) -> tuple[int, Phone]:
    """A coach or an admin is added and joins: their id, and their phone with the welcome read."""
    number, code = await stage.add(role, name)
    phone = stage.phone(name)
    await phone.start(code)
    await phone.sees(f"Welkom, {name}.")
    return number, phone


async def make_pair(stage: Stage) -> Pair:
    coach, coach_code = await stage.add("coach", "Ilse")
    participant, code = await stage.add("participant", "Sam", coach)
    ilse, sam = stage.phone("Ilse"), stage.phone("Sam")
    await ilse.start(coach_code)
    await ilse.sees("Welkom, Ilse")
    await sam.start(code)
    return Pair(stage, ilse, sam, coach, participant)


@pytest.fixture
async def invited(stage: Stage) -> Pair:
    """The participant has pressed Start and has the welcome's first question."""
    return await make_pair(stage)


@pytest.fixture
async def pair(invited: Pair) -> Pair:
    """The participant takes part, the coach said it is them, and both have read everything."""
    await invited.sam.tap("Nederlands")
    await invited.sam.tap("Ja")
    await invited.sam.sees("Fijn dat je meedoet")
    await invited.ilse.tap("Ja, dat klopt")
    await invited.ilse.sees("Dan weet ik dat het Sam is")
    await invited.stage.settled()
    invited.sam.reads_all()
    invited.ilse.reads_all()
    return invited


@pytest.fixture
async def asked(pair: Pair) -> Pair:
    """The first question of the check-in is open and read, so is everything else."""
    await pair.stage.plan_now(pair.participant)
    await pair.sam.sees("Hoe gaat het op je werk?")
    await pair.stage.settled()
    return pair
