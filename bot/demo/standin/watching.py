"""Looking on: what is on somebody's screen, what the bot asked, and waiting for it without sleeping."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from bot.demo.standin.bell import Bell
from bot.demo.standin.chats import Chats, Message
from bot.demo.standin.errors import Impossible
from bot.demo.standin.files import File, Files
from bot.demo.standin.record import Record, Request

T = TypeVar("T")
PATIENCE = 5.0
"""Seconds that a wait lasts unless told otherwise."""

Match = str | re.Pattern[str]
"""A text to be found somewhere in a message, or a pattern."""


class Watching:
    """The reading verbs of Telegram."""

    bell: Bell
    chats: Chats
    files: Files
    record: Record
    notices: dict[int, str]

    def people(self) -> list[dict[str, Any]]:
        """Everybody with a phone, with what stands between them and the bot."""
        return [
            {
                **user.raw,
                "started": self.chats.chat(user.id).started,
                "blocked": self.chats.chat(user.id).blocked,
                "deactivated": user.deactivated,
            }
            for user in self.chats.users.values()
        ]

    def read(self, chat: int, after: int = 0) -> list[Message]:
        """The messages as they stand now, oldest first; those of which the change number is above `after`."""
        return [message for message in self.chats.chat(chat).messages.values() if message.change > after]

    def notice(self, user: int) -> str:
        """What the newest answer to a tap showed, empty when it showed nothing."""
        return self.notices.get(user, "")

    def requests(self, method: str | None = None, chat: int | None = None, after: int = 0) -> list[Request]:
        """Recorded requests, oldest first, with a number above `after`."""
        return self.record.find(method, chat, after)

    def file(self, file_id: str) -> File:
        found = self.files.get(file_id)
        if found is None:
            raise Impossible(f"there is no file {file_id}")
        return found

    async def wait_for(self, chat: int, match: Match, *, after: int = 0, timeout: float = PATIENCE) -> Message:
        """The bot's first message in `chat` that matches and changed after `after`. Raises Impossible in the end."""

        def look() -> Message | None:
            said = self.chats.from_bot(chat)
            return next((m for m in said if m.change > after and matches(match, m.text)), None)

        return await self.until(look, timeout, f"no message in chat {chat} with {match!r}")

    async def until(
        self, look: Callable[[], T | None], timeout: float = PATIENCE, otherwise: str = "it did not happen"
    ) -> T:
        """What `look` finds, tried again at every change, request and confirmed update."""
        try:
            return await self.bell.until(look, timeout)
        except TimeoutError:
            raise Impossible(f"{otherwise} within {timeout} s") from None


def matches(match: Match, text: str) -> bool:
    return match in text if isinstance(match, str) else bool(match.search(text))
