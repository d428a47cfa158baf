"""What the scheduler hands on: a contact moment, a reminder, an alert to announce again. Same door, same rules."""

from __future__ import annotations

from datetime import timedelta

from bot.caseload import alerts, contact, terms
from bot.storage import alerts as alert_rows
from bot.storage import inbox, moments, people, runs, timers
from bot.storage.moments import Moment
from bot.storage.people import Person
from bot.storage.timers import Timer
from bot.turns import alerting, days, door, outage, reminding, renewing, veil, walk
from bot.turns.care import tasks
from bot.turns.danger import asking
from bot.turns.handover import unread
from bot.turns.sickness import lasting
from bot.turns.turn import Turn
from flows.engine.inputs import AskedAgain, TimePassed

HELD_FOR = timedelta(hours=1)
"""A contact that would cut into a talk is tried again after this long."""
AWAKE_FOR = timedelta(hours=1)
"""Somebody whom we asked something this short ago wrote to us themselves."""
ANEW = "planned anew"
CARE_GOES_ON = "the aftercare goes on"
"""Why a goodbye is not said: this person takes part again."""


async def moment(turn: Turn, due: Moment) -> None:
    """A contact moment is due: begin its flow, hold it while the person is in a talk, or give it to the coach."""
    services = turn.services
    who = await people.by_id(turn.tx, services.keyring, due.person_id)
    if who is not None and who.chat_id is None and due.done_by == "bot":
        await moments.hold(turn.tx, due.id, due.fence, turn.now + HELD_FOR, "has not joined yet")
        return
    reason = _why_not(who, due)
    if who is None or reason:
        await moments.finish(turn.tx, due.id, due.fence, "missed", reason, turn.now)
        await contact.replan(turn.tx, services, due.person_id, turn.now, reason)
        return
    if due.done_by == "coach":
        await tasks.due(turn, due, who, await people.coach_of(turn.tx, services.keyring, who.id))
        await contact.replan(turn.tx, services, who.id, turn.now, ANEW)
        return
    flow = services.book.latest(due.flow) if due.flow in services.book else None
    if flow is None or flow.audience != who.role:  # an admin took the script away: the rhythm must not stand still
        gone = "no such script" if flow is None else "not for this person"
        await moments.finish(turn.tx, due.id, due.fence, "missed", gone, turn.now)
        await contact.replan(turn.tx, services, who.id, turn.now, ANEW)
        return
    if await _busy(turn, who) and not _only_says_what_was_asked(turn, due):
        await moments.hold(turn.tx, due.id, due.fence, turn.now + HELD_FOR, moments.IN_A_TALK)
        return
    await moments.finish(turn.tx, due.id, due.fence, "fired", "", turn.now)
    await contact.replan(turn.tx, services, who.id, turn.now, ANEW)
    await walk.begin(turn, who, due.flow, moment_id=due.id)


def _why_not(who: Person | None, due: Moment) -> str:
    if who is None:
        return "nobody there"
    if due.kind == contact.GOODBYE and who.state in terms.IN_CARE:
        return CARE_GOES_ON
    states = terms.IN_CARE if due.done_by == "coach" else ("joined", "active")
    if who.state not in states and not (who.state == "closed" and due.kind == contact.GOODBYE):
        return f"takes no contact: {who.state}"
    return "" if who.reachable or due.done_by == "coach" else "not reachable"


def _only_says_what_was_asked(turn: Turn, due: Moment) -> bool:
    """A reminder for this very time, that asks nothing: it may stand beside an open question."""
    return due.any_hour and all(step.ask is None for step in turn.services.book.latest(due.flow).steps.values())


async def _busy(turn: Turn, who: Person) -> bool:
    alert = await alert_rows.open_one(turn.tx, who.id)
    if alerts.silent(alert):
        return True
    return await runs.open_one(turn.tx, await turn.key(who.id), who.id) is not None


async def missed(turn: Turn, late: Moment) -> None:
    """A contact came too late. What is done in its place the handbook says, by its kind."""
    services = turn.services
    await contact.replan(turn.tx, services, late.person_id, turn.now, "another one came too late")
    kind = services.handbook.rhythms.kinds.get(late.kind)
    who = await people.by_id(turn.tx, services.keyring, late.person_id)
    if kind is None or who is None or who.state not in terms.IN_CARE:
        return
    if late.reason == moments.IN_A_TALK and alerts.silent(await alert_rows.open_one(turn.tx, who.id)):
        return  # the coach's own talk took its place
    if kind.late == "tell_coach":
        await _tell_of_miss(turn, who, kind.title, late)
    elif kind.late != "skip":
        await contact.once_more(turn.tx, services, late, turn.now, at_once=kind.late == "ask_now")
        await contact.replan(turn.tx, services, who.id, turn.now, "one that came too late is asked again")


async def _tell_of_miss(turn: Turn, who: Person, title: str, late: Moment) -> None:
    coach = await people.coach_of(turn.tx, turn.services.keyring, who.id)
    if coach is None:
        return
    text = turn.say(
        coach,
        "Dit contact met {name} kon niet op tijd: {title}. Het stond op {day}.",
        name=who.name,
        title=turn.services.texts.script(coach.language)(title),
        day=days.day(turn.services.calendar, late.due_at, coach.language),
    )
    await veil.news(turn, coach, who, text)


