"""P4 over the whole bot: random people in random talks with random replies read a way on in every turn."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from flows.engine.book import Book
from tests.stories.conftest import Pair, make_pair
from tests.stories.test_no_message_without_outcome import Errors
from tests.support.stage import staged

BEGINNINGS = sorted(
    flow.id
    for flow in Book.load(Path(__file__).parents[2] / "flows" / "scripts").book
    if flow.audience == "participant" and flow.id not in ("welcome", "forget-me", "wish")
)
"""Talks that somebody can be in. Who is forgotten is a stranger; an offer needs what was asked for."""
TYPED = (
    "ja", "nee", "4", "24,5", "morgen", "maandag", "half 9", "overslaan", "terug", "hulp", "stop", "😀", "gaat wel",
    "ik ben ziek", "pouze", "/menu", "/wanneer", "/taal", "ik weet het niet", "Mijn buurman belt me steeds op",
)  # fmt: skip

deeds = st.lists(st.integers(0, 99), min_size=4, max_size=9)
talks = st.lists(st.tuples(st.sampled_from(BEGINNINGS), deeds), min_size=3, max_size=4)


@settings(max_examples=6, deadline=None, phases=[Phase.generate])
@given(talks)
def test_whatever_somebody_does_in_whatever_talk_the_bot_answers(found: list[tuple[str, list[int]]]) -> None:
    errors = Errors()
    logging.getLogger().addHandler(errors)
    try:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(walk(Path(folder), found))
    finally:
        logging.getLogger().removeHandler(errors)
    assert errors.lines == []


async def walk(folder: Path, found: list[tuple[str, list[int]]]) -> None:
    async with staged(folder / "data") as stage:
        pair = await make_pair(stage)
        await pair.sam.tap("Nederlands")
        await pair.sam.tap("Ja")
        await pair.sam.sees("Fijn dat je meedoet")
        for flow, numbers in found:
            await stage.settled()
            await stage.plan_now(pair.participant, flow)
            for number in numbers:
                await one_turn(pair, number)


async def one_turn(pair: Pair, number: int) -> None:
    """A tap on the newest buttons, or words; then there must be something to read."""
    await pair.stage.settled()
    pair.sam.reads_all()
    shown = pair.sam.last.labels
    labels = [label for label in shown if "gevaar" not in label and "zelfdoding" not in label]
    if labels and number % 3:
        await pair.sam.tap(labels[number % len(labels)], on=pair.sam.last)
    elif number % 7 == 0:
        await pair.sam.send("voice", content=b"words")
    else:
        await pair.sam.write(TYPED[number % len(TYPED)])
    await pair.stage.settled()
    ticked = pair.sam.last.labels != shown  # one of several is ticked where it stands
    assert pair.sam.unread or ticked, pair.sam.screen()
