"""The handover: versions of what the parties agreed, each party's decisions, and what each may see (the wall).

draft    → offered    the coach lets the parties read it
offered  → in_force   every party read its own view and said yes; the version before is replaced
offered  → draft      somebody said that it is not right, or the coach goes on writing
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Literal

from bot.caseload import ending
from bot.storage import handovers, people, placements
from bot.storage.connection import Connection
from bot.storage.handovers import Accepted, Agreement, Decision, Direction, Handover
from bot.storage.keys import Keyring
from bot.storage.people import Person
from bot.storage.placements import Placement

Form = Literal["chat", "call", "talk"]

DONE_BY_EMPLOYER = ("employer", "supervisor", "buddy", "together")
DONE_BY_PARTICIPANT = ("participant", "together")


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed about contact. `rhythm` names a preset; `until` is the last day of the aftercare."""

    rhythm: str
    weekday: int | None = None
    at: time = time(10)
    form: Form = "chat"
    until: date | None = None
    backup_months: int = 12
    """How long after the goodbye the back-up line stays, in months."""

    def to_json(self) -> dict[str, Any]:
        return {
            "rhythm": self.rhythm,
            "weekday": self.weekday,
            "at": self.at.isoformat("minutes"),
            "form": self.form,
            "until": None if self.until is None else self.until.isoformat(),
            "backup_months": self.backup_months,
        }

    @classmethod
    def from_json(cls, terms: Mapping[str, Any]) -> Agreed:
        until = terms["until"]
        read = {"at": time.fromisoformat(terms["at"]), "until": None if until is None else date.fromisoformat(until)}
        return cls(**{**terms, **read})


def written_work(placement: Placement) -> dict[str, str]:
    """What was agreed about the work, as details of its agreement: they become the placement's with that version."""
    ends = placement.contract_end
    return {
        "track": placement.track,
        "company": placement.company,
        "hours": placement.hours,
        "started_on": placement.started_on.isoformat(),
        "contract_end": "" if ends is None else ends.isoformat(),
    }


