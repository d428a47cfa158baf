"""Erasing a participant: every row, every waiting update, and the key that sealed them."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.errors import StorageError
from bot.storage.keys import Keyring
from bot.storage.tables import alert, inbox, outbox, person


async def participant(tx: AsyncConnection, keyring: Keyring, person_id: int) -> None:
    """Erase a participant. The tables cascade from `person`; what hangs on the chat alone is taken along,
    and so are the texts in which the coach was shown this participant's alerts.

    Call `Database.scrub` afterwards: before that, deleted text can still be read in the write-ahead log.
    Raises StorageError for anybody else than a participant: a coach's rows belong to the participants too.
    """
    query = select(person.c.role, person.c.chat_id).where(person.c.id == person_id)
    found = (await tx.execute(query)).one_or_none()
    if found is None or found.role != "participant":
        raise StorageError(f"person {person_id} is no participant and cannot be erased")
    await keyring.forget(tx, person_id)
    if found.chat_id is not None:
        await tx.execute(delete(inbox).where(inbox.c.chat_id == found.chat_id))
        await tx.execute(delete(outbox).where(outbox.c.chat_id == found.chat_id))
    theirs = select(alert.c.id).where(alert.c.participant_id == person_id)
    told = update(outbox).where(outbox.c.about_kind == "alert", outbox.c.about.in_(theirs))
    await tx.execute(told.values(payload=None))
    await tx.execute(delete(person).where(person.c.id == person_id))
