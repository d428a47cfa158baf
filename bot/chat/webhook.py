"""Updates that Telegram brings to us: 200 only after the inbox has them on disk."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import logging

from aiohttp import web

from bot.chat.api import Api
from bot.chat.backoff import Backoff
from bot.chat.errors import Undelivered, log_failure
from bot.chat.fetch import OnGap
from bot.chat.intake import Intake
from bot.chat.silence import Silence
from bot.chat.translate import KINDS_ASKED
from bot.health import Health, Pulse
from bot.storage import inbox
from bot.storage.database import Database
from bot.storage.errors import StorageError
from bot.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the header's name)
BIGGEST_UPDATE = 1024 * 1024
"""Bytes of body; Telegram's whole answer of 100 updates is at most about 4 MiB."""
LOOK_EVERY = 60.0
"""Seconds between two looks at getWebhookInfo."""
RETRY_AFTER = "5"
"""Seconds; Telegram obeys up to 3600."""

_log = logging.getLogger(__name__)


class Webhook:
    """Registers itself at `url` (https, without path) and keeps what comes.

    `secret` (1 to 256 of A-Z a-z 0-9 _ -) goes into the header; the path is made from it. Add `routes()` to a
    server that is reachable from outside, then `start`. `on_gap` as in bot.chat.fetch.
    """

    def __init__(
        self,
        api: Api,
        db: Database,
        intake: Intake,
        world: World,
        on_gap: OnGap,
        *,
        url: str,
        secret: str,
        backoff: Backoff | None = None,
        look_every: float = LOOK_EVERY,
    ) -> None:
        self.path = f"/telegram/{hashlib.sha256(f'path of {secret}'.encode()).hexdigest()[:32]}"
        self.pulse = Pulse("fetching", world.now, red_after=max(90.0, 1.5 * look_every))
        self.pending = 0
        self._api = api
        self._db = db
        self._intake = intake
        self._world = world
        self._on_gap = on_gap
        self._url = url.rstrip("/") + self.path
        self._secret = secret
        self._backoff = backoff or Backoff(world.chance)
        self._look_every = look_every
        self._silence: Silence | None = None
        self._failed_at = 0
        self._kept_then: int | None = None
        """The newest row of the inbox when we learned of a failure, for as long as that may make us deaf."""
        self._task: asyncio.Task[None] | None = None

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/telegram/{path}", self._receive)]

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="webhook")

    def revive(self) -> bool:
        """Go on after the loop ended by itself; whether it had."""
        ended = self._task is not None and self._task.done()
        if ended:
            self.start()
        return ended

    async def stop(self) -> None:
        """Stops looking; the registration stays, so that Telegram keeps what comes and tries again."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def health(self) -> Health:
        return self.pulse.health(self._task)

    @property
    def caught_up(self) -> bool:
        """Whether we hear now, and have read everything that waited while we did not."""
        hearing = self._task is not None and not self._task.done()
        return hearing and self._silence is not None and self._silence.over

    async def _receive(self, request: web.Request) -> web.Response:
        if not self._allowed(request):
            return web.Response(status=401)
        body = await request.clone(client_max_size=BIGGEST_UPDATE).read()
        try:
            batch: list[object] = [json.loads(body)]
        except ValueError:
            batch = [None]  # counted as unusable; an error would bring it back for a day
        try:
            await self._intake.keep(batch, polled=False)
        except StorageError as error:
            _log.error("webhook cannot keep", extra={"kind": type(error).__name__})
            return web.Response(status=503, headers={"Retry-After": RETRY_AFTER})
        return web.Response()

    def _allowed(self, request: web.Request) -> bool:
        header = request.headers.get(SECRET_HEADER, "")
        right_path = hmac.compare_digest(request.path.encode(), self.path.encode())
        right_header = hmac.compare_digest(header.encode("utf-8", "replace"), self._secret.encode())
        return right_path and right_header

    async def _run(self) -> None:
        failures = 0
        registered = False
        while True:
            try:
                self._silence = self._silence or await Silence.load(self._db)
                if not registered:
                    await self._register()
                    registered = True
                registered = await self._look(self._silence)
                failures = 0
                await asyncio.sleep(self._backoff.after(1) if self._silence.gap else self._look_every)
            except Exception as error:
                failures += 1
                await asyncio.sleep(self._failed(error, self._backoff.after(failures)))

    async def _register(self) -> None:
        await self._api.call(
            "setWebhook",
            {
                "url": self._url,
                "secret_token": self._secret,
                "allowed_updates": KINDS_ASKED,
                "drop_pending_updates": False,
            },
        )

    async def _look(self, silence: Silence) -> bool:
        """One look at how delivery goes; False if the registration is not ours any more."""
        info = await self._api.call("getWebhookInfo")
        self.pending = info.get("pending_update_count", 0)
        if info.get("url") != self._url:
            silence.broke()
            return False
        if await self._deaf(info.get("last_error_date", 0)):
            raise Undelivered
        silence.heard(self._world.now())
        if silence.gap and not self.pending:
            await self._on_gap(silence.gap.seconds, silence.gap.began_at)
            silence.told()
        await silence.note(self._db, self._world.now())
        self.pulse.beat()  # last: until all of this is done nothing that is due is handed on
        return True

    async def _deaf(self, failed_at: int) -> bool:
        """Whether something waits and nothing was kept, here or by another process, since we know of this failure.

        Telegram names its last failure for ever, and seldom tries again while nothing reaches us.
        """
        async with self._db.read() as conn:
            kept = await inbox.newest(conn)
        if failed_at > self._failed_at:
            self._failed_at, self._kept_then = failed_at, kept
        if not self.pending or kept != self._kept_then:
            self._kept_then = None
        return self._kept_then is not None

    def _failed(self, error: Exception, wait: float) -> float:
        self.pulse.fail(type(error).__name__)
        if self._silence is not None:
            self._silence.broke()
        log_failure(_log, "the webhook is not well", error, wait)
        return wait
