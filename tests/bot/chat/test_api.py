"""The request class over a real socket, against a server that answers as it is told."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import telegram
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import error

from bot.chat.api import Api
from bot.chat.errors import NotConnected
from bot.chat.request import AiohttpRequest

TOKEN = "123456789:AAErealLooking-Token_with35characters0"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Telegram:
    """Answers every request with `answer` and keeps what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bytes]] = []
        self.answer: Answer = self.ok

    async def ok(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, "result": {"message_id": 1}})

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path, request.content_type, await request.read()))
        return await self.answer(request)


def answers(status: int, body: object) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        text = body if isinstance(body, str) else json.dumps(body)
        return web.Response(status=status, text=text, content_type="application/json")

    return answer


@pytest.fixture
async def server() -> AsyncIterator[tuple[Telegram, str]]:
    telegram_ = Telegram()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", telegram_.handle)
    async with TestServer(app) as running:
        yield telegram_, str(running.make_url(""))


@pytest.fixture
async def api(server: tuple[Telegram, str]) -> AsyncIterator[Api]:
    api = Api(TOKEN, server[1], AiohttpRequest(connect_timeout=2, read_timeout=0.2, write_timeout=0.1))
    await api.open()
    yield api
    await api.close()


async def test_parameters_go_as_json_and_the_result_comes_raw(api: Api, server: tuple[Telegram, str]) -> None:
    assert await api.call("sendMessage", {"chat_id": 1, "text": "Hé"}) == {"message_id": 1}
    ((path, kind, body),) = server[0].asked
    assert (path, kind) == (f"/bot{TOKEN}/sendMessage", "application/json")
    assert json.loads(body) == {"chat_id": 1, "text": "Hé"}


async def test_a_picture_goes_as_multipart(api: Api, server: tuple[Telegram, str]) -> None:
    await api.call(
        "sendPhoto",
        {"chat_id": 1, "protect_content": True, "reply_markup": {"inline_keyboard": []}},
        files={"photo": ("picture.png", b"\x89PNG", "image/png")},
    )
    ((_, kind, body),) = server[0].asked
    assert kind == "multipart/form-data"
    assert b'name="photo"; filename="picture.png"' in body
    assert b"\x89PNG" in body
    assert b'{"inline_keyboard": []}' in body


async def test_the_typed_methods_of_the_bot_class_use_the_same_way(api: Api, server: tuple[Telegram, str]) -> None:
    server[0].answer = answers(
        200, {"ok": True, "result": {"id": 7, "is_bot": True, "first_name": "A", "username": "achter_bot"}}
    )
    assert (await api.bot.get_me()).username == "achter_bot"
    server[0].answer = answers(
        200, {"ok": True, "result": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}}
    )
    await api.bot.send_photo(1, telegram.InputFile(b"\x89PNG", "x.png"), caption="Hoi")
    assert b"\x89PNG" in server[0].asked[-1][2]


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, {"ok": False, "description": "Bad Request: chat not found"}, error.BadRequest),
        (401, {"ok": False, "description": "Unauthorized"}, error.InvalidToken),
        (403, {"ok": False, "description": "Forbidden: bot was blocked by the user"}, error.Forbidden),
        (404, {"ok": False, "description": "Not Found"}, error.InvalidToken),
        (409, {"ok": False, "description": "Conflict"}, error.Conflict),
        (429, {"ok": False, "description": "x", "parameters": {"retry_after": 7}}, error.RetryAfter),
        (400, {"ok": False, "parameters": {"migrate_to_chat_id": -1001}}, error.ChatMigrated),
        (502, "<html>nginx</html>", error.NetworkError),
        (500, {"ok": False, "description": "Internal Server Error"}, error.NetworkError),
        (200, "<html>log in to this network</html>", error.TelegramError),
        (200, [], error.TelegramError),
        (200, {"ok": False}, error.NetworkError),
    ],
)
async def test_every_answer_that_is_no_result_is_a_telegram_error(
    api: Api, server: tuple[Telegram, str], status: int, body: object, expected: type[error.TelegramError]
) -> None:
    server[0].answer = answers(status, body)
    with pytest.raises(expected):
        await api.call("getMe")


async def test_an_answer_that_is_no_json_is_not_logged(
    api: Api, server: tuple[Telegram, str], caplog: pytest.LogCaptureFixture
) -> None:
    server[0].answer = answers(200, '{"text": "ik ben ziek"')
    with caplog.at_level(logging.DEBUG), pytest.raises(error.TelegramError):
        await api.call("getUpdates")
    assert "ziek" not in caplog.text


async def test_a_server_that_hangs_is_cut_by_the_time_out(api: Api, server: tuple[Telegram, str]) -> None:
    async def hang(request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()  # for ever: the client's time-out, 50 ms of real time, ends it
        return web.Response()

    server[0].answer = hang
    with pytest.raises(error.TimedOut):
        await api.call("getMe", read_timeout=0.05)


async def test_a_server_that_drips_is_cut_by_the_total_time_out(server: tuple[Telegram, str]) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b" ")
            await asyncio.sleep(0.02)  # within the time-out, that aiohttp takes from real time

    server[0].answer = drip
    api = Api(TOKEN, server[1], AiohttpRequest(connect_timeout=0.1, read_timeout=0.1, write_timeout=0.1))
    await api.open()
    with pytest.raises(error.TimedOut):
        await api.call("getMe")
    await api.close()


async def test_a_request_that_never_left_is_told_from_one_of_unknown_fate(
    server: tuple[Telegram, str],
) -> None:
    async def reset(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    server[0].answer = reset
    async with AiohttpRequest(connect_timeout=1) as request:
        with pytest.raises(error.NetworkError) as unknown:
            await Api(TOKEN, server[1], request).call("getMe")
        assert not isinstance(unknown.value, NotConnected)
        with pytest.raises(NotConnected) as refused:
            await Api(TOKEN, "http://127.0.0.1:1", request).call("getMe")
    assert TOKEN not in repr(unknown.value) + repr(refused.value)
    with pytest.raises(NotConnected):
        await Api(TOKEN, server[1], request).call("getMe")


async def test_a_file_is_fetched_by_its_id(api: Api, server: tuple[Telegram, str]) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/getFile"):
            return web.json_response({"ok": True, "result": {"file_id": "F", "file_path": "voice/a b.oga"}})
        assert request.path == f"/file/bot{TOKEN}/voice/a b.oga"
        return web.Response(body=b"OggS")

    server[0].answer = answer
    assert await api.download("F") == b"OggS"


async def test_a_file_over_the_limit_is_not_fetched(api: Api, server: tuple[Telegram, str]) -> None:
    server[0].answer = answers(200, {"ok": True, "result": {"file_size": 21 * 2**20, "file_path": "x"}})
    with pytest.raises(error.BadRequest):
        await api.download("F")
