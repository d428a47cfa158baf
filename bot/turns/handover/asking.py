"""What a party is asked about a version: its own view, and then one question a message.

A button of these says which placement (`about`), which agreement (`turn`: changed words are another agreement) and
in which direction (`step`). One for the whole version has its stamp in `step`: it means that offer and no later one.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.caseload import handovers
from bot.caseload.handovers import Case, Version
from bot.storage.handovers import Agreement, Direction
from bot.storage.people import Person
from bot.texts import N_
from bot.turns.handover import view
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted

DECIDE = "decide"
DECIDE_ALL = "decide_all"
ACCEPT = "accept"
EACH = "each"
"""The key of «one by one»."""

TASK = {
    ("participant", "participant"): N_("Dit is jouw taak:"),
    ("participant", "together"): N_("Dit doen jullie samen:"),
    ("employer", "employer"): N_("Dit is uw taak:"),
    ("employer", "supervisor"): N_("Dit doet de leidinggevende:"),
    ("employer", "buddy"): N_("Dit doet de praktijkbegeleider:"),
    ("employer", "together"): N_("Dit doet u samen:"),
}
"""By who is asked, and who does it."""

Open = Sequence[tuple[Agreement, Direction]]


async def show(turn: Turn, who: Person, case: Case, version: Version, on: int | None = None) -> None:
    """This party's own view of a version: what changed first, then all of it; in the place of message `on`."""
    items = view.seen_by(who, version)
    blocks = [view.head(turn, who, case)]
    if case.in_force is not None and case.in_force.handover.id != version.handover.id:
        changes = handovers.changes(view.seen_by(who, case.in_force), items)
        blocks += view.changed(turn, who, case, changes)
    blocks += view.agreed(turn, who, case, items)
    await view.show(turn, who, case.placement.id, blocks, on)


async def ask(turn: Turn, who: Person, case: Case, version: Version, *, one_by_one: bool = False) -> None:
    """The one question that is open for this party now: sharing first, then each task, then the whole."""
    share, others = _open(version, who)
    if len(share) > 1 and not one_by_one:
        await _ask_sharing(turn, who, case, version, [one for one, _ in share])
    elif share or others:
        await _ask_one(turn, who, case, *(share or others)[0])
    else:
        await _ask_whole(turn, who, case, version)


def _open(version: Version, who: Person) -> tuple[Open, Open]:
    """What is still to be decided: what the employer may see, and the rest."""
    found = version.to_decide(who.id)
    return [one for one in found if one[1] == "to_employer"], [one for one in found if one[1] != "to_employer"]


async def _ask_sharing(turn: Turn, who: Person, case: Case, version: Version, items: list[Agreement]) -> None:
    def button(label: str, key: str) -> list[Wanted]:
        return [Wanted(label, DECIDE_ALL, case.placement.id, step=stamp(version), key=key)]

    lines = [
        button(turn.say(who, "Alles delen"), "yes"),
        button(turn.say(who, "Niets delen"), "no"),
        button(turn.say(who, "Eén voor één"), EACH),
    ]
    await _send(turn, who, case, sharing_question(turn, who, case, items), lines)


def sharing_question(turn: Turn, who: Person, case: Case, items: Sequence[Agreement]) -> str:
    names = "\n".join(f"• {view.title(turn, who, one.item)}" for one in items)
    return turn.say(
        who,
        "{employer} mag alleen zien wat jij goed vindt. Nee zeggen heeft geen gevolgen voor jou.\n\n"
        "Het gaat om:\n{names}\n\nWat wil je delen?",
        employer=employer_name(turn, who, case),
        names=names,
    )


async def _ask_one(turn: Turn, who: Person, case: Case, one: Agreement, direction: Direction) -> None:
    def button(label: str, key: str) -> list[Wanted]:
        return [Wanted(label, DECIDE, case.placement.id, one.id, step=direction, key=key)]

    if direction == "agree":
        yes, no = turn.say(who, "Ja, klopt"), turn.say(who, "Nee, dit klopt niet")
    else:
        yes, no = turn.say(who, "Ja"), turn.say(who, "Nee")
    *words, asked = question(turn, who, case, one, direction)
    for text in words:
        await turn.send(who, Outgoing("send", text), *about(who, case))
    await _send(turn, who, case, asked, [button(yes, "yes"), button(no, "no")])


def question(turn: Turn, who: Person, case: Case, one: Agreement, direction: Direction) -> list[str]:
    """The question about one agreement, as it was or will be asked; before it what does not fit in one message."""
    if direction == "to_participant":
        text = turn.say(
            who,
            "Mag {name} dit telefoonnummer zien, om zich ziek te melden?\n\n{number}",
            name=case.participant.name,
            number=one.details["number"],
        )
        return [text]
    text = turn.labelled(who, view.title(turn, who, one.item), view.words(turn, who, case, one))
    if direction == "to_employer":
        return [turn.say(who, "Mag {employer} dit zien?\n\n{text}", employer=employer_name(turn, who, case), text=text)]
    task = turn.say(who, TASK[who.role, one.who or "together"])
    return view.messages([task, text, turn.say(who, "Klopt dat?")])


async def _ask_whole(turn: Turn, who: Person, case: Case, version: Version) -> None:
    def button(label: str, key: str) -> list[Wanted]:
        return [Wanted(label, ACCEPT, case.placement.id, step=stamp(version), key=key)]

    lines = [button(turn.say(who, "Ja, dit klopt"), "yes"), button(turn.say(who, "Nee, dit klopt niet"), "no")]
    await turn.send(who, Outgoing("send", whole_question(turn, who), await turn.buttons(who, lines)))


def whole_question(turn: Turn, who: Person) -> str:
    return turn.say(who, "Dat was alles. Klopt het zo?")


async def _send(turn: Turn, who: Person, case: Case, text: str, lines: list[list[Wanted]]) -> None:
    message = Outgoing("send", text, await turn.buttons(who, lines))
    await turn.send(who, message, *about(who, case))


def about(who: Person, case: Case) -> tuple[str, int] | tuple[()]:
    """A question to an employer quotes what the participant shares, and goes when that is not shared any more."""
    return (view.ABOUT, case.placement.id) if who.role == "employer" else ()


def employer_name(turn: Turn, reader: Person, case: Case) -> str:
    return case.employer.name if case.employer else turn.say(reader, "Je werkgever")


def stamp(version: Version) -> str:
    """Which offer of which version; the same version offered again has another."""
    at = version.handover.offered_at
    return f"{version.handover.id}@{'' if at is None else at.isoformat()}"
