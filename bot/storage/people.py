"""Queries on people, the bonds between participants and coaches, and invitations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeGuard

from sqlalchemy import Row, Select, and_, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import insert
from bot.storage.keys import Keyring
from bot.storage.prepared import prepared
from bot.storage.tables import bond, invitation, person

_COLUMNS = (
    person.c.id,
    person.c.role,
    person.c.state,
    person.c.name,
    person.c.language,
    person.c.chat_id,
    person.c.reachable,
    person.c.seen_at,
    person.c.focus_alert_id,
    person.c.focus_at,
    person.c.care_from,
    person.c.paused_until,
    person.c.open_until,
    person.c.stretch,
    person.c.good_streak,
    person.c.silences,
    person.c.told_much_at,
    person.c.deputy_id,
)


_PEOPLE: Select[Any] = select(*_COLUMNS)
_BY_CHAT = prepared(_PEOPLE.where(person.c.chat_id == bindparam("chat")))
_BY_ID = prepared(_PEOPLE.where(person.c.id == bindparam("who"), person.c.role != "house"))
_COACH_OF = prepared(
    _PEOPLE.join(bond, bond.c.coach_id == person.c.id).where(
        bond.c.participant_id == bindparam("who"), bond.c.until.is_(None)
    )
)
_PARTICIPANTS_OF = (
    _PEOPLE.join(bond, bond.c.participant_id == person.c.id)
    .where(bond.c.coach_id == bindparam("who"), bond.c.until.is_(None))
    .order_by(person.c.state == "closed", person.c.id)
)
_COACHES_OF_DEPUTY = _PEOPLE.where(person.c.role == "coach", person.c.deputy_id == bindparam("who")).order_by(
    person.c.id
)
_EVERYBODY = _PEOPLE.where(person.c.role != "house").order_by(person.c.id)
_ADMINS = _EVERYBODY.where(person.c.role == "admin", person.c.chat_id.is_not(None))
_COACHES = person.alias("coach")
_UNREAD = (
    select(person.c.id, _COACHES.c.id.is_not(None).label("has_reader"))
    .outerjoin(bond, and_(bond.c.participant_id == person.c.id, bond.c.until.is_(None)))
    .outerjoin(
        _COACHES,
        and_(_COACHES.c.id == bond.c.coach_id, _COACHES.c.chat_id.is_not(None), _COACHES.c.reachable),
    )
    .where(person.c.role == "participant", person.c.chat_id.is_not(None), person.c.id > bindparam("after"))
    .order_by(person.c.id)
    .limit(bindparam("scan"))
)
_CHANGE = prepared(update(person).where(person.c.id == bindparam("who")))


@dataclass(frozen=True, slots=True)
class Person:
    """`role`: participant, coach, employer or admin. `state`: invited, joined or active; of a participant also
    declined, backup (only the back-up line), stopped (no planned contact of anybody) or closed (after the goodbye)."""

    id: int
    role: str
    state: str
    name: str
    language: str
    chat_id: int | None
    reachable: bool
    seen_at: datetime | None
    focus_alert_id: int | None
    focus_at: datetime | None
    care_from: datetime | None
    paused_until: date | None = None
    """Last day of a pause."""
    open_until: date | None = None
    """After the goodbye: until when the back-up line was agreed."""
    stretch: int = 1
    """Questions come every so many intervals."""
    good_streak: int = 0
    silences: int = 0
    told_much_at: datetime | None = None
    deputy_id: int | None = None
    """Of a coach: who also hears of danger."""


@dataclass(frozen=True, slots=True)
class Invitation:
    id: int
    person_id: int
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


def can_be_reached(person: Person | None) -> TypeGuard[Person]:
    """Whether there is somebody, and Telegram brings them what we say: they joined, and did not block us."""
    return person is not None and person.chat_id is not None and person.reachable


async def _person(conn: AsyncConnection, keyring: Keyring, row: Row[Any] | None) -> Person | None:
    if row is None:
        return None
    key = await keyring.of(conn, row.id)
    return Person(**{**row._asdict(), "name": key.open("person.name", row.name)})


async def add(tx: AsyncConnection, keyring: Keyring, role: str, name: str, language: str, now: datetime) -> int:
    """Make a person with a key of their own. Returns the id."""
    person_id = await insert.new(tx, person, role=role, state="invited", language=language, created_at=now)
    key = await keyring.make(tx, person_id)
    await change(tx, person_id, name=key.seal("person.name", name))
    return person_id


async def by_chat(conn: AsyncConnection, keyring: Keyring, chat_id: int) -> Person | None:
    row = (await conn.execute(_BY_CHAT, {"chat": chat_id})).one_or_none()
    return await _person(conn, keyring, row)


async def by_id(conn: AsyncConnection, keyring: Keyring, person_id: int) -> Person | None:
    row = (await conn.execute(_BY_ID, {"who": person_id})).one_or_none()
    return await _person(conn, keyring, row)


async def change(tx: AsyncConnection, person_id: int, **values: Any) -> None:
    """Set columns of one person, by the names of Person's fields (but for name: that one is sealed)."""
    await tx.execute(_CHANGE, {"who": person_id, **values})


