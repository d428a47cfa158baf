"""What a coach is to do on a day that was agreed: told, put off, done. It is said again until the coach says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.caseload import access, care, terms
from bot.caseload.access import Action, Subject
from bot.storage import moments, people, placements, tasks, timers
from bot.storage.buttons import ButtonRow
from bot.storage.moments import Moment
from bot.storage.outbox import About
from bot.storage.people import Person
from bot.storage.placements import Placement
from bot.storage.tasks import Task
from bot.storage.timers import Timer
from bot.turns import days, reminding, veil
from bot.turns.care import preparing
from bot.turns.inbound import Inbound
from bot.turns.outgoing import Button, Outgoing
from bot.turns.turn import Turn, Wanted
from scheduler.terms import Span

CLOSING = "closing"
"""The kind of the closing talk: done, it asks whether the aftercare ends."""
REMIND_AFTER = 2
"""Working days after which a task is told once more …"""
REMIND_EVERY = timedelta(weeks=1)
"""… and from then on."""
PUT_OFF_CLOSING = Span(months=1)
COMMAND = "/taken"
ACTIONS = ("task", "task_done", "task_tomorrow", "task_next_week", "task_off", "close_care", "care_goes_on")
"""The actions of a task's buttons."""


async def due(turn: Turn, moment: Moment, who: Person, coach: Person | None) -> None:
    """A contact that the coach does is due: from now on it is the coach's task."""
    if coach is None:
        await moments.finish(turn.tx, moment.id, moment.fence, "missed", "no coach", turn.now)
        for admin in await people.admins(turn.tx, turn.services.keyring):
            await turn.tell(admin, "Een contact met een deelnemer ging niet door. Er is geen coach gekoppeld.")
        return
    await moments.finish(turn.tx, moment.id, moment.fence, "fired", None, turn.now)
    await give(turn, coach, who, moment.kind, placement_id=moment.placement_id, moment_id=moment.id)


async def give(
    turn: Turn, coach: Person, who: Person, kind: str, *, placement_id: int | None = None, moment_id: int | None = None
) -> None:
    """Give the coach a task for now, and tell. There is one closing talk at a time."""
    if kind == CLOSING and await _open_closing(turn, who):
        return
    made = await tasks.make(
        turn.tx, who.id, coach.id, kind, turn.now, turn.now, placement_id=placement_id, moment_id=moment_id
    )
    task = await tasks.by_id(turn.tx, made)
    assert task is not None
    await _tell(turn, coach, who, task)
    await _again_at(turn, task, _working_morning(turn, REMIND_AFTER))


async def close_or_wait(turn: Turn, coach: Person, who: Person) -> None:
    """The rhythm is over: the coach plans the closing talk, not sooner than a month after what was said of the last."""
    held = [one.done_at for one in await tasks.of_participant(turn.tx, who.id) if one.kind == CLOSING and one.done_at]
    last = max(held, default=None)
    if last is None or (who.care_from and last < who.care_from) or turn.now >= _in_a_month(turn, last):
        await give(turn, coach, who, CLOSING)


async def _open_closing(turn: Turn, who: Person) -> Task | None:
    theirs = await tasks.of_participant(turn.tx, who.id)
    return next((one for one in theirs if one.kind == CLOSING and one.state == "open"), None)


def _in_a_month(turn: Turn, since: datetime) -> datetime:
    return _office(turn, PUT_OFF_CLOSING.after(turn.services.calendar.local(since).date()))


async def remind(turn: Turn, due: Timer) -> None:
    """The task's wake-up: told again, unless it is done or was put off meanwhile.

    Whatever else the coach is late with is told in the same line, and comes back on the same day.
    """
    task = await tasks.by_id(turn.tx, due.about)
    if task is None or task.state != "open" or task.reminded != due.turn:
        return
    who = await people.by_id(turn.tx, turn.services.keyring, task.participant_id)
    coach = await people.by_id(turn.tx, turn.services.keyring, task.coach_id)
    if who is None or coach is None:
        return
    later = _office(turn, turn.services.calendar.local(turn.now + REMIND_EVERY).date())
    late = [one for one in await tasks.open_of_coach(turn.tx, coach.id) if one.due_at <= turn.now]
    for one in late:
        again = replace(one, reminded=one.reminded + 1)
        await tasks.change(turn.tx, one.id, reminded=again.reminded)
        await _again_at(turn, again, later)
    if len(late) > 1:
        await _tell_of_all(turn, coach, len(late))
    else:
        await _tell(turn, coach, who, replace(task, reminded=task.reminded + 1))


