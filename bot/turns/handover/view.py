"""What was agreed, in plain words for who reads it: per part of the checklist, in messages that can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.caseload.handovers import Case, Change, Version
from bot.storage import outbox
from bot.storage.handovers import Agreement
from bot.storage.people import Person
from bot.texts import N_, capitals
from bot.turns import days
from bot.turns.handover import agreed_words
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn

ABOUT = "view"
"""What a message is about that shows something of a handover; `about` is the placement's id."""
LONGEST = 3500
"""Characters of one message. A longer one would be sent in parts, and only one of them could be changed afterwards."""
ELSEWHERE = N_("Andere afspraken")
"""Where items stand that an admin took out of the checklist since."""
OTHERS = {
    "supervisor": N_("de leidinggevende"),
    "buddy": N_("de praktijkbegeleider"),
    "together": N_("samen"),
    "coach": N_("de coach"),
    "employer": N_("de werkgever"),
}
DETAILS = {
    "call": N_("Bellen naar: {value}"),
    "before": N_("Vóór: {value}"),
    "number": N_("Telefoonnummer: {value}"),
    "reachable": N_("Zelf bereikbaar: {value}"),
}
UPDATED = {
    "participant": N_("De afspraken zijn bijgewerkt. Dit bericht geldt niet meer."),
    "employer": N_("De afspraken zijn bijgewerkt. Typ /afspraken om ze te lezen."),
}


def seen_by(reader: Person, version: Version) -> tuple[Agreement, ...]:
    """What this party may see of a version: an employer what lies before the wall, and not a word more."""
    return version.employer_sees() if reader.role == "employer" else version.participant_sees()


def title(turn: Turn, reader: Person, item: str) -> str:
    """What an item of the checklist is called."""
    known = turn.services.handbook.checklist.get(item)
    translate = turn.services.texts.script(reader.language)
    return translate(known.title) if known else turn.say(reader, "Afspraak")


def block(turn: Turn, reader: Person, case: Case, one: Agreement) -> str:
    """One agreement in a few lines: what, how, who, and when it is looked at again."""
    lines = [turn.labelled(reader, title(turn, reader, one.item), words(turn, reader, case, one))]
    details = [(line, one.details.get(name, "")) for name, line in DETAILS.items()]
    lines += [turn.say(reader, line, value=value) for line, value in details if value and value not in one.text]
    if one.who is not None and _kind(turn, one.item) != "work":  # where somebody works is nobody's task
        lines.append(turn.say(reader, "Wie: {who}", who=doer(turn, reader, case, one.who)))
    if one.review_on is not None:
        lines.append(turn.say(reader, "Opnieuw bekijken: {day}", day=days.with_year(one.review_on, reader.language)))
    return "\n".join(lines)


def words(turn: Turn, reader: Person, case: Case, one: Agreement) -> str:
    """What was agreed. Our own sentence on reporting sick speaks to the participant; an employer reads about it."""
    call, name = one.details.get("call", ""), case.participant.name
    if reader.role != "employer" or not call or one.text != agreed_words.absence(turn, one.details):
        return one.text
    you = case.employer is not None and call.casefold() == case.employer.name.casefold()
    whom, before = turn.say(reader, "u") if you else call, one.details.get("before")
    if before is None:
        return turn.say(reader, "{name} belt {whom} bij ziekte, voor het werk begint.", name=name, whom=whom)
    return turn.say(reader, "{name} belt {whom} bij ziekte, voor {before}.", name=name, whom=whom, before=before)


def _kind(turn: Turn, item: str) -> str:
    known = turn.services.handbook.checklist.get(item)
    return known.kind if known else ""


def doer(turn: Turn, reader: Person, case: Case, who: str) -> str:
    """Who does an item, as this reader knows them: a name, «jij», or a role."""
    known = {"participant": case.participant, "coach": case.coach, "employer": case.employer}.get(who)
    if known is None:
        return turn.say(reader, OTHERS[who]) if who in OTHERS else who
    if known.id != reader.id:
        return known.name
    return turn.say(reader, "u") if reader.role == "employer" else turn.say(reader, "jij")


