"""Erasing a participant: every row, every waiting update, and the key that sealed them.

A contact person at a work place is known for the sake of placements alone, and goes with the last one.
"""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import facts
from bot.storage.database import Database
from bot.storage.errors import StorageError
from bot.storage.keys import Keyring
from bot.storage.tables import alert, bond, inbox, outbox, person, placement, run, task

SCRUB = "scrub"
"""The fact that somebody was erased and the log not yet emptied."""


async def scrub(db: Database) -> None:
    """Empty the write-ahead log if somebody was erased since. StorageTrouble when that must be tried again later."""
    async with db.read() as conn:
        wanted = await facts.get(conn, SCRUB)
    if wanted is not None:
        await db.scrub()
        await db.write(lambda tx: facts.drop(tx, SCRUB))


async def participant(tx: AsyncConnection, keyring: Keyring, person_id: int) -> None:
    """Erase a participant. The tables cascade from `person`; what hangs on the chat alone is taken along,
    and so are the texts in which a coach was shown this participant's alerts, tasks and news, or read the name.

    Call `scrub` once it is committed: before that, deleted text can still be read in the write-ahead log.
    Raises StorageError for anybody else than a participant: a coach's rows belong to the participants too.
    """
    query = select(person.c.role, person.c.chat_id).where(person.c.id == person_id)
    found = (await tx.execute(query)).one_or_none()
    if found is None or found.role != "participant":
        raise StorageError(f"person {person_id} is no participant and cannot be erased")
    await facts.put(tx, SCRUB, "wanted")
    await keyring.forget(tx, person_id)
    await _chat(tx, found.chat_id)
    await _placements(tx, keyring, person_id)
    noting = select(run.c.id).where(run.c.participant_id == person_id)  # a coach's, who noted something about them
    asked = update(outbox).where(outbox.c.about_kind == "run", outbox.c.about.in_(noting))
    await tx.execute(asked.values(payload=None))
    await tx.execute(delete(run).where(run.c.participant_id == person_id))
    theirs = select(alert.c.id).where(alert.c.participant_id == person_id)
    told = update(outbox).where(outbox.c.about_kind == "alert", outbox.c.about.in_(theirs))
    await tx.execute(told.values(payload=None))
    to_do = select(task.c.id).where(task.c.participant_id == person_id)
    told = update(outbox).where(outbox.c.about_kind == "task", outbox.c.about.in_(to_do))
    await tx.execute(told.values(payload=None))
    news = update(outbox).where(outbox.c.about_kind == "participant", outbox.c.about == person_id)
    await tx.execute(news.values(payload=None))
    # «Verstuurd aan Sam», and names on buttons: what a coach was sent is of no more use to us.
    own = select(bond.c.coach_id).where(bond.c.participant_id == person_id)
    deputies = select(person.c.deputy_id).where(person.c.id.in_(own), person.c.deputy_id.is_not(None))
    coaches = own.union(deputies)
    read = update(outbox).where(outbox.c.person_id.in_(coaches), outbox.c.state.in_(("sent", "failed")))
    await tx.execute(read.values(payload=None))
    await tx.execute(delete(person).where(person.c.id == person_id))


async def _chat(tx: AsyncConnection, chat_id: int | None) -> None:
    if chat_id is not None:
        await tx.execute(delete(inbox).where(inbox.c.chat_id == chat_id))
        await tx.execute(delete(outbox).where(outbox.c.chat_id == chat_id))


async def _placements(tx: AsyncConnection, keyring: Keyring, person_id: int) -> None:
    own = select(placement.c.id, placement.c.employer_id).where(placement.c.participant_id == person_id)
    rows = (await tx.execute(own)).all()
    about = [row.id for row in rows]
    filling = select(run.c.id).where(run.c.placement_id.in_(about))  # a coach's, who filled in the handover
    asked = update(outbox).where(outbox.c.about_kind == "run", outbox.c.about.in_(filling))
    await tx.execute(asked.values(payload=None))
    await tx.execute(delete(run).where(run.c.placement_id.in_(about)))
    told = update(outbox).where(outbox.c.about_kind.in_(("placement", "view")), outbox.c.about.in_(about))
    await tx.execute(told.values(payload=None))
    await tx.execute(delete(placement).where(placement.c.participant_id == person_id))
    for employer_id in {row.employer_id for row in rows if row.employer_id is not None}:
        others = select(placement.c.id).where(placement.c.employer_id == employer_id).limit(1)
        if (await tx.execute(others)).first() is None:
            await employer(tx, keyring, employer_id)


async def employer(tx: AsyncConnection, keyring: Keyring, employer_id: int) -> None:
    """Erase a contact person at a work place, with all they said yes or no to and what waits to be sent to them."""
    chat_id = (await tx.execute(select(person.c.chat_id).where(person.c.id == employer_id))).scalar_one()
    await keyring.forget(tx, employer_id)
    await _chat(tx, chat_id)
    words = update(outbox).where(outbox.c.about_kind == "employer", outbox.c.about == employer_id)
    await tx.execute(words.values(payload=None))
    await tx.execute(delete(person).where(person.c.id == employer_id))
