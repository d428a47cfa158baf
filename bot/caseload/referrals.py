"""Referrals: a coach advises other help, and some weeks later the participant is asked whether that worked.

noted   → noted     not yet, or not now: asked once more
noted   → settled   it worked, is not wanted any more, is for the coach, or was asked about twice
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.caseload import terms
from bot.caseload.terms import Basis, Line, Means
from bot.storage import referrals
from bot.storage.connection import Connection
from bot.storage.keys import PersonKey
from bot.storage.moments import Moment
from bot.storage.people import Person
from bot.storage.referrals import Referral
from scheduler.terms import Contact, Span, Terms

KIND = "referral_after"
"""The kind of contact in the handbook that asks about a referral."""
PLAN = "v"
"""What the name of the plan begins with, before the number of the referral."""
ASKED_AT_MOST = 2


async def of(conn: Connection, means: Means, who_id: int) -> tuple[Referral, ...]:
    """This participant's referrals, oldest first."""
    return await referrals.of_person(conn, await means.keyring.of(conn, who_id))


def lines(means: Means, who: Person, noted: Sequence[Referral], rests_on: Sequence[Basis]) -> Iterator[Line]:
    """The terms that follow from the referrals: each is asked about on its days, by the assistant."""
    kind = means.handbook.rhythms.kinds.get(KIND)
    if kind is None or kind.flow is None or who.state != "active":
        return
    at, window = (rests_on[-1].agreed.at, terms.AGREED_WINDOW) if rests_on else (terms.AT, terms.WINDOW)
    for one in noted:
        if settled(one):
            continue
        days = tuple(Span(days=(day - one.noted).days) for day in one.asks)
        asks = Contact(KIND, flow=kind.flow, after=days, late=kind.late)
        plan, pause = f"{PLAN}{one.id}", who.paused_until
        yield Line(None, Terms(plan, (asks,), one.noted, one.noted, at=at, window=window, paused_until=pause))


def settled(one: Referral) -> bool:
    """Whether there is nothing left to ask."""
    return one.outcome is not None


def about(moment: Moment | None, noted: Sequence[Referral]) -> Referral | None:
    """The referral that this moment asks about."""
    plan = moment.slot.rpartition("@")[2] if moment is not None and moment.kind == KIND else ""
    return next((one for one in noted if plan == f"{PLAN}{one.id}"), None)


def is_last_time(one: Referral) -> bool:
    """Whether it is not asked about any more after this."""
    return len(one.asks) >= ASKED_AT_MOST


async def note(tx: Connection, means: Means, who_id: int, to: str, ask_on: date, now: datetime) -> None:
    """The coach notes a referral. The caller plans anew."""
    today = means.calendar.local(now).date()
    await referrals.note(tx, await means.keyring.of(tx, who_id), Referral(0, to, today, (ask_on,)))


async def answered(
    tx: Connection, key: PersonKey, one: Referral, outcome: str, again: date | None, today: date
) -> Referral:
    """What the participant said about it. With `again` it stays open until that day, once. The caller plans anew."""
    after = replace(one, said=today)
    if again is not None and not is_last_time(one):
        after = replace(after, asks=(*one.asks, again))
    else:
        after = replace(after, outcome=outcome)
    await referrals.keep(tx, key, after)
    return after
