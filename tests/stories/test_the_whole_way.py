"""The main job, once from end to end: two phones, a check-in, an alert, a reply (promises P4, P7, P8, P19)."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Pair
from tests.support.databases import Databases


@pytest.fixture
def database_url(databases: Databases) -> str:
    """This story is told on both databases, always."""
    return databases.url


async def join(pair: Pair) -> None:
    await pair.sam.tap("Nederlands")
    await pair.sam.sees("Wil je meedoen?")
    await pair.sam.tap("Ja")
    await pair.sam.sees("Fijn dat je meedoet")
    await pair.ilse.tap("Ja, dat klopt")


async def test_a_bad_month_brings_the_own_coach(invited: Pair) -> None:
    pair, stage = invited, invited.stage
    await join(pair)
    await stage.settled()
    pair.sam.reads_all()
    pair.ilse.reads_all()

    shown = await stage.shows(pair.participant)
    assert shown["state"] == "active"
    assert [one["flow"] for one in shown["moments"]] == ["monthly-checkin"]

    await stage.next_moment()
    await pair.sam.sees("Hoe gaat het op je werk?")
    await pair.sam.tap("Niet zo goed")
    await pair.sam.sees("Waar gaat het om?")
    await pair.sam.tap("Collega's of mijn baas")
    await pair.sam.sees("Wat heb je zelf al geprobeerd?")
    await pair.sam.write("met mijn collega gepraat")
    await pair.sam.sees("Een kleine stap kan al helpen.")
    await pair.sam.sees("Hoeveel energie")
    await pair.sam.tap("Gaat wel")
    await pair.sam.sees("Elke keer vraag ik ook naar iets anders.")
    await stage.settled()
    await pair.sam.tap("Overslaan")
    await pair.sam.sees("Zal Ilse je bellen?")
    await pair.sam.tap("Ja graag")
    await pair.sam.sees("Wat wil je Ilse nog vertellen?")
    await pair.sam.write("Mijn baas is boos op mij")
    await pair.sam.sees("hoor je mij weer")

    announcement = await pair.ilse.sees("Er is een nieuwe melding.")
    assert "Sam" not in announcement.text
    await pair.ilse.tap("Bekijken")
    alert = await pair.ilse.sees("Geeft het werk een 2 van 5.")
    assert "Wil gebeld worden." in alert.text
    await pair.ilse.tap("Ik bel vandaag")
    await pair.ilse.sees("Verstuurd aan Sam")
    await pair.sam.sees("Ilse: Ik bel je vandaag.")

    await pair.ilse.tap("Sluiten")
    await pair.ilse.sees("is gesloten.")
    await pair.sam.write("Fijn dat je belde")
    await pair.sam.sees("Ilse krijgt dit bericht")
    await pair.ilse.sees("Er is een nieuwe melding.")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("Fijn dat je belde")
    await pair.ilse.tap("Antwoorden")
    await pair.ilse.sees("Typ je bericht voor Sam.")
    await pair.ilse.write("Graag gedaan. Tot morgen")
    await pair.sam.sees("Ilse: Graag gedaan. Tot morgen")
    await pair.sam.write("Tot morgen")
    await pair.ilse.sees("Sam: Tot morgen")
    await pair.ilse.tap("Gesprek sluiten")
    await pair.sam.sees("Ilse heeft het gesprek afgerond.")

    shown = await stage.shows(pair.participant)
    answers = {one["step"]: one["value"] for one in shown["answers"] if one["flow"] == "monthly-checkin"}
    assert answers["work"] == 2
    assert answers["more"] == "Mijn baas is boos op mij"
    assert shown["alerts"] == []
    assert [one["outcome"] for one in shown["messages"]] == ["delivered", "with coach", "delivered", "with coach"]
