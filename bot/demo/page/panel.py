"""What the page asks of the running demo. app.py hands in the real thing, the tests a made-up one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, Protocol, TypedDict


class Person(TypedDict):
    """One phone on the page."""

    chat: int
    name: str
    role: Literal["participant", "coach", "employer"]
    code: str
    """The invitation code; pressing it on the phone sends `/start CODE`. Empty: nobody invited this person yet."""
    link: str
    joined: bool


class Alert(TypedDict):
    id: int
    participant: str
    coach: str
    level: str
    """As in the alert table: soon | today | urgent."""
    topic: str
    state: str
    """raised | taken | answered | closed"""
    reasons: list[str]
    """Dutch, oldest first: what was flagged or left."""
    raised_at: datetime
    answered_at: datetime | None


class Moment(TypedDict):
    id: int
    person: str
    kind: str
    """As in the moment table: checkin, call, visit …"""
    title: str
    due_at: datetime
    state: str
    """planned | held | done"""
    outcome: str | None
    """fired | missed | cancelled"""
    reason: str | None


class Placement(TypedDict):
    """Where a participant works, or that they are on the way to a job."""

    id: int
    person: str
    track: str
    """work | search"""
    company: str
    hours: str
    employer: str
    """The contact person at the work place; empty: nobody yet."""
    started_on: date
    contract_end: date | None
    handover: str
    """How far it is: draft | offered | in_force; empty: nothing was written down yet."""
    state: str
    """open | ended"""


class Task(TypedDict):
    """A contact that the coach does."""

    id: int
    person: str
    coach: str
    kind: str
    due_at: datetime
    state: str
    """open | done | dropped"""


class Outbound(TypedDict):
    """A row of the outbox."""

    id: int
    to: str
    text: str
    media: str
    """voice, photo …: what goes along; empty for text alone."""
    state: str
    """new | sending | sent | failed"""
    made_at: datetime
    reason: str | None


class Inbox(TypedDict):
    """How many updates there are in each state."""

    new: int
    done: int
    apart: int


class Snapshot(TypedDict):
    """The books at this instant. Lists are newest first, except moments and tasks: soonest first."""

    now: datetime
    alerts: list[Alert]
    placements: list[Placement]
    moments: list[Moment]
    tasks: list[Task]
    outbox: list[Outbound]
    inbox: Inbox


class PanelError(Exception):
    """What was asked cannot be done now. The message is one Dutch sentence for the person at the page."""


class Panel(Protocol):
    """The verbs behind the buttons of the page. Each may raise PanelError. Times are aware."""

    async def snapshot(self) -> Snapshot: ...

    async def people(self) -> list[Person]:
        """The three phones: a participant, the coach, and the contact person at the work place."""
        ...

    async def move_clock(self, to: Literal["next moment"] | int) -> datetime:
        """Move the clock to the next planned moment, or on by that many minutes; gives the new time.

        What is due on the way happens at its own time.
        """
        ...

    async def plan_now(self) -> str:
        """Plan a check-in for the participant that is due at once; gives a Dutch sentence on what became of it."""
        ...

    async def restart(self) -> None:
        """Begin the demo afresh: empty books, empty phones, the first day."""
        ...