async def _tell_of_all(turn: Turn, coach: Person, count: int) -> None:
    text = turn.count(coach, "Er staat nog een taak voor je open.", "Er staan nog {n} taken voor je open.", count)
    rows = await turn.buttons(coach, [[reminding.opens(turn, coach, COMMAND)]])
    await turn.send(coach, Outgoing("send", text, rows, silent=not _office_hours(turn)))


async def _again_at(turn: Turn, task: Task, at: datetime) -> None:
    await timers.stale_for(turn.tx, timers.OF_A_TASK, task.id)
    await timers.want(turn.tx, task.participant_id, "task", task.id, task.reminded, at)


def _working_morning(turn: Turn, ahead: int) -> datetime:
    """When the office opens, so many working days from today."""
    calendar = turn.services.calendar
    return _office(turn, calendar.working_days_after(calendar.local(turn.now).date(), ahead))


def _office(turn: Turn, day: date) -> datetime:
    calendar = turn.services.calendar
    return calendar.to_utc(calendar.next_working_day(day), calendar.office_from)


async def _tell(turn: Turn, coach: Person, who: Person, task: Task) -> None:
    text = await _described(turn, coach, who, task)
    if task.reminded:
        text = turn.say(coach, "Dit staat nog open.") + "\n" + text
    message = Outgoing("send", text, await _choices(turn, coach, task), silent=not _office_hours(turn))
    neutral = turn.say(coach, "Er staat iets voor je klaar.")
    await veil.send(turn, coach, message, neutral, About("task", task.id))


def _office_hours(turn: Turn) -> bool:
    return turn.services.calendar.next_office_time(turn.now) == turn.now


async def _described(turn: Turn, coach: Person, who: Person, task: Task) -> str:
    kind = turn.services.handbook.rhythms.kinds.get(task.kind)  # an admin may have taken the kind away
    written = turn.services.texts.script(coach.language)
    title, what = (written(kind.title), written(kind.what)) if kind else (task.kind, "")
    lines = [turn.say(coach, "Te doen voor {name}: {title}.", name=who.name, title=title), what]
    place = await placements.by_id(turn.tx, turn.services.keyring, task.placement_id) if task.placement_id else None
    lines += _about_work(turn, coach, place) if place else []
    lines += await preparing.read(turn, coach, who, task)
    return "\n".join(line for line in lines if line)


def _about_work(turn: Turn, coach: Person, place: Placement) -> list[str]:
    lines = [turn.say(coach, "Werkt bij: {company}.", company=place.company)] if place.company else []
    if place.contract_end is not None:
        last = days.with_year(place.contract_end, coach.language)
        lines.append(turn.say(coach, "Het contract loopt tot {day}.", day=last))
    return lines


async def _choices(turn: Turn, coach: Person, task: Task) -> tuple[tuple[Button, ...], ...]:
    tomorrow = Wanted(turn.say(coach, "Later: morgen"), "task_tomorrow", task.id)
    next_week = Wanted(turn.say(coach, "Later: volgende week"), "task_next_week", task.id)
    done = Wanted(turn.say(coach, "Gedaan"), "task_done", task.id)
    off = Wanted(turn.say(coach, "Gaat niet door"), "task_off", task.id)
    return await turn.buttons(coach, [[done], [tomorrow, next_week], [off]])


async def settle(turn: Turn, who: Person, kind: str) -> None:
    """What the coach was to do for this participant was done elsewhere."""
    for task in await tasks.of_participant(turn.tx, who.id):
        if task.state == "open" and task.kind == kind:
            await _close(turn, task, done=True)


async def overview(turn: Turn, coach: Person) -> str:
    """What this coach still has to do, longest due first, each behind a tap."""
    access.require(coach, Action.SEE_CASELOAD, Subject(0, coach.id))
    rhythms, written = turn.services.handbook.rhythms, turn.services.texts.script(coach.language)
    names = {one.id: one.name for one in await people.participants_of(turn.tx, turn.services.keyring, coach.id)}
    wanted, lines = [], []
    for task in await tasks.open_of_coach(turn.tx, coach.id):
        if task.participant_id in names:
            kind = rhythms.kinds.get(task.kind)
            title = written(kind.title) if kind else task.kind
            name, day = names[task.participant_id], days.day(turn.services.calendar, task.due_at, coach.language)
            wanted.append([Wanted(turn.labelled(coach, name, title), "task", task.id)])
            lines.append(turn.say(coach, "{day}: {title}, voor {name}", day=day, title=title, name=name))
    text = turn.say(coach, "Dit staat open:") if wanted else turn.say(coach, "Er staat niets open.")
    text = "\n".join([text, *(f"• {line}" for line in lines)])
    await turn.send(coach, Outgoing("send", text, await turn.buttons(coach, wanted)))
    return "tasks"


