"""Updates brought to us. P1: 200 only after the commit; P17: the end of an outage; P18: seen when delivery fails."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import func, select

from bot.chat.intake import Intake
from bot.chat.webhook import BIGGEST_UPDATE, SECRET_HEADER, Webhook
from bot.storage.errors import StorageTrouble
from bot.storage.tables import inbox as table
from tests.support.chat_rig import SAM, Broken, Rig, failing_delivery

SECRET = "s3cret-Of_the-webhook"


class Hooked:
    def __init__(self, rig: Rig, port: TestServer) -> None:
        self.rig = rig
        self.gaps: list[tuple[float, datetime]] = []
        self.rung = 0
        self.root = str(port.make_url("")).rstrip("/")
        self.intake = Intake(rig.db, rig.keyring, rig.world, self.ring)
        self.webhook = Webhook(
            rig.api,
            rig.db,
            self.intake,
            rig.world,
            self.on_gap,
            url=self.root,
            secret=SECRET,
            backoff=rig.backoff,
            look_every=0.01,
        )

    def ring(self) -> None:
        self.rung += 1

    async def on_gap(self, seconds: float, began_at: datetime) -> None:
        self.gaps.append((seconds, began_at))

    async def kept(self) -> int:
        async with self.rig.db.read() as conn:
            return int((await conn.execute(select(func.count()).select_from(table))).scalar_one())

    async def post(self, body: Any, *, path: str | None = None, secret: str | None = SECRET) -> tuple[int, str]:
        headers = {} if secret is None else {SECRET_HEADER: secret}
        data = io.BytesIO(body) if isinstance(body, bytes) else None
        json = None if isinstance(body, bytes) else body
        url = self.root + (path or self.webhook.path)
        async with aiohttp.ClientSession() as session, session.post(url, data=data, json=json, headers=headers) as r:
            return r.status, r.headers.get("Retry-After", "")

    async def looks(self, count: int = 2) -> None:
        telegram = self.rig.telegram
        before = telegram.record._count
        await telegram.until(lambda: len(telegram.requests("getWebhookInfo", after=before)) >= count or None)


@pytest.fixture
async def hooked(rig: Rig) -> AsyncIterator[Hooked]:
    app = web.Application()
    server = TestServer(app)
    port = server  # the routes need the webhook, the webhook needs the port
    holder: list[Hooked] = []

    async def pass_on(request: web.Request) -> web.StreamResponse:
        (route,) = holder[0].webhook.routes()
        answer: web.StreamResponse = await route.handler(request)  # type: ignore[operator, misc]
        return answer

    app.router.add_post("/telegram/{path}", pass_on)
    async with port:
        holder.append(Hooked(rig, port))
        yield holder[0]
        await holder[0].webhook.stop()
        await rig.telegram.webhook.remove()


UPDATE = {"update_id": 5, "message": {"text": "hoi", "chat": {"id": SAM, "type": "private"}}}


async def test_what_people_send_is_kept_before_telegram_hears_ok(rig: Rig, hooked: Hooked) -> None:
    hooked.webhook.start()
    await hooked.looks()
    rig.telegram.write(SAM, "een")
    rig.telegram.write(SAM, "twee")
    await rig.telegram.until(lambda: not rig.telegram.updates.waiting() or None)
    assert await hooked.kept() == 2
    assert hooked.rung == 2
    assert hooked.webhook.health().well


async def test_the_webhook_is_set_with_the_secret_and_exactly_our_kinds(rig: Rig, hooked: Hooked) -> None:
    hooked.webhook.start()
    await hooked.looks(1)
    (request,) = rig.telegram.requests("setWebhook")
    assert request.parameters == {
        "url": hooked.root + hooked.webhook.path,
        "secret_token": SECRET,
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
        "drop_pending_updates": False,
    }
    assert SECRET not in hooked.webhook.path


@pytest.mark.parametrize(
    "wrong",
    [{"secret": None}, {"secret": "other"}, {"secret": "ünïcode"}, {"path": "/telegram/guess"}],
    ids=str,
)
async def test_strangers_are_refused_and_nothing_is_kept(hooked: Hooked, wrong: dict[str, Any]) -> None:
    assert (await hooked.post(UPDATE, **wrong))[0] == 401
    assert await hooked.kept() == 0


async def test_a_storage_in_trouble_is_told_to_telegram_which_brings_it_again(rig: Rig, hooked: Hooked) -> None:
    broken = Broken(rig.db, StorageTrouble)
    broken.times = 1
    assert await hooked.post(UPDATE) == (503, "5")
    assert await hooked.kept() == 0
    assert (await hooked.post(UPDATE))[0] == 200
    assert (await hooked.post(UPDATE))[0] == 200
    assert await hooked.kept() == 1


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'{"message": {}}'])
async def test_what_can_never_be_read_is_counted_and_not_brought_again(hooked: Hooked, body: bytes) -> None:
    assert (await hooked.post(body))[0] == 200
    assert hooked.intake.unusable == 1


async def test_a_body_that_is_too_big_is_refused(hooked: Hooked) -> None:
    assert (await hooked.post(b" " * (BIGGEST_UPDATE + 1)))[0] == 413
    assert await hooked.kept() == 0


@pytest.mark.parametrize(("down", "gaps"), [(100, 0), (200, 1)])
async def test_after_a_restart_a_long_outage_is_told_once(rig: Rig, hooked: Hooked, down: int, gaps: int) -> None:
    began = rig.clock.now()
    hooked.webhook.start()
    await hooked.looks(3)
    await hooked.webhook.stop()
    rig.clock.move(down)
    hooked.webhook._silence = None
    hooked.webhook.start()
    await hooked.looks(4)
    assert hooked.gaps == [(down, began)] * gaps


async def test_a_delivery_that_fails_is_seen_until_one_arrives(
    rig: Rig, hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often we look meanwhile, and though Telegram names one failure for all the time that it waits."""
    delivery, began = rig.telegram.webhook, rig.clock.now()
    hooked.webhook.start()
    await hooked.looks()
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_post", failing_delivery(delivery))
        rig.telegram.write(SAM, "een")
        await rig.telegram.until(lambda: hooked.webhook.pulse.last_error == "Undelivered" or None)
        rig.clock.move(200)
        await hooked.looks(5)
        assert hooked.webhook.pulse.last_good == began
        assert not hooked.webhook.caught_up
        assert hooked.gaps == []
    await rig.telegram.until(lambda: hooked.gaps or None)
    await hooked.looks()
    assert hooked.gaps == [(200, began)]
    assert await hooked.kept() == 1
    assert hooked.webhook.health().well
    assert hooked.webhook.caught_up


