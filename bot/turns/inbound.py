"""One input from a person, in our own words. No Telegram type goes further than bot.chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

START = "/start"
"""What Telegram sends when somebody presses Start; behind it the payload of a deep link (Bot API)."""

Kind = Literal[
    "text",
    "tap",
    "voice",
    "photo",
    "file",
    "sticker",
    "contact",
    "location",
    "edit",
    "blocked",
    "unblocked",
    "group",
    "unknown",
]


@dataclass(frozen=True, slots=True)
class Inbound:
    """Who, what, when. `chat` is Telegram's private chat id, which equals the user id; 64 bits."""

    kind: Kind
    chat: int
    at: datetime
    text: str = ""
    """Message text, caption; for kind "unknown" the name of what came; for "group" "left" once we are out."""
    token: str = ""
    """For a tap: the opaque id that our button carried."""
    callback: str = ""
    """For a tap: Telegram's callback query id, to be answered."""
    message: int | None = None
    """Telegram's id of the message that was sent, edited or tapped on."""
    reply_to: int | None = None
    """Telegram's id of the message this one replies to."""
    media: str = ""
    """Telegram's file id of what was sent."""
    media_kind: str = ""
    """Telegram's own name of that medium (voice, photo, video, document …): which method sends it on."""
    forwarded: bool = False
    """Somebody else's words: never an answer and never a command."""
    name: str = ""
    """The sender's own first and last name on Telegram, for the coach who must recognise who joined."""
    language: str = ""
    """Telegram's language_code of the sender, a hint."""

    @property
    def ref(self) -> str:
        """What was sent, as «kind:file id», enough to send it on; empty where there is no file."""
        return f"{self.media_kind}:{self.media}" if self.media else ""

    @property
    def code(self) -> str:
        """The invitation code in «/start CODE», or nothing."""
        words = self.text.split()
        fits = self.kind == "text" and not self.forwarded and len(words) == 2 and words[0] == START
        return words[1] if fits else ""
