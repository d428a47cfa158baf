"""Everything about one participant at a glance, as plain data: for `show`, and for an export."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.caseload import handovers
from bot.caseload.handovers import Version
from bot.storage import (
    alerts,
    estimates,
    messages,
    moments,
    people,
    placements,
    referrals,
    runs,
    sickness,
    tasks,
)
from bot.storage import handovers as handover_rows
from bot.storage.connection import Connection
from bot.storage.handovers import Agreement
from bot.storage.keys import Keyring
from bot.storage.placements import Placement
from bot.storage.referrals import Referral
from bot.storage.sickness import Spell


async def participant(conn: Connection, keyring: Keyring, person_id: int) -> dict[str, Any] | None:
    """Answers, alerts, placements, moments, tasks, messages with their outcome; None: no such participant."""
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
        "care_from": None if who.care_from is None else who.care_from.isoformat(),
        "paused_until": _day(who.paused_until),
        "open_until": _day(who.open_until),
        "sick": [_spell(one) for one in await sickness.of_person(conn, line)],
        "referrals": [_referral(one) for one in await referrals.of_person(conn, line)],
        "ladder": [
            {"step": one.step, "by": one.by, "on": one.on.isoformat()} for one in await estimates.of_person(conn, line)
        ],
        "stretch": who.stretch,
        "silences": who.silences,
        "placements": [await _placement(conn, keyring, one) for one in await placements.of_participant(conn, line)],
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
        "tasks": [_task(one) for one in await tasks.of_participant(conn, person_id)],
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
        "done_by": one.done_by,
        "placement": one.placement_id,
        "due": one.due_at.isoformat(),
        "state": one.state,
        "outcome": one.outcome,
        "reason": one.reason,
        "answered": one.answered,
    }


def _task(one: tasks.Task) -> dict[str, Any]:
    return {
        "task": one.id,
        "kind": one.kind,
        "placement": one.placement_id,
        "moment": one.moment_id,
        "due": one.due_at.isoformat(),
        "state": one.state,
        "reminded": one.reminded,
        "done": None if one.done_at is None else one.done_at.isoformat(),
    }


async def _placement(conn: Connection, keyring: Keyring, one: Placement) -> dict[str, Any]:
    employer = None if one.employer_id is None else await people.by_id(conn, keyring, one.employer_id)
    versions = await handover_rows.of_placement(conn, await keyring.of(conn, one.participant_id), one.id)
    return {
        "placement": one.id,
        "track": one.track,
        "company": one.company,
        "hours": one.hours,
        "employer": None if employer is None else {"person": employer.id, "name": employer.name},
        "started_on": one.started_on.isoformat(),
        "contract_end": _day(one.contract_end),
        "state": one.state,
        "ended_on": _day(one.ended_on),
        "handovers": [_version(await handovers.load(conn, keyring, each.id, one)) for each in versions],
    }


def _version(one: Version) -> dict[str, Any]:
    """A version with every decision that counts: who, in which direction, yes, no or withdrawn."""
    handover = one.handover
    return {
        "version": handover.version,
        "state": handover.state,
        "made": handover.made_at.isoformat(),
        "offered": None if handover.offered_at is None else handover.offered_at.isoformat(),
        "in_force": None if handover.in_force_at is None else handover.in_force_at.isoformat(),
        "contact": dict(handover.terms),
        "agreements": [_agreement(one, each) for each in one.agreements],
        "accepted": [
            {"by": each.person_id, "decision": each.decision, "at": each.at.isoformat()}
            for each in one.accepted.values()
        ],
    }


def _agreement(version: Version, one: Agreement) -> dict[str, Any]:
    return {
        "item": one.item,
        "text": one.text,
        "who": one.who,
        "review": _day(one.review_on),
        "for_employer": one.for_employer,
        "employer_sees": version.placement.state == "open" and version.shared(one),
        "details": dict(one.details),
        "decisions": [
            {"by": person_id, "direction": direction, "decision": decision}
            for (agreement_id, person_id, direction), decision in version.decisions.items()
            if agreement_id == one.id
        ],
    }


def _spell(one: Spell) -> dict[str, Any]:
    """The days of being ill; more is not known."""
    return {
        "since": one.first.isoformat(),
        "reported": one.reported,
        "expected_days": one.expected,
        "better": _day(one.better),
        "back": _day(one.back),
        "ended": _day(one.ended),
    }


def _referral(one: Referral) -> dict[str, Any]:
    return {
        "to": one.to,
        "noted": one.noted.isoformat(),
        "asks": [day.isoformat() for day in one.asks],
        "outcome": one.outcome,
        "said": _day(one.said),
    }


def _day(when: date | None) -> str | None:
    return None if when is None else when.isoformat()
