"""What was agreed, in Dutch sentences: the text of the items that are put together from several answers.

They are kept as they stand, in the language that the parties speak at the table; nobody's phone number is in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from babel.dates import get_day_names

from bot.caseload.handovers import Agreed
from bot.storage.placements import Placement
from bot.texts import N_, SOURCE
from bot.turns import days
from bot.turns.turn import Turn

FORMS = {
    "chat": N_("met berichten"),
    "call": N_("met een telefoontje"),
    "talk": N_("met een gesprek"),
}


def _day(when: date) -> str:
    return days.with_year(when, SOURCE)


def absence(turn: Turn, details: Mapping[str, str]) -> str:
    """Whom to call when ill, and before what time; empty when nobody was named."""
    if "call" not in details:
        return ""
    if "before" not in details:
        return turn.say(None, "Bel bij ziekte met {call}, voor het werk begint.", call=details["call"])
    return turn.say(None, "Bel bij ziekte met {call}, voor {before}.", call=details["call"], before=details["before"])


def contact(turn: Turn, agreed: Agreed) -> str:
    """The whole contact rhythm: a yes to this text is a yes to these terms and to no others."""
    preset = turn.services.handbook.rhythms.presets[agreed.rhythm]
    terms = {"rhythm": preset.title, "at": f"{agreed.at:%H:%M}", "form": turn.say(None, FORMS[agreed.form])}
    if agreed.weekday is None:
        said = turn.say(None, "{rhythm}, om {at} uur, {form}.", **terms)
    else:
        day = get_day_names(locale=SOURCE)[agreed.weekday]
        said = turn.say(None, "{rhythm}, op {day}, om {at} uur, {form}.", day=day, **terms)
    until = turn.say(None, "De nazorg duurt tot en met {day}.", day=_day(agreed.until)) if agreed.until else ""
    after = turn.count(
        None, "Daarna kan schrijven nog {n} maand.", "Daarna kan schrijven nog {n} maanden.", agreed.backup_months
    )
    return " ".join(part for part in (said, until, after) if part)


def work(turn: Turn, placement: Placement) -> str:
    """Where, since when, until when and how much."""
    if placement.track == "search":
        return turn.say(None, "Nog op weg naar werk.")
    where = placement.company or turn.say(None, "een bedrijf")
    parts = [turn.say(None, "Werk bij {company} vanaf {day}.", company=where, day=_day(placement.started_on))]
    if placement.contract_end is not None:
        parts.append(turn.say(None, "Het contract loopt tot en met {day}.", day=_day(placement.contract_end)))
    if placement.hours:
        parts.append(turn.say(None, "Het zijn {hours} uur per week.", hours=placement.hours))
    return " ".join(parts)
