"""A word to the admins: through the outbox, and when that cannot be written, without it."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from telegram.error import TelegramError

from bot.chat.api import Api
from bot.chat.render import render
from bot.chat.sender import Sender
from bot.storage import people
from bot.storage.connection import Connection
from bot.storage.errors import StorageError
from bot.storage.opened import Storage
from bot.storage.people import Person
from bot.turns.dispatcher import Dispatcher
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn
from bot.world import World

log = logging.getLogger(__name__)

TELL_WITHIN = 5.0
"""Seconds that the outbox may take before the admins are told without it."""


class Admins:
    """Those who look after the machine, as last known."""

    def __init__(self, storage: Storage, dispatcher: Dispatcher, sender: Sender, api: Api, world: World) -> None:
        self._storage, self._dispatcher, self._sender, self._api, self._world = storage, dispatcher, sender, api, world
        self._known: list[Person] = []

    async def look(self) -> None:
        """Know whom to tell when the database cannot be asked."""
        with contextlib.suppress(StorageError):  # the monitor finds that by itself
            async with self._storage.db.read() as conn:
                self._known = await people.admins(conn, self._storage.keyring)

    async def tell(self, dutch: str, *parts: str) -> bool:
        """Say it to each in their language, `parts` in the place of `{parts}`. Returns whether anybody could be told.

        While the outbox cannot be written, straight to those known when it last could.
        """

        async def work(tx: Connection) -> int:
            turn = Turn(tx, self._world.now(), self._dispatcher.services)
            admins = await people.admins(tx, self._storage.keyring)
            for one in admins:
                await turn.tell(one, dutch, **self._listed(one, parts))
            return len(admins)

        try:
            async with asyncio.timeout(TELL_WITHIN):
                told = await self._storage.db.write(work)
        except (StorageError, TimeoutError) as trouble:
            log.error("the admins are told without the outbox: %s", type(trouble).__name__)
            return await self._tell_straight(dutch, parts)
        self._sender.wake()
        return told > 0

    def _listed(self, reader: Person, parts: tuple[str, ...]) -> dict[str, str]:
        """What fills `{parts}`, in this person's language; nothing for a sentence without."""
        words = [self._dispatcher.services.texts.say(reader.language, one) for one in parts]
        return {"parts": ", ".join(words)} if words else {}

    async def _tell_straight(self, dutch: str, parts: tuple[str, ...]) -> bool:
        told = False
        for one in self._known:
            text = self._dispatcher.services.texts.say(one.language, dutch, **self._listed(one, parts))
            for call in render(Outgoing("send", text), one.chat_id or 0):
                try:
                    await self._api.call(call.method, call.parameters)
                    told = True
                except TelegramError as error:
                    log.error("an admin could not be told: %s", type(error).__name__)
        return told
