"""The verbs of the command line that work on the database, beside a running bot too."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, TypeVar

import segno
from telegram.error import TelegramError

from bot.authoring import publish
from bot.caseload import contact, invitations, overview
from bot.caseload.handbook import Handbook, beside
from bot.chat.api import Api
from bot.settings import Settings
from bot.storage import erase as erasing
from bot.storage import facts, master, people
from bot.storage.connection import Connection
from bot.storage.keys import KEY_BYTES
from bot.storage.locks import Locks
from bot.storage.moments import Moment
from bot.storage.opened import Storage
from bot.texts import SOURCE, Texts, find_locales, languages
from bot.turns.danger import deputies
from bot.turns.handover import inviting, making_employer
from bot.turns.turn import Services, Turn
from bot.world import real_world
from flows import safety
from flows.engine.book import Book
from flows.engine.model import Audience
from scheduler.calendar import Calendar

NO_LINK = "There is no link, because the bot's name is not known yet: let them send the bot /start and this code."
KEEP_THE_KEY = "Copy the key file again to where you keep it. Older back-ups still need the lines below the first."
ERASE_AGAIN = (
    "Who was erased after this back-up was made is back: erase them again. "
    "What was replaced still holds everybody: delete it when you no longer need it."
)
LONGEST_NAME = 60
"""It stands on buttons and in every message about somebody."""


T = TypeVar("T")


class Refused(Exception):
    """What was asked cannot be done; the message is one sentence with the way out."""


def draw(link: str | None) -> None:
    """The link as a QR code in the terminal."""
    if link:
        segno.make(link, error="m").terminal(compact=True)


async def with_storage(settings: Settings, work: Callable[[Storage], Awaitable[T]]) -> T:
    """Do something with the database open."""
    storage = await Storage.open(settings)
    try:
        return await work(storage)
    finally:
        await storage.close()


def name_to_keep(settings: Settings, name: str, language: str) -> str:
    """The name of somebody who is to be invited. Raises Refused for one that cannot be, or an unknown language."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refused(f"Give a name of 1 to {LONGEST_NAME} characters: --name NAME.")
    known = (SOURCE, *languages(find_locales(settings.locales)))
    if language not in known:
        raise Refused(f"There are no texts in {language!r}. There are: {', '.join(known)}.")
    return name


async def add_person(settings: Settings, role: str, name: str, coach_id: int | None, language: str) -> dict[str, Any]:
    """Make a person and their invitation. Raises Refused for a name, language or coach that cannot be."""
    world, name = real_world(), name_to_keep(settings, name, language)
    if (role == "participant") != (coach_id is not None):
        raise Refused("A participant has one coach: add --coach ID. Others have none.")

    async def work(storage: Storage) -> dict[str, Any]:
        code, now = world.token(), world.now()

        async def write(tx: Connection) -> int:
            if coach_id is not None:
                found = await people.by_id(tx, storage.keyring, coach_id)
                if found is None or found.role != "coach":
                    raise Refused(f"There is no coach with number {coach_id}.")
            person_id = await people.add(tx, storage.keyring, role, name, language, now)
            if coach_id is not None:
                await people.tie(tx, person_id, coach_id, now)
            await invitations.issue(tx, person_id, code, now)
            return person_id

        return await invited(settings, storage, await storage.db.write(write), code)

    return await with_storage(settings, work)


async def invited(settings: Settings, storage: Storage, person_id: int, code: str) -> dict[str, Any]:
    """Somebody who was added, with the way in for them; no link while the bot's name is not known."""
    username = await _username(settings, storage)
    return {"person": person_id, "code": code, "link": invitations.link(username, code) if username else None}


async def _username(settings: Settings, storage: Storage) -> str | None:
    """The bot's name, which a link needs: as `run` noted it, or asked of Telegram."""
    async with storage.db.read() as conn:
        known = await facts.get(conn, inviting.BOT_USERNAME)
    if known or settings.telegram_token is None:
        return known
    api = Api(settings.token, settings.telegram_url)
    await api.open()
    try:
        me = await api.call("getMe")
    except TelegramError:
        return None
    finally:
        await api.close()
    return str(me.get("username"))


def look_for_danger(texts: Sequence[str], language: str) -> list[dict[str, Any]]:
    """What the look for danger finds in each text, in their order."""
    return [{"text": text, **asdict(safety.look(text, language))} for text in texts]


