"""What a refusal of Telegram means for the message that was refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter

from bot.chat.errors import ChatError

LONGEST_REASON = 80

_GONE = ("message to edit not found", "message_id_invalid", "can't be edited")

What = Literal["done", "gone", "unreachable", "refused", "pause", "alarm", "again"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """done: as good as sent · gone: what was to be edited is not there, or cannot be · refused: this message never ·
    unreachable: nobody there, now and later · pause: everybody waits `seconds` · alarm: our token is refused ·
    again: later; with a time-out or a broken connection Telegram may have it already, and shows it twice then.
    """

    what: What
    reason: str = ""
    seconds: float = 0.0


def judge(error: Exception, method: str) -> Verdict:
    """The verdict about `error`, raised by a call of `method`."""
    match error:
        case RetryAfter():
            return Verdict("pause", "429", seconds_of(error))
        case InvalidToken():
            return Verdict("alarm", "token refused")
        case Forbidden() | BadRequest() if method == "leaveChat":
            return Verdict("done")
        case Forbidden():
            return Verdict("unreachable", _standing(error.message.lower()))
        case ChatMigrated():
            return Verdict("refused", "group")
        case BadRequest():
            return _bad_request(error.message, method)
        case ChatError():
            return Verdict("refused", type(error).__name__)
        case _:
            return Verdict("again", type(error).__name__)


def seconds_of(error: RetryAfter) -> float:
    """PTB gives seconds or a timedelta, by its own switch."""
    after = error.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)


def _standing(words: str) -> str:
    return "deactivated" if "deactivated" in words else "kicked" if "kicked" in words else "blocked"


def _bad_request(words: str, method: str) -> Verdict:
    low = words.lower()
    if "chat not found" in low or "user not found" in low or "peer_id_invalid" in low:
        return Verdict("unreachable", "chat not found")
    if "message is not modified" in low:
        return Verdict("done")
    if method.startswith("edit") and any(words in low for words in _GONE):
        return Verdict("gone")
    # Telegram may quote what it refuses; the quoted part could be content.
    return Verdict("refused", re.sub(r"(['\"]).*(['\"])", "…", words)[:LONGEST_REASON])
