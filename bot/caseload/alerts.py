"""Alerts: raised, taken, answered, closed. One is open per participant; what comes meanwhile is gathered in it.

raised   → taken     the coach says "I have it"
raised   → answered  the coach replies at once
taken    → answered  the coach replies
any      → closed    the coach is done; what was held goes on
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.storage import alerts, timers
from bot.storage.alerts import Alert, Item
from bot.storage.connection import Connection
from bot.storage.keys import PersonKey
from scheduler.calendar import Calendar

LEVELS = ("soon", "today", "urgent")
REPEAT_AFTER = {"soon": timedelta(hours=8), "today": timedelta(hours=2), "urgent": timedelta(minutes=30)}
"""Office time after which an alert that nobody took is announced again."""
CLOSE_AFTER = timedelta(hours=16)
"""Office time after which a coach is asked whether a talk can be closed: the bot is silent until then."""
TALKING = ("answered",)
"""In these states a coach talks with the participant: the bot is silent and moments are held."""


def talking(alert: Alert | None) -> bool:
    return alert is not None and alert.state in TALKING


async def add(tx: Connection, line: PersonKey, coach_id: int, item: Item, now: datetime) -> tuple[Alert, bool]:
    """Put an item in the participant's open alert, or raise one. Returns it, and whether it is new."""
    existing = await alerts.open_one(tx, line.person_id)
    if existing is None:
        await alerts.make(tx, line.person_id, coach_id, item.level, item.topic, now)
        existing = await alerts.open_one(tx, line.person_id)
        assert existing is not None
        await alerts.gather(tx, line, existing.id, item)
        return existing, True
    await alerts.gather(tx, line, existing.id, item)
    if LEVELS.index(item.level) > LEVELS.index(existing.level):
        await alerts.change(tx, existing.id, level=item.level)
        existing = replace(existing, level=item.level)
    return existing, False


async def announced(tx: Connection, alert: Alert, calendar: Calendar, now: datetime) -> None:
    """Count an announcement and want the next one, for as long as nobody has taken or closed the alert."""
    turn = alert.announced + 1
    await alerts.change(tx, alert.id, announced=turn)
    wait = CLOSE_AFTER if alert.state in ("taken", "answered") else REPEAT_AFTER[alert.level]
    await timers.stale_for(tx, timers.OF_AN_ALERT, alert.id)
    await timers.want(tx, alert.participant_id, "announce", alert.id, turn, calendar.add_office_time(now, wait))


async def take(tx: Connection, alert: Alert, calendar: Calendar, now: datetime, *, answered: bool = False) -> bool:
    """The coach has it, and perhaps `answered` in a word. False when it was taken before."""
    if answered:
        await alerts.change(tx, alert.id, answered_at=now)
    if alert.state != "raised":
        return False
    await alerts.change(tx, alert.id, state="taken", taken_at=now)
    await _wait_for_close(tx, alert, calendar, now)
    return True


async def answer(tx: Connection, alert: Alert, calendar: Calendar, now: datetime) -> None:
    """The coach replied: from now on the two of them talk."""
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
    await timers.want(tx, alert.participant_id, "announce", alert.id, turn, calendar.add_office_time(now, CLOSE_AFTER))
