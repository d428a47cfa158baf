"""Whose participant somebody is, as access asks it of every action of a coach; and whose their next words are."""

from __future__ import annotations

from bot.caseload import alerts
from bot.caseload.access import Subject
from bot.storage import people, runs
from bot.storage.alerts import Alert
from bot.storage.people import Person
from bot.turns.turn import Turn


async def subject(turn: Turn, participant_id: int, alert: Alert | None = None) -> Subject:
    """Whose participant this is; and while an alert about danger is open, who stands in for that coach."""
    coach = await people.coach_of(turn.tx, turn.services.keyring, participant_id)
    deputy = coach.deputy_id if coach and alerts.in_danger(alert) else None
    return Subject(participant_id, coach.id if coach else None, deputy_id=deputy)


async def stood_in(turn: Turn, deputy: Person, subject: Subject) -> bool:
    """Whether this one stands in for the participant's own coach."""
    own = await people.by_id(turn.tx, turn.services.keyring, subject.coach_id or 0)
    return own is not None and own.deputy_id == deputy.id


async def let_go(turn: Turn, coach: Person) -> None:
    """The coach has somebody else in mind now: what they type next is for nobody before they said for whom."""
    await people.change(turn.tx, coach.id, focus_alert_id=None, focus_at=None)
    await runs.unheard(turn.tx, coach.id)
