"""P4: whatever two people do, in whatever order, every message has an outcome and nobody's words are dropped."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.demo.standin.chats import Message
from bot.storage import messages, runs
from bot.storage.tables import answer, inbox, run
from bot.turns.wishes import OFFER, Wish
from tests.stories.conftest import Pair, make_pair
from tests.support.phones import Phone
from tests.support.stage import Stage, staged

CONTROL = (
    "stop", "terug", "overslaan", "help", "hulp", "/stop", "/help", "/terug", "/overslaan", "/start", "meedoen", "join"
)  # fmt: skip
"""Words that do something and say nothing. Outside a talk some of them are simply words for the coach."""
WISHES = ("ik ben ziek", "pauze", "pouze", "ik wil pauze", "ruzie op het werk", "ik kom morgen later", "bel me", "ztop")
"""Words that ask for another talk, exactly or nearly. An offer keeps them until it is answered."""
TAPPED = ("/menu", "/pauze", "/taal", "/wanneer", "/bel me", "/overzicht")
FITTING = ("1", "3", "5", "9", "ja", "nee", "ja graag", "goed", "iets thuis", "nederlands", "english", "gaat wel")
MEDIA = ("voice", "photo", "document", "sticker", "video", "contact", "location", "something_new")
PAUSES = ({"seconds": 30}, {"minutes": 11}, {"hours": 3}, {"days": 1}, {"days": 4})
NOT_PASSED_ON = "(iets dat ik niet kan doorsturen"
NOT_TODAY = ("Dat is niet",)
"""Tapping that makes somebody a stranger, and a stranger's words have no outcome: test_strangers has that."""


class Talk:
    """Two people and a clock. Every deed takes a number, which chooses among what there is to do."""

    def __init__(self, pair: Pair) -> None:
        self.pair, self.stage = pair, pair.stage
        self.updates = 2  # both pressed Start
        self.typed: list[str] = []
        self.wished: list[str] = []
        self.told: list[str] = []
        self.sent = 0
        self._own: dict[int, list[Message]] = {pair.sam.id: [], pair.ilse.id: []}
        self._words = 0

    def words(self) -> str:
        self._words += 1
        return f"woord {self._words}, niet meer en niet minder"

    # ---- the participant

    async def writes(self, n: int) -> None:
        await self._type(self.words())

    async def writes_what_fits(self, n: int) -> None:
        await self._type(FITTING[n % len(FITTING)])

    async def commands(self, n: int) -> None:
        await self._write(self.pair.sam, CONTROL[n % len(CONTROL)])

    async def wishes(self, n: int) -> None:
        self.wished.append(WISHES[n % len(WISHES)])
        await self._write(self.pair.sam, self.wished[-1])

    async def taps_a_command(self, n: int) -> None:
        await self._write(self.pair.sam, TAPPED[n % len(TAPPED)])

    async def _type(self, text: str) -> None:
        self.typed.append(text)
        await self._write(self.pair.sam, text)

    async def taps(self, n: int) -> None:
        self._tap(self.pair.sam, n)

    async def taps_something_old(self, n: int) -> None:
        self._tap_old(self.pair.sam, n)

    async def sends(self, n: int) -> None:
        await self.pair.sam.send(MEDIA[n % len(MEDIA)])
        self.sent += 1
        self.updates += 1

    async def sends_with_words(self, n: int) -> None:
        self.typed.append(self.words())
        await self.pair.sam.send(("voice", "photo", "document", "video")[n % 4], self.typed[-1])
        self.sent += 1
        self.updates += 1

    async def forwards(self, n: int) -> None:
        self.typed.append(self.words())
        await self.pair.sam.forward(self.typed[-1])
        self.updates += 1

    async def edits(self, n: int) -> None:
        if text := self._edit(self.pair.sam, n):
            self.typed.append(text)

    async def blocks_and_comes_back(self, n: int) -> None:
        await self.pair.sam.block()
        if n % 2:
            await self.stage.settled()
        await self.pair.sam.unblock()
        self.updates += 2

    async def presses_a_link(self, n: int) -> None:
        await self.pair.sam.start(f"code-of-somebody-{n}")
        self.updates += 1

    # ---- the coach

    async def coach_writes(self, n: int) -> None:
        self.told.append(self.words())
        await self._write(self.pair.ilse, self.told[-1])

    async def coach_replies(self, n: int) -> None:
        said = [one for one in self.pair.ilse.messages if one.from_bot]
        self.told.append(self.words())
        await self.pair.ilse.reply(said[n % len(said)], self.told[-1])
        self.updates += 1

    async def coach_taps(self, n: int) -> None:
        self._tap(self.pair.ilse, n)

    async def coach_taps_something_old(self, n: int) -> None:
        self._tap_old(self.pair.ilse, n)

    async def coach_looks(self, n: int) -> None:
        await self._write(self.pair.ilse, "/meldingen")

    async def coach_edits_or_sends(self, n: int) -> None:
        if n % 2 or not self._edit(self.pair.ilse, n):
            await self.pair.ilse.send(MEDIA[n % len(MEDIA)])
            self.updates += 1

    # ---- the world

    async def time_passes(self, n: int) -> None:
        await self.stage.later(**PAUSES[n % len(PAUSES)])

    async def a_contact_is_planned(self, n: int) -> None:
        await self.stage.settled()
        await self.stage.plan_now(self.pair.participant)

    # ---- how

    async def _write(self, who: Phone, text: str) -> None:
        self._own[who.id].append(await who.write(text))
        self.updates += 1

    def _edit(self, who: Phone, n: int) -> str:
        mine = self._own[who.id]
        if not mine:
            return ""
        text = self.words()
        self.stage.telegram.edit(who.id, mine[n % len(mine)].id, text)
        self.updates += 1
        return text

    def _tap(self, who: Phone, n: int) -> None:
        """One of the buttons on the screen; the newest most often."""
        self.updates += who.taps_any(n, 8 if n % 3 else None, NOT_TODAY)

    def _tap_old(self, who: Phone, n: int) -> None:
        self.updates += who.taps_old(n, NOT_TODAY)


