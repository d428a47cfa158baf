"""P9: versions, whose turn it is, and the wall: what an employer may see, whatever was decided in whatever order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.caseload import handovers
from bot.caseload.handovers import Agreed, Case, Version, changes
from bot.storage import handovers as rows
from bot.storage import people, placements
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.handovers import Accepted, Agreement, Decision, Direction, Handover
from bot.storage.keys import Keyring
from bot.storage.people import Person
from bot.storage.placements import Placement

NOW = datetime(2026, 11, 20, 11, tzinfo=UTC)
SAM, ILSE, KARIN = 1, 2, 3
TERMS = Agreed("monthly").to_json()
HOURS = Agreement(11, "hours", "24 uur", "employer", None, True, {})
SICK = Agreement(12, "sick", "Bel Karin", "participant", None, True, {"number": "050-1234"})
MONEY = Agreement(13, "money", "Zorgtoeslag", "coach", None, False, {})


def person(number: int, role: str) -> Person:
    return Person(number, role, "active", role, "nl", number, True, None, None, None, None)


def version(
    *items: Agreement,
    decisions: dict[tuple[int, int, Direction], Decision] | None = None,
    accepted: dict[int, Accepted] | None = None,
    employer: int | None = KARIN,
    ended: bool = False,
    number: int = 1,
) -> Version:
    state = "ended" if ended else "open"
    placement = Placement(5, SAM, employer, "Vos", "24", "work", NOW.date(), None, state, None)  # type: ignore[arg-type]
    handover = Handover(number, 5, SAM, number, "offered", TERMS, NOW, NOW, None)
    return Version(placement, handover, items, decisions or {}, accepted or {})


def case(offered: Version, in_force: Version | None = None) -> Case:
    employer = person(KARIN, "employer") if offered.placement.employer_id else None
    return Case(offered.placement, person(SAM, "participant"), person(ILSE, "coach"), employer, in_force, offered)


def yes(who: int, at: datetime = NOW) -> dict[int, Accepted]:
    return {who: Accepted(who, "yes", at)}


SHARED: dict[tuple[int, int, Direction], Decision] = {(11, SAM, "to_employer"): "yes"}


def test_an_employer_sees_what_the_coach_proposed_and_the_participant_said_yes_to() -> None:
    found = version(HOURS, SICK, MONEY, decisions={**SHARED, (13, SAM, "to_employer"): "yes"})
    assert found.employer_sees() == (HOURS,)


@pytest.mark.parametrize("decision", ["no", "withdrawn", None])
def test_anything_but_a_yes_keeps_an_item_from_the_employer(decision: Decision | None) -> None:
    decisions = {} if decision is None else {(11, SAM, "to_employer"): decision}
    assert version(HOURS, decisions=decisions).employer_sees() == ()  # type: ignore[arg-type]


def test_the_employers_own_yes_opens_nothing_of_the_participant() -> None:
    assert version(HOURS, decisions={(11, KARIN, "to_employer"): "yes"}).employer_sees() == ()


def test_after_the_placement_ended_or_without_an_employer_there_is_nothing_to_see() -> None:
    assert version(HOURS, decisions=SHARED, ended=True).employer_sees() == ()
    assert version(HOURS, decisions=SHARED, employer=None).employer_sees() == ()


def test_a_participant_sees_the_phone_number_only_with_the_employers_yes() -> None:
    (hidden,) = version(SICK).participant_sees()
    (shown,) = version(SICK, decisions={(12, KARIN, "to_participant"): "yes"}).participant_sees()
    assert (hidden.details, shown.details) == ({}, SICK.details)


def test_the_participant_is_asked_first_and_the_employer_only_about_what_is_shared() -> None:
    found = version(HOURS, SICK, MONEY)
    assert found.to_decide(SAM) == ((HOURS, "to_employer"), (SICK, "to_employer"), (SICK, "agree"))
    assert found.to_decide(KARIN) == ()
    both = version(HOURS, SICK, decisions={**SHARED, (12, SAM, "to_employer"): "yes"})
    assert both.to_decide(KARIN) == ((HOURS, "agree"), (SICK, "to_participant"))


def test_a_task_that_somebody_said_no_to_is_asked_again_and_a_no_to_sharing_is_not() -> None:
    decisions: dict[tuple[int, int, Direction], Decision] = {
        (12, SAM, "agree"): "no",
        (12, SAM, "to_employer"): "no",
    }
    assert version(SICK, decisions=decisions).to_decide(SAM) == ((SICK, "agree"),)


def test_a_yes_to_an_earlier_offer_of_the_same_version_does_not_count() -> None:
    found = version(HOURS, accepted=yes(SAM, NOW - timedelta(seconds=1)))
    assert case(found).next_party() == SAM


def test_first_the_participant_then_the_employer_then_nobody() -> None:
    assert case(version(HOURS, decisions=SHARED)).next_party() == SAM
    assert case(version(HOURS, decisions=SHARED, accepted=yes(SAM))).next_party() == KARIN
    assert case(version(HOURS, decisions=SHARED, accepted=yes(SAM) | yes(KARIN))).next_party() is None


def test_an_employer_with_nothing_to_see_is_not_asked() -> None:
    assert case(version(HOURS, accepted=yes(SAM))).next_party() is None


def test_an_employer_whose_view_stays_the_same_is_not_asked_again() -> None:
    """The question alone would tell that something changed behind the wall."""
    agreed: dict[tuple[int, int, Direction], Decision] = {**SHARED, (11, KARIN, "agree"): "yes"}
    before = version(HOURS, MONEY, decisions=agreed, accepted=yes(SAM) | yes(KARIN))
    other = replace(MONEY, text="Huurtoeslag")
    assert case(version(HOURS, other, decisions=agreed, accepted=yes(SAM), number=2), before).next_party() is None


def test_an_employer_is_asked_when_the_view_changed_or_somebody_else_said_yes_before() -> None:
    agreed: dict[tuple[int, int, Direction], Decision] = {**SHARED, (11, KARIN, "agree"): "yes"}
    before = version(HOURS, decisions=agreed, accepted=yes(SAM) | yes(KARIN))
    longer = version(replace(HOURS, text="28 uur"), decisions=agreed, accepted=yes(SAM), number=2)
    assert case(longer, before).next_party() == KARIN
    strange = version(HOURS, decisions=agreed, accepted=yes(SAM) | yes(99))
    assert case(version(HOURS, decisions=agreed, accepted=yes(SAM), number=2), strange).next_party() == KARIN


def test_a_change_is_told_with_what_it_was_and_what_it_is() -> None:
    later = replace(HOURS, text="28 uur")
    found = {one.item: (one.before, one.after) for one in changes((HOURS, MONEY), (later, SICK))}
    assert found == {"hours": (HOURS, later), "money": (MONEY, None), "sick": (None, SICK)}


@given(
    st.builds(
        Agreed,
        rhythm=st.text(min_size=1, max_size=20),
        weekday=st.none() | st.integers(0, 6),
        at=st.builds(time, st.integers(0, 23), st.integers(0, 59)),
        form=st.sampled_from(("chat", "call", "talk")),
        until=st.none() | st.dates(),
        backup_months=st.integers(0, 60),
    )
)
def test_contact_terms_are_stored_and_read_as_they_were(agreed: Agreed) -> None:
    assert Agreed.from_json(agreed.to_json()) == agreed


# ---- the wall, over random decisions and versions, on the database

ITEMS = ("hours", "sick", "money")
Step = tuple[str, str, str]


def steps() -> st.SearchStrategy[list[Step]]:
    decide = st.tuples(st.just("decide"), st.sampled_from(ITEMS), st.sampled_from(("yes", "no", "withdrawn")))
    change = st.tuples(st.just("change"), st.sampled_from(ITEMS), st.sampled_from(("a", "b")))
    version_ = st.tuples(st.just("version"), st.just(""), st.sampled_from(("offer", "force", "draft")))
    return st.lists(decide | change | version_, max_size=14)


class Books:
    """A placement on the database, and beside it what the employer may see as a child would reckon it."""

    def __init__(self, db: Database, keyring: Keyring) -> None:
        self.db, self.keyring = db, keyring
        self.placement = self.sam = self.karin = self.tick = 0
        self.words = {name: f"{name} a" for name in ITEMS}
        self.yes: dict[str, set[str]] = {name: set() for name in ITEMS}
        """By item the texts whose newest decision is yes."""

    async def fill(self) -> None:
        async def work(tx: Connection) -> None:
            self.sam = await people.add(tx, self.keyring, "participant", "Sam", "nl", NOW)
            self.karin = await people.add(tx, self.keyring, "employer", "Karin", "nl", NOW)
            key = await self.keyring.of(tx, self.sam)
            self.placement = await placements.make(tx, key, date(2026, 12, 1), NOW)
            await placements.change(tx, key, self.placement, employer_id=self.karin)

        await self.db.write(work)

    async def case(self, tx: Connection) -> Case:
        found = await handovers.case(tx, self.keyring, self.placement)
        assert found is not None
        return found

    async def do(self, step: Step) -> None:
        self.tick += 1
        now = NOW + timedelta(minutes=self.tick)

        async def work(tx: Connection) -> None:
            what, item, value = step
            if what == "decide":
                await self._decide(tx, item, value, now)
            elif what == "change":
                draft = await handovers.draft(tx, self.keyring, await self.case(tx), Agreed("monthly"), now)
                await self._write(tx, draft, item, f"{item} {value}")
            elif value == "draft":
                await handovers.draft(tx, self.keyring, await self.case(tx), Agreed("monthly"), now)
            elif (found := await self.case(tx)).in_making is not None:
                if value == "offer" or found.offered is None:
                    await handovers.offer(tx, self.keyring, found, now)
                else:
                    await handovers.take_effect(tx, self.keyring, found, now, now.date())

        await self.db.write(work)

    async def _write(self, tx: Connection, draft: int, item: str, text: str) -> None:
        key = await self.keyring.of(tx, self.sam)
        await rows.keep(tx, key, draft, Agreement(0, item, text, "coach", None, item != "money", {}))

    async def _decide(self, tx: Connection, item: str, value: str, now: datetime) -> None:
        """As a tap does: a yes to the words that are read, anything else to the item wherever it stands."""
        found = await self.case(tx)
        alive = [one for one in (found.in_force, found.in_making) if one is not None and one.item(item) is not None]
        read = alive[0].item(item) if alive else None
        for one in alive:
            said = one.item(item)
            assert said is not None
            assert read is not None
            if value != "yes" or said.says_the_same(read):
                await rows.decide(tx, said.id, self.sam, "to_employer", value, now)  # type: ignore[arg-type]
        if read is not None and value == "yes":
            self.yes[item].add(read.text)
        elif alive:
            self.yes[item].clear()


@pytest.fixture
def keyring() -> Keyring:
    return Keyring([bytes(32)])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps())
async def test_no_text_is_behind_the_wall_that_the_participant_did_not_say_yes_to(
    db: Database, keyring: Keyring, walk: list[Step]
) -> None:
    books = Books(db, keyring)
    await books.fill()
    for step in walk:
        await books.do(step)
        async with db.read() as conn:
            found = await handovers.case(conn, keyring, books.placement)
        assert found is not None
        for one in (found.in_force, found.in_making):
            for seen in one.employer_sees() if one else ():
                assert seen.item != "money"
                assert seen.text in books.yes[seen.item], (step, seen)
