"""One message to Telegram, and what became of it into the database."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.chat.api import Api
from bot.chat.backoff import Backoff
from bot.chat.errors import Unsendable, log_failure
from bot.chat.intake import Failpoint
from bot.chat.render import Call, render
from bot.chat.verdicts import Verdict, judge
from bot.storage import facts, outbox
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.errors import StorageError
from bot.storage.keys import PersonKey
from bot.storage.outbox import OutboxRow
from bot.turns.outgoing import Outgoing
from bot.world import World

PAUSE = "pause:all"
"""The fact that says until when Telegram wants us silent."""

TELLINGS = 10
"""So often we try to tell of a refusal while something else than the database is in the way."""

OnUnreachable = Callable[[int, str], Awaitable[None]]
"""Chat id and reason: blocked, deactivated, kicked, chat not found."""
OnRefused = Callable[[int, datetime], Awaitable[None]]
"""Whom a message that Telegram never takes was for, by number, and when it was made."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed row and the key that opens it; none when the person was erased meanwhile."""

    row: OutboxRow
    key: PersonKey | None


@dataclass(frozen=True, slots=True)
class Fate:
    """sent · part: sent, and more of the same text follows · failed · unreachable: the whole chat failed ·
    again: later · pause: later, and all others too, until `until` · alarm: later, our token is refused.
    """

    what: Literal["sent", "part", "failed", "unreachable", "again", "pause", "alarm"]
    reason: str = ""
    until: datetime | None = None


class Delivery:
    """Stateless but for its tools; `deliver` runs beside itself for other chats."""

    def __init__(
        self,
        db: Database,
        api: Api,
        world: World,
        on_unreachable: OnUnreachable,
        on_refused: OnRefused,
        backoff: Backoff,
        failpoint: Failpoint,
    ) -> None:
        self._db = db
        self._api = api
        self._world = world
        self._on_unreachable = on_unreachable
        self._on_refused = on_refused
        self._backoff = backoff
        self._failpoint = failpoint

    async def deliver(self, letter: Letter) -> Fate:
        """Sends the next part of a claimed row and settles the row. Returns once that is committed."""
        row = letter.row
        try:
            outgoing = await self._opened(letter)
            calls = [] if _edits_nothing(outgoing) else render(outgoing, row.chat_id)
        except Exception as error:
            log_failure(_log, "a message cannot be sent as it is", error, 0.0)
            if isinstance(error, Unsendable):
                await self._tell_refused(row)
            return await self._settle(row, Fate("failed", type(error).__name__))
        if row.part >= len(calls):
            return await self._settle(row, Fate("sent"))
        self._failpoint("before-send")
        verdict, message = await self._ask(calls[row.part])
        if verdict.what == "gone" and outgoing.text and not outgoing.in_place:
            anew = render(replace(outgoing, kind="send"), row.chat_id)
            verdict, message = await self._ask(anew[row.part])
        if verdict.what not in ("done", "gone"):
            return await self._refused(row, verdict)
        last = row.part == len(calls) - 1
        return await self._settle(row, Fate("sent" if last else "part"), message)

    async def _opened(self, letter: Letter) -> Outgoing:
        """What the row says, with the message that an edit by row is about, if that became one."""
        if letter.key is None:
            raise Unsendable("nobody can open this message any more")
        outgoing = Outgoing.from_json(letter.key.open("outbox.payload", letter.row.payload))
        if outgoing.row is None:
            return outgoing
        async with self._db.read() as conn:
            return replace(outgoing, message=await outbox.telegram_id(conn, outgoing.row))

    async def _ask(self, call: Call) -> tuple[Verdict, int | None]:
        """One request: what became of it, and Telegram's number for the message that it made or changed."""
        try:
            answer = await self._api.call(call.method, call.parameters, files=call.files)
        except Exception as error:
            return judge(error, call.method), call.parameters.get("message_id")
        self._failpoint("after-send")
        return Verdict("done"), _message_id(answer)

    async def _refused(self, row: OutboxRow, verdict: Verdict) -> Fate:
        match verdict.what:
            case "unreachable":
                await self._tell(lambda: self._on_unreachable(row.chat_id, verdict.reason))
                fate = Fate("unreachable", verdict.reason)
            case "refused":
                _log.error("Telegram refuses a message", extra={"row": row.id, "reason": verdict.reason})
                await self._tell_refused(row)
                fate = Fate("failed", verdict.reason)
            case "pause":
                until = self._world.now() + timedelta(seconds=verdict.seconds)
                fate = Fate("pause", verdict.reason, until)
            case "alarm":
                fate = Fate("alarm", verdict.reason)
            case _:
                fate = Fate("again", verdict.reason)
        return await self._settle(row, fate)

    async def _tell_refused(self, row: OutboxRow) -> None:
        if (person := row.person_id) is not None:
            await self._tell(lambda: self._on_refused(person, row.made_at))

    async def _tell(self, telling: Callable[[], Awaitable[None]]) -> None:
        """Tries again: if nobody is told, a person is given up in silence. Not for ever: more waits for this chat."""
        failures = 0
        while failures < TELLINGS:
            try:
                await telling()
            except Exception as error:
                failures += not isinstance(error, StorageError)
                wait = self._backoff.after(failures + 1)
                log_failure(_log, "a refusal could not be told", error, wait)
                await asyncio.sleep(wait)
            else:
                return

    async def _settle(self, row: OutboxRow, fate: Fate, message: int | None = None) -> Fate:
        """Commits the fate. While the database is in trouble the chat waits: sending twice would be worse."""

        async def work(tx: Connection) -> None:
            await self._record(tx, row, fate, message)

        failures = 0
        while True:
            try:
                await self._db.write(work)
            except StorageError as error:
                failures += 1
                wait = self._backoff.after(failures)
                log_failure(_log, "what became of a message cannot be written", error, wait)
                await asyncio.sleep(wait)
            else:
                return fate

    async def _record(self, tx: Connection, row: OutboxRow, fate: Fate, message: int | None) -> None:
        now = self._world.now()
        match fate.what:
            case "sent":
                await outbox.sent(tx, row.id, message, now)
            case "part":
                await outbox.part_sent(tx, row.id, row.part + 1)
                await outbox.later(tx, row.id, now, "part")
            case "failed":
                await outbox.failed(tx, row.id, fate.reason)
            case "unreachable":
                await outbox.cancel_chat(tx, row.chat_id, fate.reason)
            case "again":
                wait = timedelta(seconds=self._backoff.after(row.tries + 1))
                await outbox.later(tx, row.id, now + wait, fate.reason)
            case "pause":
                assert fate.until is not None
                await outbox.later(tx, row.id, now, fate.reason)
                await lengthen_pause(tx, fate.until)
            case "alarm":
                await outbox.later(tx, row.id, now, fate.reason)


async def lengthen_pause(tx: Connection, until: datetime) -> None:
    """Writes down until when nothing may be sent; a pause that stands and is longer stays."""
    stands = await facts.get(tx, PAUSE)
    if stands is None or datetime.fromisoformat(stands) < until:
        await facts.put(tx, PAUSE, until.isoformat())


def _edits_nothing(outgoing: Outgoing) -> bool:
    """An edit of what never arrived."""
    return outgoing.row is not None and outgoing.message is None


def _message_id(answer: Any) -> int | None:
    number = answer.get("message_id") if isinstance(answer, dict) else None
    return number if isinstance(number, int) else None
