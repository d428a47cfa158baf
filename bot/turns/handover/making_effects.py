"""What a coach's answers at the table become: an item of the draft, the contact that was agreed, the work itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import TYPE_CHECKING, Any

from bot.caseload import handovers, progress
from bot.caseload.checklist import Item
from bot.caseload.handovers import Agreed, Case, Form
from bot.storage import handovers as rows
from bot.storage import placements
from bot.storage.handovers import Agreement
from bot.turns.handover import agreed_words
from bot.turns.turn import Turn
from scheduler.terms import Span

if TYPE_CHECKING:  # the registry of effects imports this module
    from bot.turns.effects import Walk

SPANS = {
    "month": Span(months=1),
    "quarter": Span(months=3),
    "half_year": Span(months=6),
    "year": Span(months=12),
    "two_years": Span(months=24),
}
"""What the keys of the scripts' choices mean; any other key is no date."""
CLOCKS = {"morning": time(9, 30), "noon": time(12, 30), "afternoon": time(16, 30), "evening": time(19)}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
STARTS_WITHIN = Span(months=24)
"""A first working day further away than this, before or behind us, is a slip of the finger."""
DETAILS = ("call", "before", "number", "reachable")
_FORMS: Mapping[str, Form] = {"chat": "chat", "call": "call", "talk": "talk"}


async def agree(turn: Turn, walk: Walk, arguments: dict[str, str]) -> None:
    """The item in turn as answered; with nothing answered, nothing is agreed and what stood there stays."""
    case, item = await _at(turn, walk)
    details = {name: arguments[name] for name in DETAILS if name in arguments}
    text = arguments.get("text") or agreed_words.absence(turn, details)
    if not text:
        return
    today = _today(turn)
    shown = arguments.get("for_employer")
    review = _day(arguments["review"], today) if "review" in arguments else _review(item, today)
    may = item.employer == "may" and shown != "no"
    await _keep(turn, case, Agreement(0, item.key, text, arguments.get("who", item.who), review, may, details))
    walk.made.kept = True


async def set_contact(turn: Turn, walk: Walk, arguments: dict[str, str]) -> None:
    """The contact rhythm of the draft. What was skipped stays as it was, but a skipped weekday means: any."""
    case, item = await _at(turn, walk)
    if not arguments:
        return
    agreed, today, calendar = _agreed(turn, case), _today(turn), turn.services.calendar
    if "rhythm" in arguments:
        agreed = replace(agreed, rhythm=arguments["rhythm"], weekday=None)
    if "weekday" in arguments:
        agreed = replace(agreed, weekday=WEEKDAYS.index(arguments["weekday"]))
    if "at" in arguments:
        at = CLOCKS.get(arguments["at"]) or time.fromisoformat(arguments["at"])
        if not calendar.contact_from <= at < calendar.contact_until:
            walk.made.refused.append(
                turn.say(
                    walk.person,
                    "Op dat uur stuur ik geen berichten. Kies een tijd tussen {start} en {end}.",
                    start=f"{calendar.contact_from:%H:%M}",
                    end=f"{calendar.contact_until:%H:%M}",
                )
            )
        agreed = replace(agreed, at=at)
    if "form" in arguments:
        agreed = replace(agreed, form=_FORMS[arguments["form"]])
    if "until" in arguments:
        until = _day(arguments["until"], max(today, case.proposed.started_on))
        if until is not None and until < today:
            walk.made.refused.append(turn.say(walk.person, "Die laatste dag is al voorbij. Kies een latere dag."))
        agreed = replace(agreed, until=until)
    if "backup" in arguments:
        agreed = replace(agreed, backup_months=_months(arguments["backup"]))
    if walk.made.refused:
        return
    text, review = agreed_words.contact(turn, agreed), _review(item, today)
    await _keep(turn, case, Agreement(0, item.key, text, item.who, review, item.employer == "may", {}), agreed)
    walk.made.kept = True


