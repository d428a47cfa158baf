"""The participation ladder: where somebody stands, as they see it and as their coach sees it, side by side.

Both scores may differ (participants score higher, Orionis Walcheren §5.1), and that is something to talk about.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from bot.storage import estimates, people
from bot.storage.buttons import ButtonRow
from bot.storage.estimates import Estimate
from bot.storage.outbox import About
from bot.storage.people import Person
from bot.texts import N_
from bot.turns import days, veil
from bot.turns.care import tasks
from bot.turns.following import choosing
from bot.turns.inbound import Inbound
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted

if TYPE_CHECKING:  # the registry of effects imports this module
    from bot.turns.effects import Walk

COMMAND = "/ladder"
ACTION = "ladder"
CHOSEN = "ladder_step"
ACTIONS = (ACTION, CHOSEN)
TASK = "ladder_coach"
"""The kind of the task in which a coach is asked for an estimate."""
STEPS = {
    1: N_("geïsoleerd"),
    2: N_("contacten buiten de deur"),
    3: N_("doet mee aan activiteiten"),
    4: N_("onbetaald werk"),
    5: N_("betaald werk met hulp"),
    6: N_("betaald werk"),
}
"""As a coach reads them (participatieladder, VNG 2008)."""
PLAIN = {
    1: N_("veel alleen"),
    2: N_("mensen zien buiten huis"),
    3: N_("meedoen aan iets"),
    4: N_("werk zonder loon"),
    5: N_("werk met hulp"),
    6: N_("werk zonder hulp"),
}
"""As a participant reads them."""
EARLIER = 6
"""So many earlier estimates are shown: three years of one person."""


async def choose(turn: Turn, coach: Person) -> str:
    wanted = [[Wanted(one.name, ACTION, one.id)] for one in await choosing.theirs(turn, coach)]
    await choosing.ask(turn, coach, turn.say(coach, "Van wie wil je de ladder zien?"), wanted)
    return "ladder"


async def tapped(turn: Turn, coach: Person, button: ButtonRow, inbound: Inbound) -> str:
    """The coach chose a participant, or the step on which they see this participant today."""
    who = await choosing.own(turn, coach, button.about or 0)
    if button.action == CHOSEN and button.key is not None:
        await _score(turn, coach, who, int(button.key))
        await tasks.settle(turn, who, TASK)
    text = await _view(turn, coach, who)
    if button.action == CHOSEN:
        await turn.send(coach, Outgoing("edit", text, message=inbound.message), veil.ABOUT, who.id)
        return "ladder"
    text += "\n\n" + turn.say(coach, "Op welke stap zie jij {name} nu?", name=who.name)
    wanted = [[Wanted(f"{step} {turn.say(coach, STEPS[step])}", CHOSEN, who.id, key=str(step))] for step in STEPS]
    await veil.send(
        turn,
        coach,
        Outgoing("send", text, await turn.buttons(coach, wanted)),
        turn.say(coach, "Er staat iets voor je klaar."),
        About(veil.ABOUT, who.id),
    )
    return "ladder"


async def _note(turn: Turn, walk: Walk, given: dict[str, str]) -> None:
    """Effect `note_step`: the participant's own estimate. A script of an admin may ask for other numbers."""
    if int(float(given["step"])) in STEPS:
        await _score(turn, walk.person, walk.person, int(float(given["step"])))


async def _score(turn: Turn, by: Person, who: Person, step: int) -> None:
    today = turn.services.calendar.local(turn.now).date()
    await estimates.add(turn.tx, await turn.key(who.id), Estimate(step, by.id, today))


async def show(turn: Turn, who: Person, coach: Person | None) -> None:  # noqa: ARG001  every view has one shape
    """The participant's own view."""
    await turn.send(who, Outgoing("send", await _view(turn, who, who)))


async def _view(turn: Turn, reader: Person, who: Person) -> str:
    """The newest estimate of each, then the earlier ones, newest first."""
    every = await estimates.of_person(turn.tx, await turn.key(who.id))
    if not every:
        return turn.say(reader, "Op de ladder staat nog niets.")
    newest = _newest(every, who)
    head = turn.say(reader, "Nu, op de ladder met zes stappen:")
    if reader.id != who.id:
        head = turn.say(reader, "{name}, op de participatieladder:", name=who.name)
    lines = [head, *[f"• {await _line(turn, reader, one)}" for one in newest]]
    earlier = [one for one in reversed(every) if one not in newest][:EARLIER]
    if earlier:
        lines += [turn.say(reader, "Eerder:"), *[f"• {await _line(turn, reader, one)}" for one in earlier]]
    if len({one.step for one in newest}) > 1:
        lines.append(turn.say(reader, "Jullie kijken anders. Dat is geen fout. Praat erover."))
    return "\n".join(lines)


def _newest(every: Sequence[Estimate], who: Person) -> list[Estimate]:
    """The participant's own, and that of whoever was the coach."""
    own = [one for one in every if one.by == who.id][-1:]
    return own + [one for one in every if one.by != who.id][-1:]


async def _line(turn: Turn, reader: Person, one: Estimate) -> str:
    """«jij, 3 maart 2027: stap 4, werk zonder loon»"""
    scorer = await people.by_id(turn.tx, turn.services.keyring, one.by)
    name = turn.say(reader, "jij") if one.by == reader.id else scorer.name if scorer else turn.say(reader, "de coach")
    words = (PLAIN if reader.role == "participant" else STEPS)[one.step]
    return turn.say(
        reader,
        "{name}, {day}: stap {step}, {words}",
        name=name,
        day=days.with_year(one.on, reader.language),
        step=one.step,
        words=turn.say(reader, words),
    )


async def lines(turn: Turn, coach: Person, who: Person) -> list[str]:
    """The newest estimates, for the coach's look at a placement."""
    every = await estimates.of_person(turn.tx, await turn.key(who.id))
    return [await _line(turn, coach, one) for one in _newest(every, who)]


EFFECTS: dict[str, Callable[[Turn, Walk, dict[str, str]], Awaitable[None]]] = {"note_step": _note}
