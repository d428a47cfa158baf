"""A stand-in with a clock that stands still, and a plain client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.demo.standin import Telegram, serving

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


class Client:
    """The Bot API as a bot sees it: `await api("sendMessage", …)` gives the whole answer as JSON."""

    def __init__(self, url: str, token: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.token = token
        self.session = session

    async def __call__(self, method: str, **parameters: Any) -> dict[str, Any]:
        async with self.session.post(f"{self.url}/bot{self.token}/{method}", json=parameters) as answer:
            raw = await answer.json()
            assert answer.status == raw.get("error_code", 200)
            return raw

    async def updates(self, **parameters: Any) -> list[dict[str, Any]]:
        answer = await self("getUpdates", **parameters)
        assert answer["ok"], answer
        return answer["result"]

    async def control(self, verb: str, **arguments: Any) -> tuple[int, Any]:
        async with self.session.post(f"{self.url}/control/{verb}", json=arguments) as answer:
            return answer.status, await answer.json()


@pytest.fixture
def telegram() -> Telegram:
    telegram = Telegram(lambda: NOW, webhook_pause=0.01)
    telegram.make_user(7, "Sam")
    telegram.make_user(8, "Ilse")
    return telegram


@pytest.fixture
async def api(telegram: Telegram) -> AsyncIterator[Client]:
    async with serving(telegram) as url, aiohttp.ClientSession() as session:
        yield Client(url, telegram.token, session)
