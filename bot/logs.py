"""Log lines without tokens and without content.

A filter would not do: child loggers skip a logger's filter, and a handler's filter does not see tracebacks.
So one formatter, on every handler of the root logger, writes the whole line and cleans it last.
"""

from __future__ import annotations

import logging
import re
import sys
import time
import traceback
from collections.abc import Iterator
from types import TracebackType

QUIET = ("aiohttp", "aiosqlite", "alembic", "apscheduler", "asyncio", "httpx", "sqlalchemy", "telegram")
"""Loggers kept at WARNING: below it they write URLs with the token, parameters of queries, or texts."""

SPEAKING = frozenset({"aiohttp", "bot", "flows", "scheduler", "sqlite3", "telegram"})
"""Packages whose exceptions say what went wrong without quoting what a person wrote."""

_TOKEN = re.compile(r"\d{5,}(?::|%3[aA])[A-Za-z0-9_-]{20,}")
_CLEAN = "<token>"
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class RedactingFormatter(logging.Formatter):
    """`time level name message key=value …` on one line; `extra` gives the keys.

    Anything that looks like a bot token, and the exact `token`, is taken out of the finished line, traceback
    included. A traceback names the exceptions, but repeats the words of those only that are known not to
    quote input.
    """

    def __init__(self, token: str = "") -> None:
        super().__init__("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")
        self.converter = time.gmtime
        self._secrets = [secret for secret in (token, token.replace(":", "%3A")) if secret]

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler's formatter may have left its own wording here
        line = super().format(record)
        extras = {key: value for key, value in record.__dict__.items() if key not in _STANDARD}
        line += "".join(f" {key}={value}" for key, value in extras.items())
        return self._clean(line)

    def formatException(  # noqa: N802 (logging's own name)
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        return "".join(_told(ei[1])) if ei[1] is not None else ""

    def _clean(self, line: str) -> str:
        for secret in self._secrets:
            line = line.replace(secret, _CLEAN)
        return " | ".join(part for part in _TOKEN.sub(_CLEAN, line).splitlines() if part.strip())


def configure(level: str, token: str) -> None:
    """Puts one redacting handler (standard error) in place of all handlers of the root logger."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(token))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.raiseExceptions = False  # a failing log call would print its raw arguments


def _told(error: BaseException) -> Iterator[str]:
    """The frames and names of an exception and of those it came from, oldest first."""
    seen = {id(error)}
    chain = [error]
    while (before := _before(chain[-1])) is not None and id(before) not in seen:
        seen.add(id(before))
        chain.append(before)
    for one in reversed(chain):
        yield from traceback.format_tb(one.__traceback__)
        yield f"{type(one).__name__}{_words(one)}\n"


def _before(error: BaseException) -> BaseException | None:
    if error.__cause__ is not None:
        return error.__cause__
    return None if error.__suppress_context__ else error.__context__


def _words(error: BaseException) -> str:
    notes = "".join(f" [{note}]" for note in getattr(error, "__notes__", ()))
    if isinstance(error, OSError) and error.strerror:
        return f": {error.strerror}{notes}"
    package = type(error).__module__.partition(".")[0]
    return f": {error}{notes}" if package in SPEAKING else notes
