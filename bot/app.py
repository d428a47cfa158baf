"""The only place that wires the parts together, and the only one that asks the machine for time, ids and chance."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import random
import secrets
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from telegram.error import InvalidToken, TelegramError

import flows
from bot import logs
from bot.authoring import offering, publish
from bot.authoring.publish import Live
from bot.caseload import nightly
from bot.caseload.handbook import Handbook, beside
from bot.chat.acknowledge import Acknowledger
from bot.chat.api import Api
from bot.chat.fetch import Fetching
from bot.chat.intake import Intake
from bot.chat.pace import Pace
from bot.chat.render import render
from bot.chat.sender import Sender
from bot.chat.translate import translate
from bot.chat.webhook import Webhook
from bot.monitor import Monitor
from bot.roles import Role
from bot.settings import Settings, SettingsProblem
from bot.storage import buttons, erase, facts, flow_versions, inbox, master, outbox, people, sqlite
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.due import DueMoments, DueTimers
from bot.storage.errors import StorageError, StorageTrouble
from bot.storage.keys import Keyring
from bot.storage.locks import Locks
from bot.storage.people import Person
from bot.texts import TextError, Texts, find_locales
from bot.turns import menu, outage
from bot.turns.care import watch
from bot.turns.danger import looking
from bot.turns.dispatcher import Dispatcher
from bot.turns.handover import inviting
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Services, Turn
from bot.world import World
from flows import safety
from scheduler.calendar import Calendar
from scheduler.clock import Clock
from scheduler.sweep import Rests, sweep

log = logging.getLogger("achterdehand")

SWEEP_EVERY = 1.0
SWEEP_LIMIT = 500
SEND_AHEAD = 10
"""Seconds' worth of what we say first that may wait to be sent; beyond that what is due stays due."""
TIDY_EVERY = 3600.0
NIGHT_LOOKS_EVERY = 600.0
"""How often we look whether this night's check was done."""
READ_EVERY = 5.0
"""How often we look whether somebody published a script."""
KEEP_BODIES = timedelta(hours=48)
KEEP_SENT = timedelta(days=30)
STOP_WITHIN = 8.0
TELL_WITHIN = 5.0
AGAIN_AFTER = 2.0


def real_world() -> World:
    """This machine's clock, ids of 128 bits, chance."""
    return World(lambda: datetime.now(UTC), lambda: secrets.token_urlsafe(16), random.SystemRandom().random)


def scripts_folder(settings: Settings) -> Path:
    return settings.flows or Path(flows.__file__).parent / "scripts"


class Storage:
    """The database with its keys, open."""

    def __init__(self, db: Database, keyring: Keyring) -> None:
        self.db, self.keyring = db, keyring

    @classmethod
    async def open(cls, settings: Settings) -> Storage:
        try:
            settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StorageError(f"{settings.data} is no folder that can be used: {error.strerror}") from error
        db = await Database.open(settings.database)
        try:
            return cls(db, await cls._keyring(db, settings))
        except BaseException:
            await db.close()
            raise

    @staticmethod
    async def _keyring(db: Database, settings: Settings) -> Keyring:
        await db.upgrade()
        value = settings.key.get_secret_value() if settings.key else ""
        found = await master.masters(db, settings.master_key_file, value)
        if found.notice:
            log.warning("%s", found.notice)
        keyring = Keyring(found.keys)
        await keyring.house(db)
        return keyring

    async def close(self) -> None:
        await self.db.close()


