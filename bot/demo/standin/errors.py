"""What the stand-in says no with."""

from __future__ import annotations

_WHOLE = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class Refused(Exception):
    """Telegram answers no: an HTTP code, and `description` as the Bot API words it; `retry_after` in seconds."""

    def __init__(self, code: int, description: str = "", retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description or usual(code, retry_after)
        self.retry_after = retry_after


class Impossible(Exception):
    """A person cannot do that on a phone, or did not see it in time; the sentence says why."""


def bad(what: str) -> Refused:
    """400, with the words that Telegram puts before every reason."""
    return Refused(400, f"Bad Request: {what}")


def forbidden(why: str) -> Refused:
    """403, likewise."""
    return Refused(403, f"Forbidden: {why}")


def usual(code: int, retry_after: int | None = None) -> str:
    """The description that usually comes with `code`."""
    if code == 429:
        return f"Too Many Requests: retry after {retry_after}"
    return _WHOLE.get(code, f"Error {code}")
