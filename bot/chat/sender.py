"""Drains the outbox: in order per chat, chats beside each other, within Telegram's limits, and answers first.

All that must survive a restart is in the database: what is sent, how far a long text is, until when all wait.
One process at a time runs a Sender; another one's rows in `sending` would look like those of a crash.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.chat.api import Api
from bot.chat.backoff import Backoff
from bot.chat.delivery import PAUSE, Delivery, Fate, Letter, OnRefused, OnUnreachable
from bot.chat.errors import log_failure
from bot.chat.intake import Failpoint, no_failpoint
from bot.chat.order import Order
from bot.chat.pace import Pace
from bot.health import RED_AFTER, Health, Pulse
from bot.storage import facts, outbox
from bot.storage.database import Database
from bot.storage.keys import Keyring
from bot.storage.tables import HOUSE
from bot.world import World

AT_ONCE = 40
"""Chats sent to beside each other."""
IDLE = 0.5
"""Seconds between looks into the outbox when nobody rings."""
LOOK_EVERY = 5.0
"""Seconds between looks at how old the oldest message is."""
STOP_WITHIN = 5.0
"""Seconds that messages on their way get at the end."""

_log = logging.getLogger(__name__)


class Sender:
    """`wake()` after every commit that put something in the outbox. `counts`: what became of messages, by fate.

    `on_unreachable` is awaited once per refusal of a whole chat, before that chat's messages are given up;
    `on_refused` likewise for one message to somebody known.
    """

    def __init__(
        self,
        db: Database,
        keyring: Keyring,
        api: Api,
        world: World,
        pace: Pace,
        on_unreachable: OnUnreachable,
        on_refused: OnRefused,
        *,
        backoff: Backoff | None = None,
        at_once: int = AT_ONCE,
        idle: float = IDLE,
        failpoint: Failpoint = no_failpoint,
        tick: Callable[[], float] | None = None,
    ) -> None:
        self._tick = tick or asyncio.get_running_loop().time
        self.counts: Counter[str] = Counter()
        self.pulse = Pulse("sending", world.now, tick=self._tick)
        self.recovered: int | None = None
        self._db = db
        self._keyring = keyring
        self._world = world
        self._pace = pace
        self._order = Order(pace, idle)
        self._backoff = backoff or Backoff(world.chance, most=60.0)
        self._at_once = at_once
        self._idle = idle
        self._delivery = Delivery(db, api, world, on_unreachable, on_refused, self._backoff, failpoint)
        self._bell = asyncio.Event()
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._claiming: list[int] = []
        self._late: dict[int, tuple[datetime, str]] = {}
        self._oldest: datetime | None = None
        self._looked_at = self._sent_at = self._tick() - LOOK_EVERY
        self._paused_until: datetime | None = None
        self._alarms = 0
        self._quiet_until = 0.0
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="sending")

    def revive(self) -> bool:
        """Go on after the loop ended by itself; whether it had."""
        ended = self._task is not None and self._task.done()
        if ended:
            self.start()
        return ended

    async def stop(self) -> None:
        """Takes no new messages and gives those on their way a few seconds; the rest is recovered at start."""
        self._stopping = True
        self._bell.set()
        until = asyncio.get_running_loop().time() + STOP_WITHIN
        await _end([self._task] if self._task else [], until)
        await _end([*self._busy.values()], until)

    def wake(self) -> None:
        """Look into the outbox now."""
        self._bell.set()

    def health(self) -> Health:
        """Unwell when the loop is, when a message keeps failing, or when old messages wait and nothing goes out."""
        verdict = self.pulse.health(self._task)
        now = self._world.now()
        old = now - timedelta(seconds=RED_AFTER)
        late = [(made, why) for made, why in self._late.values() if made < old]
        if verdict.well and late:
            return Health(self.pulse.name, False, min(late)[1], min(late)[0])
        stands_still = self._tick() - self._sent_at > RED_AFTER
        if verdict.well and self._oldest and self._oldest < old and stands_still:
            return Health(self.pulse.name, False, "429" if self._pause_left() else "standing still", self._oldest)
        return verdict

    async def _run(self) -> None:
        failures = 0
        while not self._stopping:
            try:
                if self.recovered is None:
                    await self._recover()
                rest = await self._round()
                failures = 0
                self.pulse.beat()
            except Exception as error:
                failures += 1
                rest = self._backoff.after(failures)
                self.pulse.fail(type(error).__name__)
                log_failure(_log, "the outbox cannot be read", error, rest)
            await self._rest(rest)

    async def _recover(self) -> None:
        async with self._db.read() as conn:
            until = await facts.get(conn, PAUSE)
        self._paused_until = datetime.fromisoformat(until) if until else None
        self.recovered = await self._db.write(outbox.recover)
        if self.recovered:
            _log.warning("messages of unknown fate", extra={"again": self.recovered})

    async def _round(self) -> float:
        """Sends what may go now; how many seconds to rest unless somebody rings."""
        await self._look()
        await self._unclaim()
        quiet = max(self._pause_left(), self._quiet_until - self._tick())
        if quiet > 0:
            return min(quiet, self._idle)
        room = self._pace.room(self._at_once - len(self._busy))
        if room <= 0:
            return min(self._idle, self._pace.room_wait() or self._idle)
        letters, rest = await self._letters(room)
        if letters:
            self._claiming = [one.row.id for one in letters]
            claimed = await self._db.write(lambda tx: outbox.claim(tx, self._claiming))
            self._claiming = []
            for letter in letters:
                if letter.row.id in claimed:
                    self._order.begin(letter.row)
                    self._busy[letter.row.chat_id] = asyncio.create_task(self._send(letter))
        return rest

    async def _unclaim(self) -> None:
        """A claim that failed may have been committed all the same, when its connection broke: nothing was sent."""
        if self._claiming:
            await self._db.write(lambda tx: outbox.unclaim(tx, self._claiming))
            self._claiming = []

    async def _letters(self, room: int) -> tuple[list[Letter], float]:
        """Messages that may go now, opened, and how long to rest after them."""
        async with self._db.read() as conn:
            rows, rest = await self._order.ready(conn, self._world.now(), room, set(self._busy))
            keys = await self._keyring.many(conn, {row.person_id or HOUSE for row in rows})
        return [Letter(row, keys.get(row.person_id or HOUSE)) for row in rows], rest

    async def _send(self, letter: Letter) -> None:
        chat = letter.row.chat_id
        try:
            self._became(letter, await self._delivery.deliver(letter))
        except Exception as error:
            log_failure(_log, "a message could not be dealt with", error, 0.0)
            self._late[chat] = (letter.row.made_at, type(error).__name__)
        finally:
            del self._busy[chat]
            self._order.end(chat)
            self.wake()

    def _became(self, letter: Letter, fate: Fate) -> None:
        self.counts[fate.what] += 1
        chat = letter.row.chat_id
        if fate.what == "again":
            self._late[chat] = (letter.row.made_at, fate.reason)
        else:
            self._late.pop(chat, None)
        if fate.what in ("sent", "part"):
            self._alarms = 0
            self._sent_at = self._tick()
        elif fate.what == "alarm":
            self._late[chat] = (letter.row.made_at, fate.reason)
            self._alarm()
        elif fate.until is not None:
            self._paused_until = max(fate.until, self._paused_until or fate.until)
            _log.warning("Telegram wants a pause", extra={"until": fate.until.isoformat()})

    def _alarm(self) -> None:
        """Our token is refused: everybody waits; those who were on their way then do not lengthen it."""
        tick = self._tick()
        if tick < self._quiet_until:
            return
        self._alarms += 1
        wait = self._backoff.after(self._alarms)
        self._quiet_until = tick + wait
        _log.error("Telegram refuses our token", extra={"wait": round(wait, 1)})

    async def _look(self) -> None:
        """How old the oldest message is, for `health`; and nothing is late that was erased meanwhile."""
        tick = self._tick()
        if tick - self._looked_at >= LOOK_EVERY:
            self._looked_at = tick
            known = set(self._late)
            async with self._db.read() as conn:
                self._oldest = (await outbox.counts(conn)).oldest
                waits = await outbox.unsent_chats(conn, known)
            for chat in known - waits:
                self._late.pop(chat, None)

    def _pause_left(self) -> float:
        if self._paused_until is None:
            return 0.0
        return max(0.0, (self._paused_until - self._world.now()).total_seconds())

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._bell.wait()
        self._bell.clear()


async def _end(tasks: list[asyncio.Task[None]], until: float) -> None:
    """Let the tasks finish until that time of the loop, and cancel those that do not."""
    if tasks:
        await asyncio.wait(tasks, timeout=max(0.0, until - asyncio.get_running_loop().time()))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
