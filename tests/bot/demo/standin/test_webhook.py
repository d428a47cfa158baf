"""Webhook mode: the secret, retries, order within a lane, and the way back to polling."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.demo.standin import Telegram

YES = {"inline_keyboard": [[{"text": "Ja", "callback_data": "ja"}]]}


class Receiver:
    """A bot's end of the webhook. `answers` are the statuses of the next deliveries; then all are 200."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: list[int] = []
        self.tried: list[dict[str, Any]] = []
        self.taken: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.secrets: list[str | None] = []
        self.stuck: dict[str, asyncio.Event] = {}

    async def take(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.tried.append(update)
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        status = self.answers.pop(0) if self.answers else 200
        if gate := self.stuck.get(next(kind for kind in update if kind != "update_id")):
            await gate.wait()
        if status == 200:
            self.taken.put_nowait(update)
        return web.Response(status=status)

    async def next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.taken.get(), 5)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def empty(telegram: Telegram) -> None:
    await telegram.until(lambda: None if telegram.updates.waiting() else True)


async def test_what_waits_and_what_comes_is_delivered_with_the_secret(api, telegram, receiver) -> None:
    telegram.write(7, "eerder")
    await api("setWebhook", url=receiver.url, secret_token="geheim_1")
    telegram.write(7, "later")
    assert [(await receiver.next())["message"]["text"] for _ in range(2)] == ["eerder", "later"]
    assert receiver.secrets == ["geheim_1", "geheim_1"]
    await empty(telegram)


async def test_a_failed_delivery_is_tried_again_and_keeps_its_place(api, telegram, receiver) -> None:
    receiver.answers = [500, 503, 200]
    await api("setWebhook", url=receiver.url)
    telegram.write(7, "een")
    telegram.write(7, "twee")
    assert [(await receiver.next())["message"]["text"] for _ in range(2)] == ["een", "twee"]
    assert [update["message"]["text"] for update in receiver.tried] == ["een", "een", "een", "twee"]
    info = (await api("getWebhookInfo"))["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"
    assert receiver.secrets[0] is None


async def test_a_bot_that_is_away_gets_it_later(api, telegram, receiver) -> None:
    nobody, url = receiver.url.replace("/hook", "/gone"), receiver.url
    await api("setWebhook", url=nobody)
    telegram.write(7, "hoi")
    await telegram.until(lambda: telegram.webhook.failure or None)
    assert (await api("getWebhookInfo"))["result"]["pending_update_count"] == 1
    await api("setWebhook", url=url)
    assert (await receiver.next())["message"]["text"] == "hoi"


async def test_a_tap_may_overtake_a_text_of_the_same_person(api, telegram, receiver) -> None:
    telegram.start(7)
    await api("sendMessage", chat_id=7, text="Gaat het?", reply_markup=YES)
    await api("getUpdates", offset=-1)
    telegram.updates.drop_all()
    receiver.stuck["message"] = asyncio.Event()
    await api("setWebhook", url=receiver.url)
    telegram.write(7, "ja hoor")
    telegram.write(8, "iemand anders")
    telegram.tap(7, "Ja")
    assert "callback_query" in await receiver.next()
    receiver.stuck["message"].set()
    assert {(await receiver.next())["message"]["chat"]["id"] for _ in range(2)} == {7, 8}


async def test_delivered_updates_can_be_redelivered_and_turned_round(api, telegram, receiver) -> None:
    await api("setWebhook", url=receiver.url)
    telegram.hold()
    telegram.write(7, "een")
    telegram.write(7, "twee")
    telegram.deliver(newest_first=True)
    assert [(await receiver.next())["message"]["text"] for _ in range(2)] == ["twee", "een"]
    telegram.redeliver(last=1)
    assert (await receiver.next())["message"]["text"] == "twee"


async def test_a_lost_update_is_not_delivered(api, telegram, receiver) -> None:
    telegram.start(7)
    await api("sendMessage", chat_id=7, text="Gaat het?", reply_markup=YES)
    telegram.updates.drop_all()
    telegram.tap(7, "Ja")
    telegram.move_clock(151)
    await api("setWebhook", url=receiver.url)
    telegram.write(7, "hallo")
    assert "message" in await receiver.next()
    assert len(receiver.tried) == 1


async def test_while_there_is_a_webhook_getupdates_is_refused_and_later_gives_what_waits(api, telegram) -> None:
    await api("setWebhook", url="http://127.0.0.1:9/")
    telegram.write(7, "hoi")
    answer = await api("getUpdates")
    assert answer["error_code"] == 409
    assert "while webhook is active" in answer["description"]
    await api("deleteWebhook")
    assert [update["message"]["text"] for update in await api.updates()] == ["hoi"]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"url": "ftp://x"}, "An HTTPS URL must be provided"),
        ({"url": "https://x", "secret_token": "a b"}, "unallowed characters"),
        ({"url": "https://x", "secret_token": "a" * 257}, "too long"),
    ],
)
async def test_a_wrong_webhook_is_refused(api, wrong, why) -> None:
    assert why in (await api("setWebhook", **wrong))["description"]
