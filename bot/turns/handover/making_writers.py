"""What the engine's events become when a coach walks a script about a placement.

No answers are kept: they would outlive the participant. What counts is written by the effects, with the
participant's own key. Nothing here is passed on to anybody: the coach is the one who reads along.
"""

from __future__ import annotations

from typing import Any

from bot.turns.effects import WRITERS, Walk, Writer, show_answer
from bot.turns.turn import Turn
from flows.engine import events


async def _nothing(turn: Turn, walk: Walk, event: Any) -> None:
    """Nobody has to do anything about it."""


async def _reply_misunderstood(turn: Turn, walk: Walk, event: events.ReplyMisunderstood) -> None:
    await turn.tell(walk.person, "Dat past niet bij deze vraag. Probeer het nog eens, of typ: overslaan.")


async def _help_wanted(turn: Turn, walk: Walk, event: events.HelpWanted) -> None:
    if walk.participant_id is not None:
        await turn.tell(walk.person, "Dit kun je hier typen: terug, overslaan of stop.")
        return
    await turn.tell(
        walk.person,
        "Dit kun je hier typen:\n"
        "terug: naar de vorige vraag\n"
        "overslaan: deze vraag niet\n"
        "stop: later verder\n"
        "/overdracht: kies een deelnemer of een onderdeel",
    )


async def _run_ended(turn: Turn, walk: Walk, event: events.RunEnded) -> None:
    """A run that was left alone for long ends in silence: the coach goes on where it was whenever they like."""
    if walk.participant_id is not None and event.outcome in ("stopped", "failed"):
        await turn.tell(walk.person, "Er is niets genoteerd.")
        return
    if event.outcome == "stopped":
        await turn.tell(walk.person, "Goed. Verder gaan kan altijd. Typ dan: /overdracht")
    if event.outcome == "failed":
        await turn.tell(walk.person, "Dit lukt nu niet. Dat ligt aan mij. Typ /overdracht om verder te gaan.")


COACH_WRITERS: dict[type, Writer] = WRITERS | {
    events.AnswerGiven: show_answer,
    events.AnswerTakenBack: _nothing,
    events.FlagRaised: _nothing,
    events.MessageLeft: _nothing,
    events.ReplyMisunderstood: _reply_misunderstood,
    events.HelpWanted: _help_wanted,
    events.RunEnded: _run_ended,
}
