"""The demo, wired: the bot on a stand-in for Telegram, three phones, a clock that can be moved, and a page."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from aiohttp import web
from pydantic import SecretStr

from bot.app import Bot
from bot.caseload import contact, invitations
from bot.demo import books
from bot.demo.page.app import demo_page
from bot.demo.page.labels import REASON
from bot.demo.page.panel import PanelError, Person, Snapshot
from bot.demo.standin import Telegram, application
from bot.life import ending
from bot.settings import Settings, SettingsProblem
from bot.storage import master, moments, outbox, people, timers
from bot.storage.connection import Connection
from bot.storage.keys import KEY_BYTES
from bot.storage.moments import Moment
from bot.world import real_world

COACH, PARTICIPANT, EMPLOYER = 501, 502, 503
"""Telegram ids of the three phones."""
ROLES: dict[int, Literal["participant", "coach", "employer"]] = {
    PARTICIPANT: "participant",
    COACH: "coach",
    EMPLOYER: "employer",
}
NAMES = {PARTICIPANT: "Sam", COACH: "Ilse", EMPLOYER: "Karin"}
PAGE = "/demo/"
OTHER_CLOCK = "De klok op die pagina geldt alleen daar. Opdrachten in een ander venster rekenen met de echte tijd."
MOST_STEPS = 60
"""So many times is the clock stopped on its way to somewhere, for what is due before …"""
FOR_CONTACT = 15
"""… and so many of them are for contact moments alone, as an alert that nobody takes is repeated all day."""
SENT_WITHIN = 2.0
"""Seconds that what is said at such a stop gets to reach the phones."""
LOOK_EVERY = 0.02


class Showcase:
    """The panel behind the page, and what it moves: the clock and the bot."""

    def __init__(self, settings: Settings, data: Path | None = None) -> None:
        """`data`: a folder that is made for it, and that goes when the demo ends; without it one of the system's."""
        real = real_world()
        self._shift = timedelta()
        self.world = replace(real, now=lambda: real.now() + self._shift)
        self.telegram = Telegram(self.world.now)
        self._settings = settings
        self._data = data or Path(tempfile.mkdtemp(prefix="achterdehand-demo-"))
        self._codes: dict[int, str] = {}
        self._ids: dict[int, int] = {}
        self._bot: Bot | None = None
        self._ready = asyncio.Event()

    async def _running(self) -> Bot:
        """The bot; while the demo begins afresh, as soon as there is one again."""
        await self._ready.wait()
        assert self._bot is not None
        return self._bot

    async def begin(self, url: str) -> None:
        """A fresh database, two invited people, and the bot running against the stand-in at `url`."""
        self._url = url
        shutil.rmtree(self._data, ignore_errors=True)
        self._data.mkdir(mode=0o700, parents=True)
        key_file = self._data / "master.key"
        key_file.touch(mode=0o600)
        key_file.write_text(master.encoded(os.urandom(KEY_BYTES)))
        settings = self._settings.model_copy(
            update={
                "telegram_token": SecretStr(self.telegram.token),
                "telegram_url": url,
                "data": self._data,
                "database_url": None,
                "key": None,
                "key_file": key_file,
                "http": "127.0.0.1:0",
                "webhook": None,
                "sends_per_chat": 20.0,
            }
        )
        for chat, name in NAMES.items():
            self.telegram.make_user(chat, name)
        bot = await Bot.open(settings, self.world)
        await bot.storage.db.write(lambda tx: self._seed(tx, bot))
        await bot.start()
        self._bot = bot
        self._ready.set()

    async def _seed(self, tx: Connection, bot: Bot) -> None:
        keyring, now = bot.storage.keyring, self.world.now()
        coach = await people.add(tx, keyring, "coach", NAMES[COACH], "nl", now)
        participant = await people.add(tx, keyring, "participant", NAMES[PARTICIPANT], "nl", now)
        await people.tie(tx, participant, coach, now)
        self._ids = {COACH: coach, PARTICIPANT: participant}
        for chat, person_id in self._ids.items():
            self._codes[chat] = self.world.token()
            await invitations.issue(tx, person_id, self._codes[chat], now)

    async def end(self) -> None:
        if self._bot is not None:
            await self._bot.stop()
        shutil.rmtree(self._data, ignore_errors=True)

    async def snapshot(self) -> Snapshot:
        bot = await self._running()
        async with bot.storage.db.read() as conn:
            return await books.snapshot(conn, bot.storage.keyring, bot.services.book, self.world.now())

    async def people(self) -> list[Person]:
        bot = await self._running()
        async with bot.storage.db.read() as conn:
            joined = {one.chat_id for one in await people.everybody(conn, bot.storage.keyring)}
        return [self._phone(chat, chat in joined) for chat in ROLES]

    def _phone(self, chat: int, joined: bool) -> Person:
        """Karin is in nobody's books until somebody invites her: her phone has no code of its own."""
        code = self._codes.get(chat, "")
        return {
            "chat": chat,
            "name": NAMES[chat],
            "role": ROLES[chat],
            "code": code,
            "link": invitations.link(str(self.telegram.bot["username"]), code) if code else "",
            "joined": joined,
        }

    async def move_clock(self, to: Literal["next moment"] | int) -> datetime:
        bot = await self._running()
        if to == "next moment":
            async with bot.storage.db.read() as conn:
                due_at = await moments.next_due_at(conn)
            if due_at is None:
                raise PanelError("Er is nog niets gepland. Laat Sam eerst meedoen.")
            target = due_at
        else:
            target = self.world.now() + timedelta(minutes=to)
        await self._stop_on_the_way(bot, target)
        await self._arrive(bot, target)
        return self.world.now()

    async def _stop_on_the_way(self, bot: Bot, target: datetime) -> None:
        """What is due before `target` happens at its own time, in order."""
        for left in reversed(range(MOST_STEPS)):
            async with bot.storage.db.read() as conn:
                known = (
                    await moments.next_due_at(conn),
                    await timers.next_due_at(conn) if left >= FOR_CONTACT else None,
                )
            due_at = min((one for one in known if one is not None), default=target)
            if due_at >= target:
                return
            await self._arrive(bot, due_at)

    async def _arrive(self, bot: Bot, at: datetime) -> None:
        """Set the clock on, do what is due, and let what is said reach the phones before the clock goes on."""
        self._shift += max(at - self.world.now(), timedelta())
        await self._sweep(bot)
        with suppress(TimeoutError):
            async with asyncio.timeout(SENT_WITHIN):
                while await self._unsent(bot):  # noqa: ASYNC110  no part of the bot tells that all is sent
                    await asyncio.sleep(LOOK_EVERY)

    async def _sweep(self, bot: Bot) -> None:
        """As soon as the bot hears: before that it does nothing that is due."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SENT_WITHIN):
                while not bot.hearing.caught_up:  # noqa: ASYNC110  as above
                    await asyncio.sleep(LOOK_EVERY)
        await bot.sweep()

    async def _unsent(self, bot: Bot) -> int:
        async with bot.storage.db.read() as conn:
            return (await outbox.counts(conn)).unsent

    async def plan_now(self) -> str:
        bot = await self._running()

        async def work(tx: Connection) -> Moment | None:
            who, now = self._ids[PARTICIPANT], self.world.now()
            return await contact.ask_once(tx, who, contact.CHECKIN, None, self.world.token(), now)

        made = await bot.storage.db.write(work)
        await self._sweep(bot)
        async with bot.storage.db.read() as conn:
            return _fate(await moments.by_id(conn, made.id) if made else None)

    async def restart(self) -> None:
        bot = await self._running()
        self._ready.clear()
        await bot.stop()
        self.telegram.reset()
        self._shift = timedelta()
        await self.begin(self._url)


def _fate(moment: Moment | None) -> str:
    """What became of a check-in that was asked for now, in a sentence for the page."""
    if moment is None or (moment.state, moment.outcome) == ("planned", None):
        return "De check-in staat klaar."
    reason = f": {REASON.get(moment.reason, moment.reason)}" if moment.reason else ""
    if moment.state == "held":
        return f"De check-in wacht nog{reason}."
    return "De check-in is verstuurd." if moment.outcome == "fired" else f"De check-in gaat niet door{reason}."


async def _listen(runner: web.AppRunner, port: int) -> None:
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
    except (OSError, OverflowError):
        raise SettingsProblem(f"Port {port} cannot be used. Choose another, or any free one with --port 0.") from None


async def demo(settings: Settings, port: int, data: Path | None = None) -> int:
    """Serve the page until the process is told to end. Raises SettingsProblem for a port that cannot be had.

    `data`: where it keeps its data, so that `publish` beside it finds it. SettingsProblem if it is there already.
    """
    if data is not None and data.exists():  # noqa: ASYNC240  once, at start
        raise SettingsProblem(f"{data} is there already. Choose a folder that is not, or remove this one.")
    ended = ending()
    showcase = Showcase(settings, data)
    server = application(showcase.telegram)
    server.add_subapp(PAGE, demo_page(showcase))
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await _listen(runner, port)
        url = "http://{}:{}".format(*runner.addresses[0][:2])
        await showcase.begin(url)
        print(f"De demo draait. Open in je browser: {url}{PAGE}", flush=True)  # noqa: T201
        if data is not None:  # somebody types commands beside it
            print(OTHER_CLOCK, flush=True)  # noqa: T201
        await ended.wait()
    finally:
        await showcase.end()
        await runner.cleanup()
    return 0
