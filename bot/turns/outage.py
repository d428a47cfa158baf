"""After an outage: which open questions may have been answered in vain, and when they are asked again (promise P17)."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.storage import runs, timers
from bot.storage.connection import Connection

TAPS_LIVE = timedelta(seconds=150)
"""How long Telegram keeps a tap; a question that was on the screen for less has lost none."""
ASKED_LATELY = timedelta(hours=24)
"""A question asked longer than this before the outage is asked again once, and only while it can still expire.

A lost «Slecht» costs more than one message too many; but who is in no hurry was seldom cut off, and must not hear of
every hiccup.
"""
ANSWERS_FIRST = timedelta(seconds=10)
"""What people sent meanwhile is dealt with before anything is asked again."""


async def ask_again(tx: Connection, began_at: datetime, ended_at: datetime, now: datetime) -> None:
    """Let every question that was open during the outage be asked again, once, in contact hours."""
    for run_id, person_id, turn in await runs.open_questions(tx, began_at - ASKED_LATELY, ended_at - TAPS_LIVE):
        await timers.want(tx, person_id, "reask", run_id, turn, now + ANSWERS_FIRST)