async def timer(turn: Turn, due: Timer) -> None:
    """A timer is due. One whose run or alert has moved on does nothing, and says so."""
    if due.kind in (*timers.IN_CONTACT_HOURS, "expiry") and await _in_danger(turn, due.person_id):
        await timers.hold(turn.tx, due.id, due.turn, turn.now + HELD_FOR)
        return
    if due.kind in timers.OF_A_DOUBT:
        await timers.finish(turn.tx, due.id, due.turn, "fired")
        await asking.unanswered(turn, due)
        return
    if due.kind in timers.OF_A_HANDOVER:
        await timers.finish(turn.tx, due.id, due.turn, "fired")
        await unread.due(turn, due)
        return
    if due.kind in timers.OF_A_VERSION:
        await _new_version(turn, due)
        return
    if due.kind in timers.OF_A_RUN and await _forgotten(turn, due):
        return
    if due.kind in timers.OF_A_RUN and await _resting(turn, due):
        await timers.hold(turn.tx, due.id, due.turn, turn.now + HELD_FOR)
        return
    if due.kind == "expiry" and await _brings_back(turn, due):
        await timers.hold(turn.tx, due.id, due.turn, turn.services.calendar.next_contact_time(turn.now))
        return
    if due.kind in timers.OF_A_RUN and await _spoke(turn, due):
        await timers.hold(turn.tx, due.id, due.turn, turn.now + outage.ANSWERS_FIRST)
        return
    await timers.finish(turn.tx, due.id, due.turn, "fired")
    if due.kind in timers.OF_A_TASK:
        await tasks.remind(turn, due)
    elif due.kind in timers.OF_A_SPELL:
        await lasting.due(turn, due)
    else:
        await (_announce(turn, due) if due.kind == "announce" else _wake_run(turn, due))


async def _in_danger(turn: Turn, person_id: int) -> bool:
    return alerts.in_danger(await alert_rows.open_one(turn.tx, person_id))


async def _new_version(turn: Turn, due: Timer) -> None:
    """Take a run to what was published, as soon as this process has that and the person is not doing something else."""
    run = await runs.by_id(turn.tx, await turn.key(due.person_id), due.about)
    if run is not None and run.status in ("resting", "parked"):
        await timers.hold(turn.tx, due.id, due.turn, turn.now + HELD_FOR)
    elif await walk.behind(turn) or await _spoke(turn, due):
        await timers.hold(turn.tx, due.id, due.turn, turn.now + outage.ANSWERS_FIRST)
    else:
        await timers.finish(turn.tx, due.id, due.turn, "fired")
        await renewing.renew(turn, due.person_id, run, again=due.kind == "restart")


async def _resting(turn: Turn, due: Timer) -> bool:
    """A coach is talking with this person, or another talk came first: the run's timers wait like the run."""
    run = await runs.by_id(turn.tx, await turn.key(due.person_id), due.about)
    return run is not None and run.status in ("resting", "parked") and run.turn == due.turn


async def _forgotten(turn: Turn, due: Timer) -> bool:
    """The run waits for another talk, and there is none any more (it ended in words that came first): it comes back."""
    run = await runs.by_id(turn.tx, await turn.key(due.person_id), due.about)
    who = await people.by_id(turn.tx, turn.services.keyring, due.person_id)
    if run is None or who is None or run.status != "parked" or await _busy(turn, who):
        return False
    if turn.services.calendar.next_contact_time(turn.now) != turn.now:
        return False
    await walk.come_back(turn, who)
    return True


async def _brings_back(turn: Turn, due: Timer) -> bool:
    """The end of this run brings back a talk that waited for it, and it is no hour to speak first."""
    run = await runs.by_id(turn.tx, await turn.key(due.person_id), due.about)
    if run is None or run.asked_at is None or turn.now - run.asked_at <= AWAKE_FOR:
        return False
    if turn.services.calendar.next_contact_time(turn.now) == turn.now:
        return False
    return bool(await runs.parked(turn.tx, await turn.key(due.person_id), due.person_id))


async def _spoke(turn: Turn, due: Timer) -> bool:
    """Something of this person is not dealt with yet; it may be the answer."""
    who = await people.by_id(turn.tx, turn.services.keyring, due.person_id)
    return who is not None and who.chat_id is not None and await inbox.waits(turn.tx, who.chat_id)


async def _announce(turn: Turn, due: Timer) -> None:
    alert = await alert_rows.by_id(turn.tx, due.about)
    if alert is None or alert.state == "closed" or alert.announced != due.turn:
        return
    coach = await people.by_id(turn.tx, turn.services.keyring, alert.coach_id)
    if coach is None:
        return
    if alerts.waits(alert):
        await reminding.of_alerts(turn, alert, coach)
    else:
        await alerting.ask_to_close(turn, alert, coach)


async def _wake_run(turn: Turn, due: Timer) -> None:
    key = await turn.key(due.person_id)
    run = await runs.by_id(turn.tx, key, due.about)
    who = await people.by_id(turn.tx, turn.services.keyring, due.person_id)
    if run is None or who is None or run.turn != due.turn or run.status == "ended":
        return
    if due.kind == "reask":
        await turn.tell(who, "Ik was even weg. Misschien heb ik je antwoord gemist. Daarom vraag ik het nog een keer.")
        await walk.go_on(turn, who, run, AskedAgain())
    elif due.kind == "reminder":
        await turn.tell(who, "Er staat nog een vraag open. Antwoorden kan nog, als je wilt.")
        await walk.go_on(turn, who, run, TimePassed("reminder", due.turn))
    else:
        await walk.go_on(turn, who, run, TimePassed("expiry", due.turn))


async def unreachable(turn: Turn, chat_id: int) -> None:
    """Telegram refused a whole chat: the person's coach must know."""
    who = await people.by_chat(turn.tx, turn.services.keyring, chat_id)
    if who is not None:
        await door.reachable(turn, who, False)
