"""Which part of somebody's life a check-in asks about besides work and energy: one each time, in turn. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from bot.storage.moments import Moment
from flows.engine.facts import FACT_KEYS

FACT = "domain"
DOMAINS = FACT_KEYS[FACT]


def order(who_id: int) -> tuple[str, ...]:
    """The domains in an order of this person's own, so that a group that talks does not all get the same question."""
    return tuple(sorted(DOMAINS, key=lambda one: hashlib.sha256(f"{who_id}/{one}".encode()).digest()))


def turn_of(who_id: int, count: int) -> str:
    """The domain of this person's check-in number `count`, from 1: all come round, and never one twice in a row."""
    return order(who_id)[(count - 1) % len(DOMAINS)]


def count(rows: Collection[Moment], flows: Collection[str], moment_id: int | None) -> int:
    """Which check-in it is that this moment began, or else the newest: those count that were fired, of these flows."""
    fired = sorted(
        (one.done_at, one.id) for one in rows if one.outcome == "fired" and one.flow in flows and one.done_at
    )
    until = next((number for number, (_, row) in enumerate(fired, 1) if row == moment_id), len(fired))
    return max(until, 1)