class Failpoints:
    """For the crash tests: die, as by kill -9, when a named point is reached for the n-th time."""

    def __init__(self, wanted: str | None) -> None:
        self._name, _, nth = (wanted or "").partition(":")
        self._left = int(nth or 1)

    def __call__(self, name: str) -> None:
        if name == self._name:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class Bot:
    """The running bot: every part, wired; `start` and `stop` once."""

    def __init__(self, settings: Settings, world: World, storage: Storage, live: Live, handbook: Handbook) -> None:
        self.settings, self.world, self.storage = settings, world, storage
        self.calendar = Calendar()
        texts = Texts.load(find_locales(settings.locales), offering.vital(live.book))
        self.services = Services(
            storage.keyring,
            live.book,
            texts,
            self.calendar,
            world,
            handbook,
            settings.office,
            live.numbers.values(),
            live.mark,
        )
        self.lost = asyncio.Event()
        self._locks = Locks.for_database(storage.db, settings.data, self._lose)
        self._failpoint = Failpoints(settings.crash_at)
        self.api = Api(settings.token, settings.telegram_url)
        self.sender = Sender(
            storage.db,
            storage.keyring,
            self.api,
            world,
            Pace(settings.sends_per_second, settings.sends_per_chat),
            self._unreachable,
            failpoint=self._failpoint,
        )
        self._acknowledger = Acknowledger(self.api)
        self.dispatcher = Dispatcher(
            storage.db,
            self._locks,
            self.services,
            translate,
            acknowledge=self._acknowledger.acknowledge,
            sending=self.sender.wake,
            failpoint=self._failpoint,
        )
        self._intake = Intake(storage.db, storage.keyring, world, self.dispatcher.wake, self._failpoint)
        self.hearing = self._hearing()
        self._moments = DueMoments(storage.db, self.dispatcher.missed)
        self._alerts = DueTimers(storage.db, of_alerts=True)
        self._timers = DueTimers(storage.db, of_alerts=False)
        self._rests = (Rests(), Rests(), Rests())
        self._one_sweep = asyncio.Lock()  # a tick, and in the demo a leap of the clock
        self._clock = Clock(
            {
                "sweep": (SWEEP_EVERY, self.sweep),
                "tidy": (TIDY_EVERY, self.tidy),
                "night": (NIGHT_LOOKS_EVERY, self.night),
                "look": (10.0, self._look),
                "scripts": (READ_EVERY, self.read_scripts),
            }
        )
        self._roles = self._shared_out()
        self.monitor = Monitor(storage.db, self._roles, self._fast_ticks, self._tell_admins)
        self._admins: list[Person] = []
        self._server: web.AppRunner | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.url = ""

    def _hearing(self) -> Fetching | Webhook:
        parts = (self.api, self.storage.db, self._intake, self.world, self._on_gap)
        if self.settings.webhook:
            return Webhook(*parts, url=self.settings.webhook, secret=self.world.token())
        return Fetching(*parts)

    def _shared_out(self) -> list[Role]:
        """One process hears, one speaks. On SQLite who hears takes the turns too; on PostgreSQL all of them do."""
        alone = self.storage.db.dialect == "sqlite"
        return [
            Role("fetch", self._locks, [self.hearing, self.dispatcher] if alone else [self.hearing]),
            Role("send", self._locks, [self.sender]),
            *([] if alone else [Role(None, self._locks, [self.dispatcher])]),
        ]

    @classmethod
    async def open(cls, settings: Settings, world: World) -> Bot:
        storage = await Storage.open(settings)
        try:
            scripts = scripts_folder(settings)
            live = await publish.at_start(scripts, storage.db, world.now())
            own = beside(scripts)
            # The one that comes along may know more flows than the scripts of somebody who has no handbook.
            handbook = Handbook.load(own, {flow.id for flow in live.book} if own.parent == scripts.parent else None)
        except BaseException:
            await storage.close()
            raise
        return cls(settings, world, storage, live, handbook)

    async def start(self) -> None:
        """Raises SettingsProblem when Telegram does not know the token and never has."""
        await self.api.open()
        await self._who_am_i()
        await self._serve()
        await self._look()
        await self._ready_for_danger()
        self._acknowledger.start()
        for one in menu.for_everybody(self.services.texts):
            self._acknowledger.acknowledge(one)
        self._tasks = [asyncio.create_task(role.take(), name="role") for role in self._roles]
        self._clock.start()
        self.monitor.start()

    async def stop(self) -> None:
        """Hear nothing new, finish what is under way, close. What waits is in the database."""
        await self._clock.stop()
        await self.monitor.stop()
        await self.rest()
        await self._acknowledger.stop()
        if self._server:
            await self._server.cleanup()
        await self.api.close()
        await self._locks.close()
        await self.storage.close()

    async def rest(self) -> None:
        """Do nothing any more that needs a role; go on saying how we are."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for role in self._roles:
            role.give_up()
        await asyncio.gather(*(part.stop() for part in (self.hearing, self.dispatcher, self.sender)))

    def _lose(self, names: frozenset[str]) -> None:
        log.error("the connection that held %s broke; starting again", ", ".join(sorted(names)) or "nothing")
        self.lost.set()

    async def _who_am_i(self) -> None:
        try:
            known = await self._fact(inviting.BOT_USERNAME)
            me = await self.api.call("getMe")
            username = str(me.get("username", ""))
            await self.storage.db.write(lambda tx: facts.put(tx, inviting.BOT_USERNAME, username))
        except InvalidToken:
            if known is None:
                raise SettingsProblem(
                    "Telegram does not know this token. Set ACHTERDEHAND_TELEGRAM_TOKEN to the one from BotFather."
                ) from None
        except (TelegramError, StorageTrouble) as error:
            log.warning("asking who we are failed: %s; going on", type(error).__name__)

    async def _ready_for_danger(self) -> None:
        """Have the detector read, so that the first message need not wait for it; and name what may be missing.

        A coach without a deputy may sleep while somebody is in danger.
        """
        safety.look("")
        if missing := safety.broken():
            log.error("the look for danger does without %s; see achterdehand check", ", ".join(missing))
            with contextlib.suppress(StorageTrouble):
                await self.storage.db.write(self._detector_is_broken)
        with contextlib.suppress(StorageTrouble):
            async with self.storage.db.read() as conn:
                alone = await people.without_deputy(conn)
            if alone:
                log.warning("%d coaches have no deputy who also hears of danger: achterdehand deputy", alone)

    async def _detector_is_broken(self, tx: Connection) -> None:
        await looking.tell_admins(Turn(tx, self.world.now(), self.services))

    async def _fact(self, name: str) -> str | None:
        async with self.storage.db.read() as conn:
            return await facts.get(conn, name)

    async def _serve(self) -> None:
        application = web.Application()
        application.add_routes(self.monitor.routes())
        if isinstance(self.hearing, Webhook):
            application.add_routes(self.hearing.routes())
        self._server = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._server.setup()
        try:
            await web.TCPSite(self._server, self.settings.host, self.settings.port).start()
        except OSError as error:
            raise SettingsProblem(
                f"{self.settings.http} cannot be used ({error.strerror}). Set ACHTERDEHAND_HTTP to a free host:port."
            ) from None
        self.url = "http://{}:{}".format(*self._server.addresses[0][:2])
        log.info("health on %s/healthz", self.url)

    async def sweep(self) -> None:
        """Deal with what is due: where we hear, and not before what came in meanwhile is read.

        Who cannot hear should not ask; and what waits for the end of an outage is sent or missed by its best-before.
        """
        if not self.hearing.caught_up:
            return
        async with self._one_sweep:
            calendar, timer, now = self.calendar, self.dispatcher.timer, self.world.now()
            of_alerts, of_timers, of_moments = self._rests
            await sweep(self._alerts, timer, calendar, now, SWEEP_LIMIT, of_alerts)
            # Who is in a talk before who is not; and no more than can be sent soon, so that nothing goes out stale.
            await sweep(self._timers, timer, calendar, now, SWEEP_LIMIT, of_timers, await self._room())
            moment = self.dispatcher.moment
            await sweep(self._moments, moment, calendar, now, SWEEP_LIMIT, of_moments, await self._room())

    async def _room(self) -> int:
        """How many may be handed on before the sender has work for SEND_AHEAD seconds."""
        most = SEND_AHEAD * self.settings.sends_per_second
        async with self.storage.db.read() as conn:
            return most - await outbox.ahead(conn, most)

    async def tidy(self) -> None:
        """Forget what is no longer needed: bodies of updates after 48 hours, sent texts after 30 days."""
        now = self.world.now()

        async def work(tx: Connection) -> None:
            await inbox.purge(tx, now - KEEP_BODIES)
            await outbox.purge(tx, now - KEEP_SENT)
            await buttons.purge(tx, now)

        await self.storage.db.write(work)
        await erase.scrub(self.storage.db)

    async def read_scripts(self) -> None:
        """Take over what was published since, and what was translated: from the next turn on it counts."""
        async with self.storage.db.read() as conn:
            mark = await flow_versions.mark(conn)
        if mark == self.services.mark:
            return
        live = await publish.live(self.storage.db, self.services.book)
        texts = self.services.texts
        try:
            texts = await asyncio.to_thread(Texts.load, find_locales(self.settings.locales), offering.vital(live.book))
        except TextError as error:
            log.error("the translations stay as they were: %s", error)
        self.services = self.dispatcher.services = replace(
            self.services, book=live.book, texts=texts, numbers=live.numbers.values(), mark=live.mark
        )
        log.info("took over what was published")

    async def night(self) -> None:
        """Once a night, where we hear: nobody is forgotten, and nothing is left without an outcome (P4, P5)."""
        if not self.hearing.caught_up:
            return
        now, db = self.world.now(), self.storage.db
        async with db.read() as conn:
            last = await nightly.last_at(conn)
        if nightly.is_due(self.calendar, now, last):
            found = await nightly.check(db, self.services, now)
            log.info("nightly check: %d planned, %d without, %d late", found.planned, len(found.without), found.late)
            await watch.tell(self.dispatcher.aside, found, now)

    async def _look(self) -> None:
        """Know whom to tell when the database cannot be asked; and watch the watchman."""
        self.monitor.revive()
        with contextlib.suppress(StorageError):  # the monitor finds that by itself
            async with self.storage.db.read() as conn:
                self._admins = await people.admins(conn, self.storage.keyring)

    def _fast_ticks(self) -> dict[str, float]:
        return {name: age for name, age in self._clock.ages().items() if name not in ("tidy", "night")}

    async def _on_gap(self, seconds: float, began_at: datetime) -> None:
        log.warning("away for %d seconds; open questions are asked again", int(seconds))
        ended_at, now = began_at + timedelta(seconds=seconds), self.world.now()
        await self.storage.db.write(lambda tx: outage.ask_again(tx, began_at, ended_at, now))

    async def _unreachable(self, chat_id: int, reason: str) -> None:
        log.info("somebody cannot be reached: %s", reason)
        await self.dispatcher.unreachable(chat_id)

    async def _tell_admins(self, dutch: str, *parts: str) -> bool:
        """Through the outbox; while that cannot be written, straight to those known when it last could."""

        async def work(tx: Connection) -> int:
            turn = Turn(tx, self.world.now(), self.services)
            admins = await people.admins(tx, self.storage.keyring)
            for one in admins:
                await turn.tell(one, dutch, **self._listed(one, parts))
            return len(admins)

        try:
            async with asyncio.timeout(TELL_WITHIN):
                told = await self.storage.db.write(work)
        except (StorageError, TimeoutError) as trouble:
            log.error("the admins are told without the outbox: %s", type(trouble).__name__)
            return await self._tell_straight(dutch, *parts)
        self.sender.wake()
        return told > 0

    def _listed(self, reader: Person, parts: tuple[str, ...]) -> dict[str, str]:
        """What fills `{parts}`, in this person's language; nothing for a sentence without."""
        words = [self.services.texts.say(reader.language, one) for one in parts]
        return {"parts": ", ".join(words)} if words else {}

    async def _tell_straight(self, dutch: str, *parts: str) -> bool:
        told = False
        for one in self._admins:
            text = self.services.texts.say(one.language, dutch, **self._listed(one, parts))
            for call in render(Outgoing("send", text), one.chat_id or 0):
                try:
                    await self.api.call(call.method, call.parameters)
                    told = True
                except TelegramError as error:
                    log.error("an admin could not be told: %s", type(error).__name__)
        return told