async def set_work(turn: Turn, walk: Walk, arguments: dict[str, str]) -> None:
    """Where and since when the participant works, or that they are on the way to a job.

    It is kept with the draft, and the placement follows when that counts: nobody hears by days that nobody agreed on.
    """
    case, item = await _at(turn, walk)
    if not arguments:
        return
    values = _work(arguments, case)
    _check_work(turn, walk, case, values)
    if walk.made.refused:
        return
    placement = replace(case.proposed, **values)
    if case.in_force is None:  # nothing counts yet that these days could change
        await placements.change(turn.tx, await turn.key(case.participant.id), case.placement.id, **values)
    text, review = agreed_words.work(turn, placement), _review(item, _today(turn))
    details = handovers.written_work(placement)
    await _keep(turn, case, Agreement(0, item.key, text, item.who, review, item.employer == "may", details))
    walk.made.kept = True


def _work(arguments: Mapping[str, str], case: Case) -> dict[str, Any]:
    """Fields of the placement. Somebody on the way to a job has no company and no contract.

    Where the whole of it was asked, a skipped question means: there is no such thing.
    """
    values: dict[str, Any] = {"track": arguments.get("track", case.proposed.track)}
    if "start" in arguments:
        values["started_on"] = date.fromisoformat(arguments["start"])
    if values["track"] == "search":
        return values | {"company": "", "hours": "", "contract_end": None}
    ends = arguments.get("contract_end")
    values["contract_end"] = date.fromisoformat(ends) if ends else None
    if "track" in arguments:
        values["hours"] = ""
    return values | {name: arguments[name] for name in ("company", "hours") if name in arguments}


def _check_work(turn: Turn, walk: Walk, case: Case, values: Mapping[str, Any]) -> None:
    """Days that cannot be are refused, in the coach's words and not in ours."""
    today, coach = _today(turn), walk.person
    start = values.get("started_on", case.proposed.started_on)
    ends = values.get("contract_end")
    moved = start != case.proposed.started_on
    if moved and not STARTS_WITHIN.before(today) <= start <= STARTS_WITHIN.after(today):
        walk.made.refused.append(turn.say(coach, "Die eerste werkdag ligt erg ver weg. Kijk het jaar nog eens na."))
    if ends is not None and ends <= start:
        walk.made.refused.append(turn.say(coach, "Het contract eindigt dan voor het begint. Kijk de dagen na."))


async def _at(turn: Turn, walk: Walk) -> tuple[Case, Item]:
    """The placement and the item that this run is about."""
    assert walk.placement_id is not None
    case = await handovers.case(turn.tx, turn.services.keyring, walk.placement_id)
    item = turn.services.handbook.checklist.get(walk.item or "")
    assert case is not None
    assert item is not None
    return case, item


def _today(turn: Turn) -> date:
    return turn.services.calendar.local(turn.now).date()


def _day(written: str, today: date) -> date | None:
    """The day that an answer means, a choice of ours or a date; None for «not needed»."""
    if written in SPANS:
        return SPANS[written].after(today)
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _review(item: Item, today: date) -> date | None:
    """When this item is usually looked at again."""
    return None if item.review is None else item.review.after(today)


def _months(written: str) -> int:
    """How many months a choice of ours means, or a number that was given itself."""
    return SPANS[written].months if written in SPANS else int(written)


def standard(turn: Turn) -> Agreed:
    """The contact before anybody agreed on one."""
    rhythms = turn.services.handbook.rhythms
    return Agreed(rhythms.default, backup_months=rhythms.backup_after.months)


def _agreed(turn: Turn, case: Case) -> Agreed:
    version = progress.newest(case)
    return version.agreed if version else standard(turn)


async def _keep(turn: Turn, case: Case, wanted: Agreement, agreed: Agreed | None = None) -> None:
    """Write an item in the draft. One that says the same as before is left alone, with all that was decided on it."""
    version = progress.newest(case)
    before = version.item(wanted.item) if version else None
    same_terms = agreed is None or (version is not None and version.agreed == agreed)
    if before is not None and before.says_the_same(wanted) and same_terms:
        return
    key = await turn.key(case.participant.id)
    draft = await handovers.draft(turn.tx, turn.services.keyring, case, standard(turn), turn.now)
    await rows.keep(turn.tx, key, draft, wanted)
    if agreed is not None:
        await rows.set_terms(turn.tx, key, draft, agreed.to_json())