Deed = Callable[[Talk, int], Awaitable[None]]
DEEDS: list[Deed] = [
    Talk.writes, Talk.writes_what_fits, Talk.commands, Talk.taps, Talk.taps, Talk.taps_something_old, Talk.sends,
    Talk.wishes, Talk.wishes, Talk.taps_a_command, Talk.sends_with_words, Talk.forwards, Talk.edits,
    Talk.blocks_and_comes_back, Talk.presses_a_link,
    Talk.coach_writes, Talk.coach_replies, Talk.coach_taps, Talk.coach_taps, Talk.coach_taps_something_old,
    Talk.coach_looks, Talk.coach_edits_or_sends, Talk.time_passes, Talk.a_contact_is_planned, Talk.a_contact_is_planned,
]  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 9999), st.booleans()), min_size=35, max_size=60)
"""What is done, which one, and whether the bot may deal with it before the next."""


class Errors(logging.Handler):
    """What should never be written in a log."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@settings(max_examples=8, deadline=None, phases=[Phase.generate])
@given(STEPS)
def test_whatever_people_do_everything_has_an_outcome_and_no_words_are_lost(
    steps: list[tuple[Deed, int, bool]],
) -> None:
    errors = Errors()
    logging.getLogger().addHandler(errors)
    try:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(talk(Path(folder), steps))
    finally:
        logging.getLogger().removeHandler(errors)
    assert errors.lines == []


async def talk(folder: Path, steps: list[tuple[Deed, int, bool]]) -> None:
    async with staged(folder / "data") as stage:
        it = Talk(await make_pair(stage))
        for deed, number, waits in steps:
            await deed(it, number)
            if waits:
                await stage.settled()
        await stage.settled()
        await every_update_is_dealt_with(it)
        await every_word_is_found(it)


async def every_update_is_dealt_with(it: Talk) -> None:
    async with it.stage.running.storage.db.read() as conn:
        rows = (await conn.execute(select(inbox.c.state, inbox.c.outcome))).all()
    assert len(rows) == it.updates
    assert {row.state for row in rows} == {"done"}
    assert all(row.outcome for row in rows)


async def every_word_is_found(it: Talk) -> None:
    """As an answer, taken back or not, or as a message that is with the coach. As often as it was written."""
    answers, media = await answered(it.stage, it.pair.participant)
    line = await on_line(it.stage, it.pair.participant)
    from_sam = [one for one in line if one.author == "participant"]
    assert {one.outcome for one in from_sam} <= {messages.WITH_COACH}
    lost = Counter(it.typed) - Counter(answers)
    for one in from_sam:
        lost -= Counter([text for text in lost if one.body.endswith(text)][:1])
    assert lost == Counter()
    refused = await words_of_refused_offers(it)
    assert set(refused) <= {*answers, *(one.body for one in from_sam)}
    assert media + sum(bool(one.ref) or one.body.startswith(NOT_PASSED_ON) for one in from_sam) == it.sent
    from_ilse = [one for one in (*line, *await on_line(it.stage, it.pair.coach)) if one.author == "coach"]
    assert {one.outcome for one in from_ilse} <= {messages.DELIVERED, messages.READ, messages.UNADDRESSED}
    assert set(it.told) <= {one.body for one in from_ilse}


async def words_of_refused_offers(it: Talk) -> list[str]:
    """What offers kept that ended without a yes."""
    storage = it.stage.running.storage
    async with storage.db.read() as conn:
        key = await storage.keyring.of(conn, it.pair.participant)
        offers = (
            await conn.execute(select(run.c.id, run.c.wish).where(run.c.status == "ended", run.c.wish.is_not(None)))
        ).all()
        yes = {one.run_id for one in await runs.answers(conn, key) if one.flow == OFFER and one.value}
    kept = [Wish.from_json(key.open("run.wish", one.wish)) for one in offers if one.id not in yes]
    return [wish.words for wish in kept if wish.words]


async def answered(stage: Stage, person: int) -> tuple[list[str], int]:
    """The words of all answers, and how many came with a voice message or a photo."""
    storage = stage.running.storage
    async with storage.db.read() as conn:
        key = await storage.keyring.of(conn, person)
        rows = (await conn.execute(select(answer.c.words, answer.c.ref).where(answer.c.person_id == person))).all()
    return [key.open("answer.words", row.words) for row in rows], sum(row.ref is not None for row in rows)


async def on_line(stage: Stage, person: int) -> list[messages.Written]:
    storage = stage.running.storage
    async with storage.db.read() as conn:
        return await messages.on_line(conn, await storage.keyring.of(conn, person))