async def run(settings: Settings) -> int:
    """Run until SIGTERM or SIGINT; within ten seconds of it everything under way is finished or left for later."""
    logs.configure(settings.log_level, settings.token)
    sqlite.warn_of_old_library()
    ended = ending()
    born: list[Bot] = []
    life, end = asyncio.create_task(_live(settings, born)), asyncio.create_task(ended.wait())
    await asyncio.wait((life, end), return_when=asyncio.FIRST_COMPLETED)
    for task in (life, end):
        task.cancel()
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await life
    finally:
        for bot in born:
            await _stop(bot)
    return 0


async def _live(settings: Settings, born: list[Bot]) -> None:
    """For ever. Who called stops what is in `born`."""
    bot = await Bot.open(settings, real_world())
    born.append(bot)
    await bot.start()
    gc.collect()
    gc.freeze()  # what start-up made stays: looking through it again and again takes a tenth of the time of a turn
    while True:
        await bot.lost.wait()
        bot = await _begin_again(settings, bot, born)


async def _begin_again(settings: Settings, old: Bot, born: list[Bot]) -> Bot:
    """A new bot in the place of one that lost its roles; until there can be one, the old one says how we are."""
    await old.rest()
    while True:
        if await old.monitor.tick():
            try:
                new = await Bot.open(settings, real_world())
            except StorageTrouble as trouble:
                log.error("cannot start again yet: %s", trouble)
            else:
                born.append(new)
                await _stop(old)
                born.remove(old)
                await new.start()
                return new
        await asyncio.sleep(AGAIN_AFTER)


async def _stop(bot: Bot) -> None:
    try:
        async with asyncio.timeout(STOP_WITHIN):
            await bot.stop()
    except TimeoutError:
        log.error("not everything under way could be finished; it is left for the next start")


def ending() -> asyncio.Event:
    """Set at SIGTERM or SIGINT."""
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    return ended
