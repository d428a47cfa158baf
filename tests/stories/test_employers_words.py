"""P4: what an employer writes is read by the coach, and nobody is promised that who cannot be."""

from __future__ import annotations

import pytest

from bot.storage import messages, people
from tests.stories.conftest import Pair, joins
from tests.stories.test_agreeing import Three, make_three
from tests.support.handovers import make_handover
from tests.support.phones import Phone

NOBODY = "Er is nu geen coach die het kan lezen."
SAID = "Sam is er al twee dagen niet"
TO_ADMINS = "Een werkgever schreef, en er is niemand die het leest"


@pytest.fixture
async def three(pair: Pair) -> Three:
    three = await make_three(pair)
    await three.join()
    return three


@pytest.fixture
async def ada(three: Three) -> Phone:
    """An admin."""
    _, phone = await joins(three.pair.stage, "admin", "Ada")
    return phone


async def ilse_is_gone(three: Three) -> None:
    await three.ilse.block()
    await three.quiet()


async def test_words_for_a_coach_who_blocked_the_assistant_are_kept_and_shown_when_the_coach_is_back(
    three: Three, ada: Phone
) -> None:
    await ilse_is_gone(three)
    await three.karin.write(SAID)
    said = await three.karin.sees(NOBODY)
    assert "Bel de organisatie van de coach." in said.text
    assert " je " not in said.text
    await ada.sees(f"{TO_ADMINS} (Ilse).")
    await three.karin.write("En ook niet gebeld")
    await three.karin.sees(NOBODY)
    await three.quiet()
    assert not [one for one in three.karin.messages if "krijgt uw bericht" in one.text]
    await three.ilse.unblock()
    for words in (SAID, "En ook niet gebeld"):
        await three.ilse.sees(f"Karin, de werkgever van Sam, schrijft:\n\n{words}")
    shown = three.ilse.find(SAID)
    assert shown.text.startswith("Dit kwam toen je niet bereikbaar was (")
    await three.ilse.reply(shown, "Ik bel u zo")
    await three.karin.sees("Ilse: Ik bel u zo")
    await three.karin.write("Graag")
    await three.karin.sees("Ilse krijgt uw bericht.")
    await three.quiet()
    assert [one.text for one in ada.messages if TO_ADMINS in one.text] == [f"{TO_ADMINS} (Ilse)."]
    storage = three.pair.stage.running.storage
    async with storage.db.read() as conn:
        assert await messages.on_line(conn, await storage.keyring.of(conn, three.pair.coach)) == []


async def test_a_coach_whom_telegram_did_not_find_reads_them_at_the_next_word(three: Three) -> None:
    """No update says that such a chat is there again."""
    await three.pair.stage.write(lambda tx: people.change(tx, three.pair.coach, reachable=False))
    await three.karin.write(SAID)
    await three.karin.sees(NOBODY)
    await three.ilse.write("/meldingen")
    await three.ilse.sees(SAID)


async def test_words_for_a_coach_who_never_joined_wait_for_the_welcome(three: Three) -> None:
    stage = three.pair.stage
    bert, code = await stage.add("coach", "Bert")
    kim, _ = await stage.add("participant", "Kim", bert)
    await make_handover(stage, kim, employer=three.employer)
    await three.karin.write("Zij is er niet")
    await three.karin.tap("Kim", on="Over wie gaat dit bericht?")
    await three.karin.sees(NOBODY)
    phone = stage.phone("Bert")
    await phone.start(code)
    await phone.sees("Welkom, Bert")
    await phone.sees("Karin, de werkgever van Kim, schrijft:\n\nZij is er niet")
    await stage.settled()
    assert not [one for one in three.ilse.messages if "Zij is er niet" in one.text]


async def test_danger_that_a_coach_cannot_hear_of_is_told_to_the_admins_at_once(three: Three, ada: Phone) -> None:
    await ilse_is_gone(three)
    await three.karin.write("hij zegt dat hij zelfmoord wil plegen")
    await three.karin.sees("Is er nu gevaar? Bel 112.")
    told = await ada.sees(f"De werkgever van deelnemer {three.pair.participant} schreef iets dat over gevaar kan gaan")
    assert "niemand krijgt het (Ilse)" in told.text
    await three.ilse.unblock()
    await three.ilse.sees("hij zegt dat hij zelfmoord wil plegen")
