"""When the bot dies."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.crash.points import POINTS

LATEST = 12
"""A point is passed at most so often before the process dies there."""
MOST_CHANGES = 120
MOST_SECONDS = 0.03


@dataclass(frozen=True, slots=True)
class Death:
    """How one life of the process ends: at the `nth` time at `point`, or by us after `changes` and `seconds` more."""

    point: str = ""
    nth: int = 1
    changes: int = 0
    """So many things must have happened on the phones."""
    seconds: float = 0.0
    redeliver: int = 0
    """So many of the newest updates that we have Telegram delivers once more at the start of this life."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Two legs of deaths; between them the bot comes to rest and Telegram begins to count its updates anew."""

    legs: tuple[tuple[Death, ...], ...]


def at_every_point(chance: Random, times: int, random: int) -> Plan:
    """Each point so many times, and `random` other instants, shuffled over two legs."""
    deaths = [_at(point, chance) for point in POINTS for _ in range(times)]
    deaths += [_whenever(chance) for _ in range(random)]
    chance.shuffle(deaths)
    half = len(deaths) // 2
    return Plan((tuple(deaths[:half]), tuple(deaths[half:])))


def _at(point: str, chance: Random) -> Death:
    nth = 1 if point == "moment-claimed" else chance.randint(1, LATEST)
    return Death(point, nth, redeliver=_some(chance))


def _whenever(chance: Random) -> Death:
    seconds = chance.random() * MOST_SECONDS
    return Death(changes=chance.randint(0, MOST_CHANGES), seconds=seconds, redeliver=_some(chance))


def _some(chance: Random) -> int:
    return chance.choice([0, 0, 10])