def head(turn: Turn, reader: Person, case: Case) -> str:
    """What is shown, in one line above it."""
    name, company = case.participant.name, case.placement.company
    if reader.role == "employer":
        return turn.say(reader, "De afspraken met {name}. U ziet alleen wat {name} met u deelt.", name=name)
    if reader.id != case.participant.id:
        return turn.say(reader, "De afspraken met {name}:", name=name)
    if company:
        return turn.say(reader, "Je afspraken over het werk bij {company}:", company=company)
    return turn.say(reader, "Je afspraken:")


def agreed(turn: Turn, reader: Person, case: Case, items: Sequence[Agreement]) -> list[str]:
    """These agreements as blocks of text, each part of the checklist under its name."""
    checklist, translate = turn.services.handbook.checklist, turn.services.texts.script(reader.language)
    order = [part.key for part in checklist.parts]
    heads = {part.key: translate(part.title_for(reader.role)) for part in checklist.parts}
    grouped: dict[str, list[str]] = {key: [] for key in order}
    places = {item.key: (item.part, number) for number, item in enumerate(checklist.items)}
    for one in sorted(items, key=lambda each: places.get(each.item, ("", len(places)))[1]):
        part = places.get(one.item, ("", 0))[0]
        grouped.setdefault(part, []).append(block(turn, reader, case, one))
    return [
        line
        for part, texts in grouped.items()
        if texts
        for line in (capitals(heads.get(part, turn.say(reader, ELSEWHERE)), reader.language), *texts)
    ]


def changed(turn: Turn, reader: Person, case: Case, changes: Sequence[Change]) -> list[str]:
    """What differs from the version that counts now, as blocks of text; nothing if nothing does."""
    if not changes:
        return []
    blocks = [turn.say(reader, "Dit is er veranderd:")]
    for one in changes:
        if one.after is None:
            blocks.append(turn.say(reader, "Vervalt: {title}", title=title(turn, reader, one.item)))
        elif one.before is None:
            blocks.append(turn.say(reader, "Nieuw: {text}", text=block(turn, reader, case, one.after)))
        else:
            blocks.append(turn.say(reader, "Anders: {text}", text=block(turn, reader, case, one.after)))
    return [*blocks, turn.say(reader, "Dit zijn alle afspraken:")]


def messages(blocks: Iterable[str]) -> list[str]:
    """Blocks of text, put together in as few messages as fit."""
    texts: list[str] = []
    for piece in (block[at : at + LONGEST] for block in blocks for at in range(0, max(len(block), 1), LONGEST)):
        if texts and len(texts[-1]) + len(piece) + 2 <= LONGEST:
            texts[-1] += f"\n\n{piece}"
        else:
            texts.append(piece)
    return texts


async def show(turn: Turn, reader: Person, placement_id: int, blocks: Sequence[str], on: int | None = None) -> None:
    """Send blocks of text that show something of a handover, the first message in the place of message `on`."""
    for number, text in enumerate(messages(blocks)):
        into = on if number == 0 else None
        await turn.send(reader, Outgoing("edit" if into else "send", text, message=into), ABOUT, placement_id)


async def take_back(turn: Turn, reader: Person, placement_id: int, before: datetime | None = None) -> None:
    """Every message that showed this reader something of a handover (before then) shows nothing of it any more.

    What waits to be sent never is. What is on its way at this very moment is changed right after it arrived.
    """
    if reader.chat_id is None:
        return
    until = before or turn.now + timedelta(microseconds=1)
    for row in await outbox.take_back(turn.tx, reader.chat_id, ABOUT, placement_id, until):
        await turn.send(reader, Outgoing("edit", turn.say(reader, UPDATED[reader.role]), row=row, in_place=True))
