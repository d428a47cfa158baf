"""Erasing a participant: every row, every waiting update, and the key that sealed them.

A contact person at a work place is known for the sake of placements alone, and goes with the last one.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import facts, messages
from bot.storage.database import Database
from bot.storage.errors import StorageError
from bot.storage.keys import Keyring
from bot.storage.tables import alert, bond, inbox, message, outbox, person, placement, run, task

SCRUB = "scrub"
"""The fact that somebody was erased and the log not yet emptied."""
NOTHING = b""
"""What is left of a raw update that was dealt with. Its row stays until it is purged: the update may come twice."""


async def scrub(db: Database) -> None:
    """Empty the write-ahead log if somebody was erased since. StorageTrouble when that must be tried again later."""
    async with db.read() as conn:
        wanted = await facts.get(conn, SCRUB)
    if wanted is not None:
        await db.scrub()
        await db.write(lambda tx: facts.drop(tx, SCRUB))


async def participant(tx: AsyncConnection, keyring: Keyring, person_id: int) -> None:
    """Erase a participant. The tables cascade from `person`; what hangs on the chat alone is taken along,
    and so are the texts in which a coach was shown this participant's alerts, tasks and news, or read the name, and
    the raw updates of who may have written about them. What an employer wrote stays with an employer who stays.

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
    coaches = await _coaches(tx, person_id)
    employers = await _placements(tx, keyring, person_id)
    await _of_employers(tx, coaches, employers)
    await _raw(tx, {*coaches, *employers})
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
    read = update(outbox).where(outbox.c.person_id.in_(coaches), outbox.c.state.in_(("sent", "failed")))
    await tx.execute(read.values(payload=None))
    await tx.execute(delete(person).where(person.c.id == person_id))


async def _chat(tx: AsyncConnection, chat_id: int | None) -> None:
    """What is being sent arrives all the same: it is left empty and nobody's, for an edit to find what it became."""
    if chat_id is not None:
        await tx.execute(delete(inbox).where(inbox.c.chat_id == chat_id))
        theirs, on_its_way = outbox.c.chat_id == chat_id, outbox.c.state == "sending"
        nothing = {"person_id": None, "payload": None, "about_kind": None, "about": None}
        await tx.execute(update(outbox).where(theirs, on_its_way).values(nothing))
        await tx.execute(delete(outbox).where(theirs, ~on_its_way))


async def _coaches(tx: AsyncConnection, person_id: int) -> Collection[int]:
    """Who may have read something of this participant: the coach, and the coach's deputy."""
    own = select(bond.c.coach_id).where(bond.c.participant_id == person_id)
    deputies = select(person.c.deputy_id).where(person.c.id.in_(own), person.c.deputy_id.is_not(None))
    return (await tx.execute(own.union(deputies))).scalars().all()


async def _of_employers(tx: AsyncConnection, coaches: Collection[int], employers: Collection[int]) -> None:
    """What these coaches were to read of these employers' words: they do not say about whom they are."""
    to_read = (outbox.c.person_id.in_(coaches), outbox.c.about_kind == "employer", outbox.c.about.in_(employers))
    await tx.execute(update(outbox).where(*to_read).values(payload=None))
    unread = (message.c.person_id.in_(coaches), message.c.author_id.in_(employers))
    await tx.execute(delete(message).where(*unread, message.c.outcome == messages.UNREAD))


async def _raw(tx: AsyncConnection, who: Collection[int]) -> None:
    """Empty the updates that came from their chats and were dealt with."""
    theirs = select(person.c.chat_id).where(person.c.id.in_(who))
    done = (inbox.c.chat_id.in_(theirs), inbox.c.state == "done", inbox.c.body.is_not(None))
    await tx.execute(update(inbox).where(*done).values(body=NOTHING))


async def _placements(tx: AsyncConnection, keyring: Keyring, person_id: int) -> Collection[int]:
    """Returns the contact persons of these placements, those who are gone with them too."""
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
    employers = {row.employer_id for row in rows if row.employer_id is not None}
    for employer_id in employers:
        others = select(placement.c.id).where(placement.c.employer_id == employer_id).limit(1)
        if (await tx.execute(others)).first() is None:
            await employer(tx, keyring, employer_id)
    return employers


async def employer(tx: AsyncConnection, keyring: Keyring, employer_id: int) -> None:
    """Erase a contact person at a work place, with all they said yes or no to and what waits to be sent to them."""
    chat_id = (await tx.execute(select(person.c.chat_id).where(person.c.id == employer_id))).scalar_one()
    await keyring.forget(tx, employer_id)
    await _chat(tx, chat_id)
    words = update(outbox).where(outbox.c.about_kind == "employer", outbox.c.about == employer_id)
    await tx.execute(words.values(payload=None))
    await tx.execute(delete(person).where(person.c.id == employer_id))
