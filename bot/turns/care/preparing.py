"""What a participant wrote to prepare a talk of the coach: the coach reads it with the task."""

from __future__ import annotations

from datetime import timedelta

from bot.storage import runs
from bot.storage.people import Person
from bot.storage.runs import AnswerRow
from bot.storage.tasks import Task
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn

LATELY = timedelta(days=14)
"""What was written longer before the task came was about another talk."""
READY = "ready"
"""The step that asks whether it suits now. It is none of the preparation: a coach need not read «Ja, vraag maar»."""
LONGEST = 500
"""Characters of one answer: the task and all answers are one message on a phone."""


async def read(turn: Turn, coach: Person, who: Person, task: Task) -> list[str]:
    """The newest preparation of this task, question by question; nothing when there is none."""
    said = [_line(turn, coach, one) for one in await _given(turn, who, task)]
    return ["", turn.say(coach, "{name} bereidde dit voor:", name=who.name), *said] if said else []


async def in_full(turn: Turn, coach: Person, who: Person, task: Task) -> None:
    """Whatever was too long to stand there whole, as messages of their own."""
    for one in await _given(turn, who, task):
        if len(one.words) > LONGEST:
            await turn.send(coach, Outgoing("send", f"{one.question}\n{one.words}"), "task", task.id)


async def _given(turn: Turn, who: Person, task: Task) -> list[AnswerRow]:
    flows = turn.services.handbook.rhythms.prepared_by(task.kind)
    if not flows:
        return []
    given = await runs.answers_since(turn.tx, await turn.key(who.id), flows, task.due_at - LATELY)
    newest = max((one.run_id for one in given), default=None)
    return [one for one in given if one.run_id == newest and one.step != READY and (one.words or one.ref)]


def _line(turn: Turn, coach: Person, one: AnswerRow) -> str:
    words = one.words or turn.say(coach, "(ingesproken)")
    if len(words) > LONGEST:
        words = words[:LONGEST].rstrip() + " " + turn.say(coach, "… (alles staat bij /taken)")
    return f"• {one.question} {words}"