async def test_a_failure_that_is_over_does_not_count_while_more_comes_in(
    rig: Rig, hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something always waits where many write, and Telegram names its last failure for ever."""
    delivery = rig.telegram.webhook
    hooked.webhook.start()
    await hooked.looks()
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_post", failing_delivery(delivery))
        rig.telegram.write(SAM, "een")
        await rig.telegram.until(lambda: hooked.webhook.pulse.last_error == "Undelivered" or None)
        assert (await hooked.post(UPDATE))[0] == 200
        await rig.telegram.until(lambda: not hooked.webhook.pulse.last_error or None)
        await hooked.looks(3)
        assert rig.telegram.updates.waiting()
        assert hooked.webhook.health().well
        assert not hooked.webhook.pulse.last_error


async def test_a_registration_that_was_taken_away_is_made_again(rig: Rig, hooked: Hooked) -> None:
    hooked.webhook.start()
    await hooked.looks()
    await rig.telegram.webhook.remove()
    await hooked.looks(3)
    assert len(rig.telegram.requests("setWebhook")) == 2
    assert rig.telegram.webhook.url


@pytest.mark.parametrize("code", [401, 404, 429, 502])
async def test_a_refusal_at_the_start_does_not_end_it(rig: Rig, hooked: Hooked, code: int) -> None:
    rig.telegram.fault("setWebhook", code=code, times=3)
    hooked.webhook.start()
    await hooked.looks(2)
    await asyncio.sleep(0)
    assert hooked.webhook.health().well
