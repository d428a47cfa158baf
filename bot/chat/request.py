"""The HTTP under python-telegram-bot's Bot class: aiohttp, because httpx alone costs 7 of a turn's 8 ms."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.chat.errors import NotConnected

POOL = 64
"""Connections at once; the sender and the fetch loop together need fewer."""

File = tuple[str, bytes | IO[bytes], str]
"""File name, content, MIME type."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """What one request carries, as plain JSON values, with the three public attributes of PTB's RequestData.

    PTB calls the making of a RequestData an implementation detail (its parts are private), so ours stands in.
    """

    parameters: Mapping[str, Any]
    multipart_data: Mapping[str, File] = field(default_factory=dict)

    @property
    def contains_files(self) -> bool:
        return bool(self.multipart_data)


class AiohttpRequest(BaseRequest):
    """PTB's request interface on one pooled aiohttp session. Time-outs in seconds.

    The whole request is cut after connect + write + read time-out together, so that a socket that trickles or
    hangs never holds a loop. No message of an error contains the URL, because the URL contains the token.
    """

    __slots__ = ("_connect", "_read", "_session", "_write")

    def __init__(self, *, connect_timeout: float = 5.0, read_timeout: float = 10.0, write_timeout: float = 5.0) -> None:
        # PTB's own switch: without it every 429 raises a deprecation warning instead of RetryAfter alone.
        os.environ.setdefault("PTB_TIMEDELTA", "true")
        self._connect = connect_timeout
        self._read = read_timeout
        self._write = write_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=POOL),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 (PTB's interface; our pool is never short)
    ) -> tuple[int, bytes]:
        """One request; returns status and body. Raises TimedOut, NotConnected or NetworkError."""
        if self._session is None:
            raise NotConnected("the session is closed")
        timeout = self._timeout(read_timeout, write_timeout, connect_timeout)
        try:
            async with self._session.request(method, url, timeout=timeout, **_body(request_data)) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError) as error:
            raise NotConnected(type(error).__name__) from None
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None

    def _timeout(self, read: Any, write: Any, connect: Any) -> aiohttp.ClientTimeout:
        read, write, connect = (
            default if given is BaseRequest.DEFAULT_NONE else given
            for given, default in ((read, self._read), (write, self._write), (connect, self._connect))
        )
        total = None if None in (read, write, connect) else read + write + connect
        return aiohttp.ClientTimeout(total=total, sock_connect=connect, sock_read=read)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as a dict. Raises TelegramError; PTB's own version would log the whole answer."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            raise TelegramError("the answer is no JSON") from None
        if not isinstance(answer, dict) or ("result" not in answer and answer.get("ok") is not False):
            raise TelegramError("the answer is not a Bot API answer")
        return answer


def _body(data: RequestData | None) -> dict[str, Any]:
    if data is None:
        return {}
    if not data.contains_files:
        return {"json": data.parameters}
    form = aiohttp.FormData()
    for name, value in data.parameters.items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    for name, (file_name, content, mime) in data.multipart_data.items():
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=file_name, content_type=mime)
    return {"data": form}
