"""The stand-in over HTTP: the Bot API's addresses, and the control API beside them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from hmac import compare_digest
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.demo.standin.control import control
from bot.demo.standin.dispatch import Reply, answer
from bot.demo.standin.files import Upload
from bot.demo.standin.state import Telegram

LARGEST_UPLOAD = 50 * 1024 * 1024
"""Bytes a bot may send (Bot API, sending files)."""
_JSON = {"Content-Type": "application/json"}
_STRANGER = Reply(401, b'{"ok":false,"error_code":401,"description":"Unauthorized"}')
_NOWHERE = Reply(404, b'{"ok":false,"error_code":404,"description":"Not Found"}')
_UNREADABLE = Reply(400, b'{"ok":false,"error_code":400,"description":"Bad Request: can\'t parse the request"}')


def application(telegram: Telegram) -> web.Application:
    """An aiohttp application with `/bot<token>/…`, `/file/bot<token>/…` and `/control/…`; more may be added to it.

    Closing it lets go of everything that hangs or waits.
    """
    app = web.Application(client_max_size=LARGEST_UPLOAD)

    async def bot_api(request: web.Request) -> web.Response:
        if not _knows(telegram, request):
            return _send(_STRANGER)
        try:
            values, files = await _read(request)
        except ValueError:
            return _send(_UNREADABLE)
        reply = await answer(telegram, request.match_info["method"], values, files)
        if not reply.status and request.transport:
            request.transport.abort()
        return _send(reply)

    async def file(request: web.Request) -> web.Response:
        found = telegram.files.at(request.match_info["path"]) if _knows(telegram, request) else None
        if found is None:
            return _send(_NOWHERE)
        return web.Response(body=found.content, content_type=found.mime)

    async def let_go(_: web.Application) -> None:
        await telegram.close()

    app.router.add_route("*", "/bot{token:[^/]+}/{method}", bot_api)
    app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", file)
    app.add_routes(control(telegram))
    app.on_shutdown.append(let_go)
    return app


@asynccontextmanager
async def serving(telegram: Telegram, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serves `telegram` while the block runs; the URL of its root. Port 0 lets the system choose."""
    runner = web.AppRunner(application(telegram), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _knows(telegram: Telegram, request: web.Request) -> bool:
    return compare_digest(request.match_info["token"].encode(), telegram.token.encode())


def _send(reply: Reply) -> web.Response:
    return web.Response(status=reply.status or 500, body=reply.body, headers=_JSON)


async def _read(request: web.Request) -> tuple[Mapping[str, Any], dict[str, Upload]]:
    """Parameters and files, from the address and a body of any of the kinds that Telegram takes."""
    kind = request.headers.get("Content-Type", "")
    values: dict[str, Any] = dict(request.query) if request.query_string else {}
    if kind.startswith("application/json"):
        body = json.loads(await request.read() or b"{}")
        if not isinstance(body, dict):
            raise ValueError("the body is no object")
        return (values | body if values else body), {}
    if kind.startswith("application/x-www-form-urlencoded"):
        body = (await request.read()).decode()
        return values | dict(parse_qsl(body, keep_blank_values=True)), {}
    if kind.startswith("multipart/"):
        return await _parts(request, values)
    return values, {}


async def _parts(request: web.Request, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Upload]]:
    files: dict[str, Upload] = {}
    for name, part in (await request.post()).items():
        if isinstance(part, web.FileField):
            files[name] = Upload(part.filename, part.file.read(), part.content_type)
        else:
            values[name] = part if isinstance(part, str) else bytes(part).decode()
    return values, files
