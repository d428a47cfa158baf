"""The Bot API as we use it: plain parameters in, raw JSON out; PTB's Bot for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import quote

from telegram import Bot
from telegram.error import BadRequest, NetworkError
from telegram.request import RequestData

from bot.chat.request import AiohttpRequest, File, Parameters

TELEGRAM = "https://api.telegram.org"
MOST_DOWNLOADED = 20 * 1024 * 1024
"""Bytes; getFile's own limit."""


class Api:
    """One bot's way to Telegram. `url` is the Bot API root. Errors: telegram.error.*, without the token.

    `call` goes through BaseRequest.post, which is public and maps HTTP answers to PTB's errors. It leaves out
    Bot.do_api_request, which warns for every method that PTB knows, and the typed methods, whose parsing of
    every answer into objects costs about 2 ms a turn (performance.md).
    """

    def __init__(self, token: str, url: str = TELEGRAM, request: AiohttpRequest | None = None) -> None:
        root = url.rstrip("/")
        self._request = request or AiohttpRequest()
        self.bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )

    async def open(self) -> None:
        """Opens the connections; asks Telegram nothing, so that we start when Telegram is away."""
        await self._request.initialize()

    async def close(self) -> None:
        await self._request.shutdown()

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        files: Mapping[str, File] | None = None,
        read_timeout: float | None = None,
    ) -> Any:
        """`method` with `parameters`; the `result` of the answer as raw JSON. `read_timeout` in seconds."""
        data = Parameters(parameters or {}, files or {})
        try:
            return await self._request.post(
                f"{self.bot.base_url}/{method}",
                cast(RequestData, data),
                read_timeout=self._request.read_timeout if read_timeout is None else read_timeout,
            )
        except KeyError:
            raise NetworkError("the answer has no result") from None

    async def download(self, file_id: str) -> bytes:
        """The content of a file that somebody sent. Raises BadRequest when it is gone or over 20 MB."""
        file = await self.call("getFile", {"file_id": file_id})
        if file.get("file_size", 0) > MOST_DOWNLOADED:
            raise BadRequest("file is too big")
        return await self._request.retrieve(f"{self.bot.base_file_url}/{quote(file['file_path'])}")
