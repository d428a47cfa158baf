"""Everything about one participant at a glance, as plain data: for `show`, and for an export."""

from __future__ import annotations

from typing import Any

from bot.storage import alerts, messages, moments, people, runs
from bot.storage.connection import Connection
from bot.storage.keys import Keyring


async def participant(conn: Connection, keyring: Keyring, person_id: int) -> dict[str, Any] | None:
    """Answers, open alerts, moments and messages with their outcome; None when there is no such participant."""
    who = await people.by_id(conn, keyring, person_id)
    if who is None or who.role != "participant":
        return None
    line = await keyring.of(conn, person_id)
    coach = await people.coach_of(conn, keyring, person_id)
    planned = await moments.for_person(conn, person_id)
    return {
        "person": who.id,
        "name": who.name,
        "state": who.state,
        "language": who.language,
        "joined": who.chat_id is not None,
        "reachable": who.reachable,
        "coach": None if coach is None else {"person": coach.id, "name": coach.name},
        "answers": [
            {
                "run": one.run_id,
                "flow": one.flow,
                "step": one.step,
                "kind": one.kind,
                "question": one.question,
                "value": one.value,
                "words": one.words,
                "at": one.at.isoformat(),
            }
            for one in await runs.answers(conn, line)
        ],
        "alerts": [await _alert(conn, line, one) for one in await alerts.of_participant(conn, person_id) if _open(one)],
        "moments": [_moment(one) for one in planned if one.state != "done"],
        "past_moments": [_moment(one) for one in planned if one.state == "done"],
        "messages": [
            {
                "message": one.id,
                "author": one.author,
                "kind": one.kind,
                "text": one.body,
                "at": one.at.isoformat(),
                "outcome": one.outcome,
                "alert": one.alert_id,
            }
            for one in await messages.on_line(conn, line)
        ],
    }


def _open(alert: alerts.Alert) -> bool:
    return alert.state != "closed"


async def _alert(conn: Connection, line: Any, alert: alerts.Alert) -> dict[str, Any]:
    return {
        "alert": alert.id,
        "level": alert.level,
        "topic": alert.topic,
        "state": alert.state,
        "raised": alert.raised_at.isoformat(),
        "announced": alert.announced,
        "items": [
            {"kind": item.kind, "level": item.level, "topic": item.topic, "text": item.body, "at": item.at.isoformat()}
            for item in await alerts.items(conn, line, alert.id)
        ],
    }


def _moment(one: moments.Moment) -> dict[str, Any]:
    return {
        "moment": one.id,
        "flow": one.flow,
        "kind": one.kind,
        "due": one.due_at.isoformat(),
        "state": one.state,
        "outcome": one.outcome,
        "reason": one.reason,
    }
