"""The bot: the only place that wires its parts together."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from aiohttp import web
from telegram.error import InvalidToken, TelegramError

from bot.admins import Admins
from bot.authoring import offering, publish
from bot.authoring.publish import Live
from bot.caseload import nightly
from bot.caseload.handbook import Handbook, beside
from bot.chat.acknowledge import Acknowledger
from bot.chat.api import Api
from bot.chat.fetch import Fetching
from bot.chat.intake import Intake
from bot.chat.pace import Pace
from bot.chat.sender import Sender
from bot.chat.translate import translate
from bot.chat.webhook import Webhook
from bot.due import Due
from bot.failpoints import Failpoints
from bot.monitor import Monitor
from bot.roles import Role
from bot.settings import Settings, SettingsProblem
from bot.storage import buttons, erase, facts, flow_versions, inbox, outbox, people
from bot.storage.connection import Connection
from bot.storage.errors import StorageTrouble
from bot.storage.locks import Locks
from bot.storage.opened import Storage
from bot.texts import TextError, Texts, find_locales
from bot.turns import menu, outage
from bot.turns.care import watch
from bot.turns.danger import looking
from bot.turns.dispatcher import Dispatcher
from bot.turns.handover import inviting
from bot.turns.turn import BUTTON_LIFE, Services, Turn
from bot.world import World
from flows import safety
from scheduler.calendar import Calendar
from scheduler.clock import Clock

log = logging.getLogger(__name__)

SWEEP_EVERY = 1.0
TIDY_EVERY = 3600.0
NIGHT_LOOKS_EVERY = 600.0
"""How often we look whether this night's check was done."""
READ_EVERY = 5.0
"""How often we look whether somebody published a script."""
NAME_WITHIN = 5.0
"""Seconds for the answer to what we are called: a tick that takes longer would look as if the scheduler stood still."""
KEEP_BODIES = timedelta(hours=48)
KEEP_SENT = timedelta(days=30)


class Bot:
    """The running bot: every part, wired; `start` and `stop` once."""

    def __init__(self, settings: Settings, world: World, storage: Storage, live: Live, handbook: Handbook) -> None:
        self.settings, self.world, self.storage = settings, world, storage
        self.calendar = Calendar()
        texts = Texts.load(find_locales(settings.locales), offering.vital(live.book))
        services = Services(
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
        self._named = False
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
            self._refused,
            failpoint=self._failpoint,
        )
        self._acknowledger = Acknowledger(self.api)
        self.dispatcher = Dispatcher(
            storage.db,
            self._locks,
            services,
            translate,
            acknowledge=self._acknowledger.acknowledge,
            sending=self.sender.wake,
            failpoint=self._failpoint,
        )
        self._intake = Intake(storage.db, storage.keyring, world, self.dispatcher.wake, self._failpoint)
        self.hearing = self._hearing()
        self._due = Due(storage.db, self.dispatcher, self.calendar, world, settings.sends_per_second)
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
        self._admins = Admins(storage, self.dispatcher, self.sender, self.api, world)
        self.monitor = Monitor(storage.db, self._roles, self._clock.late, self._admins.tell)
        self._server: web.AppRunner | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.url = ""

    @property
    def services(self) -> Services:
        """What every turn uses, as it is now: what is published later takes its place."""
        return self.dispatcher.services

    def _hearing(self) -> Fetching | Webhook:
        parts = (self.api, self.storage.db, self._intake, self.world, self._on_gap)
        if self.settings.webhook:
            return Webhook(*parts, url=self.settings.webhook, secret=self.storage.keyring.derived("webhook"))
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
            scripts = settings.scripts
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
        await self._admins.look()
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
            await self._learn_name()
        except InvalidToken:
            if known is None:
                raise SettingsProblem(
                    "Telegram does not know this token. Set ACHTERDEHAND_TELEGRAM_TOKEN to the one from BotFather."
                ) from None
        except (TelegramError, StorageTrouble) as error:
            log.warning("asking who we are failed: %s; going on", type(error).__name__)

    async def _learn_name(self) -> None:
        """Ask what the bot is called: a link needs it. Raises TelegramError, StorageTrouble."""
        me = await self.api.call("getMe", read_timeout=NAME_WITHIN)
        await self.storage.db.write(lambda tx: facts.put(tx, inviting.BOT_USERNAME, me["username"]))
        self._named = True

    async def _ready_for_danger(self) -> None:
        """Have the detector read, so that the first message need not wait for it; and name what may be missing."""
        safety.look("")
        if missing := safety.broken():
            log.error("the look for danger does without %s; see achterdehand check", ", ".join(missing))
            with contextlib.suppress(StorageTrouble):
                await self.storage.db.write(self._detector_is_broken)
        with contextlib.suppress(StorageTrouble):
            await self._name_who_is_missing()

    async def _name_who_is_missing(self) -> None:
        """A coach without a deputy may sleep while somebody is in danger; whatever goes wrong, only admins are told."""
        async with self.storage.db.read() as conn:
            alone = await people.without_deputy(conn)
            nobody = await people.without_admin(conn)
        if alone:
            log.warning("coaches without a deputy who also hears of danger: %d; see achterdehand deputy", alone)
        if nobody:
            log.warning("no admin has joined: nobody hears when something goes wrong; see achterdehand add admin")

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
        if self.hearing.caught_up:
            await self._due.sweep()

    async def tidy(self) -> None:
        """Forget what is no longer needed: bodies of updates after 48 hours, sent texts after 30 days.

        What stands behind a button that shows it lives as long as that button.
        """
        now = self.world.now()

        async def work(tx: Connection) -> None:
            await inbox.purge(tx, now - KEEP_BODIES)
            await outbox.purge(tx, now - KEEP_SENT, veiled_before=now - BUTTON_LIFE)
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
        self.dispatcher.services = replace(
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
            log.info(
                "nightly check: %d planned, %d without, %d late, %d stuck, %d unsent",
                found.planned,
                len(found.without),
                found.late,
                len(found.stuck),
                len(found.unsent),
            )
            await watch.tell(self.dispatcher.aside, found, now)
            await self._name_who_is_missing()

    async def _look(self) -> None:
        """Know whom to tell when the database cannot be asked, and our own name; and watch the watchman."""
        self.monitor.revive()
        await self._admins.look()
        if not self._named:
            with contextlib.suppress(TelegramError, StorageTrouble):  # fetching finds those by itself
                await self._learn_name()

    async def _on_gap(self, seconds: float, began_at: datetime) -> None:
        log.warning("away for %d seconds; open questions are asked again", int(seconds))
        ended_at, now = began_at + timedelta(seconds=seconds), self.world.now()
        await self.storage.db.write(lambda tx: outage.ask_again(tx, began_at, ended_at, now))

    async def _unreachable(self, chat_id: int, reason: str) -> None:
        log.info("somebody cannot be reached: %s", reason)
        await self.dispatcher.unreachable(chat_id)

    async def _refused(self, person_id: int, made_at: datetime) -> None:
        await self.dispatcher.refused(person_id, made_at)
