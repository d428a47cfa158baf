"""The control API over HTTP: the verbs of the package's table, their arguments checked by their own signatures."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from aiohttp import web
from pydantic import ValidationError, validate_call

from bot.demo.standin.chats import Message, User, seen
from bot.demo.standin.errors import Impossible
from bot.demo.standin.files import File
from bot.demo.standin.record import Request
from bot.demo.standin.state import Telegram
from bot.demo.standin.watching import PATIENCE

Verb = Callable[..., Any]

_AS_THEY_ARE = (
    "make_user", "start", "write", "forward", "edit", "tap", "block", "unblock", "deactivate", "add_to_group",
    "kick_from_group", "people", "read", "notice", "requests", "file", "fault", "release", "calm", "limits", "hold",
    "deliver", "redeliver", "push", "restart_ids", "now", "move_clock", "set_clock", "reset",
)  # fmt: skip
_KEEP_ALIVE = 15.0
"""Seconds between comments on a quiet event stream."""


def control(telegram: Telegram) -> list[web.RouteDef]:
    """The routes under `/control/`."""
    verbs = _verbs(telegram)

    async def do(request: web.Request) -> web.Response:
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return _no(403, "only from the page of this server")
        verb = verbs.get(request.match_info["verb"])
        if verb is None:
            return _no(404, f"no such verb; there are: {', '.join(sorted(verbs))}")
        try:
            arguments = await _arguments(request)
            result = validate_call(verb)(**arguments)
            if asyncio.iscoroutine(result):
                result = await result
        except Impossible as reason:
            return _no(409, str(reason))
        except (ValidationError, ValueError) as mistake:
            return _no(422, _told(mistake))
        return web.json_response(shown(result))

    async def events(request: web.Request) -> web.StreamResponse:
        return await _stream(telegram, request)

    return [
        web.get("/control/events", events),
        web.get("/control/{verb}", do),
        web.post("/control/{verb}", do),
    ]


def shown(result: Any) -> Any:
    """A verb's result as JSON."""
    match result:
        case Message():
            return seen(result)
        case User() | Request():
            return result.raw() if isinstance(result, Request) else result.raw
        case File():
            content = base64.b64encode(result.content).decode()
            return {"name": result.name, "mime": result.mime, "content": content}
        case datetime():
            return result.isoformat()
        case list():
            return [shown(one) for one in result]
        case _:
            return result


def _verbs(telegram: Telegram) -> dict[str, Verb]:
    """What differs over HTTP is written out: base64 for bytes, and a switch for patterns."""

    def send(
        user: int,
        kind: str,
        caption: str = "",
        content: str = "",
        reply_to: int | None = None,
        forwarded_from: str = "",
    ) -> Message:
        return telegram.send(user, kind, caption, base64.b64decode(content), reply_to, forwarded_from)

    async def wait_for(
        chat: int, match: str, regex: bool = False, after: int = 0, timeout: float = PATIENCE
    ) -> Message:
        return await telegram.wait_for(chat, re.compile(match) if regex else match, after=after, timeout=timeout)

    return {name: getattr(telegram, name) for name in _AS_THEY_ARE} | {
        "send": send,
        "wait_for": wait_for,
    }


async def _arguments(request: web.Request) -> dict[str, Any]:
    if request.method == "GET":
        return dict(request.query)
    body = json.loads(await request.read() or b"{}")
    if not isinstance(body, dict):
        raise ValueError("the arguments are one JSON object")
    return body


def _told(mistake: Exception) -> str:
    if not isinstance(mistake, ValidationError):
        return str(mistake)
    return "; ".join(f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in mistake.errors())


def _no(status: int, why: str) -> web.Response:
    return web.json_response({"error": why}, status=status)


async def _stream(telegram: Telegram, request: web.Request) -> web.StreamResponse:
    """Server-Sent Events until the browser goes or the server ends."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
    with telegram.bell.listening() as changes, suppress(ConnectionError):
        await response.prepare(request)
        telegram.bell.ring()
        while True:
            try:
                async with asyncio.timeout(_KEEP_ALIVE):
                    change = await changes.get()
            except TimeoutError:
                await response.write(b": still here\n\n")
                continue
            if change is None:
                break
            await response.write(f"id: {change['change']}\ndata: {json.dumps(change)}\n\n".encode())
    return response
