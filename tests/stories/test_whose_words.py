"""P4, P9: what a coach types goes to the participant whom they have in mind, or it is asked for whom it is.

Whoever opens something about one person has stopped thinking of the other.
"""

from __future__ import annotations

import pytest

from tests.stories.conftest import Pair
from tests.stories.test_few_announcements import MORE, NEW, add
from tests.stories.test_making_a_handover import CONTACT_PERSON, begun, books, fills_in_work
from tests.support.handovers import make_handover
from tests.support.phones import Phone

FOR_WHOM = "Voor wie is dit bericht?"
WORDS = "Wat rot voor je, Noor"
TAPS = pytest.mark.parametrize("tap", ["Bekijken", "Ik pak het op", "Ik bel vandaag"])


async def noor_writes(pair: Pair) -> Phone:
    _, noor = await add(pair, "Noor")
    await noor.write("mijn oma is dood")
    await noor.sees("Ilse krijgt dit bericht")
    await pair.ilse.sees(NEW)
    return noor


async def opens(pair: Pair, tap: str) -> None:
    """Ilse looks at what Noor wrote, and perhaps does something about it."""
    await pair.ilse.tap("Bekijken", on=NEW)
    await pair.ilse.sees("mijn oma is dood")
    if tap != "Bekijken":
        await pair.ilse.tap(tap, on="mijn oma is dood")
    await pair.stage.settled()
    pair.ilse.reads_all()


async def is_asked(pair: Pair, noor: Phone) -> None:
    """Nobody reads the words before Ilse said whose they are."""
    await pair.ilse.write(WORDS)
    await pair.ilse.sees(FOR_WHOM)
    assert not [one for one in pair.sam.messages if WORDS in one.text]
    await pair.ilse.tap("Noor", on=FOR_WHOM)
    await noor.sees(f"Ilse: {WORDS}")


async def talks_with_sam(pair: Pair) -> None:
    await pair.sam.write("hoi")
    await pair.ilse.tap("Bekijken", on=NEW)
    await pair.ilse.tap("Antwoorden")
    await pair.ilse.write("Hoi Sam")
    await pair.sam.sees("Ilse: Hoi Sam")
    await pair.ilse.sees("Verstuurd aan Sam.")


@TAPS
async def test_after_another_alert_was_opened_the_words_do_not_go_to_whom_the_coach_answered_last(
    pair: Pair, tap: str
) -> None:
    await talks_with_sam(pair)
    noor = await noor_writes(pair)
    await opens(pair, tap)
    await is_asked(pair, noor)


@TAPS
async def test_after_an_alert_was_opened_the_words_are_no_answer_for_somebody_elses_handover(
    pair: Pair, tap: str
) -> None:
    noor = await noor_writes(pair)
    await begun(pair)
    await fills_in_work(pair)
    await pair.ilse.sees(CONTACT_PERSON)
    await opens(pair, tap)
    await is_asked(pair, noor)
    making = (await books(pair)).in_making
    assert making is not None
    assert making.item("contact_person") is None
    await pair.ilse.tap("Verder met de overdracht")
    await pair.ilse.sees(CONTACT_PERSON)
    await pair.ilse.write("Karin de Boer")
    await pair.ilse.sees("Klopt dat zo?")


async def test_who_looks_again_at_the_alert_of_the_talk_goes_on_with_it(pair: Pair) -> None:
    await talks_with_sam(pair)
    await pair.stage.later(minutes=11)
    await pair.sam.write("ben je er nog?")
    await pair.ilse.tap("Bekijken", on=MORE)
    await pair.ilse.sees("ben je er nog?")
    await pair.ilse.write("Ja hoor")
    await pair.sam.sees("Ilse: Ja hoor")


async def test_a_handover_that_waits_for_a_talk_takes_no_words_that_come_long_after_the_last_answer(
    pair: Pair,
) -> None:
    """After half an hour the words go to nobody by themselves: not to the handover either, which «waits»."""
    noor = await noor_writes(pair)
    await begun(pair)
    await opens(pair, "Bekijken")
    await pair.ilse.tap("Antwoorden")
    await pair.ilse.sees("De overdracht wacht zolang.")
    await pair.ilse.write("Hoi Noor")
    await noor.sees("Ilse: Hoi Noor")
    await pair.stage.later(minutes=31)
    await pair.ilse.write("Nog even dit")
    await pair.ilse.sees(FOR_WHOM)


async def test_an_employers_message_that_is_opened_later_takes_the_words_from_both(pair: Pair) -> None:
    karin, code = await pair.stage.add("employer", "Karin")
    noor_id, _ = await add(pair, "Noor")
    await make_handover(pair.stage, noor_id, employer=karin, state="in_force")
    phone = pair.stage.phone("Karin")
    await phone.start(code)
    await pair.ilse.tap("Ja, dat klopt", on="Karin doet mee")
    await phone.sees("Welkom, Karin.")
    await pair.stage.later(hours=1)
    await phone.write("Noor is er niet")
    await phone.sees("Ilse krijgt uw bericht.")
    await talks_with_sam(pair)
    await begun(pair)
    await pair.ilse.tap("Bekijken", on="Er is nieuws over een deelnemer.")
    await pair.ilse.sees("Noor is er niet")
    await pair.ilse.write("Dat weet ik")
    await pair.ilse.sees(FOR_WHOM)
