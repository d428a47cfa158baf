"""Delivery to a webhook: in order within a lane, tried again with growing pauses until the update is lost.

From the public server's WebhookActor.cpp. Unlike Telegram's own, an http address is accepted: this is one machine.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

import aiohttp

from bot.demo.standin.bell import Bell
from bot.demo.standin.errors import bad
from bot.demo.standin.updates import Update, Updates

LONGEST_PAUSE = 60.0
LONGEST_ASKED = 3600.0
"""Seconds: a longer Retry-After is not obeyed."""
ANSWER_WITHIN = 60.0
CONNECTIONS = 40
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (a header's name)
LONGEST_SECRET = 256


class Webhook:
    """`pause` is the first pause after a failure, in seconds; it doubles up to LONGEST_PAUSE."""

    def __init__(self, updates: Updates, bell: Bell, pause: float) -> None:
        self.url = ""
        self.failed_at = 0
        """Seconds since 1970 of the newest failure, 0 for none."""
        self.failure = ""
        self._updates = updates
        self._bell = bell
        self._first_pause = pause
        self._secret = ""
        self._connections = CONNECTIONS
        self._slots = asyncio.Semaphore(CONNECTIONS)
        self._lanes: dict[int, deque[Update]] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    async def point(self, url: str, secret: str, connections: int) -> None:
        """Delivers to `url` from now on, what waits included. Raises Refused."""
        if not url.startswith(("https://", "http://")):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if len(secret) > LONGEST_SECRET:
            raise bad("secret token is too long")
        if not all(sign.isascii() and (sign.isalnum() or sign in "_-") for sign in secret):
            raise bad("secret token contains unallowed characters")
        await self.remove()
        self.url, self._secret, self._connections = url, secret, connections
        self._slots = asyncio.Semaphore(connections)
        self._updates.deliver = self.offer
        self._updates.close()
        for update in self._updates.waiting():
            self.offer(update)

    async def remove(self) -> None:
        """Back to getUpdates. What was not delivered waits there."""
        self.url, self.failure, self.failed_at = "", "", 0
        self._updates.deliver = None
        tasks, self._tasks = list(self._tasks.values()), {}
        self._lanes.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def close(self) -> None:
        """The end of the server; nothing is delivered after it."""
        await self.remove()
        if self._session:
            await self._session.close()
            self._session = None

    def offer(self, update: Update) -> None:
        self._lanes.setdefault(update.lane, deque()).append(update)
        if update.lane not in self._tasks:
            self._tasks[update.lane] = asyncio.get_running_loop().create_task(self._drain(update.lane))

    def info(self) -> dict[str, Any]:
        """The answer of getWebhookInfo, but for allowed_updates."""
        info: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.waiting()),
        }
        if self.url:
            info["max_connections"] = self._connections
        if self.failure:
            info |= {"last_error_date": self.failed_at, "last_error_message": self.failure}
        return info

    async def _drain(self, lane: int) -> None:
        waiting = self._lanes[lane]
        pause = self._first_pause
        while waiting:
            update = waiting[0]
            if self._updates.alive(update):
                failure = await self._post(update)
                if failure is not None:
                    await asyncio.sleep(max(pause, failure))
                    pause = min(pause * 2, LONGEST_PAUSE)
                    continue
                self._updates.forget(update)
                pause = self._first_pause
            waiting.popleft()
        self._lanes.pop(lane, None)
        self._tasks.pop(lane, None)

    async def _post(self, update: Update) -> float | None:
        """Delivers one update: None, or after a failure the seconds that the bot asked us to wait."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN))
        headers = {SECRET_HEADER: self._secret} if self._secret else {}
        try:
            async with self._slots, self._session.post(self.url, json=update.raw, headers=headers) as answer:
                await answer.read()
        except (aiohttp.ClientError, OSError, TimeoutError) as problem:
            return self._fail(f"Connection failed: {type(problem).__name__}")
        if answer.ok:
            return None
        asked = answer.headers.get("Retry-After", "")
        failed = self._fail(f"Wrong response from the webhook: {answer.status} {answer.reason}")
        return min(float(asked), LONGEST_ASKED) if asked.isdecimal() else failed

    def _fail(self, why: str) -> float:
        self.failure, self.failed_at = why, int(self._updates.seconds())
        self._bell.ring()
        return 0.0