def read_work(details: Mapping[str, str]) -> dict[str, Any]:
    """Fields of a placement, from what `written_work` made of them."""
    ends = details["contract_end"]
    read = {
        "started_on": date.fromisoformat(details["started_on"]),
        "contract_end": date.fromisoformat(ends) if ends else None,
    }
    return {name: details[name] for name in ("track", "company", "hours")} | read


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a handover with everything that was decided about it."""

    placement: Placement
    handover: Handover
    agreements: tuple[Agreement, ...]
    decisions: Mapping[tuple[int, int, Direction], Decision]
    """(agreement, person, direction) → what counts now."""
    accepted: Mapping[int, Accepted]

    @property
    def agreed(self) -> Agreed:
        return Agreed.from_json(self.handover.terms)

    @property
    def work(self) -> dict[str, Any] | None:
        """Fields of the placement, as this version has them; None where it says nothing about the work."""
        return next((read_work(one.details) for one in self.agreements if "track" in one.details), None)

    def item(self, key: str) -> Agreement | None:
        return next((one for one in self.agreements if one.item == key), None)

    def decision(self, agreement: Agreement, person_id: int, direction: Direction) -> Decision | None:
        return self.decisions.get((agreement.id, person_id, direction))

    def shared(self, agreement: Agreement) -> bool:
        """Whether the employer may see this item: proposed by the coach, and the participant said yes to it."""
        yes = self.decision(agreement, self.placement.participant_id, "to_employer") == "yes"
        return self.placement.employer_id is not None and agreement.for_employer and yes

    def employer_sees(self) -> tuple[Agreement, ...]:
        """THE WALL: everything of a handover that ever reaches an employer comes from here."""
        if self.placement.state == "ended":
            return ()
        return tuple(one for one in self.agreements if self.shared(one))

    def participant_sees(self) -> tuple[Agreement, ...]:
        """All items; a phone number or name of the employer's only with the employer's own yes."""
        return tuple(self._without_numbers(one) for one in self.agreements)

    def _without_numbers(self, one: Agreement) -> Agreement:
        employer_id = self.placement.employer_id
        if employer_id is None or "number" not in one.details:
            return one
        if self.decision(one, employer_id, "to_participant") == "yes":
            return one
        return replace(one, details={name: value for name, value in one.details.items() if name != "number"})

    def parties(self) -> tuple[int, ...]:
        """Who must say yes besides the coach, in the order in which they are asked: the participant first."""
        both = (self.placement.participant_id, self.placement.employer_id)
        return tuple(one for one in both if one is not None)

    def to_decide(self, person_id: int) -> tuple[tuple[Agreement, Direction], ...]:
        """What this party is still to be asked, item by item; nothing that was decided before is asked again.

        Only a «no, this is not right» is: it sent the version back to the coach, and may have been talked over.
        """
        open_ones = [
            (one, direction)
            for one in self.agreements
            for direction in self._asked_of(person_id, one)
            if self.decision(one, person_id, direction) in ((None, "no") if direction == "agree" else (None,))
        ]
        return tuple(open_ones)

    def _asked_of(self, person_id: int, one: Agreement) -> Sequence[Direction]:
        if person_id == self.placement.participant_id:
            share: list[Direction] = ["to_employer"] if one.for_employer and self.placement.employer_id else []
            return [*share, *(["agree"] if one.who in DONE_BY_PARTICIPANT else [])]  # type: ignore[list-item]
        if person_id == self.placement.employer_id and self.shared(one):
            number: list[Direction] = ["to_participant"] if "number" in one.details else []
            return [*number, *(["agree"] if one.who in DONE_BY_EMPLOYER else [])]  # type: ignore[list-item]
        return []

    def said_yes(self, person_id: int) -> bool:
        """Whether this party said yes to the version as it was offered last."""
        found, offered_at = self.accepted.get(person_id), self.handover.offered_at
        return found is not None and found.decision == "yes" and offered_at is not None and found.at >= offered_at

    def next_party(self) -> int | None:
        """Who is to read it now; None when all said yes. The employer never before the participant."""
        return next((one for one in self.parties() if not self.said_yes(one)), None)


async def load(conn: Connection, keyring: Keyring, handover_id: int, placement: Placement) -> Version:
    """A version with all its decisions; KeyError when it is not this placement's.

    What was decided about showing something counts for the contact person of that time, and for nobody after them:
    not even for the same person who comes back.
    """
    key = await keyring.of(conn, placement.participant_id)
    found = await handovers.by_id(conn, key, handover_id)
    if found is None or found.placement_id != placement.id:
        raise KeyError(handover_id)
    log = await handovers.decisions(conn, found.id)
    return Version(
        placement,
        found,
        tuple(await handovers.agreements(conn, key, found.id)),
        handovers.newest(one for one in log if one.direction == "agree" or one.reader == placement.reader),
        await handovers.acceptances(conn, found.id),
    )


@dataclass(frozen=True, slots=True)
class Case:
    """One placement with who belongs to it, the version that counts, and the one in the making."""

    placement: Placement
    participant: Person
    coach: Person | None
    employer: Person | None
    in_force: Version | None
    in_making: Version | None
    """A draft, or one that is being read."""

    @property
    def offered(self) -> Version | None:
        """The version that the parties are reading."""
        found = self.in_making
        return found if found is not None and found.handover.state == "offered" else None

    @property
    def proposed(self) -> Placement:
        """The placement as it will be once the version in the making counts."""
        return replace(self.placement, **((self.in_making.work if self.in_making else None) or {}))

    def person(self, person_id: int) -> Person | None:
        """The party with this id."""
        return next((one for one in (self.participant, self.employer) if one and one.id == person_id), None)

    def next_party(self) -> int | None:
        """Who is to read the offered version now; None when nobody is left to ask.

        An employer is not asked about a view that is empty, or that got this employer's yes already: the question
        alone would tell that something changed which the employer may not see.
        """
        found = self.offered.next_party() if self.offered else None
        return None if found == self.placement.employer_id and not self._news_for_employer() else found

    def _news_for_employer(self) -> bool:
        employer_id, offered, before = self.placement.employer_id, self.offered, self.in_force
        if employer_id is None or offered is None or not offered.employer_sees():
            return False
        if before is None or not before.said_yes(employer_id) or offered.to_decide(employer_id):
            return True
        return bool(changes(before.employer_sees(), offered.employer_sees()))


async def case(conn: Connection, keyring: Keyring, placement_id: int) -> Case | None:
    placement = await placements.by_id(conn, keyring, placement_id)
    if placement is None:
        return None
    key = await keyring.of(conn, placement.participant_id)
    versions = {one.state: one for one in await handovers.of_placement(conn, key, placement_id)}

    async def of(*states: str) -> Version | None:
        found = next((versions[state] for state in states if state in versions), None)
        return None if found is None else await load(conn, keyring, found.id, placement)

    participant = await people.by_id(conn, keyring, placement.participant_id)
    assert participant is not None
    employer = None if placement.employer_id is None else await people.by_id(conn, keyring, placement.employer_id)
    coach = await people.coach_of(conn, keyring, placement.participant_id)
    return Case(placement, participant, coach, employer, await of("in_force"), await of("draft", "offered"))


async def cases_of(conn: Connection, keyring: Keyring, who: Person) -> list[Case]:
    """The open placements of a participant, or those where this employer is the contact; oldest first."""
    if who.role == "employer":
        theirs = await placements.of_employer(conn, keyring, who.id)
    else:
        theirs = await placements.of_participant(conn, await keyring.of(conn, who.id))
    found = [await case(conn, keyring, one.id) for one in theirs if one.state == "open"]
    return [one for one in found if one is not None]


async def heard_of(conn: Connection, keyring: Keyring, employer: Person) -> list[Case]:
    """Whom an employer's words are about: the open placements, and when all have ended the newest of those.

    A job that just ended is what an employer writes about most, and only the participant may have said that it did.
    """
    if found := await cases_of(conn, keyring, employer):
        return found
    ended = await placements.of_employer(conn, keyring, employer.id)
    last = await case(conn, keyring, ended[-1].id) if ended else None
    return [] if last is None else [last]


async def draft(tx: Connection, keyring: Keyring, found: Case, default: Agreed, now: datetime) -> int:
    """The draft of this placement to write in, made if needed. Its id.

    One that was offered becomes a draft again: what was said of it no longer counts. A new one begins as a copy of
    the version in force, and what stays the same keeps its consents.
    """
    key = await keyring.of(tx, found.participant.id)
    if found.in_making is not None:
        if found.in_making.handover.state == "offered":
            await handovers.change(tx, found.in_making.handover.id, state="draft", offered_at=None)
        return found.in_making.handover.id
    before = found.in_force
    made = await handovers.make(tx, key, found.placement.id, (before.agreed if before else default).to_json(), now)
    for one in before.agreements if before else ():
        await handovers.keep(tx, key, made, one)
    if before is not None:
        await carry_over(tx, keyring, before, made, now)
    return made


async def carry_over(tx: Connection, keyring: Keyring, before: Version, handover_id: int, now: datetime) -> None:
    """Whatever says the same as in the version before keeps what was decided about it, withdrawals too."""
    after = await load(tx, keyring, handover_id, before.placement)
    for one in after.agreements:
        old = before.item(one.item)
        if old is None or not one.says_the_same(old):
            continue
        for (agreement_id, person_id, direction), decision in before.decisions.items():
            if agreement_id == old.id and after.decision(one, person_id, direction) is None:
                await handovers.decide(tx, one.id, person_id, direction, decision, now)


async def offer(tx: Connection, keyring: Keyring, found: Case, now: datetime) -> None:
    """Let the parties read the draft. What says the same as before is not asked again."""
    assert found.in_making is not None
    if found.in_force is not None:
        await carry_over(tx, keyring, found.in_force, found.in_making.handover.id, now)
    await handovers.change(tx, found.in_making.handover.id, state="offered", offered_at=now)


async def take_effect(tx: Connection, keyring: Keyring, found: Case, now: datetime, today: date) -> None:
    """All said yes: this version counts from now on, and what it says about the work. The caller plans anew.

    With a job the search for one is over.
    """
    assert found.in_making is not None
    key = await keyring.of(tx, found.participant.id)
    if (facts := found.in_making.work) is not None:
        await placements.change(tx, key, found.placement.id, **facts)
    if found.proposed.track == "work":
        for one in await placements.of_participant(tx, key):
            if one.state == "open" and one.track == "search" and one.id != found.placement.id:
                await ending.end(tx, key, one.id, now, today)
    if found.in_force is not None:
        await handovers.change(tx, found.in_force.handover.id, state="replaced", ended_at=now)
    await handovers.change(tx, found.in_making.handover.id, state="in_force", in_force_at=now)


@dataclass(frozen=True, slots=True)
class Change:
    """What differs for a reader between two versions, by item; `before` None: new, `after` None: gone."""

    item: str
    before: Agreement | None
    after: Agreement | None


def changes(before: Sequence[Agreement], after: Sequence[Agreement]) -> tuple[Change, ...]:
    """Between two views of the same reader: what a party is shown of a new version."""
    old, new = {one.item: one for one in before}, {one.item: one for one in after}
    differing = [
        Change(key, old.get(key), new.get(key))
        for key in dict.fromkeys((*old, *new))
        if not (key in old and key in new and old[key].says_the_same(new[key]))
    ]
    return tuple(differing)