async def plan(settings: Settings, participant_id: int, flow: str, at: datetime | None) -> dict[str, Any]:
    """Plan one contact by hand. Raises Refused for an unknown participant or flow, or a time in the past."""
    world, calendar = real_world(), Calendar()

    async def work(storage: Storage) -> dict[str, Any]:
        now = world.now()
        audience = await _audiences(settings, storage)
        theirs = ", ".join(sorted(one for one, whose in audience.items() if whose == "participant"))
        if flow not in audience:
            raise Refused(f"There is no flow {flow!r}. There are: {theirs}.")
        if audience[flow] != "participant":
            raise Refused(f"The audience of {flow!r} is {audience[flow]}, not participant. There are: {theirs}.")
        due_at = None if at is None else _utc(calendar, at)
        if due_at is not None and due_at < now:
            raise Refused("That time is over. Give one that is still to come.")

        async def write(tx: Connection) -> Moment | None:
            found = await people.by_id(tx, storage.keyring, participant_id)
            if found is None or found.role != "participant":
                raise Refused(f"There is no participant with number {participant_id}.")
            return await contact.ask_once(tx, participant_id, flow, due_at, world.token(), now)

        made = await storage.db.write(write)
        assert made is not None
        return {"moment": made.id, "due": made.due_at.isoformat()}

    return await with_storage(settings, work)


async def _audiences(settings: Settings, storage: Storage) -> dict[str, Audience]:
    """For whom each flow is that can be started: those in the folder, and before them those that are published."""
    live = await publish.live(storage.db)
    return {one.id: one.audience for one in (*Book.load(settings.scripts).book, *live.book)}


def _utc(calendar: Calendar, at: datetime) -> datetime:
    return at.astimezone(UTC) if at.tzinfo else calendar.to_utc(at.date(), at.time())


async def show(settings: Settings, participant_id: int) -> dict[str, Any]:
    """What is known of a participant. Raises Refused when there is no such participant."""

    async def work(storage: Storage) -> dict[str, Any]:
        async with storage.db.read() as conn:
            found = await overview.participant(conn, storage.keyring, participant_id)
        if found is None:
            raise Refused(f"There is no participant with number {participant_id}.")
        return found

    return await with_storage(settings, work)


async def erase(settings: Settings, participant_id: int, name: str) -> dict[str, Any]:
    """Erase a participant for good. Raises Refused unless the name is theirs: nobody is erased by a wrong number."""
    world, handbook = real_world(), Handbook.load(beside(settings.scripts), None)

    async def work(storage: Storage) -> dict[str, Any]:
        services = Services(
            storage.keyring, Book(), Texts.load(find_locales(settings.locales)), Calendar(), world, handbook
        )

        async def write(tx: Connection) -> None:
            found = await people.by_id(tx, storage.keyring, participant_id)
            if found is None or found.role != "participant" or found.name != name:
                raise Refused(f"Participant {participant_id} is not called {name!r}. Nobody was erased.")
            await making_employer.forget(Turn(tx, world.now(), services), participant_id)
            await erasing.participant(tx, storage.keyring, participant_id)

        await storage.db.write(write)
        await erasing.scrub(storage.db)
        return {"erased": participant_id}

    return await with_storage(settings, work)


async def deputy(settings: Settings, coach_id: int, deputy_id: int | None) -> dict[str, Any]:
    """Say who also hears of danger among a coach's participants; None: nobody. Both are told. Raises Refused."""
    world, handbook = real_world(), Handbook.load(beside(settings.scripts), None)

    async def work(storage: Storage) -> dict[str, Any]:
        services = Services(
            storage.keyring, Book(), Texts.load(find_locales(settings.locales)), Calendar(), world, handbook
        )

        async def write(tx: Connection) -> None:
            for number in (coach_id, deputy_id):
                found = None if number is None else await people.by_id(tx, storage.keyring, number)
                if number is not None and (found is None or found.role != "coach"):
                    raise Refused(f"There is no coach with number {number}.")
                if number is not None and number == deputy_id and found is not None and found.chat_id is None:
                    raise Refused(f"{found.name} has not joined yet and would hear nothing. Invite {found.name} first.")
            if coach_id == deputy_id:
                raise Refused("A coach cannot stand in for themselves. Name another coach.")
            await deputies.name(Turn(tx, world.now(), services, first=True), coach_id, deputy_id)

        await storage.db.write(write)
        return {"coach": coach_id, "deputy": deputy_id}

    return await with_storage(settings, work)


async def rotate_key(settings: Settings) -> dict[str, Any]:
    """Seal everybody's key with a fresh master key. Raises Refused while a bot runs: it knows only the old one."""
    if settings.key:
        raise Refused("The master key comes from ACHTERDEHAND_KEY. Keep it in a file first: ACHTERDEHAND_KEY_FILE.")

    async def work(storage: Storage) -> dict[str, Any]:
        locks = Locks.for_database(storage.db, settings.data, lambda _: None)
        if not await locks.try_take("fetch"):
            raise Refused("The bot is running. Stop it first, then rotate the key, then start it.")
        try:
            fresh = os.urandom(KEY_BYTES)
            master.put_first(settings.master_key_file, fresh)
            done = await storage.keyring.rewrap(storage.db, fresh)
        finally:
            await locks.close()
        return {"people": done, "key_file": str(settings.master_key_file)}

    return await with_storage(settings, work)
