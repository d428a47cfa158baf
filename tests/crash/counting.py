"""What people said and saw against what is kept: the sum of a campaign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.demo.standin import Telegram
from bot.storage.opened import Storage
from tests.crash import evidence
from tests.crash.people import Coach, Person, Talker
from tests.crash.process import Home


@dataclass(slots=True)
class Report:
    """`problems` is empty when every promise was kept. `under_way`: messages being sent at the kills."""

    kills: int = 0
    answers: int = 0
    updates: int = 0
    sent: int = 0
    doubled: int = 0
    under_way: Counter[int] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.updates} updates, {self.answers} answers, {self.sent} messages, "
            f"{self.doubled} doubled of {self.under_way.total()} under way, problems: {len(self.problems)}"
        )


async def count(
    report: Report, home: Home, telegram: Telegram, people: Sequence[Person], coaches: Sequence[Coach]
) -> None:
    """Compare everything with everything, once the bot is at rest."""
    storage = await Storage.open(home.settings())
    try:
        for person in people:
            report.problems += _compare(person, await evidence.shown(storage, person.number))
        committed = await evidence.committed(storage)
    finally:
        await storage.close()
    report.answers = sum(len(person.answers) for person in people)
    _count_messages(report, committed, evidence.requested(telegram))
    taps = sum(one.taps for one in people) + sum(one.taps for one in coaches)
    _count_updates(report, evidence.inbox_states(home.data), telegram, taps)


def _compare(person: Person, found: dict[str, Any]) -> list[str]:
    who = f"{person.kind} {person.chat}"
    answers = [(one["question"], one["words"]) for one in found["answers"]]
    lines = {author: [one["text"] for one in found["messages"] if one["author"] == author] for author in AUTHORS}
    problems = [f"{who} still waits for {person.waits_for!r}"] if person.waits_for else []
    problems += evidence.differences(who, "answer", person.answers, answers)
    problems += evidence.differences(who, "message", person.messages, lines["participant"])
    from_coach = person.coach.messages if isinstance(person, Talker) else []
    problems += evidence.differences(who, "message of the coach", from_coach, lines["coach"])
    problems += [f"{who}: a message without an outcome" for one in found["messages"] if not one["outcome"]]
    return problems


AUTHORS = ("participant", "coach")


def _count_messages(
    report: Report, committed: dict[int, list[evidence.Said]], requests: dict[int, list[evidence.Said]]
) -> None:
    report.doubled, report.sent = 0, sum(len(rows) for rows in committed.values())
    for chat in sorted(committed.keys() | requests.keys()):
        may_double = report.under_way[chat]
        sending = evidence.compare_sending(chat, committed.get(chat, []), requests.get(chat, []), may_double)
        report.problems += sending.problems
        report.doubled += sending.doubled


def _count_updates(report: Report, states: dict[str, int], telegram: Telegram, taps: int) -> None:
    """Each thing that people did is in the inbox once, and done."""
    written = [m for chat in telegram.chats.chats.values() for m in chat.messages.values() if not m.from_bot]
    did = len(written) + taps
    report.updates = sum(states.values())
    if states != {"done": did}:
        report.problems.append(f"people did {did} things, and the inbox has {states}")
