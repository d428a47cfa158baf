"""Whether we still hear and speak: /healthz, /metrics, and a word to the admins when we do not (promise P18)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from bot.caseload import nightly
from bot.health import Health
from bot.roles import Role
from bot.storage import counts
from bot.storage.database import Database
from bot.storage.errors import StorageError
from bot.texts import N_

log = logging.getLogger(__name__)

LOOK_EVERY = 10.0
ANSWER_WITHIN = 5.0
"""Seconds that the database may take to read and write one row."""

UNWELL = N_("De assistent werkt nu niet goed: {parts}.")
PARTS = {
    "fetching": N_("berichten ophalen"),
    "turns": N_("berichten verwerken"),
    "sending": N_("berichten versturen"),
    "database": N_("de database"),
    "scheduler": N_("de klok"),
}
"""What the parts are called to the admins."""
WELL_AGAIN = N_("De assistent werkt weer.")


class Tell(Protocol):
    """Says a sentence to the admins, each in their language; whether anybody could be told.

    `parts` are Dutch words for the place of `{parts}`.
    """

    async def __call__(self, dutch: str, *parts: str) -> bool: ...


class Monitor:
    """Asks every part how it is, starts anew what ended by itself, and tells the admins once per illness.

    It has a loop of its own, because the scheduler is one of the things that may fail. `late`: which
    ticks of the scheduler did not go well for too long.
    """

    def __init__(self, db: Database, roles: Sequence[Role], late: Callable[[], list[str]], tell: Tell) -> None:
        self._db, self._roles, self._late, self._tell = db, roles, late, tell
        self._ill = self._told = False
        self._one_at_a_time = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="monitor")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def revive(self) -> None:
        """Start the loop anew if it ended by itself."""
        if self._task is not None and self._task.done():
            log.error("the monitor had ended by itself and was started anew")
            self.start()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self.tick()
            except Exception as error:
                log.exception("the monitor could not look: %s", type(error).__name__)

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/healthz", self._healthz), web.get("/metrics", self._metrics)]

    async def look(self) -> list[Health]:
        """One verdict per part: fetching, turns, sending, scheduler, database."""
        verdicts = [one for role in self._roles for one in role.healths()]
        late = self._late()
        verdicts.append(Health("scheduler", not late, "no tick: " + ", ".join(late) if late else "", None))
        trouble = await self._trouble()
        verdicts.append(Health("database", not trouble, trouble, None))
        return verdicts

    async def _trouble(self) -> str:
        """What is the matter with the database, or nothing."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                await self._db.ping()
        except (StorageError, TimeoutError) as trouble:
            return type(trouble).__name__
        return ""

    async def tick(self) -> bool:
        """Say it once when we turn red, and once when we are well again; then start anew what ended. Whether well."""
        async with self._one_at_a_time:
            red = [one for one in await self.look() if not one.well]
            if red and not self._told:
                log.error("not well: %s", ", ".join(f"{one.name} ({one.reason})" for one in red))
                self._told = await self._tell(UNWELL, *(PARTS[one.name] for one in red))
            elif self._ill and not red:
                log.warning("well again")
                if self._told:
                    await self._tell(WELL_AGAIN)
                self._told = False
            self._ill = bool(red)
            for role in self._roles:
                role.revive()
        return not red

    async def _healthz(self, request: web.Request) -> web.Response:  # noqa: ARG002
        verdicts = await self.look()
        well = all(one.well for one in verdicts)
        body = {
            "status": "well" if well else "unwell",
            "parts": {one.name: one.reason or "well" for one in verdicts},
        }
        return web.json_response(body, status=200 if well else 503)

    async def _metrics(self, request: web.Request) -> web.Response:  # noqa: ARG002
        registry = CollectorRegistry()
        well = Gauge("achterdehand_well", "1 when this part is well", ["part"], registry=registry)
        for one in await self.look():
            well.labels(one.name).set(one.well)
        rows = Gauge("achterdehand_rows", "rows by table and state", ["table", "state"], registry=registry)
        found = Gauge("achterdehand_nightly", "what last night's check found", ["what"], registry=registry)
        try:
            async with self._db.read() as conn:
                for (table, state), number in (await counts.rows(conn)).items():
                    rows.labels(table, state).set(number)
                for what, number in (await nightly.last_counts(conn)).items():
                    found.labels(what).set(number)
        except StorageError:
            return web.Response(status=503)
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
