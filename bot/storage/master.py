"""The master key: read from the environment or a file, and made on the first start.

A key file has one key per line, 32 bytes in base64; the first one is current, the others still open what they sealed.
"""

from __future__ import annotations

import base64
import binascii
import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from bot.storage.database import Database
from bot.storage.errors import MasterKeyProblem
from bot.storage.keys import KEY_BYTES
from bot.storage.tables import HOUSE, person


@dataclass(frozen=True, slots=True)
class Masters:
    """`keys` for the Keyring; `notice` is a sentence for the operator when a key was made just now, else empty."""

    keys: tuple[bytes, ...]
    notice: str = ""


async def masters(db: Database, file: Path, value: str = "") -> Masters:
    """The master keys from `value` (base64) if given, else from `file`, else a new one in `file`.

    Raises MasterKeyProblem, also rather than make a new key for a database that has people already.
    """
    if value:
        return Masters(_parsed(value.split(), "the master key in the environment"))
    try:
        made = not file.exists() and await _made_first(db, file)  # noqa: ASYNC240  once, at start
    except OSError as error:
        raise MasterKeyProblem(f"a master key cannot be found nor made in {file}: {error.strerror}") from error
    notice = (
        f"A new master key was made in {file}. Keep a copy somewhere else, apart from the back-ups: "
        "without it nothing that people wrote can ever be read again."
    )
    return Masters(read(file), notice if made else "")


def read(file: Path) -> tuple[bytes, ...]:
    """The keys in `file`. Raises MasterKeyProblem if anybody else may read it, or if it is no key file."""
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        lines = file.read_text("ascii").split()
    except (OSError, UnicodeDecodeError) as error:
        raise MasterKeyProblem(f"{file} cannot be read as a key file: {type(error).__name__}") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise MasterKeyProblem(f"others than its owner may reach {file}; run: chmod 600 {file}")
    return _parsed(lines, str(file))


def put_first(file: Path, key: bytes) -> None:
    """Make `key` the current one; those that are there stay behind it, for what they sealed (old back-ups too)."""
    lines = [encoded(key), *(encoded(one) for one in read(file))]
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write("\n".join(lines) + "\n")
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    _flush_folder(file.parent)


def encoded(key: bytes) -> str:
    """The key as a line of a key file."""
    return base64.b64encode(key).decode()


async def _made_first(db: Database, file: Path) -> bool:
    await _refuse_if_peopled(db, file)
    return _made(file)


async def _refuse_if_peopled(db: Database, file: Path) -> None:
    async with db.read() as conn:
        query = select(func.count()).select_from(person).where(person.c.id != HOUSE)
        people = (await conn.execute(query)).scalar_one()
    if people:
        raise MasterKeyProblem(
            f"there is no master key at {file}, and the database holds {people} people sealed with one; "
            "put back the key file that belongs to this database"
        )


def _made(file: Path) -> bool:
    """Make a key in `file`, whole or not at all; False if another process did so just before."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as out:
            out.write(encoded(os.urandom(KEY_BYTES)) + "\n")
            out.flush()
            os.fsync(out.fileno())
        with suppress(FileExistsError):
            os.link(draft, file)  # unlike a rename, it never replaces a key
            _flush_folder(file.parent)
            return True
        return False
    finally:
        draft.unlink()


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _parsed(lines: Sequence[str], where: str) -> tuple[bytes, ...]:
    wrong = f"{where}: a key is {KEY_BYTES} bytes in base64 ({len(encoded(bytes(KEY_BYTES)))} characters)"
    try:
        keys = tuple(base64.b64decode(line, validate=True) for line in lines)
    except binascii.Error:
        raise MasterKeyProblem(wrong) from None
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise MasterKeyProblem(wrong)
    return keys
