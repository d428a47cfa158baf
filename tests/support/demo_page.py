"""The demo page on a real stand-in, with a made-up panel and a bot that echoes and asks one question."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from aiohttp import ClientSession, web

from bot.demo.page.app import demo_page
from bot.demo.page.panel import Alert, Moment, Outbound, PanelError, Person, Snapshot
from bot.demo.standin import Telegram, application

SAM, ILSE = 101, 202
FIRST_DAY = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
QUESTION = "Hoe gaat het op je werk?"
LABELS = ("Slecht", "Niet zo goed", "Goed")


@dataclass
class MadeUpPanel:
    """What the page asks for, with lists that a test may fill."""

    telegram: Telegram | None = None
    now: datetime = FIRST_DAY
    alerts: list[Alert] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    outbox: list[Outbound] = field(default_factory=list)
    joined: set[int] = field(default_factory=set)
    pressed: list[str] = field(default_factory=list)

    async def snapshot(self) -> Snapshot:
        inbox = {"new": 0, "done": 4, "apart": 1}
        return Snapshot(now=self.now, alerts=self.alerts, moments=self.moments, outbox=self.outbox, inbox=inbox)

    async def people(self) -> list[Person]:
        return [
            Person(chat=SAM, name="Sam", role="participant", code="sam-1", link="", joined=SAM in self.joined),
            Person(chat=ILSE, name="Ilse", role="coach", code="ilse-1", link="", joined=ILSE in self.joined),
        ]

    async def move_clock(self, to: Literal["next moment"] | int) -> datetime:
        planned = [moment["due_at"] for moment in self.moments if moment["state"] == "planned"]
        if to == "next moment" and not planned:
            raise PanelError("Er is nog geen volgend contactmoment.")
        self.now = min(planned) if to == "next moment" else self.now + timedelta(minutes=to)
        return self.now

    async def plan_now(self) -> str:
        self.pressed.append("plan")
        return "De check-in is verstuurd."

    async def restart(self) -> None:
        self.pressed.append("restart")


class Echo:
    """Answers every text, asks a question at the word `vraag`, shows a picture at `foto`, edits at a tap."""

    def __init__(self, http: ClientSession, root: str, panel: MadeUpPanel) -> None:
        self._http = http
        self._root = root
        self._panel = panel

    async def run(self) -> None:
        offset = 0
        while True:
            for update in await self._call("getUpdates", offset=offset, timeout=30):
                offset = update["update_id"] + 1
                await self._answer(update)

    async def _call(self, method: str, **parameters: Any) -> Any:
        async with self._http.post(f"{self._root}/{method}", json=parameters) as response:
            return (await response.json())["result"]

    async def _answer(self, update: dict[str, Any]) -> None:
        if tap := update.get("callback_query"):
            said = tap["message"]
            await self._call("answerCallbackQuery", callback_query_id=tap["id"], text="Genoteerd")
            about = {"chat_id": said["chat"]["id"], "message_id": said["message_id"]}
            await self._call("editMessageText", **about, text=f"{said['text']} {tap['data']}")
        elif message := update.get("message"):
            await self._reply(message["chat"]["id"], message)

    async def _reply(self, chat: int, message: dict[str, Any]) -> None:
        text = message.get("text", "")
        if text.startswith("/start"):
            self._panel.joined.add(chat)
        keys = [[{"text": label, "callback_data": label}] for label in LABELS]
        if photo := message.get("photo"):
            await self._call("sendPhoto", chat_id=chat, photo=photo[-1]["file_id"], caption="Deze?")
        elif text == "vraag":
            markup = {"inline_keyboard": keys}
            await self._call("sendMessage", chat_id=chat, text=QUESTION, reply_markup=markup)
        else:
            quoted = message.get("reply_to_message", {}).get("text", "")
            await self._call("sendMessage", chat_id=chat, text=f"Echo: {text} {quoted}".strip())


@dataclass(frozen=True)
class Demo:
    url: str
    telegram: Telegram
    panel: MadeUpPanel


@asynccontextmanager
async def running_demo() -> AsyncIterator[Demo]:
    """The page at `url`, with Sam's and Ilse's phones and the echoing bot behind it."""
    panel = MadeUpPanel()
    telegram = Telegram(lambda: panel.now)
    telegram.make_user(SAM, "Sam")
    telegram.make_user(ILSE, "Ilse")
    app = application(telegram)
    app.add_subapp("/demo", demo_page(panel))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with ClientSession() as http:
        echo = asyncio.create_task(Echo(http, f"{root}/bot{telegram.token}", panel).run())
        try:
            yield Demo(f"{root}/demo/", telegram, panel)
        finally:
            echo.cancel()
            with suppress(asyncio.CancelledError):
                await echo
            await runner.cleanup()
