"""Why a contact waits, did not come or came to nothing, for a coach: the codes in the table of moments as sentences."""

from __future__ import annotations

from bot.storage.moments import IN_A_TALK, Moment
from bot.storage.people import Person
from bot.texts import N_
from bot.turns.turn import Turn
from scheduler import sweep

REASONS = {
    IN_A_TALK: N_("er liep een ander gesprek"),
    f"{IN_A_TALK} for too long": N_("er liep te lang een ander gesprek"),
    sweep.LATE: N_("het was te laat om nog te vragen"),
    sweep.NO_HOUR_LEFT: N_("er was geen goed uur meer over"),
    sweep.QUIET: N_("buiten de uren voor contact"),
    sweep.CLOSED: N_("buiten kantooruren"),
    "has not joined yet": N_("nog niet aangemeld"),
    "nobody there": N_("de gegevens van deze persoon zijn gewist"),
    "not reachable": N_("niet bereikbaar op Telegram"),
    "no coach": N_("er was geen coach"),
    "no such script": N_("het gesprek bestaat niet meer"),
    "not for this person": N_("het gesprek is voor iemand anders"),
    "not this person": N_("iemand anders had zich aangemeld"),
    "takes no contact: joined": N_("nog geen keuze om mee te doen"),
    "takes no contact: invited": N_("nog niet aangemeld"),
    "takes no contact: declined": N_("wil niet meedoen"),
    "takes no contact: backup": N_("wil geen vragen van de assistent"),
    "takes no contact: stopped": N_("wil geen gepland contact"),
    "takes no contact: closed": N_("de nazorg was afgesloten"),
    "takes part": N_("doet mee, er is opnieuw gepland"),
    "declined": N_("wil niet meedoen"),
    "stopped": N_("wil geen gepland contact"),
    "only the back-up line": N_("wil geen vragen van de assistent"),
    "paused": N_("het viel in een pauze"),
    "no pause any more": N_("de pauze was voorbij, er is opnieuw gepland"),
    "is ill": N_("het viel in een ziekte"),
    "is better": N_("weer beter, er is opnieuw gepland"),
    "asked anew": N_("er is om een ander tijdstip gevraagd"),
    "not needed any more": N_("het was niet meer nodig"),
    "contact less often": N_("er is afgesproken om minder vaak te vragen"),
    "contact as before": N_("er wordt weer zo vaak gevraagd als eerst"),
    "new agreement": N_("er zijn nieuwe afspraken"),
    "the work changed": N_("de gegevens van het werk zijn veranderd"),
    "the job ended": N_("het werk is gestopt"),
    "the aftercare goes on": N_("de nazorg gaat door"),
    "the aftercare ended": N_("de nazorg is afgesloten"),
    "planned anew": N_("er is opnieuw gepland"),
    "nightly check": N_("er is opnieuw gepland"),
    "another one came too late": N_("een ander contact kwam te laat"),
    "one that came too late is asked again": N_("een vraag die te laat kwam, komt nog een keer"),
}
OUTCOMES = {
    "fired": N_("verstuurd"),
    "missed": N_("niet gelukt"),
    "cancelled": N_("vervallen"),
}


def why(turn: Turn, reader: Person, moment: Moment) -> str:
    """The reason in words; empty when there is none, or one of a former version that nobody has words for."""
    return turn.say(reader, REASONS[moment.reason]) if moment.reason in REASONS else ""


def fate(turn: Turn, reader: Person, moment: Moment) -> str:
    """What became of a contact that is done, with the reason behind it."""
    if moment.outcome is None:
        return ""
    said = turn.say(reader, OUTCOMES[moment.outcome])
    if moment.outcome == "fired":
        said = _answered(turn, reader, moment)
    reason = why(turn, reader, moment)
    return turn.say(reader, "{what} ({why})", what=said, why=reason) if reason else said


def _answered(turn: Turn, reader: Person, moment: Moment) -> str:
    """Whether a contact that took place was answered; of a coach's, whether it was done."""
    match moment.done_by, moment.answered:
        case "bot", True:
            return turn.say(reader, "beantwoord")
        case "bot", False:
            return turn.say(reader, "geen antwoord")
        case "coach", True:
            return turn.say(reader, "gedaan")
        case "coach", False:
            return turn.say(reader, "ging niet door")
        case "coach", None:
            return turn.say(reader, "als taak gegeven")
    return turn.say(reader, OUTCOMES["fired"])
