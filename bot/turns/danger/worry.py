"""Words that a coach must read the same day, though nobody seems in danger now: they keep their normal way."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.caseload import alerts
from bot.storage import alerts as alert_rows
from bot.storage import people, runs
from bot.storage.alerts import Item
from bot.storage.attempt import Failed, attempt
from bot.storage.people import Person
from bot.turns import alerting
from bot.turns.inbound import Inbound
from bot.turns.turn import Turn
from flows.engine.run import Run

log = logging.getLogger(__name__)

TOPIC = "worry"


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that was open when words came; not `kept`: what answers it is only to practise with."""

    question: str
    kept: bool


async def open_question(turn: Turn, who: Person) -> Asked | None:
    """Before the words go their normal way. None also where the talk cannot be read: then they are brought without."""
    try:
        async with attempt(turn.tx):
            row = await runs.open_one(turn.tx, await turn.key(who.id), who.id)
            if row is None or row.status != "waiting":
                return None
            run = Run.from_json(row.state)
            frame = run.frames[-1]
            ask = turn.services.book.get(frame.flow, frame.version).steps[frame.step].ask
            return Asked(run.question, kept=ask is None or ask.keeps())
    except Failed as failed:
        log.error("input %s worries us, and its question cannot be read: %s", turn.inbox_id, failed)
        return None


async def bring(turn: Turn, who: Person, inbound: Inbound, asked: Asked | None, *, certain: bool) -> None:
    """A flow took the words: the coach reads them today all the same, and the writer hears that.

    On the back-up line they are with the coach already, and as soon. What is only a guess is brought without a sound,
    and without a word to the writer: it is mostly an ordinary answer. A guess at what somebody practised is none.
    """
    if turn.passed_on or (asked is not None and not asked.kept and not certain):
        return
    coach = await people.coach_of(turn.tx, turn.services.keyring, who.id)
    alert = await alert_rows.open_one(turn.tx, who.id)
    if coach is not None:
        body = f"Bij «{asked.question}»: «{inbound.text}»" if asked else f"Schreef: «{inbound.text}»"
        item = Item("flag", "today", TOPIC, body, None, turn.now)
        await alerting.add(turn, who, coach, item, quietly=not certain)
    if certain and not alerts.talking(alert):
        await alerting.receive(turn, who, coach, first=True)
