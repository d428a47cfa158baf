"""A campaign: people talk, the bot is killed again and again, and in the end everything is counted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot import commands
from bot.demo.standin import Telegram, serving
from bot.storage.opened import Storage
from tests.crash import counting, evidence, process
from tests.crash.counting import Report
from tests.crash.people import Burster, Chatter, Coach, Patient, Person, Planned, Talker, Town
from tests.crash.plan import Death, Plan
from tests.crash.process import Home, Mode

KINDS: tuple[type[Person], ...] = (Patient, Patient, Burster, Burster, Burster, Planned, Planned, Chatter, Talker)
UP_WITHIN = 30.0
"""Seconds for a start on a busy machine."""
LOOK_EVERY = 0.05
CALM = 4
"""So many looks in a row at which nothing was left to do and nothing happened: the bot is at rest."""
REST_WITHIN = 60.0
ASKED_IN_VAIN = 100
"""So often may Telegram be asked for the same first update before it counts as never confirmed."""
LOWER_IDS = 1_000_000
"""Where the update ids go on after the quiet week: below those before."""
AGAIN = 30
"""So many updates Telegram delivers once more when all is done."""


async def run(mode: Mode, plan: Plan, data: Path, mutant: str = "", alone: asyncio.Lock | None = None) -> Report:
    """Live through the plan in `data` (a folder that is not there yet), and count.

    Campaigns beside each other share `alone`: Alembic, which opens a database, works for one at a time in a process.
    """
    telegram = Telegram(lambda: datetime.now(UTC), recording=1_000_000, webhook_pause=0.05)
    async with serving(telegram) as url:
        home = Home(url, telegram.token, data, mode, process.free_port() if mode == "webhook" else 0, mutant)
        campaign = Campaign(telegram, home, alone or asyncio.Lock())
        await campaign.invite()
        async with campaign.people_talking():
            for leg in plan.legs:
                await campaign.leg(leg)
                if campaign.report.problems:
                    break  # what comes after would only repeat it
        if not mutant:
            await campaign.ask_the_command_line()
        return campaign.report


class Campaign:
    def __init__(self, telegram: Telegram, home: Home, alone: asyncio.Lock) -> None:
        self.telegram, self.home, self._alone = telegram, home, alone
        self.report = Report()
        self.town = Town(telegram)
        self._people: list[Person] = []
        self._coaches: list[Coach] = []
        self._talking: list[asyncio.Task[None]] = []

    # ---- people

    async def invite(self) -> None:
        """Everybody gets an invitation, as by `achterdehand add`; each Talker has a coach of their own."""
        ilse = await self._coach(100)
        for chat, kind in enumerate(KINDS, start=101):
            number, coach = await self._coach(chat + 100) if kind is Talker else ilse
            made = await self._add("participant", f"P{chat}", number)
            person = kind(self.town, chat, made["person"], made["code"])
            if isinstance(person, Planned):
                person.plan = self._plan
            if isinstance(person, Talker):
                person.coach = coach
            self._people.append(person)

    async def _coach(self, chat: int) -> tuple[int, Coach]:
        made = await self._add("coach", f"C{chat}", None)
        coach = Coach(self.town, chat, made["code"])
        self._coaches.append(coach)
        return made["person"], coach

    async def _add(self, role: str, name: str, coach: int | None) -> dict[str, Any]:
        async with self._alone:
            return await commands.add_person(self.home.settings(), role, name, coach, "nl")

    async def _plan(self, person: int) -> None:
        async with self._alone:
            await commands.plan(self.home.settings(), person, "round", None)

    @asynccontextmanager
    async def people_talking(self) -> AsyncIterator[None]:
        with self.town.listening() as changes:
            reading = [asyncio.create_task(self.town.look(changes))]
            reading += [asyncio.create_task(coach.live()) for coach in self._coaches]
            self._talking = [asyncio.create_task(person.live()) for person in self._people]
            try:
                yield
            finally:
                for task in (*self._talking, *reading):
                    task.cancel()
                await asyncio.gather(*self._talking, *reading, return_exceptions=True)

    def _open_town(self) -> None:
        self.town.closing = False
        for number, person in enumerate(self._people):
            if self._talking[number].done():
                self._talking[number].result()
                self._talking[number] = asyncio.create_task(person.go_on())

    # ---- lives and deaths

    async def leg(self, deaths: Sequence[Death]) -> None:
        """Die so often, then live until all is said and done; count; and let Telegram count anew."""
        self._open_town()
        for death in deaths:
            instead = await self._life(death)
            if instead:
                self.report.problems.append(f"{death} was never reached: the process {instead}")
                break
        await self._last_life()
        self.telegram.restart_ids(LOWER_IDS)

    async def _life(self, death: Death) -> str:
        """Empty, or what happened instead of this death."""
        if death.redeliver:
            self.telegram.redeliver(evidence.kept(self.home.data, death.redeliver))
        async with self.home.alive(f"{death.point}:{death.nth}" if death.point else "") as life:
            if death.point:
                instead = await life.died()
            else:
                passed = await self.town.passed(death.changes, process.DIES_WITHIN)
                instead = "" if passed else "did nothing any more"
                await asyncio.sleep(death.seconds)
        self.report.kills += 1
        self.report.under_way += evidence.under_way(self.home.data)
        return instead

    async def _last_life(self) -> None:
        """Come to rest and count; hear everything once more and count again; end as a service manager ends us."""
        self.town.closing = True
        asked = self._asked()
        async with self.home.alive() as life:
            await self.telegram.until(lambda: self._asked() > asked or None, UP_WITHIN, "the bot did not start")
            await self._rest()
            await self._count()
            if not self.report.problems:
                await self._hear_again()
                await self._count()
            code = await life.end()
        if code != 0:
            self.report.problems.append(f"after SIGTERM the exit code was {code}")

    async def _hear_again(self) -> None:
        asked = self._asked()
        self.telegram.redeliver(last=AGAIN)
        if self.home.mode == "polling":  # it asks for more once it has these
            await self.telegram.until(lambda: self._asked() > asked or None, UP_WITHIN, "nothing was fetched again")
        await self._rest()

    async def _count(self) -> None:
        async with self._alone:
            await counting.count(self.report, self.home, self.telegram, self._people, self._coaches)

    async def ask_the_command_line(self) -> None:
        """What we counted from is what `achterdehand show` tells an admin."""
        person = self._people[0].number
        async with self._alone:
            storage = await Storage.open(self.home.settings())
            shown = await evidence.shown(storage, person)
            await storage.close()
        printed = json.loads(await self.home.command("show", "participant", str(person), "--json"))
        if printed != json.loads(json.dumps(shown)):
            self.report.problems.append("the command line shows something else than we counted")

    def _asked(self) -> int:
        """How often the bot asked for updates, or told where it wants them."""
        return len(self.telegram.requests("getUpdates")) + len(self.telegram.requests("setWebhook"))

    async def _rest(self) -> None:
        """Until nothing is left to do, here nor there. Something that never ends is a problem of its own."""
        calm, changes, end = 0, -1, asyncio.get_running_loop().time() + REST_WITHIN
        stuck = Stuck(self.telegram)
        while calm < CALM:
            await asyncio.sleep(LOOK_EVERY)
            left = len(self.telegram.updates.waiting()) + evidence.work_left(self.home.data)
            calm = calm + 1 if not left and changes == self.town.changes else 0
            changes = self.town.changes
            if stuck.asked_in_vain() or asyncio.get_running_loop().time() > end:
                self.report.problems.append(f"the bot never came to rest: {left} updates and rows are left")
                return


class Stuck:
    """Whether Telegram is asked over and over for what was had already."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._first = self._since = 0

    def asked_in_vain(self) -> bool:
        waiting = self._telegram.updates.waiting()
        asked = self._telegram.requests("getUpdates", after=self._since)
        if not waiting or waiting[0].id != self._first:
            self._first = waiting[0].id if waiting else 0
            self._since = asked[-1].number if asked else self._since
            return False
        return len(asked) > ASKED_IN_VAIN
