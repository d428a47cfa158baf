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

    It is also new when it was good news until now. Good news is told once: it is not waited for until somebody saw it.
    """
    existing = await alerts.open_one(tx, line.person_id)
    raised = existing is None
    if existing is None:
        await alerts.make(tx, line.person_id, coach_id, item.level, item.topic, now)
        existing = await alerts.open_one(tx, line.person_id)
        assert existing is not None
    await alerts.gather(tx, line, existing.id, item)
    values: dict[str, Any] = {}
    if item.level == DANGER:
        values = _endangered(existing, now)
    elif alerts.LEVELS.index(item.level) > alerts.LEVELS.index(existing.level):
        values = {"level": item.level, "told_at": None}
    if item.level != GOOD and existing.unseen_at is None:
        values["unseen_at"] = now
    if values:
        await alerts.change(tx, existing.id, **values)
    return replace(existing, **values), raised or (existing.level == GOOD and item.level != GOOD)


def _endangered(alert: Alert, now: datetime) -> dict[str, Any]:
    """It is about danger from now on; and unless a human was at it just now, nobody has it yet."""
    busy = max((at for at in (alert.taken_at, alert.answered_at) if at), default=None)
    values: dict[str, Any] = {"level": DANGER, "danger_at": alert.danger_at or now}
    if alert.level != DANGER or busy is None or now - busy >= DANGER_TAKEN_FOR:
        values |= {"state": "raised", "taken_at": None}
    return values


def waits(alert: Alert) -> bool:
    """Whether it is announced until somebody does something: nobody took it, or something came that nobody saw."""
    return alert.state == "raised" or (alert.state != "closed" and alert.unseen_at is not None)


def waits_since(alert: Alert) -> datetime | None:
    """Since when somebody in danger waits for a human: from the first word, or from what came after it was taken."""
    return alert.danger_at if alert.state == "raised" else alert.unseen_at


def repeated(alert: Alert) -> bool:
    """Whether it is announced again because it waits. Danger rings by rules of its own."""
    return waits(alert) and alert.level in REPEAT_AFTER


async def announced(tx: Connection, alert: Alert, calendar: Calendar, now: datetime, *, told: bool = False) -> None:
    """Count an announcement and want the next one, for as long as the alert waits; then ask whether it can be closed.

    `told`: it stands for what comes within TOLD_FOR too.
    """
    turn = alert.announced + 1
    await alerts.change(tx, alert.id, announced=turn, told_at=now if told else alert.told_at)
    await timers.stale_for(tx, timers.OF_AN_ALERT, alert.id)
    if alert.level == GOOD and alert.state != "answered":
        return
    at = _again_at(alert, calendar, now) if waits(alert) else _close_at(alert, calendar, now)
    await timers.want(tx, alert.participant_id, "announce", alert.id, turn, at)


def _again_at(alert: Alert, calendar: Calendar, now: datetime) -> datetime:
    """When an alert that waits is announced again: in office time, but for danger."""
    if alert.level != DANGER:
        return calendar.add_office_time(now, REPEAT_AFTER[alert.level])
    since = waits_since(alert)
    fresh = since is not None and now - since < DANGER_FRESH
    return now + (DANGER_AGAIN if fresh or calendar.next_contact_time(now) == now else DANGER_AT_NIGHT)


def _close_at(alert: Alert, calendar: Calendar, now: datetime) -> datetime:
    return calendar.add_office_time(now, DANGER_CLOSE_AFTER if alert.level == DANGER else CLOSE_AFTER)


async def looked(tx: Connection, alert: Alert, calendar: Calendar, now: datetime) -> None:
    """The coach saw all that it gathered: what comes from now on is announced, and what was taken waits no more."""
    if alert.told_at is not None or alert.unseen_at is not None:
        await alerts.change(tx, alert.id, told_at=None, unseen_at=None)
    if alert.unseen_at is not None and alert.state in ("taken", "answered"):
        await _wait_for_close(tx, alert, calendar, now)


async def take(tx: Connection, alert: Alert, calendar: Calendar, now: datetime, *, answered: bool = False) -> bool:
    """The coach has it, and perhaps `answered` in a word. False when it was taken before.

    What nobody saw yet is still to be shown: to take it is not to see it.
    """
    await alerts.change(tx, alert.id, told_at=None, answered_at=now if answered else alert.answered_at)
    if alert.state != "raised":
        return False
    await alerts.change(tx, alert.id, state="taken", taken_at=now)
    await _wait_for_close(tx, alert, calendar, now)
    return True


async def answer(tx: Connection, alert: Alert, calendar: Calendar, now: datetime) -> None:
    """The coach replied: from now on the two of them talk. What nobody saw yet is still to be shown."""
    taken_at = alert.taken_at or now
    await alerts.change(tx, alert.id, state="answered", taken_at=taken_at, answered_at=now, told_at=None)
    await _wait_for_close(tx, alert, calendar, now)


async def close(tx: Connection, alert: Alert, now: datetime) -> None:
    await alerts.change(tx, alert.id, state="closed", closed_at=now)
    await timers.stale_for(tx, timers.OF_AN_ALERT, alert.id)


async def _wait_for_close(tx: Connection, alert: Alert, calendar: Calendar, now: datetime) -> None:
    turn = alert.announced + 1
    await alerts.change(tx, alert.id, announced=turn)
    await timers.stale_for(tx, timers.OF_AN_ALERT, alert.id)
    await timers.want(tx, alert.participant_id, "announce", alert.id, turn, _close_at(alert, calendar, now))
