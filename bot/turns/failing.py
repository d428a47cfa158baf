"""An input that cannot be dealt with: set apart, never lost in silence. Its sender hears so; a coach gets the words."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.caseload import access
from bot.caseload.access import Action
from bot.storage import inbox, people
from bot.storage.alerts import Item
from bot.storage.attempt import Failed, attempt
from bot.storage.inbox import InboxRow
from bot.storage.people import Person
from bot.storage.tables import HOUSE
from bot.turns import alerting
from bot.turns.coaching import answering, whose
from bot.turns.danger import last
from bot.turns.inbound import Inbound
from bot.turns.turn import Turn

Translate = Callable[[dict[str, Any], datetime], Inbound]
SILENT = ("blocked", "unblocked", "group")
"""Kinds that nobody said: there is nobody to answer."""
SAID = "failed"
"""Why an input was set apart of which its sender, and the coach if there is one, were told."""

log = logging.getLogger(__name__)


async def set_apart(turn: Turn, row: InboxRow, translate: Translate) -> None:
    """Take the input out of the way, keep its words for the coach, and say one calm sentence."""
    await inbox.set_apart(turn.tx, row.id, SAID, turn.now)
    who = await people.by_chat(turn.tx, turn.services.keyring, row.chat_id)
    inbound = await _read(turn, row, translate)
    if who is None or (inbound is not None and inbound.kind in SILENT):
        return
    if inbound is not None and await last.resort(turn, who, inbound):
        return
    if who.role == "employer":
        await turn.tell(who, "Er ging iets mis. Dat ligt aan mij. Wilt u het nog een keer sturen?")
        return
    await apologise(turn, who, inbound)


async def apologise(turn: Turn, who: Person, inbound: Inbound | None) -> None:
    """Say so to whoever sent it, and bring a participant's words to the coach; what we were to do is not done."""
    if who.role != "participant":
        await _to_staff(turn, who, inbound)
        return
    coach = await people.coach_of(turn.tx, turn.services.keyring, who.id)
    if coach is None:
        await turn.tell(who, "Er ging iets mis. Dat ligt aan mij. Wat je stuurde is bewaard.")
        return
    if inbound is not None and (inbound.text or inbound.ref):
        kind = inbound.kind if inbound.kind in alerting.KINDS else "text"
        await alerting.message_for_coach(turn, who, coach, kind, inbound.text, inbound.ref or None)
    await _note(turn, who, coach)
    await turn.tell(
        who,
        "Er ging iets mis. Dat ligt aan mij. {coach} krijgt het toch.\n\n"
        "Is er gevaar? Bel 112. Denk je aan zelfdoding? Bel 113.",
        coach=coach.name,
    )


async def _to_staff(turn: Turn, who: Person, inbound: Inbound | None) -> None:
    """Nobody else got anything of it: an answer that somebody waits for must be sent again."""
    reader = await _meant_for(turn, who, inbound)
    if reader is None:
        await turn.tell(
            who,
            "Er ging iets mis. Dat ligt aan mij. Wat je net deed, is niet gelukt. Er is niets verstuurd. "
            "Probeer het nog een keer, of bel.",
        )
        return
    await turn.tell(
        who,
        "Er ging iets mis. Dat ligt aan mij. Je bericht aan {name} is niet verstuurd. Stuur het nog een keer, of bel.",
        name=reader.name,
    )


async def _meant_for(turn: Turn, coach: Person, inbound: Inbound | None) -> Person | None:
    """The participant whom this coach answered; None where that cannot be told."""
    if inbound is None or inbound.kind != "text":
        return None
    try:
        async with attempt(turn.tx):
            alert = await answering.meant(turn, coach, inbound)
            if alert is None:
                return None
            subject = await whose.subject(turn, alert.participant_id, alert)
            access.require(coach, Action.REPLY, subject)
            return await people.by_id(turn.tx, turn.services.keyring, subject.participant_id)
    except Failed as failed:
        log.error("whom input %s was for cannot be told: %s", turn.inbox_id, failed)
        return None


async def set_apart_unsaid(turn: Turn, row: InboxRow, translate: Translate) -> None:
    """Even that failed: take it out of the way all the same, so that this person's next words get through.

    Who may be in danger reads the numbers even now, and the admins hear that nobody else got it.
    """
    await inbox.set_apart(turn.tx, row.id, "failed unsaid", turn.now)
    inbound = await _read(turn, row, translate)
    if inbound is not None and inbound.kind not in SILENT:
        await last.words(turn, inbound)


async def _read(turn: Turn, row: InboxRow, translate: Translate) -> Inbound | None:
    """The input, unless reading it is what fails."""
    try:
        body = (await turn.key(HOUSE)).open("inbox.body", row.body)
        inbound = translate(json.loads(body), row.received_at)
    except Exception as error:
        log.error("input %d cannot be read: %s", row.id, type(error).__name__)
        return None
    turn.caused_by(inbound)
    return inbound


async def _note(turn: Turn, who: Person, coach: Person) -> None:
    body = "Stuurde of tikte iets, en daarbij ging iets mis in de assistent."
    await alerting.add(turn, who, coach, Item("failure", "today", "failure", body, None, turn.now))
