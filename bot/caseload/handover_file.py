"""A handover as a file in YAML: written from a version, and read back with every mistake at its place.

The texts about the work and about the contact rhythm are not in it: they are made from the terms beside them, so that
a yes to the text is always a yes to these terms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from bot.caseload import catalogue
from bot.caseload.checklist import Item, Who
from bot.caseload.handbook import Handbook
from bot.caseload.handovers import Agreed, Case, Form, Version
from bot.caseload.progress import newest
from bot.caseload.written import SPEC, Paper, Spec, read_paper, read_period
from bot.storage.handovers import Agreement
from bot.storage.placements import Track
from flows.engine.catalogue import Entry
from flows.engine.questions.days import read_day
from flows.engine.source import write_source
from flows.engine.written import Text, Written, mistake
from scheduler.calendar import Calendar

WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag")
DETAILS = ("call", "before", "number", "reachable")
MADE = ("work", "contact")
"""Kinds of items whose text is made from terms elsewhere in the file."""
ANY_DAY = date(2000, 1, 1)
"""What a day is read from; it is only taken with a year of its own, so this never counts."""

CATALOGUE: Mapping[str, Entry] = {
    **catalogue.CATALOGUE,
    "bad-date": Entry("'{value}' is geen dag die bestaat.", "Schrijf de dag met het jaar, zoals '2026-12-01'."),
    "bad-clock": Entry("'{value}' is geen tijd.", "Schrijf een tijd zoals '10:00'."),
    "bad-months": Entry("'{value}' is geen aantal maanden.", "Schrijf bijvoorbeeld '12 maanden' of '1 jaar'."),
    "quiet-hours": Entry("Om {at} stuurt de assistent geen berichten.", "Kies een tijd van {start} tot {end}."),
    "ends-before-start": Entry("Dit is niet later dan de eerste werkdag, {start}.", "Kijk de twee dagen na."),
    "unknown-item": Entry("'{wrong}' staat niet in de checklist.", "Kies uit: {allowed}."),
    "missing-text": Entry("Bij '{key}' staat niet wat er is afgesproken.", "Voeg een regel 'text: …' toe."),
    "text-is-made": Entry("De tekst van '{key}' maakt de assistent zelf.", "Haal 'text' hier weg."),
    "only-absence": Entry("'{key}' hoort alleen bij ziek melden.", "Haal deze regel weg."),
    "never-for-employer": Entry("'{key}' ziet de werkgever nooit.", "Schrijf 'employer: nee', of haal de regel weg."),
    "contact-missing": Entry("Het contactritme is niet ingevuld.", "Voeg een deel 'contact:' toe, met 'rhythm: …'."),
    "contact-not-agreed": Entry(
        "Er is een contactritme, maar het staat niet bij de afspraken.",
        "Zet '{key}' ook bij 'agreements', met 'who: coach'.",
    ),
    "work-not-agreed": Entry(
        "Het werk is anders dan nu is afgesproken, maar het staat niet bij de afspraken.",
        "Zet '{key}' ook bij 'agreements'.",
    ),
    "no-participant": Entry("Er is geen deelnemer met nummer {number}.", "Kijk het nummer na."),
    "no-coach": Entry("Deelnemer {number} heeft geen coach.", "Een overdracht is er met een coach."),
    "no-placement": Entry("Deelnemer {number} heeft geen open plek {placement}.", "Kies uit: {allowed}."),
    "which-placement": Entry("Deelnemer {number} heeft meer plekken.", "Voeg 'placement: …' toe. Kies uit: {allowed}."),
    "no-employer": Entry(
        "Bij deze plek hoort nog geen werkgever.",
        "Typ eerst: achterdehand add employer --name '{name}' --participant {number}",
    ),
    "other-employer": Entry("Bij deze plek hoort een andere werkgever: {known}.", "Kijk de naam na."),
}


def _day(value: Any) -> Any:
    words = str(value)
    year = any(part.isdigit() and len(part) == 4 for part in words.replace("-", " ").replace("/", " ").split())
    found = read_day(words, ANY_DAY, "near") if year else None
    if found is None:
        raise mistake("bad-date", value=value)
    return found


def _time(written: Any) -> time | None:
    try:
        found = time.fromisoformat(str(written))
    except ValueError:
        return None
    return None if found.tzinfo is not None or found.second or found.microsecond else found


def _clock(value: Any) -> Any:
    found = _time(value)
    if found is None:
        raise mistake("bad-clock", value=value)
    return found


def _months(value: Any) -> Any:
    found = read_period(str(value))
    if found is None or found.weeks or found.days:
        raise mistake("bad-months", value=value)
    return found.months


Day = Annotated[date, BeforeValidator(_day)]
Months = Annotated[int, BeforeValidator(_months)]
Clock = Annotated[time, BeforeValidator(_clock)]
YesNo = Literal["ja", "nee"]


class _Head(Written):
    spec: Spec
    participant: int
    placement: int | None = None
    company: Text | None = None
    employer: Text | None = None
    start: Day
    contract_end: Day | None = None
    hours: Text | None = None
    track: Track = "work"
    contact: Any = None
    agreements: Any = None


class _Contact(Written):
    rhythm: Text
    weekday: Literal["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag"] | None = None
    at: Clock = time(10)
    form: Form = "chat"
    until: Day | None = None
    backup: Months | None = None


class _Agreement(Written):
    text: Text | None = None
    who: Who | None = None
    review: Day | None = None
    """Without it nobody has to look at it again."""
    employer: YesNo = "nee"
    call: Text | None = None
    before: Text | None = None
    number: Text | None = None
    reachable: Text | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """What a file says. `agreements` have no id, and no text where it is made."""

    participant: int
    placement: int | None
    employer: str | None
    work: Mapping[str, Any]
    """Fields of a placement."""
    agreed: Agreed | None
    agreements: tuple[Agreement, ...]


def read(file: Path, handbook: Handbook, calendar: Calendar) -> tuple[Paper, Filled | None]:
    """The file, with its problems in `source.problems`, and what it says; None if it cannot be read whole."""
    paper = replace(read_paper(file), catalogue=CATALOGUE)
    data = paper.source.data
    if data is None:
        return paper, None
    head = paper.model(_Head, data)
    agreed = _contact(paper, data, head.track if head else "work", handbook, calendar)
    agreements = tuple(_agreements(paper, data, handbook))
    _contact_is_agreed(paper, data, handbook, agreements)
    if head is None:
        return paper, None
    for key, day in (("contract_end", head.contract_end), ("contact", agreed.until if agreed else None)):
        if day is not None and day <= head.start:
            at = (key,) if key == "contract_end" else (key, "until")
            paper.add("ends-before-start", paper.source.value(*at), start=head.start.isoformat())
    work = {
        "company": head.company or "",
        "hours": head.hours or "",
        "track": head.track,
        "started_on": head.start,
        "contract_end": head.contract_end,
    }
    return paper, Filled(head.participant, head.placement, head.employer, work, agreed, agreements)


def _contact(paper: Paper, data: Any, track: Track, handbook: Handbook, calendar: Calendar) -> Agreed | None:
    raw = data.get("contact") if isinstance(data, dict) else None
    if isinstance(raw, dict):  # told beside whatever else is wrong there
        _contact_fits(paper, raw, track, handbook, calendar)
    written = paper.inside(_Contact, data, "contact")
    if written is None:
        return None
    weekday = None if written.weekday is None else WEEKDAYS.index(written.weekday)
    backup = written.backup or handbook.rhythms.backup_after.months
    return Agreed(written.rhythm, weekday, written.at, written.form, written.until, backup)


def _contact_fits(paper: Paper, raw: Mapping[str, Any], track: Track, handbook: Handbook, calendar: Calendar) -> None:
    if "rhythm" in raw:
        fitting = {one.key: one for one in handbook.rhythms.fitting(track)}
        paper.known(str(raw["rhythm"]), fitting, "contact", "rhythm")
    at = _time(raw.get("at"))
    if at is not None and not calendar.contact_from <= at < calendar.contact_until:
        start, end = f"{calendar.contact_from:%H:%M}", f"{calendar.contact_until:%H:%M}"
        paper.add("quiet-hours", paper.source.value("contact", "at"), at=f"{at:%H:%M}", start=start, end=end)


def _agreements(paper: Paper, data: Any, handbook: Handbook) -> Iterator[Agreement]:
    if not isinstance(data, dict) or "agreements" not in data:
        return
    items = {item.key: item for item in handbook.checklist.items}
    for key, one in paper.entries(data, "agreements").items():
        if key not in items:
            place = paper.source.key("agreements", key)
            paper.add("unknown-item", place, wrong=key, known=items, allowed=", ".join(items))
            continue
        written = paper.model(_Agreement, one, "agreements", key)
        if written is not None:
            _fits(paper, items[key], written)
            who, may = written.who or items[key].who, written.employer == "ja"
            details = {name: value for name in DETAILS if (value := getattr(written, name)) is not None}
            yield Agreement(0, key, written.text or "", who, written.review, may, details)


def _fits(paper: Paper, item: Item, written: _Agreement) -> None:
    at = ("agreements", item.key)
    if item.kind in MADE and written.text is not None:
        paper.add("text-is-made", paper.source.key(*at, "text"), key=item.key)
    if item.kind == "text" and written.text is None:
        paper.add("missing-text", paper.source.key(*at), key=item.key)
    if item.kind == "absence" and written.text is None and written.call is None:
        paper.add("missing-text", paper.source.key(*at), key=item.key)
    if item.employer == "never" and written.employer == "ja":
        paper.add("never-for-employer", paper.source.value(*at, "employer"), key=item.key)
    for name in DETAILS:
        if item.kind != "absence" and getattr(written, name) is not None:
            paper.add("only-absence", paper.source.key(*at, name), key=name)


def _contact_is_agreed(paper: Paper, data: Any, handbook: Handbook, agreements: tuple[Agreement, ...]) -> None:
    """Terms that nobody says yes to must not count, nor a yes to terms that are not there."""
    keys = [item.key for item in handbook.checklist.items if item.kind == "contact"]
    found = [one.item for one in agreements if one.item in keys]
    written = isinstance(data, dict) and "contact" in data
    if found and not written:
        paper.add("contact-missing", paper.source.key("agreements", found[0]))
    if written and not found and keys:
        paper.add("contact-not-agreed", paper.source.key("contact"), key=keys[0])


def write(case: Case, handbook: Handbook) -> str | None:
    """The version in force, else the one in the making, as a file that `read` understands; None if there is none."""
    version, placement = case.in_force or newest(case), case.placement
    if version is None:
        return None
    data: dict[str, Any] = {
        "spec": SPEC,
        "participant": case.participant.id,
        "placement": placement.id,
        "company": placement.company,
        "employer": case.employer.name if case.employer else None,
        "start": placement.started_on.isoformat(),
        "contract_end": _iso(placement.contract_end),
        "hours": placement.hours,
        "track": placement.track,
    }
    kinds = {item.key: item.kind for item in handbook.checklist.items}
    order = list(kinds)
    known = sorted((one for one in version.agreements if one.item in kinds), key=lambda one: order.index(one.item))
    if any(kinds[one.item] == "contact" for one in known):
        data["contact"] = _only(_contact_of(version))
    if known:
        data["agreements"] = {one.item: _only(_written(one, kinds[one.item] not in MADE)) for one in known}
    return write_source(_only(data))


def _contact_of(version: Version) -> dict[str, Any]:
    agreed = version.agreed
    return {
        "rhythm": agreed.rhythm,
        "weekday": None if agreed.weekday is None else WEEKDAYS[agreed.weekday],
        "at": f"{agreed.at:%H:%M}",
        "form": agreed.form,
        "until": _iso(agreed.until),
        "backup": f"{agreed.backup_months} maanden",
    }


def _written(one: Agreement, with_text: bool) -> dict[str, Any]:
    return {
        "text": one.text if with_text else None,
        "who": one.who,
        "review": _iso(one.review_on),
        "employer": "ja" if one.for_employer else "nee",
        **{name: one.details.get(name) for name in DETAILS},
    }


def _only(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value not in (None, "")}


def _iso(when: date | None) -> str | None:
    return None if when is None else when.isoformat()
