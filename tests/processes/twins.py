"""Two real processes of one bot on one PostgreSQL, forty people who talk with it, and the sum in the end."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg
from sqlalchemy import func, select

from bot.caseload import contact, invitations
from bot.demo.standin import Telegram, serving
from bot.settings import Settings
from bot.storage import inbox, outbox, people
from bot.storage.errors import StorageTrouble
from bot.storage.opened import Storage
from bot.storage.tables import moment, run
from bot.storage.tables import outbox as messages
from bot.world import real_world
from tests.crash import evidence
from tests.crash.people import Burster, Chatter, Patient, Person, Planned, Town
from tests.crash.process import ENDS_WITHIN, ROOT, SCRIPTS

KINDS: tuple[type[Person], ...] = (Patient, Burster, Burster, Planned, Chatter)
PEOPLE = 40
UP_WITHIN = 60.0
"""Seconds for a start on a busy machine."""
REST_WITHIN = 60.0
LOOK_EVERY = 0.05
CALM = 10
"""So many looks in a row without anything left to do: all is at rest."""
ADMIN, COACH = 99, 100


@dataclass
class Twin:
    """One of the processes. What it does for both it says in its log."""

    process: asyncio.subprocess.Process
    log: Path

    def lines(self) -> list[str]:
        return self.log.read_text().splitlines()

    @property
    def up(self) -> bool:
        return any("health on " in line for line in self.lines())

    @property
    def does(self) -> set[str]:
        """Its roles, since it last began."""
        found: set[str] = set()
        for line in self.lines():
            if "starting again" in line:
                found.clear()
            if "this process does: " in line:
                found.add(line.rpartition(" ")[2])
        return found

    async def health(self) -> int:
        """The status of /healthz, at the address that it told last."""
        address = next(line for line in reversed(self.lines()) if "health on " in line).rpartition(" ")[2]
        async with aiohttp.ClientSession() as http, http.get(address) as answer:
            return answer.status

    async def until(self, look: Callable[[], bool], within: float = UP_WITHIN) -> None:
        async with asyncio.timeout(within):
            while not look():
                assert self.process.returncode is None, self.lines()[-1]
                await asyncio.sleep(LOOK_EVERY)

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()

    @asynccontextmanager
    async def stopped(self) -> AsyncIterator[None]:
        """It stands still in the block, with everything that it holds."""
        self.process.send_signal(signal.SIGSTOP)
        yield
        self.process.send_signal(signal.SIGCONT)

    async def ends(self) -> int | None:
        """SIGTERM; the exit code."""
        self.process.terminate()
        async with asyncio.timeout(ENDS_WITHIN):
            return await self.process.wait()


@dataclass
class Scene:
    """Everything of one test."""

    telegram: Telegram
    town: Town
    storage: Storage
    settings: Settings
    folder: Path
    through: str
    people: list[Person] = field(default_factory=list)
    twins: list[Twin] = field(default_factory=list)
    under_way: Counter[int] = field(default_factory=Counter)
    _talking: list[asyncio.Task[None]] = field(default_factory=list)

    # ---- processes

    async def start(self) -> Twin:
        """One more process, up."""
        name = f"twin-{len(self.twins)}"
        own = {
            "TELEGRAM_TOKEN": self.telegram.token,
            "TELEGRAM_URL": self.settings.telegram_url,
            "DATA": str(self.settings.data),
            "DATABASE_URL": self.through,
            "FLOWS": str(SCRIPTS),
            "HTTP": "127.0.0.1:0",
            "SENDS_PER_SECOND": "1000",
            "SENDS_PER_CHAT": "1000",
        }
        log = self.folder / f"{name}.log"
        with log.open("wb") as said:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=ROOT, stdout=said, stderr=said,
                env={**os.environ, **{f"ACHTERDEHAND_{key}": value for key, value in own.items()}},
            )  # fmt: skip
        twin = Twin(process, log)
        self.twins.append(twin)
        await twin.until(lambda: twin.up)
        return twin

    async def lost(self) -> None:
        """A process has just been killed: only what was on its way then may ever arrive twice."""
        async with self.storage.db.read() as conn:
            sending = (await conn.execute(select(messages.c.chat_id).where(messages.c.state == "sending"))).scalars()
            self.under_way += Counter(sending)

    # ---- people

    async def invite(self) -> None:
        world, keyring = real_world(), self.storage.keyring

        async def work(tx: Any) -> list[tuple[int, str]]:
            now, made = world.now(), []
            roles = ["coach", "admin", *["participant"] * PEOPLE]
            for number in [await people.add(tx, keyring, role, role, "nl", now) for role in roles]:
                code = world.token()
                await invitations.issue(tx, number, code, now)
                made.append((number, code))
            for number, _ in made[2:]:
                await people.tie(tx, number, made[0][0], now)
            return made

        coach, admin, *rest = await self.storage.db.write(work)
        for chat, (_, code) in ((COACH, coach), (ADMIN, admin)):
            self.telegram.make_user(chat, str(chat))
            self.telegram.start(chat, code)
        for place, (number, code) in enumerate(rest):
            person = KINDS[place % len(KINDS)](self.town, COACH + 1 + place, number, code)
            if isinstance(person, Planned):
                person.plan = self._plan
            self.people.append(person)

    async def _plan(self, number: int) -> None:
        world = real_world()
        token, now = world.token(), world.now()
        while True:
            try:
                await self.storage.db.write(lambda tx: contact.ask_once(tx, number, "round", None, token, now))
            except StorageTrouble:  # our own connection was among those that broke
                await asyncio.sleep(LOOK_EVERY)
            else:
                return

    async def happens(self, changes: int) -> None:
        assert await self.town.passed(changes, REST_WITHIN), "people and bot do nothing any more"

    async def rest(self) -> None:
        """Nobody begins anything new; until everybody is done and nothing is left to do."""
        self.town.closing = True
        calm = 0
        async with asyncio.timeout(REST_WITHIN):
            while calm < CALM:
                await asyncio.sleep(LOOK_EVERY)
                talking = sum(not one.done() for one in self._talking)
                left = await self._rows_left() + len(self.telegram.updates.waiting()) + talking
                calm = 0 if left else calm + 1
        for one in self._talking:
            one.result()

    async def _rows_left(self) -> int:
        try:
            async with self.storage.db.read() as conn:
                return (await inbox.counts(conn)).new + (await outbox.counts(conn)).unsent
        except StorageTrouble:  # as in `_plan`
            return 1

    # ---- the sum

    async def problems(self) -> list[str]:
        """What is lost, doubled or in the wrong place; one sentence each."""
        found: list[str] = []
        for person in self.people:
            found += await self._of(person)
        committed, requests = await evidence.committed(self.storage), evidence.requested(self.telegram)
        for person in self.people:
            chat = person.chat
            found += evidence.compare_sending(chat, committed[chat], requests[chat], self.under_way[chat]).problems
        found += self._to_coach(Counter(committed[COACH]), Counter(requests[COACH]))
        return found + await self._twice()

    async def _of(self, person: Person) -> list[str]:
        who, shown = f"{person.kind} {person.chat}", await evidence.shown(self.storage, person.number)
        answers = [(one["question"], one["words"]) for one in shown["answers"]]
        own = [one["text"] for one in shown["messages"]]
        return [
            *([f"{who} still waits for {person.waits_for!r}"] if person.waits_for else []),
            *evidence.differences(who, "answer", person.answers, answers),
            *evidence.differences(who, "message", person.messages, own),
        ]

    def _to_coach(self, rows: Counter[Any], requests: Counter[Any]) -> list[str]:
        """Many people's turns write to one coach beside each other: there is no order to be kept between them."""
        missing, more = rows - requests, requests - rows
        problems = [f"the coach never got {one}" for one in missing]
        if more.total() > self.under_way[COACH]:
            problems.append(f"the coach got {more.total()} messages twice")
        return problems

    async def _twice(self) -> list[str]:
        """Moments that began more than one talk, or that were asked for and never fired."""
        async with self.storage.db.read() as conn:
            many = select(run.c.moment_id).where(run.c.moment_id.is_not(None)).group_by(run.c.moment_id)
            twice = (await conn.execute(many.having(func.count() > 1))).scalars().all()
            open_ones = select(moment.c.id).where(moment.c.kind == "asked", moment.c.outcome.is_distinct_from("fired"))
            never = (await conn.execute(open_ones)).scalars().all()
        return [f"moment {one} fired twice" for one in twice] + [f"moment {one} never fired" for one in never]

    @property
    def answers(self) -> int:
        return sum(len(person.answers) for person in self.people)

    # ---- the server

    async def on_server(self, query: str) -> list[Any]:
        """Ask PostgreSQL itself, over a connection that the bot knows nothing of."""
        connection = await asyncpg.connect(self.settings.database)
        try:
            return list(await connection.fetch(query))
        finally:
            await connection.close()

    @asynccontextmanager
    async def talking(self) -> AsyncIterator[None]:
        with self.town.listening() as changes:
            looking = asyncio.create_task(self.town.look(changes))
            self._talking = [asyncio.create_task(person.live()) for person in self.people]
            try:
                yield
            finally:
                for task in (*self._talking, looking):
                    task.cancel()
                await asyncio.gather(*self._talking, looking, return_exceptions=True)


@asynccontextmanager
async def town_of_forty(folder: Path, database_url: str, through: str = "") -> AsyncIterator[Scene]:
    """Everybody invited and talking; no process yet. `through`: how the processes reach the database, if otherwise."""
    telegram = Telegram(lambda: datetime.now(UTC), recording=1_000_000)
    async with serving(telegram) as url:
        settings = Settings.model_validate(
            {
                "telegram_token": telegram.token,
                "telegram_url": url,
                "data": folder / "data",
                "database_url": database_url,
            }
        )
        storage = await Storage.open(settings)
        it = Scene(telegram, Town(telegram), storage, settings, folder, through or database_url)
        try:
            await it.invite()
            async with it.talking():
                yield it
        finally:
            for twin in it.twins:
                if twin.process.returncode is None:
                    await twin.kill()
            await storage.close()
