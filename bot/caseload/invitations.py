"""Invitations: one-time 128-bit codes, kept as a hash, used once, gone after a while."""

from __future__ import annotations

import base64
import hashlib
import io
from datetime import datetime, timedelta

import segno

from bot.storage import people
from bot.storage.connection import Connection

VALID_FOR = timedelta(days=14)
"""A participant is often invited before the last talk of the programme: two weeks, not a day."""


def hashed(code: str) -> str:
    """SHA-256 in hex. The codes are random, so no salt is needed."""
    return hashlib.sha256(code.encode()).hexdigest()


def link(bot_username: str, code: str) -> str:
    """The deep link that presses Start with this code (Bot API: start payloads are 1-64 of A-Za-z0-9_-)."""
    return f"https://t.me/{bot_username}?start={code}"


def picture(url: str) -> str:
    """The link as a QR code: a PNG, in base64."""
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="png", scale=8, border=4)
    return base64.b64encode(out.getvalue()).decode()


async def issue(tx: Connection, person_id: int, code: str, now: datetime) -> None:
    """Make `code` this person's only working invitation."""
    await people.invite(tx, person_id, hashed(code), now, now + VALID_FOR)


async def spend(tx: Connection, code: str, now: datetime) -> int | None:
    """Use a code up. Returns the invited person's id, or None when it is unknown, used, revoked or too old."""
    found = await people.invitation_for(tx, hashed(code))
    if found is None or found.expires_at <= now or found.used_at or found.revoked_at:
        return None
    return found.person_id if await people.use(tx, found.id, now) else None
