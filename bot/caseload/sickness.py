"""Being ill and going back to work: the days that are known of it, and the contact that follows from them.

sick      → returning   says to be better, and on which day work begins again
sick      → over        is at work already, has none to go back to, or the job or the care ended
returning → over        that day came
any       → sick        not better after all, or ill again
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from typing import Any

from bot.caseload import handovers, terms
from bot.caseload.rhythms import Sick
from bot.caseload.terms import Basis, Line, Means
from bot.storage import moments, placements, sickness, tasks, timers
from bot.storage.connection import Connection
from bot.storage.moments import Moment, Planning
from bot.storage.people import Person
from bot.storage.placements import Placement
from bot.storage.sickness import Spell
from scheduler.cadence import TASK_KEEPS
from scheduler.calendar import ONE_DAY, Calendar
from scheduler.terms import Contact, Span, Terms

TOGETHER = timedelta(days=28)
"""Periods less than this apart count as one for the law (article 7:629 BW, paragraph 10)."""
RECENT = timedelta(weeks=6)
"""Ill again this soon: the coach must know."""
LATELY = timedelta(weeks=2)
"""So long after the day of the return another day for it can still be named."""
LONG = timedelta(weeks=1)
"""Ill for longer than this: the coach must know."""
EVE_AT = time(16, 30)
"""Late in the afternoon before the return: work is over, and somebody can still be asked something."""
SICK, LAW, RETURN = "s", "w", "r"
"""What the names of the plans begin with, before the number of the spell."""


def is_sick(spell: Spell | None) -> bool:
    return spell is not None and spell.better is None and spell.ended is None


def over_on(spell: Spell) -> date | None:
    """The first day that is no sick day any more, as far as it is known; None while it lasts."""
    return spell.ended or spell.back or spell.better


def newest(spells: Sequence[Spell]) -> Spell | None:
    return spells[-1] if spells else None


def is_recent(spells: Sequence[Spell], today: date) -> bool:
    """Whether somebody who falls ill now was so less than six weeks ago."""
    last = newest(spells)
    over = over_on(last) if last is not None and not is_sick(last) else None
    return over is not None and today - over < RECENT


def counted_from(spells: Sequence[Spell]) -> date:
    """The day that the law counts from: the first one, moved back by earlier periods that count along."""
    begin, first = spells[-1].first, spells[-1].first
    for earlier in reversed(spells[:-1]):
        over = over_on(earlier) or first
        if first - over >= TOGETHER:
            break
        begin -= max(over - earlier.first, timedelta())
        first = earlier.first
    return begin


def rests_until(who: Person, spells: Sequence[Spell], handbook: Sick | None) -> date | None:
    """The last day on which the usual questions rest, for a pause that was asked for or for being ill."""
    days = [who.paused_until] if who.paused_until else []
    for spell in spells if handbook else ():
        over = over_on(spell)
        # The first day back has enough to it; what we ask about it comes the day after.
        days.append(date.max if over is None else over if spell.back and not spell.ended else over - ONE_DAY)
    return max(days, default=None)


def kinds(handbook: Sick | None) -> frozenset[str]:
    """The kinds of contact that are about being ill."""
    if handbook is None:
        return frozenset()
    return frozenset((handbook.eve.kind, handbook.day.kind, *(one.kind for one in (*handbook.contacts, *handbook.law))))


def lines(
    means: Means, who: Person, spells: Sequence[Spell], rests_on: Sequence[Basis], now: datetime
) -> Iterator[Line]:
    """The terms that follow from being ill, or from going back."""
    spell, handbook = newest(spells), means.handbook.rhythms.sick
    if spell is None or handbook is None or spell.ended or who.state not in terms.IN_CARE:
        return
    asks = who.state == "active"

    def line(plan: str, contacts: tuple[Contact, ...], start: date) -> Line:
        return _line(means, who, spell, rests_on, plan, contacts, start)

    if is_sick(spell):
        own = tuple(one for one in handbook.contacts if asks or one.by == "coach")
        if own:
            yield line(f"{SICK}{spell.id}", own, spell.first)
        if spell.placement_id is not None:
            begin = counted_from(spells)
            law = tuple(_up_to_the_next(handbook.law, begin, means.calendar, now))
            if law:
                yield line(f"{LAW}{spell.id}", law, begin)
    elif spell.back is not None and asks:
        yield line(f"{RETURN}{spell.id}x{spell.returns}", *_return(means.calendar, handbook, spell))


def _line(
    means: Means,
    who: Person,
    spell: Spell,
    rests_on: Sequence[Basis],
    plan: str,
    contacts: tuple[Contact, ...],
    start: date,
) -> Line:
    since = (spell.better or spell.told) - ONE_DAY
    when: dict[str, Any] = (
        {"until": terms.last_day(means, rests_on[-1]), "at": rests_on[-1].agreed.at} if rests_on else {}
    )
    own = Terms(plan, contacts, start, since, window=terms.AGREED_WINDOW, paused_until=who.paused_until, **when)
    return Line(spell.placement_id, own)


def _up_to_the_next(law: Sequence[Contact], begin: date, calendar: Calendar, now: datetime) -> Iterator[Contact]:
    """What was and what is next: two years of duties would frighten somebody who has the flu."""
    days = [span.after(begin) for one in law for span in one.after]
    next_one = min((day for day in days if _is_ahead(day, calendar, now)), default=date.max)
    for one in law:
        after = tuple(span for span in one.after if span.after(begin) <= next_one)
        if next((day for day in one.grid(begin) if _is_ahead(day, calendar, now)), date.max) <= next_one:
            yield replace(one, after=after)
        elif after:
            yield replace(one, after=after, every=None, first=None, until=None)


def _is_ahead(day: date, calendar: Calendar, now: datetime) -> bool:
    """Whether what a coach does on this day is still to come."""
    return calendar.to_utc(calendar.next_working_day(day), calendar.office_from) > now


def _return(calendar: Calendar, handbook: Sick, spell: Spell) -> tuple[tuple[Contact, ...], date]:
    """The contacts around the first day back, and the day that they count from."""
    assert spell.back is not None
    eve = spell.back - ONE_DAY
    while not calendar.is_working_day(eve):
        eve -= ONE_DAY
    at = EVE_AT if calendar.contact_until > EVE_AT else calendar.contact_from
    before = replace(handbook.eve, after=(Span(),), at=at, on_the_day=True)
    return (before, replace(handbook.day, after=(Span(days=(spell.back + ONE_DAY - eve).days),))), eve


# ---- the books


async def of(conn: Connection, means: Means, who_id: int) -> tuple[Spell, ...]:
    """This person's spells, oldest first."""
    return await sickness.of_person(conn, await means.keyring.of(conn, who_id))


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of being ill; None: nothing about that."""

    since: date | None = None
    reported: bool | None = None
    expected: int | None = None
    still: bool = False
    """Not better after all."""


async def report(
    tx: Connection, means: Means, who: Person, said: Said, now: datetime
) -> tuple[Spell | None, Spell | None]:
    """Somebody is ill, or says more about it: the newest spell as it was, and as it is. The caller plans anew.

    A first day begins one, or corrects it; `still` takes back that it is over. Anything else is only kept of
    somebody who is ill.
    """
    key, today = await means.keyring.of(tx, who.id), means.calendar.local(now).date()
    last = newest(await sickness.of_person(tx, key))
    given = {"reported": said.reported, "expected": said.expected, "first": said.since}
    values: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if said.since is None and not said.still and not is_sick(last):
        return last, last
    if last is None or not _goes_on(last, said.since):
        place = await _work(tx, means, who)
        new = Spell(0, today, today, placement_id=place.id if place else None)
        after = replace(new, **values, id=await sickness.begin(tx, key, replace(new, **values)))
    else:
        if not is_sick(last):
            values = {"reported": None, **values, "first": min(last.first, said.since or last.first)}
            values |= {"better": None, "back": None, "told": today}
        after = replace(last, **values)
        await sickness.keep(tx, key, after)
    if last is not None and not is_sick(last):
        await _duties_again(tx, means, who, last, after, now)
    await _watch(tx, means, who, after, now)
    return last, after


def _goes_on(last: Spell, since: date | None) -> bool:
    """Whether what is said now is about the last spell and not about a new one."""
    if last.ended is not None:
        return False
    over = over_on(last)
    return over is None or since is None or since < over


async def better(
    tx: Connection, means: Means, who: Person, back: date | None, now: datetime, *, reported: bool | None = None
) -> Spell | None:
    """Better, and at work again on `back`, which may have been; None: there is no such day. The caller plans anew.

    Returns the spell as it is now. Somebody of whom we did not know it is helped to go back as well; None when there
    is nothing left to help with.
    """
    key, today = await means.keyring.of(tx, who.id), means.calendar.local(now).date()
    last = newest(await sickness.of_person(tx, key))
    if last is None or last.ended is not None or _is_past(last, today):
        if back is None or back < today:
            return None
        place = await _work(tx, means, who)
        last = Spell(0, today, today, placement_id=place.id if place else None)
        last = replace(last, id=await sickness.begin(tx, key, last))
    back = last.back if back is None else max(back, last.first)
    moved = back != last.back
    after = replace(last, better=last.better or today, back=back, returns=last.returns + moved)
    if reported is not None:
        after = replace(after, reported=reported)
    await sickness.keep(tx, key, after)
    await drop_duties(tx, means, who.id, now)
    return after


def _is_past(last: Spell, today: date) -> bool:
    """Whether the return is so long ago that another day cannot be meant."""
    over = None if is_sick(last) else over_on(last)
    return over is not None and today - over > LATELY


async def end(tx: Connection, means: Means, who_id: int, now: datetime, placement_id: int | None = None) -> None:
    """It matters no more: the care ended, or the job; then only if it was this one. The caller plans anew."""
    key, today = await means.keyring.of(tx, who_id), means.calendar.local(now).date()
    last = newest(await sickness.of_person(tx, key))
    if last is None or last.ended is not None or placement_id not in (None, last.placement_id):
        return
    over = over_on(last)
    if over is None or over > today:
        await sickness.keep(tx, key, replace(last, ended=today))
    await drop_duties(tx, means, who_id, now)


async def drop_duties(tx: Connection, means: Means, who_id: int, now: datetime) -> None:
    """The coach need not look after the law any more."""
    handbook = means.handbook.rhythms.sick
    duties = {one.kind for one in handbook.law} if handbook else set()
    for one in await tasks.of_participant(tx, who_id):
        if one.state == "open" and one.kind in duties:
            await tasks.change(tx, one.id, state="dropped", done_at=now)
            await timers.stale_for(tx, timers.OF_A_TASK, one.id)


async def _duties_again(tx: Connection, means: Means, who: Person, last: Spell, spell: Spell, now: datetime) -> None:
    """Ill again, and for the law it goes on: what the coach was to do by now, and had not, stands again.

    That is what we dropped, and what fell due while it seemed over. What the coach did or refused does not come back.
    """
    handbook, over = means.handbook.rhythms.sick, over_on(last)
    if handbook is None or spell.placement_id is None or spell.placement_id != last.placement_id or over is None:
        return
    if spell.id != last.id and spell.first - over >= TOGETHER:
        return
    calendar, of_last, plan = means.calendar, f"@{LAW}{last.id}", f"{LAW}{spell.id}"
    theirs = await moments.for_person(tx, who.id)
    newest_of = {row.kind: row for row in theirs if row.slot.endswith(of_last) and _fell_due(row, last, calendar, now)}
    dropped = {one.moment_id for one in await tasks.of_participant(tx, who.id) if one.state == "dropped"}
    begin = counted_from(await sickness.of_person(tx, await means.keyring.of(tx, who.id)))
    for one in handbook.law:
        row = newest_of.get(one.kind)
        if row is None or (row.outcome == "fired" and (row.id not in dropped or row.answered is not None)):
            continue
        singles = [span.after(begin) for span in one.after]
        grid = takewhile(lambda day: not _is_ahead(day, calendar, now), one.grid(begin))
        day = max((day for day in (*singles, *grid) if not _is_ahead(day, calendar, now)), default=None)
        if day is None:
            continue
        # The slot that planning would give it; if this spell had that one already, one that nothing ever had.
        own, other = f"{day}/{one.kind}@{plan}", f"{calendar.local(now).date()}.{len(theirs)}/{one.kind}@{plan}"
        again = Planning(who.id, one.flow, one.kind, own, now, now + TASK_KEEPS, done_by="coach")
        again = replace(again, placement_id=spell.placement_id)
        if await moments.plan(tx, again, now) is None:
            await moments.plan(tx, replace(again, slot=other), now)


def _fell_due(row: Moment, last: Spell, calendar: Calendar, now: datetime) -> bool:
    """Whether a duty was given to the coach, or would have been by now if that spell had not seemed over."""
    if row.outcome != "cancelled" or row.done_at is None:
        return row.outcome == "fired"
    since = last.ended or last.better
    return row.due_at <= now and since is not None and calendar.local(row.done_at).date() >= since


async def _watch(tx: Connection, means: Means, who: Person, spell: Spell, now: datetime) -> None:
    """Look again when it has lasted."""
    await timers.stale_for(tx, timers.OF_A_SPELL, spell.id)
    if spell.told_long or not is_sick(spell):
        return
    calendar = means.calendar
    day = calendar.next_working_day(spell.first + LONG + ONE_DAY)
    due_at = max(calendar.to_utc(day, calendar.office_from), calendar.next_office_time(now))
    await timers.want(tx, who.id, "sick_week", spell.id, 0, due_at)


# ---- what was agreed


@dataclass(frozen=True, slots=True)
class Absence:
    """What the handover in force says about reporting sick, as far as the participant may see it."""

    call: str = ""
    before: time | None = None
    number: str = ""
    reachable: str = ""


async def agreed(conn: Connection, means: Means, who: Person) -> Absence | None:
    """Of the newest job; None when nothing was agreed there."""
    place = await _work(conn, means, who)
    case = await handovers.case(conn, means.keyring, place.id) if place else None
    if case is None or case.in_force is None:
        return None
    own = {item.key for item in means.handbook.checklist.items if item.kind == "absence"}
    found = next((one.details for one in case.in_force.participant_sees() if one.item in own), None)
    if found is None or not found.get("call"):
        return None
    before = time.fromisoformat(found["before"]) if found.get("before") else None
    return Absence(found["call"], before, found.get("number", ""), found.get("reachable", ""))


async def _work(conn: Connection, means: Means, who: Person) -> Placement | None:
    """The newest job that goes on."""
    theirs = await placements.of_participant(conn, await means.keyring.of(conn, who.id))
    return next((one for one in reversed(theirs) if one.state == "open" and one.track == "work"), None)


# ---- when to call

AHEAD = timedelta(minutes=30)
"""So long before the agreed time the reminder to call comes."""
AFTERWARDS = timedelta(hours=1)
"""So long after the agreed time we ask whether it worked …"""
LATER = timedelta(hours=2)
"""… or so long from now, when no time was agreed or it is over."""
EVENING = time(16)
"""From now on «today» is over at most work places: a call is for tomorrow."""
AWAKE = (time(6), time(22))
"""Nobody is asked whether it worked outside these hours."""


def call_by(absence: Absence | None, calendar: Calendar, now: datetime) -> datetime | None:
    """Until when somebody who is ill now is to call; None when no time was agreed, or it is over for today."""
    if absence is None or absence.before is None:
        return None
    local = calendar.local(now)
    if now < (today := calendar.to_utc(local.date(), absence.before)):
        return today
    return calendar.to_utc(local.date() + ONE_DAY, absence.before) if local.time() >= EVENING else None


def remind_at(absence: Absence | None, calendar: Calendar, now: datetime) -> datetime | None:
    """When to remind of the call; None when there is no time left, or none is known."""
    by = call_by(absence, calendar, now)
    return by - AHEAD if by is not None and by - AHEAD > now else None


def asked_at(absence: Absence | None, calendar: Calendar, now: datetime) -> datetime:
    """When to ask whether the call worked."""
    by = call_by(absence, calendar, now)
    at = by + AFTERWARDS if by is not None else now + LATER
    local = calendar.local(at)
    if AWAKE[0] <= local.time() < AWAKE[1]:
        return at
    day = local.date() if local.time() < AWAKE[0] else local.date() + ONE_DAY
    return calendar.to_utc(day, calendar.contact_from)
