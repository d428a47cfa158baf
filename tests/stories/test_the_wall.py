"""P9, the wall: no word, number or side signal of a participant reaches an employer without a yes to that very item."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.demo.standin.record import Request
from bot.storage import people
from bot.storage.handovers import Agreement
from bot.storage.tables import agreement, consent
from bot.turns.handover import sharing
from bot.turns.turn import Turn
from tests.stories.conftest import Pair, make_pair
from tests.stories.test_agreeing import Three, make_three
from tests.support.handovers import case_of, item, offer, redraft
from tests.support.phones import Phone
from tests.support.stage import Stage, staged

ITEMS = ("hours", "sick", "leave", "tasks")
"""What the coach proposes to share; `money` never is."""
WHO = {"hours": "employer", "sick": "participant", "leave": "coach", "tasks": "together", "money": "coach"}
LEAVE_OUT = ("Verder zonder werkgever", "Dat is niet")
"""After these there is no employer any more: test_agreeing has that."""
ILL = re.compile(r"Sam is (toch nog |weer )?(ziek|beter)|[Zz]iek sinds")
"""How the coach is told that Sam is ill or better."""
OPEN = re.compile(r"Klopt dat\?$")
"""A question about a task that is not answered yet."""
PAUSES = ({"minutes": 11}, {"hours": 5}, {"days": 1}, {"days": 4})


class Walk:
    """Three people, a clock and a coach who goes on writing. Every deed takes a number, which chooses."""

    def __init__(self, three: Three, words: dict[str, str]) -> None:
        self.three, self.stage = three, three.pair.stage
        self.canaries: set[str] = set()
        self.texts = words
        self.checked = 0
        self._count = len(words)

    def canary(self) -> str:
        """A word that nobody ever says."""
        self._count += 1
        return f"kanarie{self._count:03d}x"

    def secret(self) -> str:
        word = self.canary()
        self.canaries.add(word)
        return word

    # ---- deeds

    async def sam_writes(self, n: int) -> None:
        await self.three.sam.write(self.secret())

    async def sam_taps(self, n: int) -> None:
        self._tap(self.three.sam, n)

    async def sam_decides(self, n: int) -> None:
        await self._decide(self.three.sam, n)

    async def karin_decides(self, n: int) -> None:
        await self._decide(self.three.karin, n)

    async def _decide(self, who: Phone, n: int) -> None:
        """Read what lies ready and answer question after question, mostly with the first button."""
        for turn in range(9):
            await self.stage.settled()
            asked = next((one for one in reversed(who.messages) if one.rows), None)
            if asked is None or asked.labels[0].startswith(("Niet meer", "Weer", "Nummer")):
                return
            labels = [label for label in asked.labels if label != "Nee, dit klopt niet"]
            label = labels[n % len(labels)] if turn == n % 9 else labels[0]
            self.stage.telegram.tap(who.id, label, message=asked.id)

    async def sam_stops_sharing_or_shares_again(self, n: int) -> None:
        await self.sam_looks_what_is_shared(n)
        await self.stage.settled()
        asked = next((one for one in reversed(self.three.sam.messages) if one.rows), None)
        if asked is not None:
            self.stage.telegram.tap(self.three.sam.id, asked.labels[n % len(asked.labels)], message=asked.id)

    async def sam_taps_something_old(self, n: int) -> None:
        self._tap_old(self.three.sam, n)

    async def sam_looks_what_is_shared(self, n: int) -> None:
        async def work(tx: Any) -> None:
            turn = Turn(tx, self.stage.setting.now(), self.stage.running.services)
            who = await people.by_id(tx, turn.services.keyring, self.three.pair.participant)
            assert who is not None
            await sharing.shared(turn, who)

        await self.stage.write(work)
        self.stage.running.sender.wake()

    async def sam_reports_sick_or_better(self, n: int) -> None:
        """And answers some of what is asked then."""
        await self.three.sam.write(("/ziek", "/beter")[n % 2])
        for turn in range(2, 7):
            await self.stage.settled()
            self._tap(self.three.sam, n // turn)

    async def karin_taps(self, n: int) -> None:
        self._tap(self.three.karin, n)

    async def karin_taps_something_old(self, n: int) -> None:
        self._tap_old(self.three.karin, n)

    async def karin_reads(self, n: int) -> None:
        await self.three.karin.write("/afspraken")

    async def karin_writes(self, n: int) -> None:
        await self.three.karin.write("Hoe gaat het met Sam?")

    async def ilse_answers_sam(self, n: int) -> None:
        said = [one for one in self.three.ilse.messages if one.from_bot]
        employers = [one for one in said if "Karin" in one.text or "deelnemer" in one.text]
        theirs = [one for one in said if one not in employers]
        await self.three.ilse.reply(theirs[n % len(theirs)], self.secret())

    async def ilse_rewrites(self, n: int) -> None:
        """Other words for an item, in the version that is being made."""
        key = (*ITEMS, "money")[n % 5]
        word = self.canary()
        self.texts[word] = key
        await redraft(self.stage, self.three.made.placement, written(key, word))

    async def ilse_offers(self, n: int) -> None:
        found = await self._in_making()
        if found:
            await offer(self.stage, self.three.made.placement)

    async def _in_making(self) -> bool:
        found = await case_of(self.stage, self.three.made.placement)
        return found.in_making is not None and found.offered is None

    async def a_contact_is_planned(self, n: int) -> None:
        await self.stage.settled()
        await self.stage.plan_now(self.three.pair.participant)

    async def time_passes(self, n: int) -> None:
        await self.stage.later(**PAUSES[n % len(PAUSES)])

    # ---- how

    def _tap(self, who: Phone, n: int) -> None:
        """One of the newest buttons on the screen."""
        who.taps_any(n, 3 if n % 4 else None, LEAVE_OUT)

    def _tap_old(self, who: Phone, n: int) -> None:
        who.taps_old(n)

    # ---- what must hold

    async def check(self) -> None:
        """Nothing secret was ever sent to Karin; of the agreements only what Sam says yes to now, screen included."""
        await self.stage.settled()
        allowed = await self._allowed()
        fresh = self.stage.telegram.requests(chat=self.three.karin.id, after=self.checked)
        for request in fresh:
            self.checked = request.number
            self._hold(said(request), allowed)
        self._hold("\n".join(one.text for one in self.three.karin.messages if one.from_bot), allowed)

    def _hold(self, text: str, allowed: set[str]) -> None:
        assert not [word for word in self.canaries if word in text], text
        assert not ILL.search(text), text
        told = {word for word in self.texts if word in text}
        assert not {word for word in told if self.texts[word] == "money"}, text
        assert told <= allowed, (told - allowed, text)

    async def _allowed(self) -> set[str]:
        """The words whose newest decision of Sam is yes, straight from the log."""
        storage = self.stage.running.storage
        query = (
            select(agreement.c.text, consent.c.decision)
            .join(consent, consent.c.agreement_id == agreement.c.id)
            .where(consent.c.direction == "to_employer", consent.c.person_id == self.three.pair.participant)
            .order_by(consent.c.id)
        )
        async with storage.db.read() as conn:
            key = await storage.keyring.of(conn, self.three.pair.participant)
            newest = {key.open("agreement.text", row.text): row.decision for row in (await conn.execute(query)).all()}
        return {text for text, decision in newest.items() if decision == "yes"}


def said(request: Request) -> str:
    """Everything readable in a request: text, caption, button labels."""
    return str(dict(request.parameters))


def written(key: str, word: str) -> Agreement:
    details = {"number": f"050-{word[-4:]}"} if key == "sick" else {}
    return item(key, word, WHO[key], for_employer=key != "money", **details)


Deed = Callable[[Walk, int], Awaitable[None]]
DEEDS: list[Deed] = [
    Walk.sam_taps, Walk.sam_taps, Walk.sam_decides, Walk.sam_decides, Walk.sam_decides, Walk.sam_taps_something_old,
    Walk.sam_reports_sick_or_better, Walk.sam_reports_sick_or_better,
    Walk.sam_writes, Walk.sam_stops_sharing_or_shares_again, Walk.sam_stops_sharing_or_shares_again, Walk.karin_taps,
    Walk.karin_decides, Walk.karin_decides, Walk.karin_taps_something_old, Walk.karin_reads, Walk.karin_writes,
    Walk.ilse_answers_sam, Walk.ilse_rewrites, Walk.ilse_rewrites, Walk.ilse_offers, Walk.ilse_offers,
    Walk.a_contact_is_planned, Walk.time_passes,
]  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 9999)), min_size=40, max_size=70)


@settings(max_examples=8, deadline=None, phases=[Phase.generate])
@given(STEPS)
def test_whatever_they_do_only_what_is_shared_now_reaches_the_employer(steps: list[tuple[Deed, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(walk(Path(folder), steps))


async def walk(folder: Path, steps: list[tuple[Deed, int]]) -> None:
    async with staged(folder / "data") as stage:
        words = {f"kanarie{number:03d}x": key for number, key in enumerate((*ITEMS, "money"), 1)}
        three = await _three(stage, [written(key, word) for word, key in words.items()])
        it = Walk(three, words)
        await three.offer()
        await it.sam_decides(0)
        await it.karin_decides(0)
        await it.check()
        for deed, number in steps:
            await deed(it, number)
            await it.check()


async def _three(stage: Stage, items: list[Agreement]) -> Three:
    pair: Pair = await make_pair(stage)
    await pair.sam.tap("Nederlands")
    await pair.sam.tap("Ja")
    await pair.sam.sees("Fijn dat je meedoet")
    three = await make_three(pair, items)
    await three.join()
    return three


# ---- side signals


def of(stage: Stage, phone: Phone) -> Iterator[tuple[str, str, list[str]]]:
    """What a phone was sent, in order: method, text and button labels; no tokens."""
    for request in stage.telegram.requests(chat=phone.id):
        rows = request.parameters.get("reply_markup", {}).get("inline_keyboard", [])
        labels = [button["text"] for row in rows for button in row]
        yield request.method, str(request.parameters.get("text", "")), labels


async def life(folder: Path, *, eventful: bool) -> list[tuple[str, str, list[str]]]:
    """The same handover, in a quiet life and in one full of events: what Karin was sent."""
    async with staged(folder / "data") as stage:
        three = await _three(stage, [written(key, f"afspraak {key}") for key in (*ITEMS, "money")])
        await three.offer()
        await three.sam.tap("Lezen")
        if eventful:
            await three.sam.write("Ik vind het moeilijk")
        await three.sam.tap("Alles delen")
        for _ in range(2):
            await three.sam.tap("Ja, klopt", on=await three.sam.sees(OPEN))
        await three.sam.tap("Ja, dit klopt")
        await three.karin.tap("Lezen")
        for _ in range(2):
            await three.karin.tap("Ja, klopt", on=await three.karin.sees(OPEN))
            await stage.settled()
            if any("Mag Sam" in one.text and one.labels for one in three.karin.messages):
                await three.karin.tap("Nee")
                await stage.settled()
        await three.karin.tap("Ja, dit klopt")
        await three.karin.sees("De afspraken met Sam gelden nu.")
        if eventful:
            await _events(three)
        await stage.later(days=1)
        await three.karin.write("/afspraken")
        await three.karin.sees("De afspraken met Sam.")
        await stage.settled()
        return list(of(stage, three.karin))


async def _events(three: Three) -> None:
    """All that can happen to Sam without touching what is shared."""
    stage, made = three.pair.stage, three.made
    await stage.plan_now(three.pair.participant)
    await three.sam.tap("Slecht")
    await three.sam.write("kun je me bellen?")
    await three.ilse.sees("Er is")
    await redraft(stage, made.placement, written("money", "iets anders"))
    await offer(stage, made.placement)
    await three.sam.tap("Lezen")
    await three.sam.tap("Ja, dit klopt", on=await three.sam.sees(re.compile(r"Klopt het zo\?$")))
    await stage.settled()
    found = await _in_force(three)
    assert found == 2, "the new version counts"
    await _sick_and_better(three)


async def _sick_and_better(three: Three) -> None:
    """Known to the coach, as days; what the employer is to hear of it Sam says at work, and not through us."""
    sam, stage = three.sam, three.pair.stage
    await sam.write("/ziek")
    await sam.tap("Gisteren", on="Sinds welke dag is dat?")
    await sam.tap("Ik durf niet", on="Heb je je werk al gebeld?")
    await sam.tap("Mijn coach belt mee")
    await sam.sees("Later vraag ik of het gelukt is.")
    await sam.write("/beter")
    await sam.tap("Ja", on="Ben je al weer aan het werk?")
    await sam.tap("Vandaag", on="Welke dag was je eerste dag terug?")
    await stage.settled()
    (spell,) = (await stage.shows(three.pair.participant))["sick"]
    assert spell["better"] is not None


async def _in_force(three: Three) -> int:
    found = await case_of(three.pair.stage, three.made.placement)
    assert found.in_force is not None
    return found.in_force.handover.version


async def test_what_an_employer_is_sent_is_the_same_whatever_happens_to_the_participant(tmp_path: Path) -> None:
    """Non-interference: not a word, a number, a message or an edit more, whatever is said behind the wall."""
    quiet = await life(tmp_path / "quiet", eventful=False)
    eventful = await life(tmp_path / "eventful", eventful=True)
    assert eventful == quiet
