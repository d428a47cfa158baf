"""Who stands in for a coach where it is about danger: named by an admin, and told to both."""

from __future__ import annotations

from bot.storage import people
from bot.storage.people import Person
from bot.turns.turn import Turn


async def name(turn: Turn, coach_id: int, deputy_id: int | None) -> None:
    """From now on this one, or nobody; who stood in until now hears it too. Naming the same again says nothing."""
    keyring = turn.services.keyring
    coach = await people.by_id(turn.tx, keyring, coach_id)
    assert coach is not None
    if coach.deputy_id == deputy_id:
        return
    before = await people.deputy_of(turn.tx, keyring, coach)
    deputy = None if deputy_id is None else await people.by_id(turn.tx, keyring, deputy_id)
    await people.change(turn.tx, coach_id, deputy_id=deputy_id)
    if before is not None:
        await turn.tell(before, "Je bent niet meer de vervanger van {coach} bij gevaar.", coach=coach.name)
    if deputy is None:
        await turn.tell(coach, "Je hebt geen vervanger meer. Berichten over gevaar krijg jij alleen.")
    else:
        await _tell(turn, coach, deputy)


async def _tell(turn: Turn, coach: Person, deputy: Person) -> None:
    await turn.tell(
        coach,
        "{deputy} is nu je vervanger bij gevaar. Zulke berichten van je deelnemers krijgen jullie allebei. "
        "Wie het eerst kan, pakt het op.",
        deputy=deputy.name,
    )
    await turn.tell(
        deputy,
        "Je bent nu de vervanger van {coach} bij gevaar. Je krijgt dan een dringend bericht, ook 's nachts. "
        "Wie het eerst kan, pakt het op. Andere berichten krijg je niet.",
        coach=coach.name,
    )
