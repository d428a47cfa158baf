"""A way to PostgreSQL that can be shut: to who comes this way the server is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy import make_url

from tests.crash.process import free_port

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Gate:
    """In front of the server of `url`."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._port = free_port()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    @asynccontextmanager
    async def standing(self) -> AsyncIterator[str]:
        """The URL that leads through it, while the block runs."""
        await self.reopen()
        through = self._url.set(host="127.0.0.1", port=self._port, query={})
        try:
            yield through.render_as_string(hide_password=False)
        finally:
            await self.shut()

    async def reopen(self) -> None:
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self._port)

    async def shut(self) -> None:
        """Nobody comes in, and who is in is put out."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
            for writer in list(self._open):
                writer.transport.abort()
            await server.wait_closed()

    async def _server_itself(self) -> Streams:
        socket = self._url.query.get("host") or self._url.host or "127.0.0.1"
        port = int(self._url.port or 5432)
        if isinstance(socket, str) and socket.startswith("/"):
            return await asyncio.open_unix_connection(f"{socket}/.s.PGSQL.{port}")
        return await asyncio.open_connection(str(socket), port)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await self._server_itself()
        if self._server is None:
            writer.transport.abort()
            back.transport.abort()
            return
        self._open |= {writer, back}
        try:
            await asyncio.gather(_copy(reader, back), _copy(there, writer))
        finally:
            self._open -= {writer, back}


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while content := await reader.read(65536):
            writer.write(content)
            await writer.drain()
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
