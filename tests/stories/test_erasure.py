"""P14: what is said to be erased cannot be read any more, with whatever keys are left.

Where the words of others about somebody are kept, is where they were forgotten before.
"""

from __future__ import annotations

from sqlalchemy import select

from bot.storage.errors import SealBroken
from bot.storage.tables import Sealed, metadata, person_key
from tests.stories.conftest import Pair
from tests.stories.test_agreeing import Three, also_elsewhere, make_three
from tests.support.stage import Stage

CANARY = "zeldzaamwoord"
WORDS = f"Ik hoor dat je {CANARY} bent"
FOR_WHOM = "Voor wie is dit bericht?"


async def found(stage: Stage) -> set[tuple[str, int]]:
    """Where the canary can still be read: which column, and with whose key."""
    await stage.settled()
    places, storage = set(), stage.running.storage
    async with storage.db.read() as conn:
        everybody = (await conn.execute(select(person_key.c.person_id))).scalars().all()
        keys = (await storage.keyring.many(conn, everybody)).values()
        for table in metadata.sorted_tables:
            for column in (one for one in table.c if isinstance(one.type, Sealed)):
                name = f"{table.name}.{column.name}"
                for sealed in (await conn.execute(select(column).where(column.is_not(None)))).scalars():
                    for key in keys:
                        try:
                            text = key.open(name, sealed)
                        except SealBroken:
                            continue
                        if CANARY in text:
                            places.add((name, key.person_id))
    return places


async def is_forgotten(pair: Pair) -> None:
    await pair.sam.write("vergeet mij")
    await pair.sam.tap("Ja, wis alles")
    await pair.sam.sees("Alles over jou is gewist.")


async def test_words_that_a_coach_wrote_before_saying_for_whom_go_with_whom_they_were_for(pair: Pair) -> None:
    await pair.ilse.write(WORDS)
    await pair.ilse.sees(FOR_WHOM)
    await pair.ilse.tap("Sam")
    await pair.sam.sees(f"Ilse: {WORDS}")
    assert ("message.body", pair.participant) in await found(pair.stage)
    await pair.ilse.tap("Gesprek sluiten")
    await pair.sam.sees("Ilse heeft het gesprek afgerond.")
    await is_forgotten(pair)
    assert await found(pair.stage) == set()


async def test_what_an_employer_wrote_about_somebody_stays_with_the_employer_alone(pair: Pair) -> None:
    three = await employer_of_two(pair)
    await pair.stage.later(hours=1)
    await three.karin.write(WORDS)
    await three.karin.sees("Ilse krijgt uw bericht.")
    assert ("outbox.payload", pair.coach) in await found(pair.stage)
    line = await pair.ilse.sees("Er is nieuws over een deelnemer.")
    await is_forgotten(pair)
    assert await found(pair.stage) == {("message.body", three.employer)}
    await pair.ilse.tap("Bekijken", on=line)
    await pair.ilse.sees("Die knop werkt niet meer.")


async def test_nor_does_what_waits_for_a_coach_who_cannot_be_reached(pair: Pair) -> None:
    three = await employer_of_two(pair)
    await pair.ilse.block()
    await three.quiet()
    await three.karin.write(WORDS)
    await three.karin.sees("Er is nu geen coach die het kan lezen.")
    assert ("message.body", pair.coach) in await found(pair.stage)
    await is_forgotten(pair)
    assert await found(pair.stage) == {("message.body", three.employer)}


async def employer_of_two(pair: Pair) -> Three:
    """Karin stays when Sam goes: she is somebody else's contact person too."""
    three = await make_three(pair)
    await three.join()
    await also_elsewhere(three)
    return three