async def tapped(turn: Turn, coach: Person, button: ButtonRow, inbound: Inbound) -> str:
    """Deal with a tap on one of a task's buttons, in the message that it stands under."""
    task = await tasks.by_id(turn.tx, button.about or 0)
    if task is None:
        raise access.Denied(button.action)
    own = await people.coach_of(turn.tx, turn.services.keyring, task.participant_id)
    access.require(coach, Action.DO_TASK, Subject(task.participant_id, own.id if own else None))
    who = await people.by_id(turn.tx, turn.services.keyring, task.participant_id)
    assert who is not None
    if button.action == "task":
        rows = await _choices(turn, coach, task) if task.state == "open" else ()
        await turn.send(coach, Outgoing("send", await _described(turn, coach, who, task), rows), "task", task.id)
        await preparing.in_full(turn, coach, who, task)
        return "task"
    if button.action in ("close_care", "care_goes_on"):
        return await _closing(turn, coach, who, task, button.action, inbound)
    if task.state != "open":
        await turn.tell(coach, "Dat was al afgerond.")
        return "old button"
    if button.action in ("task_tomorrow", "task_next_week"):
        await _put_off(turn, coach, who, task, _later(turn, button.action), inbound)
    elif button.action == "task_off" and task.kind == CLOSING and await moments.next_for(turn.tx, who.id) is None:
        await _put_off(turn, coach, who, task, _in_a_month(turn, turn.now), inbound)  # else nobody would do anything
    else:
        await _finish(turn, coach, who, task, button.action, inbound)
    return button.action


def _later(turn: Turn, action: str) -> datetime:
    if action == "task_tomorrow":
        return _working_morning(turn, 1)
    return _office(turn, turn.services.calendar.local(turn.now + REMIND_EVERY).date())


async def _put_off(turn: Turn, coach: Person, who: Person, task: Task, at: datetime, inbound: Inbound) -> None:
    task = replace(task, reminded=task.reminded + 1)
    await tasks.change(turn.tx, task.id, due_at=at, reminded=task.reminded)
    await _again_at(turn, task, at)
    day = days.day(turn.services.calendar, at, coach.language)
    text = turn.say(coach, "Goed. Ik vraag het weer op {day}. Het gaat om {name}.", day=day, name=who.name)
    await turn.send(coach, Outgoing("edit", text, message=inbound.message), "task", task.id)


async def _close(turn: Turn, task: Task, *, done: bool) -> None:
    await tasks.change(turn.tx, task.id, state="done" if done else "dropped", done_at=turn.now)
    await timers.stale_for(turn.tx, timers.OF_A_TASK, task.id)
    if task.moment_id is not None:
        await moments.answered(turn.tx, task.moment_id, done)


async def _finish(turn: Turn, coach: Person, who: Person, task: Task, action: str, inbound: Inbound) -> None:
    done = action == "task_done"
    await _close(turn, task, done=done)
    if done and task.kind == CLOSING:
        text = turn.say(coach, "Mooi. Wil je de nazorg van {name} nu afsluiten?", name=who.name)
        close_it = Wanted(turn.say(coach, "Ja, sluit af"), "close_care", task.id)
        not_yet = Wanted(turn.say(coach, "Nog niet: over een maand"), "care_goes_on", task.id)
        rows = await turn.buttons(coach, [[close_it], [not_yet]])
        await turn.send(coach, Outgoing("edit", text, rows, message=inbound.message), "task", task.id)
        return
    kept = turn.say(coach, "Gedaan. Het is genoteerd bij {name}.", name=who.name)
    dropped = turn.say(coach, "Goed, dit gaat niet door. Het is genoteerd bij {name}.", name=who.name)
    await turn.send(coach, Outgoing("edit", kept if done else dropped, message=inbound.message), "task", task.id)


async def _closing(turn: Turn, coach: Person, who: Person, task: Task, action: str, inbound: Inbound) -> str:
    if task.state == "dropped" or who.state not in terms.IN_CARE:
        await turn.tell(coach, "Dat was al afgerond.")
        return "old button"
    if action == "care_goes_on":
        task = await _open_closing(turn, who) or task
        await tasks.change(turn.tx, task.id, state="open", done_at=None)
        await _put_off(turn, coach, who, task, _in_a_month(turn, turn.now), inbound)
        return action
    who = await care.close(turn.tx, turn.services, who, turn.now)
    assert who.open_until is not None
    last = days.with_year(who.open_until, coach.language)
    text = turn.say(
        coach,
        "De nazorg van {name} is afgesloten. {name} krijgt een afscheid van de assistent.\n"
        "Achter de hand blijf je tot {day}. Wat {name} schrijft, krijg jij.",
        name=who.name,
        day=last,
    )
    await turn.send(coach, Outgoing("edit", text, message=inbound.message), "task", task.id)
    return action
