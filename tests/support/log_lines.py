"""What the bot would write in its log, as the product itself sets it up, at the level that tells most."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from bot import logs


@contextmanager
def log_lines(token: str, level: str = "DEBUG") -> Iterator[io.StringIO]:
    """Everything that is logged meanwhile; afterwards logging is as it was."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, raising = root.handlers[:], logging.raiseExceptions
    levels = {name: logging.getLogger(name).level for name in (None, *logs.QUIET)}
    logs.configure(level, token)
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    try:
        yield stream
    finally:
        root.handlers[:], logging.raiseExceptions = handlers, raising
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)
