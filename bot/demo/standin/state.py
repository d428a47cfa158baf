"""The whole of the stand-in: everybody's phones, the queue, the webhook, the weather. No HTTP in here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.demo.standin.bell import Bell
from bot.demo.standin.chats import Chats
from bot.demo.standin.faults import Fault, Faults, How
from bot.demo.standin.files import Files
from bot.demo.standin.pacing import Pacing
from bot.demo.standin.people import People
from bot.demo.standin.record import Record
from bot.demo.standin.updates import Updates
from bot.demo.standin.watching import Watching
from bot.demo.standin.webhook import Webhook

TOKEN = "1000:stand-in"  # noqa: S105 (opens nothing but this stand-in)
USERNAME = "achterdehand_demo_bot"
KEPT = 10_000
"""Requests and updates that are remembered unless told otherwise."""


class Telegram(People, Watching):
    """Telegram, as one bot and the people around it know it. The verbs are those of the package's table.

    `clock` gives aware moments. `recording` is how many requests are remembered (0: none) and how many updates
    can be redelivered. `webhook_pause` is the first pause after a failed delivery, in real seconds.
    Belongs to one event loop. Wrong wishes of a person raise Impossible.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        token: str = TOKEN,
        name: str = "Achterdehand",
        username: str = USERNAME,
        recording: int = KEPT,
        webhook_pause: float = 1.0,
    ) -> None:
        self.token = token
        bot = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": name, "username": username}
        self.bot: dict[str, Any] = bot
        self._clock = clock
        self._shift = timedelta()
        self.bell = Bell()
        self.chats = Chats(self.bell)
        self.files = Files()
        self.faults = Faults(self.bell)
        self.record = Record(recording)
        self.pacing = Pacing(self.seconds)
        self.updates = Updates(self.seconds, self.bell, recording)
        self.webhook = Webhook(self.updates, self.bell, webhook_pause)
        self.taps: dict[str, tuple[int, float]] = {}
        self.notices: dict[int, str] = {}

    # ---- time

    def now(self) -> datetime:
        return self._clock() + self._shift

    def seconds(self) -> float:
        """Our clock in seconds since 1970."""
        return self.now().timestamp()

    def move_clock(self, seconds: float) -> datetime:
        """Moves our own clock, not the one that was handed in; answers the time it is then."""
        self._shift += timedelta(seconds=seconds)
        return self.now()

    def set_clock(self, at: datetime) -> datetime:
        """Sets our own clock; it goes on from there. `at` is aware."""
        self._shift = at - self._clock()
        return self.now()

    # ---- weather

    def fault(
        self,
        method: str,
        how: How = "answer",
        times: int = 1,
        chat: int | None = None,
        code: int = 500,
        description: str = "",
        retry_after: int | None = None,
        seconds: float | None = None,
        body: str | None = None,
    ) -> None:
        """The next calls of `method` go wrong; see Fault for what the arguments mean."""
        self.faults.add(Fault(method, how, times, chat, code, description, retry_after, seconds, body))

    def release(self) -> None:
        self.faults.release()

    def calm(self) -> None:
        self.faults.clear()

    def limits(self, on: bool) -> None:
        """Whether Telegram's limits on sending are enforced."""
        self.pacing.on = on

    def hold(self) -> None:
        self.updates.hold()

    def deliver(self, newest_first: bool = False) -> None:
        self.updates.go_on(newest_first=newest_first)

    def redeliver(self, ids: list[int] | None = None, last: int = 0) -> list[int]:
        return self.updates.redeliver(ids or [], last)

    def restart_ids(self, at: int | None = None) -> None:
        self.updates.restart_ids(at)

    def push(self, kind: str, payload: dict[str, Any], lane: int = 0) -> int | None:
        """Any update at all; its id, None when the bot did not ask for its kind."""
        return self.updates.add(kind, payload, lane)

    # ---- the end

    def reset(self) -> None:
        """Nobody, no messages, no faults, no requests. Update ids, webhook and clock go on."""
        self.updates.drop_all()
        self.faults.clear()
        self.record.clear()
        self.taps.clear()
        self.notices.clear()
        self.chats.clear()

    async def close(self) -> None:
        """Lets go of everything that waits, so that a server can end."""
        self.faults.clear()
        self.updates.close()
        self.bell.close()
        await self.webhook.close()
