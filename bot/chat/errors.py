"""What can go wrong between us and Telegram beyond telegram.error, and how a failing loop tells it."""

from __future__ import annotations

import logging

from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError

from bot.storage.errors import StorageError


class ChatError(Exception):
    """Something on the Telegram side is not as it should be; the root of our own ones."""


class NotConnected(NetworkError):
    """The request never left this machine, so its fate is known: nothing happened."""


class Unsendable(ChatError):
    """This message can never be sent as it is: an unknown medium, a button token that is too long."""


class OddAnswer(ChatError):
    """Telegram's answer is no list of updates, or none of them has an id that could be confirmed."""


class Undelivered(ChatError):
    """Telegram says that updates wait and that a delivery failed, and nothing has reached us since."""


def log_failure(log: logging.Logger, what: str, error: Exception, wait: float) -> None:
    """One line about a failed round of a loop. What a person must mend, and what nobody expects, is an error."""
    expected = isinstance(error, TelegramError | StorageError | ChatError)
    alarm = not expected or isinstance(error, InvalidToken | Conflict | StorageError)
    log.log(
        logging.ERROR if alarm else logging.WARNING,
        what,
        extra={"kind": type(error).__name__, "wait": round(wait, 1)},
        exc_info=None if expected else error,
    )
