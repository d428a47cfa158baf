"""Alerts: raised, taken, answered, closed. One is open per participant; what comes meanwhile is gathered in it.

raised   → taken     the coach says "I have it"
raised   → answered  the coach replies at once
taken    → answered  the coach replies
any      → closed    the coach is done; what was held goes on
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.storage import alerts, timers
from bot.storage.alerts import Alert, Item
from bot.storage.connection import Connection
from bot.storage.keys import PersonKey
from scheduler.calendar import Calendar

REPEAT_AFTER = {"soon": timedelta(hours=8), "today": timedelta(hours=2), "urgent": timedelta(minutes=30)}
"""Office time after which an alert that nobody took is announced again; good news never is."""
TOLD_FOR = timedelta(minutes=10)
"""So long an announcement that the coach has not opened stands for what comes after it, unless that is worse."""
CLOSE_AFTER = timedelta(hours=16)
"""Office time after which a coach is asked whether a talk can be closed: the bot is silent until then."""
TALKING = ("answered",)
"""In these states a coach talks with the participant: the bot is silent and moments are held."""


DANGER = "danger"
"""Somebody may be in danger: it rings at any hour, at the deputy too, and the bot is silent until a human closes it."""
DANGER_AGAIN = timedelta(minutes=10)
"""After so long it rings again, day and night, as long as nobody took it …"""
DANGER_AT_NIGHT = timedelta(minutes=30)
"""… and this seldom outside contact hours once DANGER_FRESH is over: who can be woken is awake by then."""
DANGER_FRESH = timedelta(hours=1)
DANGER_TAKEN_FOR = timedelta(minutes=30)
"""New words that mean danger so long after a human last did something with it ring until somebody takes it anew."""
DANGER_CLOSE_AFTER = timedelta(hours=4)
"""Office time after which whoever took it is asked whether it can be closed."""
URGENT = "urgent"
"""The coach hears it with a sound at any hour, and in office hours again every half hour."""
GOOD = "good"
"""Good news: told once and without a sound, never asked about again, and closed by reading it."""


def talking(alert: Alert | None) -> bool:
    return alert is not None and alert.state in TALKING


def in_danger(alert: Alert | None) -> bool:
    """Whether a human must still say that somebody is out of danger."""
    return alert is not None and alert.level == DANGER and alert.state != "closed"


def silent(alert: Alert | None) -> bool:
    """Whether the bot begins nothing by itself: a human talks with the participant, or must look first."""
    return talking(alert) or in_danger(alert)


async def add(tx: Connection, line: PersonKey, coach_id: int, item: Item, now: datetime) -> tuple[Alert, bool]:
    """Put an item in the participant's open alert, or raise one. Returns it, and whether it is new to the coach.

    It is also new when it was good news until now.
    """
    existing = await alerts.open_one(tx, line.person_id)
    if existing is None:
        await alerts.make(tx, line.person_id, coach_id, item.level, item.topic, now)
        existing = await alerts.open_one(tx, line.person_id)
        assert existing is not None
        await alerts.gather(tx, line, existing.id, item)
        return await _endanger(tx, existing, now) if item.level == DANGER else existing, True
    await alerts.gather(tx, line, existing.id, item)
    was_good = existing.level == GOOD
    if item.level == DANGER:
        return await _endanger(tx, existing, now), was_good
    if alerts.LEVELS.index(item.level) > alerts.LEVELS.index(existing.level):
        values: dict[str, Any] = {"level": item.level, "told_at": None}
        await alerts.change(tx, existing.id, **values)
        existing = replace(existing, **values)
    return existing, was_good and existing.level != GOOD


async def _endanger(tx: Connection, alert: Alert, now: datetime) -> Alert:
    """It is about danger from now on; and unless a human was at it just now, nobody has it yet."""
    busy = max((at for at in (alert.taken_at, alert.answered_at) if at), default=None)
    values: dict[str, Any] = {"level": DANGER, "danger_at": alert.danger_at or now}
    if alert.level != DANGER or busy is None or now - busy >= DANGER_TAKEN_FOR:
        values |= {"state": "raised", "taken_at": None}
    await alerts.change(tx, alert.id, **values)
    return replace(alert, **values)


def repeated(alert: Alert) -> bool:
    """Whether it is announced again because nobody took it. Danger rings by rules of its own."""
    return alert.state == "raised" and alert.level in REPEAT_AFTER


async def announced(tx: Connection, alert: Alert, calendar: Calendar, now: datetime, *, told: bool = False) -> None:
    """Count an announcement and want the next one, for as long as nobody has taken or closed the alert.

    `told`: it stands for what comes within TOLD_FOR too.
    """
    turn = alert.announced + 1
    await alerts.change(tx, alert.id, announced=turn, told_at=now if told else alert.told_at)
    await timers.stale_for(tx, timers.OF_AN_ALERT, alert.id)
    if alert.level == GOOD and alert.state != "answered":
        return
    at = _close_at(alert, calendar, now) if alert.state in ("taken", "answered") else _again_at(alert, calendar, now)
    await timers.want(tx, alert.participant_id, "announce", alert.id, turn, at)


def _again_at(alert: Alert, calendar: Calendar, now: datetime) -> datetime:
    """When an alert that nobody took is announced again: in office time, but for danger."""
    if alert.level != DANGER:
        return calendar.add_office_time(now, REPEAT_AFTER[alert.level])
    fresh = alert.danger_at is not None and now - alert.danger_at < DANGER_FRESH
    return now + (DANGER_AGAIN if fresh or calendar.next_contact_time(now) == now else DANGER_AT_NIGHT)


def _close_at(alert: Alert, calendar: Calendar, now: datetime) -> datetime:
    return calendar.add_office_time(now, DANGER_CLOSE_AFTER if alert.level == DANGER else CLOSE_AFTER)


async def looked(tx: Connection, alert: Alert) -> None:
    """The coach saw all that it gathered: what comes from now on is announced."""
    if alert.told_at is not None:
        await alerts.change(tx, alert.id, told_at=None)


async def take(tx: Connection, alert: Alert, calendar: Calendar, now: datetime, *, answered: bool = False) -> bool:
    """The coach has it, and perhaps `answered` in a word. False when it was taken before."""
    await looked(tx, alert)
    if answered:
        await alerts.change(tx, alert.id, answered_at=now)
    if alert.state != "raised":
        return False
    await alerts.change(tx, alert.id, state="taken", taken_at=now)
    await _wait_for_close(tx, alert, calendar, now)
    return True


async def answer(tx: Connection, alert: Alert, calendar: Calendar, now: datetime) -> None:
    """The coach replied: from now on the two of them talk."""
    await looked(tx, alert)
    taken_at = alert.taken_at or now
    await alerts.change(tx, alert.id, state="answered", taken_at=taken_at, answered_at=now)
    await _wait_for_close(tx, alert, calendar, now)


async def close(tx: Connection, alert: Alert, now: datetime) -> None:
    await alerts.change(tx, alert.id, state="closed", closed_at=now)
    await timers.stale_for(tx, timers.OF_AN_ALERT, alert.id)


async def _wait_for_close(tx: Connection, alert: Alert, calendar: Calendar, now: datetime) -> None:
    turn = alert.announced + 1
    await alerts.change(tx, alert.id, announced=turn)
    await timers.stale_for(tx, timers.OF_AN_ALERT, alert.id)
    await timers.want(tx, alert.participant_id, "announce", alert.id, turn, _close_at(alert, calendar, now))
