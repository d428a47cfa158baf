"""Who hears of danger: the participant's own coach, and the coach's deputy; and how that is said, truthfully."""

from __future__ import annotations

from dataclasses import dataclass

from babel.dates import format_time

from bot.storage import people
from bot.storage.people import Person
from bot.turns import days
from bot.turns.turn import Turn
from scheduler.calendar import ONE_DAY


@dataclass(frozen=True, slots=True)
class Hearers:
    """`coach` and `deputy` as they are known, whether or not Telegram brings them anything now."""

    coach: Person | None
    deputy: Person | None

    @property
    def now(self) -> tuple[Person, ...]:
        """Those whom a message reaches now."""
        return tuple(one for one in (self.coach, self.deputy) if people.can_be_reached(one))


async def of(turn: Turn, participant_id: int) -> Hearers:
    """Whoever hears of this participant."""
    return await beside(turn, await people.coach_of(turn.tx, turn.services.keyring, participant_id))


async def beside(turn: Turn, coach: Person | None) -> Hearers:
    """This coach, and who stands in for them."""
    deputy = None if coach is None else await people.deputy_of(turn.tx, turn.services.keyring, coach)
    return Hearers(coach, deputy)


def told(turn: Turn, reader: Person, hearers: Hearers) -> str:
    """Who gets the words that were just written, and when these people work. No promise that they look now."""
    coach, deputy = hearers.coach, hearers.deputy
    if coach is None or not hearers.now:
        office = turn.services.office or turn.say(reader, "Bel je organisatie")
        return turn.say(reader, "Er is nu geen coach die dit kan lezen. {office}.", office=office)
    names = {"coach": coach.name, "deputy": deputy.name if deputy else ""}
    if hearers.now == (coach, deputy):
        text = turn.say(reader, "{coach} krijgt dit bericht nu. {deputy} krijgt het ook, als vervanger.", **names)
    elif hearers.now == (coach,):
        text = turn.say(reader, "{coach} krijgt dit bericht nu.", coach=coach.name)
    else:
        text = turn.say(
            reader, "Ik kan {coach} nu niet bereiken. {deputy} krijgt dit bericht nu, als vervanger.", **names
        )
    return f"{text}\n{_when(turn, reader, hearers.now[0])}"


def _when(turn: Turn, reader: Person, hearer: Person) -> str:
    calendar = turn.services.calendar
    at = calendar.next_office_time(turn.now)
    if at == turn.now:
        return turn.say(reader, "Het kan even duren voor je antwoord krijgt.")
    ahead = (calendar.local(at).date() - calendar.local(turn.now).date()) // ONE_DAY
    if ahead == 0:
        day = turn.say(reader, "vandaag")
    elif ahead == 1:
        day = turn.say(reader, "morgen")
    else:
        day = days.day(calendar, at, reader.language)
    hour = format_time(calendar.local(at).time(), "H:mm", locale=reader.language).removesuffix(":00")
    return turn.say(reader, "{hearer} werkt weer {day}, vanaf {hour} uur.", hearer=hearer.name, day=day, hour=hour)


def names(turn: Turn, reader: Person, hearers: Hearers) -> str:
    """«Ilse», «Ilse en Bo», or «je coach» when nobody can be reached."""
    heard = [one.name for one in hearers.now]
    if len(heard) == 2:
        return turn.say(reader, "{coach} en {deputy}", coach=heard[0], deputy=heard[1])
    return heard[0] if heard else turn.say(reader, "je coach")
