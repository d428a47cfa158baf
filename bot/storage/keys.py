"""Sealed columns: AES-256-GCM, a key per person, wrapped by a master key that is kept outside the database.

A sealed value is: 1 byte version, 1 byte reserved (0), 12 bytes nonce, ciphertext with its 16-byte tag. Table,
column and person are associated data: a value moved to another row of another person, or to another column, does
not open. Destroying a person's row in `person_key` makes everything sealed for that person unreadable for ever.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections import OrderedDict
from collections.abc import Iterable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import and_, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database
from bot.storage.errors import KeyMissing, MasterKeyProblem, SealBroken
from bot.storage.insert import if_new
from bot.storage.prepared import prepared
from bot.storage.tables import HOUSE, person_key

KEY_BYTES = 32
NONCE_BYTES = 12
HEAD = bytes([1, 0])
"""Version 1, and a byte for the day that a person has more than one key."""

HALF_PAIRS = "surrogatepass"
"""JSON may bring half of a surrogate pair; such a text is kept as it came."""

CACHED = 4096
"""Opened keys kept in memory, about 1 KB each, so that memory is flat in the number of people."""

REWRAPPED_AT_ONCE = 500

_LOAD = prepared(select(person_key.c.master, person_key.c.wrapped).where(person_key.c.person_id == bindparam("who")))
_LOAD_MANY = select(person_key).where(person_key.c.person_id.in_(bindparam("who", expanding=True)))
_ADD = insert(person_key)
_FORGET = delete(person_key).where(person_key.c.person_id == bindparam("who"))
_OTHERS = (
    select(person_key)
    .where(person_key.c.master != bindparam("new"))
    .order_by(person_key.c.person_id)
    .limit(REWRAPPED_AT_ONCE)
    .with_for_update()
)
_REWRAP = (
    update(person_key)
    .where(and_(person_key.c.person_id == bindparam("who"), person_key.c.master == bindparam("old")))
    .values(master=bindparam("new"), wrapped=bindparam("again"))
)


class Sealer:
    """One AES-256-GCM key and the number that is bound into everything it seals."""

    __slots__ = ("_cipher", "person_id")

    def __init__(self, person_id: int, key: bytes) -> None:
        self.person_id = person_id
        self._cipher = AESGCM(key)

    def seal_bytes(self, column: str, plain: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return HEAD + nonce + self._cipher.encrypt(nonce, plain, self._bound(column))

    def open_bytes(self, column: str, sealed: bytes) -> bytes:
        """Raises SealBroken."""
        if sealed[:2] != HEAD:
            raise SealBroken(f"{column} of person {self.person_id} has no known format")
        nonce, rest = sealed[2 : 2 + NONCE_BYTES], sealed[2 + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, rest, self._bound(column))
        except (InvalidTag, ValueError):
            raise SealBroken(f"{column} of person {self.person_id} does not open") from None

    def _bound(self, column: str) -> bytes:
        return f"{column}:{self.person_id}".encode()


class PersonKey(Sealer):
    """A person's own key. `seal("table.column", text)` and `open("table.column", sealed)` are each other's reverse."""

    __slots__ = ()

    def seal(self, column: str, text: str) -> bytes:
        return self.seal_bytes(column, text.encode(errors=HALF_PAIRS))

    def open(self, column: str, sealed: bytes | None) -> str:
        """Raises SealBroken, also for a value that retention has emptied."""
        if sealed is None:
            raise SealBroken(f"{column} of person {self.person_id} is empty")
        return self.open_bytes(column, sealed).decode(errors=HALF_PAIRS)


def fingerprint(master: bytes) -> str:
    """16 hex digits by which a wrapped key names its master; says nothing about the key itself."""
    return hashlib.sha256(b"achterdehand master key:" + master).hexdigest()[:16]


class Keyring:
    """People's keys. `masters`: 32 bytes each; the first wraps new keys, the others still open old ones."""

    def __init__(self, masters: Sequence[bytes]) -> None:
        if not masters or any(len(master) != KEY_BYTES for master in masters):
            raise MasterKeyProblem(f"a master key is {KEY_BYTES} bytes long")
        self._masters = {fingerprint(master): master for master in masters}
        self._current = fingerprint(masters[0])
        self._cache: OrderedDict[int, PersonKey] = OrderedDict()
        self._made: set[int] = set()  # here, and perhaps rolled back since: read afresh every time

    def derived(self, purpose: str) -> str:
        """43 of A-Z a-z 0-9 _ - that each process with this master key makes alike, and that tell nothing of it."""
        hkdf = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=f"achterdehand {purpose}".encode())
        return base64.urlsafe_b64encode(hkdf.derive(self._masters[self._current])).rstrip(b"=").decode()

    async def of(self, conn: AsyncConnection, person_id: int) -> PersonKey:
        """The person's key. Raises KeyMissing, MasterKeyProblem."""
        cached = self._cache.get(person_id)
        if cached is not None:
            self._cache.move_to_end(person_id)
            return cached
        row = (await conn.execute(_LOAD, {"who": person_id})).one_or_none()
        if row is None:
            raise KeyMissing(f"person {person_id} has no key")
        return self._keep(person_id, row.master, row.wrapped)

    async def many(self, conn: AsyncConnection, ids: Iterable[int]) -> dict[int, PersonKey]:
        """The keys of several people in one query; who has none is left out."""
        wanted = set(ids)
        keys = {one: self._cache[one] for one in wanted if one in self._cache}
        missing = sorted(wanted - keys.keys())
        if missing:
            for row in (await conn.execute(_LOAD_MANY, {"who": missing})).all():
                keys[row.person_id] = self._keep(row.person_id, row.master, row.wrapped)
        return keys

    async def make(self, tx: AsyncConnection, person_id: int) -> PersonKey:
        """A fresh key for a person who has none. Raises Conflict (from the write) if there is one."""
        key = os.urandom(KEY_BYTES)
        self._made.add(person_id)
        self._cache.pop(person_id, None)
        await tx.execute(_ADD, self._wrapped(person_id, key))
        return PersonKey(person_id, key)

    async def house(self, db: Database) -> PersonKey:
        """The key for what belongs to nobody yet, made when it is not there. Call it once at start.

        Raises MasterKeyProblem if the database was sealed with a master key that this keyring does not have.
        """

        async def ensure(tx: AsyncConnection) -> None:
            if (await tx.execute(_LOAD, {"who": HOUSE})).one_or_none() is None:
                await if_new(tx, person_key, self._wrapped(HOUSE, os.urandom(KEY_BYTES)))

        await db.write(ensure)
        async with db.read() as conn:
            return await self.of(conn, HOUSE)

    async def forget(self, tx: AsyncConnection, person_id: int) -> None:
        """Destroy the person's key: what it sealed can never be read again."""
        await tx.execute(_FORGET, {"who": person_id})
        self._cache.pop(person_id, None)

    async def rewrap(self, db: Database, new_master: bytes) -> int:
        """Wrap every person's key with `new_master`, which becomes the current one; returns how many were.

        Can be stopped and done again. Processes that run meanwhile need both master keys.
        """
        Keyring([new_master])
        new = self._current = fingerprint(new_master)
        self._masters[new] = new_master
        done = 0
        while batch := await db.write(lambda tx: self._rewrap_some(tx, new)):
            done += batch
        return done

    async def _rewrap_some(self, tx: AsyncConnection, new: str) -> int:
        rows = (await tx.execute(_OTHERS, {"new": new})).all()
        again = [
            {
                "who": row.person_id,
                "old": row.master,
                "new": new,
                "again": self._wrapped(row.person_id, self._unwrap(row.person_id, row.master, row.wrapped))["wrapped"],
            }
            for row in rows
        ]
        if again:
            await tx.execute(_REWRAP, again)
        return len(again)

    def _wrapped(self, person_id: int, key: bytes) -> dict[str, object]:
        wrapped = Sealer(person_id, self._masters[self._current]).seal_bytes("person_key.wrapped", key)
        return {"person_id": person_id, "master": self._current, "wrapped": wrapped}

    def _unwrap(self, person_id: int, master: str, wrapped: bytes) -> bytes:
        if master not in self._masters:
            raise MasterKeyProblem(
                f"this database was sealed with master key {master}, which is not here; "
                "put back the key file that belongs to it"
            )
        return Sealer(person_id, self._masters[master]).open_bytes("person_key.wrapped", wrapped)

    def _keep(self, person_id: int, master: str, wrapped: bytes) -> PersonKey:
        key = PersonKey(person_id, self._unwrap(person_id, master, wrapped))
        if person_id not in self._made:
            self._cache[person_id] = key
            if len(self._cache) > CACHED:
                self._cache.popitem(last=False)
        return key
