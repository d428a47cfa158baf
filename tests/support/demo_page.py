"""The demo page on a real stand-in, with a made-up panel and a bot that echoes and asks one question."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from aiohttp import ClientSession, FormData, web

from bot.caseload import invitations
from bot.demo.page.app import demo_page
from bot.demo.page.panel import Alert, Moment, Outbound, PanelError, Person, Placement, Snapshot, Task
from bot.demo.standin import Telegram, application

SAM, ILSE, KARIN = 101, 202, 303
FIRST_DAY = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
QUESTION = "Hoe gaat het op je werk?"
LABELS = ("Slecht", "Niet zo goed", "Goed")
INVITE = re.compile(r"nodig (\w+) uit")
CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"


@dataclass
class MadeUpPanel:
    """What the page asks for, with lists that a test may fill."""

    telegram: Telegram | None = None
    now: datetime = FIRST_DAY
    alerts: list[Alert] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    outbox: list[Outbound] = field(default_factory=list)
    joined: set[int] = field(default_factory=set)
    pressed: list[str] = field(default_factory=list)

    async def snapshot(self) -> Snapshot:
        inbox = {"new": 0, "done": 4, "apart": 1}
        return Snapshot(
            now=self.now,
            alerts=self.alerts,
            placements=self.placements,
            moments=self.moments,
            tasks=self.tasks,
            outbox=self.outbox,
            inbox=inbox,
        )

    async def people(self) -> list[Person]:
        return [
            Person(chat=SAM, name="Sam", role="participant", code="sam-1", link="", joined=SAM in self.joined),
            Person(chat=ILSE, name="Ilse", role="coach", code="ilse-1", link="", joined=ILSE in self.joined),
            Person(chat=KARIN, name="Karin", role="employer", code="", link="", joined=KARIN in self.joined),
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
    """Answers every text, asks a question at the word `vraag`, sends a photo back, edits at a tap.

    `nodig Karin uit` gets an invitation as a picture, `kalender` a calendar file.
    """

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

    async def _upload(self, method: str, chat: int, caption: str, **files: tuple[str, bytes, str]) -> None:
        form = FormData({"chat_id": str(chat), "caption": caption})
        for kind, (name, content, mime) in files.items():
            form.add_field(kind, content, filename=name, content_type=mime)
        async with self._http.post(f"{self._root}/{method}", data=form) as response:
            assert response.status == 200, await response.text()

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
        elif invited := INVITE.fullmatch(text):
            name = invited[1]
            link = invitations.link("bot", f"{name.lower()}_2")
            picture = base64.b64decode(invitations.picture(link))
            caption = f"Uitnodiging voor {name}. Laat de code scannen, of stuur de link: {link}"
            await self._upload("sendPhoto", chat, caption, photo=("picture.png", picture, "image/png"))
        elif text == "kalender":
            await self._upload(
                "sendDocument", chat, "Je afspraken.", document=("afspraken.ics", CALENDAR, "text/calendar")
            )
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
    """The page at `url`, with the phones of Sam, Ilse and Karin and the echoing bot behind it."""
    panel = MadeUpPanel()
    telegram = Telegram(lambda: panel.now)
    telegram.make_user(SAM, "Sam")
    telegram.make_user(ILSE, "Ilse")
    telegram.make_user(KARIN, "Karin")
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