async def coach_of(conn: AsyncConnection, keyring: Keyring, participant_id: int) -> Person | None:
    row = (await conn.execute(_COACH_OF, {"who": participant_id})).one_or_none()
    return await _person(conn, keyring, row)


async def deputy_of(conn: AsyncConnection, keyring: Keyring, coach: Person) -> Person | None:
    """The coach who also hears of danger among this coach's participants."""
    return None if coach.deputy_id is None else await by_id(conn, keyring, coach.deputy_id)


async def stood_in_for(conn: AsyncConnection, keyring: Keyring, deputy_id: int) -> list[Person]:
    """The coaches whose deputy this is."""
    rows = (await conn.execute(_COACHES_OF_DEPUTY, {"who": deputy_id})).all()
    found = [await _person(conn, keyring, row) for row in rows]
    return [one for one in found if one is not None]


async def without_deputy(conn: AsyncConnection) -> int:
    """How many coaches who joined have nobody who hears of danger beside them."""
    alone = (person.c.role == "coach", person.c.chat_id.is_not(None), person.c.deputy_id.is_(None))
    return int((await conn.execute(select(func.count()).select_from(person).where(*alone))).scalar_one())


async def without_admin(conn: AsyncConnection) -> bool:
    """Whether people joined, and no admin is among them."""
    joined = select(person.c.role).where(person.c.chat_id.is_not(None)).distinct()
    roles = set((await conn.execute(joined)).scalars())
    return bool(roles) and "admin" not in roles


async def participants_of(conn: AsyncConnection, keyring: Keyring, coach_id: int) -> list[Person]:
    """Whom this coach has, and last whom they had: after the goodbye somebody can still write, and be written to."""
    rows = (await conn.execute(_PARTICIPANTS_OF, {"who": coach_id})).all()
    found = [await _person(conn, keyring, row) for row in rows]
    return [one for one in found if one is not None]


async def read_by_nobody(conn: AsyncConnection, after: int = 0, scan: int = 1000) -> tuple[list[int], int | None]:
    """Of the next `scan` participants who joined, by id: who has no coach that Telegram brings their words to.

    And after whom to go on; None: that was everybody.
    """
    rows = (await conn.execute(_UNREAD, {"after": after, "scan": scan})).all()
    return [row.id for row in rows if not row.has_reader], rows[-1].id if rows else None


async def tie(tx: AsyncConnection, participant_id: int, coach_id: int, now: datetime) -> None:
    """Make the bond between a participant and the one coach they know."""
    await tx.execute(bond.insert().values(participant_id=participant_id, coach_id=coach_id, since=now))


async def counts(conn: AsyncConnection) -> dict[str, int]:
    """How many people there are, by role."""
    rows = await conn.execute(select(person.c.role, func.count()).group_by(person.c.role))
    return {row.role: row[1] for row in rows.all()}


async def everybody(conn: AsyncConnection, keyring: Keyring) -> list[Person]:
    rows = (await conn.execute(_EVERYBODY)).all()
    found = [await _person(conn, keyring, row) for row in rows]
    return [one for one in found if one is not None]


async def admins(conn: AsyncConnection, keyring: Keyring) -> list[Person]:
    """The admins who have joined."""
    found = [await _person(conn, keyring, row) for row in (await conn.execute(_ADMINS)).all()]
    return [one for one in found if one is not None]


async def invite(tx: AsyncConnection, person_id: int, code_hash: str, now: datetime, expires_at: datetime) -> None:
    """A fresh invitation; the earlier ones of this person stop working."""
    await revoke(tx, person_id, now)
    await tx.execute(
        invitation.insert().values(person_id=person_id, code_hash=code_hash, made_at=now, expires_at=expires_at)
    )


async def revoke(tx: AsyncConnection, person_id: int, now: datetime) -> None:
    open_ones = (
        invitation.c.person_id == person_id,
        invitation.c.used_at.is_(None),
        invitation.c.revoked_at.is_(None),
    )
    await tx.execute(update(invitation).where(*open_ones).values(revoked_at=now))


async def invitation_for(conn: AsyncConnection, code_hash: str) -> Invitation | None:
    columns = (
        invitation.c.id,
        invitation.c.person_id,
        invitation.c.expires_at,
        invitation.c.used_at,
        invitation.c.revoked_at,
    )
    row = (await conn.execute(select(*columns).where(invitation.c.code_hash == code_hash))).one_or_none()
    return None if row is None else Invitation(**row._mapping)


async def joined_at(conn: AsyncConnection, person_id: int) -> datetime | None:
    """When the newest invitation of this person was used; None when none was."""
    query = select(func.max(invitation.c.used_at)).where(invitation.c.person_id == person_id)
    found: datetime | None = (await conn.execute(query)).scalar_one()
    return found


async def use(tx: AsyncConnection, invitation_id: int, now: datetime) -> bool:
    """Use an invitation up. False when somebody else was first."""
    spent = await tx.execute(
        update(invitation)
        .where(
            invitation.c.id == invitation_id,
            invitation.c.used_at.is_(None),
            invitation.c.revoked_at.is_(None),
        )
        .values(used_at=now)
    )
    return spent.rowcount == 1
