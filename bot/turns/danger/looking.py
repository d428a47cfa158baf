"""What a text may mean. A detector that breaks is replaced by a handful of words, and an admin hears of it."""

from __future__ import annotations

import contextlib
import logging
from datetime import timedelta

from bot.storage import outbox, people
from bot.storage.attempt import Failed, attempt
from bot.turns.inbound import Inbound
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn
from flows import safety
from flows.safety import Finding, literals

log = logging.getLogger(__name__)

ACUTE = ("red", "violence")
SILENT = ("tap", "blocked", "unblocked", "group", "unknown", "contact", "location")
"""Kinds of input whose text nobody wrote."""
BROKEN = "detector"
"""What a word to the admins is about when the detector raises."""
TELL_EVERY = timedelta(days=1)
NOTHING = Finding("none", certain=True, entry="")
HELP = "/help"
"""Telegram's own command, in every menu of commands: «help» alone would be a guess, and ring at a coach."""


async def at(turn: Turn, inbound: Inbound, language: str) -> Finding:
    """What was found in the text or caption of this input. `language`: the writer's."""
    if inbound.kind in SILENT or not inbound.text or inbound.code or inbound.text == HELP:
        return NOTHING
    try:
        return safety.look(inbound.text, language)
    except Exception as error:
        log.error("the safety detector is broken: %s", type(error).__name__)
        with contextlib.suppress(Failed):
            async with attempt(turn.tx):
                await tell_admins(turn)
        return literals.look(inbound.text)


async def tell_admins(turn: Turn) -> None:
    """That the detector, or a part of it, is broken; at most once a day."""
    for admin in await people.admins(turn.tx, turn.services.keyring):
        if admin.chat_id is None or await outbox.told_since(turn.tx, admin.chat_id, turn.now - TELL_EVERY, BROKEN):
            continue
        text = turn.say(
            admin,
            "Het herkennen van gevaar werkt niet goed. De assistent let nu op minder woorden. Kijk in het logboek.",
        )
        await turn.send(admin, Outgoing("send", text), BROKEN)
