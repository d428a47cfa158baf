"""Three parties agree: each reads its own view and decides item by item; what somebody takes back is gone at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.storage import alerts as alert_rows
from bot.storage import messages, people
from bot.storage.handovers import Agreement
from bot.storage.tables import consent
from bot.turns.handover import agreeing, making_employer, sharing, unread
from bot.turns.turn import Turn
from tests.stories.conftest import Pair, Trio
from tests.support.handovers import HOURS, ITEMS, MONEY, SICK, Made, case_of, item, make_handover, offer, redraft
from tests.support.phones import Phone

SHARING = "Karin mag alleen zien wat jij goed vindt."
WHOLE = "Dat was alles. Klopt het zo?"
READY = "Ilse heeft afspraken voor je klaargezet."
READY_EMPLOYER = "Ilse heeft afspraken voor u klaargezet."
IN_FORCE = "Deze afspraken gelden nu."


@dataclass
class Three(Trio):
    """Ilse, Sam and Karin, and one placement with a handover that lies ready as a draft."""

    karin: Phone
    employer: int
    code: str
    made: Made

    async def join(self) -> None:
        """Karin scans the code, and the coach says it is her."""
        await self.karin.start(self.code)
        await self.karin.sees("Welkom.")
        await self.ilse.tap("Ja, dat klopt", on="Karin doet mee")
        await self.ilse.sees("Dan weet ik dat het Karin is")
        await self.quiet()

    async def quiet(self) -> None:
        """Everybody read everything."""
        await self.pair.stage.settled()
        for phone in (self.sam, self.ilse, self.karin):
            phone.reads_all()

    async def offer(self) -> None:
        await offer(self.pair.stage, self.made.placement)

    async def sam_agrees(self, share: str = "Alles delen") -> None:
        """Sam reads, shares, and says yes to every task and to the whole."""
        await self.sam.sees(READY)
        await self.sam.tap("Lezen")
        await self.sam.sees(SHARING)
        await self.sam.tap(share)
        await self.sam.tap("Ja, klopt")
        await self.sam.tap("Ja, dit klopt")

    async def karin_agrees(self) -> None:
        await self.karin.sees(READY_EMPLOYER)
        await self.karin.tap("Lezen")
        await self.karin.tap("Ja, klopt")
        await self.karin.tap("Ja")
        await self.karin.tap("Ja, dit klopt")
        await self.pair.stage.settled()

    async def both_agree(self) -> None:
        await self.offer()
        await self.sam_agrees()
        await self.karin_agrees()
        await self.sam.sees(IN_FORCE)
        await self.quiet()

    async def state(self) -> str:
        found = await case_of(self.pair.stage, self.made.placement)
        newest = found.in_making or found.in_force
        assert newest is not None
        return newest.handover.state

    async def shares(self) -> None:
        """Sam asks what the employer sees, as the script's effect `show shared` does."""
        stage = self.pair.stage

        async def work(tx: Any) -> None:
            turn = Turn(tx, stage.setting.now(), stage.running.services)
            who = await people.by_id(tx, turn.services.keyring, self.pair.participant)
            assert who is not None
            await sharing.shared(turn, who)

        await stage.write(work)
        stage.running.sender.wake()

    def seen_by_karin(self) -> str:
        """All that stands on Karin's screen now."""
        return "\n".join(message.text for message in self.karin.messages)


async def make_three(pair: Pair, items: Sequence[Agreement] = ITEMS) -> Three:
    employer, code = await pair.stage.add("employer", "Karin")
    made = await make_handover(pair.stage, pair.participant, employer=employer, items=items)
    return Three(pair, pair.stage.phone("Karin"), employer, code, made)


@pytest.fixture
async def waiting(pair: Pair) -> Three:
    """Karin was not invited yet."""
    return await make_three(pair)


@pytest.fixture
async def three(waiting: Three) -> Three:
    await waiting.join()
    return waiting


# ---- the whole way


async def test_participant_and_employer_read_decide_and_agree_and_then_it_counts(three: Three) -> None:
    await three.offer()
    line = await three.sam.sees(READY)
    assert line.labels == ["Lezen"]
    assert three.karin.unread == []
    await three.sam.tap("Lezen")
    shown = await three.sam.sees("Je afspraken over het werk bij Bakkerij Vos:")
    for text in ("Uren en werktijden: 24 uur in de week", "Wie: Karin", "Wie: jij", "Opnieuw bekijken:", "zorgtoeslag"):
        assert text in shown.text
    assert "050-1234" not in shown.text  # Karin was not asked yet
    asked = await three.sam.sees(SHARING)
    assert "• Uren en werktijden\n• Ziek melden" in asked.text
    assert "geldzaken" not in asked.text
    await three.sam.tap("Alles delen")
    await three.sam.sees("Dit is jouw taak:")
    await three.sam.tap("Ja, klopt")
    await three.sam.sees(WHOLE)
    await three.sam.tap("Ja, dit klopt")
    await three.sam.sees("Je krijgt een bericht als de afspraken gelden.")
    assert await three.state() == "offered"

    await three.karin.sees(READY_EMPLOYER)
    await three.karin.tap("Lezen")
    view = await three.karin.sees("De afspraken met Sam. U ziet alleen wat Sam met u deelt.")
    assert "24 uur" in view.text
    assert "zorgtoeslag" not in view.text
    await three.karin.sees("Dit is uw taak:")
    await three.karin.tap("Ja, klopt")
    number = await three.karin.sees("Mag Sam dit telefoonnummer zien, om zich ziek te melden?")
    assert "050-1234" in number.text
    await three.karin.tap("Ja")
    await three.karin.tap("Ja, dit klopt")

    await three.sam.sees(IN_FORCE)
    await three.karin.sees("De afspraken met Sam gelden nu.")
    await three.ilse.sees("De afspraken met Sam gelden nu.")
    found = await case_of(three.pair.stage, three.made.placement)
    assert found.in_force is not None
    assert found.in_making is None
    number_item = found.in_force.participant_sees()[1]
    assert number_item.details["number"] == "050-1234"


async def test_somebody_who_is_not_looking_sees_only_a_neutral_line(three: Three) -> None:
    await three.pair.stage.later(hours=1)
    await three.offer()
    await three.pair.stage.settled()
    assert [message.text for message in three.sam.reads_all()] == [READY]
    await three.sam.tap("Lezen")
    await three.sam.sees("24 uur in de week")


async def test_one_by_one_each_item_is_a_question_and_a_no_has_no_consequence(three: Three) -> None:
    await three.offer()
    await three.sam.sees(READY)
    await three.sam.tap("Lezen")
    await three.sam.tap("Eén voor één")
    await three.sam.sees("Mag Karin dit zien?\n\nUren en werktijden: 24 uur")
    await three.sam.tap("Nee")
    await three.sam.sees("✓ Nee. Dat is goed en heeft geen gevolgen.")
    await three.sam.sees("Mag Karin dit zien?\n\nZiek melden: Bel bij ziekte")
    await three.sam.tap("Ja")
    await three.sam.tap("Ja, klopt")
    await three.sam.tap("Ja, dit klopt")
    await three.karin.sees(READY_EMPLOYER)
    await three.karin.tap("Lezen")
    await three.karin.sees("Mag Sam dit telefoonnummer zien")
    await three.pair.stage.settled()
    assert "24 uur" not in three.seen_by_karin()


async def test_who_shares_nothing_has_agreements_of_two_and_the_employer_hears_nothing(three: Three) -> None:
    await three.offer()
    await three.sam_agrees("Niets delen")
    await three.sam.sees(IN_FORCE)
    await three.pair.stage.settled()
    assert three.karin.unread == []
    await three.karin.write("/afspraken")
    await three.karin.sees("Er zijn nu geen afspraken die u kunt lezen.")


async def test_without_an_employer_participant_and_coach_agree(pair: Pair) -> None:
    made = await make_handover(pair.stage, pair.participant)
    await offer(pair.stage, made.placement)
    await pair.sam.sees(READY)
    await pair.sam.tap("Lezen")
    shown = await pair.sam.sees("Je afspraken")
    assert "050-1234" in shown.text  # the coach wrote it down, and there is nobody else to ask
    await pair.sam.tap("Ja, klopt")
    await pair.sam.tap("Ja, dit klopt")
    await pair.sam.sees(IN_FORCE)


async def test_the_answers_may_come_days_later(three: Three) -> None:
    await three.offer()
    await three.sam.sees(READY)
    await three.sam.tap("Lezen")
    await three.sam.sees(SHARING)
    await three.pair.stage.later(days=2)
    await three.sam.tap("Alles delen")
    await three.pair.stage.later(days=2)
    await three.sam.tap("Ja, klopt")
    await three.pair.stage.later(days=2)
    await three.sam.tap("Ja, dit klopt")
    await three.karin.sees(READY_EMPLOYER)


async def test_an_employer_who_joins_later_begins_by_joining(waiting: Three) -> None:
    await waiting.offer()
    await waiting.sam_agrees()
    await waiting.ilse.sees("Karin is nog niet aangemeld.")
    await waiting.karin.start(waiting.code)
    await waiting.ilse.tap("Ja, dat klopt", on="Karin doet mee")
    await waiting.karin_agrees()
    assert await waiting.state() == "in_force"


async def test_whoever_used_the_code_reads_nothing_before_the_coach_said_who_it_is(waiting: Three) -> None:
    await waiting.karin.start(waiting.code)
    await waiting.karin.sees("Welkom.")
    await waiting.offer()
    await waiting.sam_agrees()
    await waiting.ilse.sees("Zeg eerst of de goede persoon de code gebruikte.")
    await waiting.karin.write("/afspraken")
    await waiting.karin.sees("De coach kijkt eerst of de goede persoon is aangemeld.")
    await waiting.pair.stage.later(days=3)
    await waiting.pair.stage.settled()
    assert all(READY_EMPLOYER not in one.text and HOURS.text not in one.text for one in waiting.karin.messages)
    await waiting.ilse.tap("Ja, dat klopt", on="Zeg eerst of de goede persoon")
    await waiting.karin_agrees()
    assert await waiting.state() == "in_force"


async def test_what_was_shared_with_one_contact_person_is_asked_anew_for_the_next(three: Three) -> None:
    await three.offer()
    await three.sam_agrees()
    await three.karin_agrees()
    stage = three.pair.stage
    piet, code = await stage.add("employer", "Piet")

    async def tie(tx: Any) -> None:
        turn = Turn(tx, stage.setting.now(), stage.running.services)
        await making_employer.tie(turn, three.made.placement, piet)

    await stage.write(tie)
    phone = stage.phone("Piet")
    await phone.start(code)
    await three.ilse.tap("Ja, dat klopt", on="Piet doet mee")
    await three.ilse.sees("Dan weet ik dat het Piet is")
    await phone.write("/afspraken")
    await phone.sees("Er zijn nu geen afspraken die u kunt lezen.")
    assert (await case_of(stage, three.made.placement)).in_force.employer_sees() == ()  # type: ignore[union-attr]
    await three.quiet()
    await three.offer()
    await three.sam.tap("Lezen")
    await three.sam.sees("Piet mag alleen zien wat jij goed vindt.")
    await three.sam.tap("Niets delen")
    await three.sam.tap("Ja, dit klopt")
    await three.quiet()
    assert all(HOURS.text not in one.text for one in phone.messages)


async def test_a_participant_who_joins_later_begins_after_the_welcome(invited: Pair) -> None:
    made = await make_handover(invited.stage, invited.participant)
    participant, code = await invited.stage.add("participant", "Kim", invited.coach)
    made = await make_handover(invited.stage, participant)
    await offer(invited.stage, made.placement)
    await invited.ilse.sees("Kim is nog niet aangemeld.")
    kim = invited.stage.phone("Kim")
    await kim.start(code)
    await kim.tap("Nederlands")
    await kim.sees("Wil je meedoen?")
    assert all(READY not in message.text for message in kim.messages)
    await kim.tap("Ja")
    await kim.sees(READY)


# ---- no


async def test_a_participants_no_to_a_task_brings_it_back_to_the_coach_as_an_alert(three: Three) -> None:
    await three.offer()
    await three.sam.sees(READY)
    await three.sam.tap("Lezen")
    await three.sam.tap("Alles delen")
    await three.sam.tap("Nee, dit klopt niet")
    await three.sam.sees("Wat klopt er niet? Typ het hier.")
    assert await three.state() == "draft"
    await three.ilse.sees("Er is een nieuwe melding.")
    await three.sam.write("Ik bel liever de kantine")
    await three.sam.sees("Ilse krijgt dit bericht")
    await three.ilse.tap("Bekijken")
    shown = await three.ilse.sees("Zegt dat iets niet klopt: Ziek melden.")
    assert "Ik bel liever de kantine" in shown.text
    await three.offer()
    await three.sam.sees(READY)
    await three.sam.tap("Lezen")
    await three.sam.sees("Dit is jouw taak:")  # what was shared already is not asked again


async def test_an_employers_no_is_news_for_the_coach_and_no_alert_of_the_participant(three: Three) -> None:
    await three.offer()
    await three.sam_agrees()
    await three.karin.tap("Lezen")
    await three.karin.tap("Nee, dit klopt niet")
    await three.karin.sees("Wat klopt er niet? Typ het hier.")
    assert await three.state() == "draft"
    news = await three.ilse.sees("Karin zegt dat iets niet klopt in de afspraken met Sam: Uren en werktijden.")
    await three.karin.write("Het zijn 20 uur")
    await three.karin.sees("Ilse krijgt uw bericht.")
    async with three.pair.stage.running.storage.db.read() as conn:
        assert await alert_rows.open_one(conn, three.pair.participant) is None
    await three.ilse.reply(news, "Ik pas het aan")
    await three.karin.sees("Ilse: Ik pas het aan")


# ---- late, twice, old


async def test_a_tap_that_comes_twice_is_one_decision_and_leads_to_the_open_question(three: Three) -> None:
    await three.offer()
    await three.sam.sees(READY)
    await three.sam.tap("Lezen")
    await three.sam.tap("Eén voor één")
    first = await three.sam.sees("Mag Karin dit zien?\n\nUren")
    for label in ("Ja", "Nee"):
        three.sam.telegram.tap(three.sam.id, label, message=first.id)
    await three.sam.sees("Die knop is van een eerdere vraag.")
    await three.sam.sees("Mag Karin dit zien?\n\nZiek")
    assert three.sam.find("✓ Ja").labels == []
    async with three.pair.stage.running.storage.db.read() as conn:
        assert [row.decision for row in (await conn.execute(select(consent))).all()] == ["yes"]


async def test_what_was_rewritten_meanwhile_is_shown_anew_and_an_old_yes_does_not_count_for_it(three: Three) -> None:
    await three.offer()
    await three.sam_agrees()
    await three.karin.sees(READY_EMPLOYER)
    await three.karin.tap("Lezen")
    await three.karin.tap("Ja, klopt")
    await three.karin.tap("Ja")
    last = await three.karin.sees(WHOLE)
    await redraft(three.pair.stage, three.made.placement, replace(HOURS, text="40 uur in de week."))
    await three.pair.stage.later(minutes=1)
    await three.karin.tap("Ja, dit klopt", on=last)
    await three.karin.sees("Ilse werkt nog aan de afspraken.")
    assert await three.state() == "draft"
    await three.quiet()
    await three.offer()
    await three.sam.sees(READY)
    await three.sam.tap("Lezen")
    await three.sam.sees("Mag Karin dit zien?\n\nUren en werktijden: 40 uur")
    await three.sam.tap("Ja")
    await three.sam.tap("Ja, dit klopt")
    await three.karin.sees(READY_EMPLOYER)
    last = three.karin.find(WHOLE)
    await three.karin.tap("Lezen")
    await three.karin.sees("40 uur")
    await three.karin.sees("Dit is uw taak:")
    assert await three.state() == "offered"


async def test_a_whole_yes_from_an_earlier_offer_shows_the_new_one_instead(three: Three) -> None:
    await three.offer()
    await three.sam.sees(READY)
    await three.sam.tap("Lezen")
    old = await three.sam.sees(SHARING)
    extra = item("leave", "Verlof vraag je een week van tevoren aan.", "coach")
    await redraft(three.pair.stage, three.made.placement, extra)
    await three.pair.stage.later(minutes=1)
    await three.offer()
    await three.sam.sees(READY)
    await three.sam.tap("Alles delen", on=old)
    await three.sam.sees("De afspraken zijn intussen veranderd. Dit zijn ze nu.")
    asked = await three.sam.sees(SHARING)
    assert "Verlof" in asked.text
    async with three.pair.stage.running.storage.db.read() as conn:
        assert (await conn.execute(select(consent))).all() == []


async def test_of_a_new_version_only_what_changed_is_asked(three: Three) -> None:
    await three.both_agree()
    await redraft(three.pair.stage, three.made.placement, replace(HOURS, text="28 uur in de week."))
    await three.offer()
    await three.sam.sees(READY)
    await three.sam.tap("Lezen")
    shown = await three.sam.sees("Dit is er veranderd:")
    assert "Anders: Uren en werktijden: 28 uur" in shown.text
    await three.sam.sees("Mag Karin dit zien?\n\nUren en werktijden: 28 uur")
    assert (await case_of(three.pair.stage, three.made.placement)).in_force is not None  # the old one counts meanwhile
    await three.sam.tap("Ja")
    await three.sam.sees(WHOLE)
    await three.sam.tap("Ja, dit klopt")
    await three.karin.sees(READY_EMPLOYER)
    await three.karin.tap("Lezen")
    await three.karin.sees("Anders: Uren en werktijden: 28 uur")
    await three.karin.tap("Ja, klopt")
    await three.karin.tap("Ja, dit klopt")
    await three.sam.sees(IN_FORCE)


async def test_the_employer_is_not_bothered_with_a_change_behind_the_wall(three: Three) -> None:
    await three.both_agree()
    await redraft(three.pair.stage, three.made.placement, replace(MONEY, text="Sam vraagt huurtoeslag aan."))
    await three.offer()
    await three.sam.sees(READY)
    await three.sam.tap("Lezen")
    await three.sam.tap("Ja, dit klopt")
    await three.sam.sees(IN_FORCE)
    await three.pair.stage.settled()
    assert three.karin.unread == []


# ---- unread


async def test_who_does_not_read_gets_one_reminder_and_then_the_coach_hears_who_it_is(three: Three) -> None:
    await three.offer()
    await three.sam.sees(READY)
    await three.pair.stage.later(days=3, minutes=1)
    reminder = await three.sam.sees("Er liggen nog afspraken voor je klaar.")
    assert reminder.labels == ["Lezen"]
    assert three.ilse.unread == []
    await three.pair.stage.later(days=4)
    await three.ilse.sees("Er is nieuws over een deelnemer.")
    await three.ilse.tap("Bekijken")
    told = await three.ilse.sees("Sam heeft nog niet gereageerd op de afspraken.")
    assert told.labels == ["Opnieuw sturen"]
    await three.ilse.tap("Opnieuw sturen")
    await three.sam.sees(READY)
    await three.pair.stage.later(days=3, minutes=1)
    await three.sam.sees("Er liggen nog afspraken voor je klaar.")


@pytest.mark.parametrize("state", ["stopped", "closed"])
async def test_who_wants_no_planned_contact_is_not_reminded_and_the_coach_hears(three: Three, state: str) -> None:
    await three.offer()
    await three.sam.sees(READY)
    await three.pair.stage.write(lambda tx: people.change(tx, three.pair.participant, state=state))
    await three.pair.stage.later(days=3)
    await three.pair.stage.later(minutes=1)
    await three.ilse.sees("Er is nieuws over een deelnemer.")
    await three.ilse.tap("Bekijken")
    await three.ilse.sees("Sam heeft nog niet gereageerd op de afspraken.")
    await three.pair.stage.later(days=10)
    await three.pair.stage.settled()
    assert "Er liggen nog afspraken voor je klaar." not in three.sam.screen()


async def test_in_a_pause_the_reminder_waits_until_after_it(three: Three) -> None:
    await three.offer()
    await three.sam.sees(READY)
    last = (three.pair.stage.setting.at + timedelta(days=13)).date()
    await three.pair.stage.write(lambda tx: people.change(tx, three.pair.participant, paused_until=last))
    for _ in range(13):
        await three.pair.stage.later(days=1)
    await three.pair.stage.settled()
    assert "Er liggen nog afspraken voor je klaar." not in three.sam.screen()
    for _ in range(3):
        await three.pair.stage.later(days=1)
    await three.sam.sees("Er liggen nog afspraken voor je klaar.")


async def test_without_the_employer_the_agreements_of_the_other_two_count(three: Three) -> None:
    await three.offer()
    await three.sam_agrees()
    await three.karin.sees(READY_EMPLOYER)
    await three.karin.tap("Lezen")
    await three.karin.sees("De afspraken met Sam.")
    await three.pair.stage.later(days=3, minutes=1)
    await three.karin.sees("Er liggen nog afspraken voor u klaar.")
    await three.pair.stage.later(days=4)
    await three.ilse.tap("Bekijken")
    await three.ilse.sees("Karin heeft nog niet gereageerd op de afspraken.")
    await three.ilse.tap("Verder zonder werkgever")
    await three.ilse.sees("De werkgever leest niet meer mee")
    await three.pair.stage.settled()
    await three.sam.tap("Bekijken")
    found = await case_of(three.pair.stage, three.made.placement)
    assert found.in_force is not None
    assert found.employer is None
    assert "24 uur" not in three.seen_by_karin()
    await three.pair.stage.later(hours=2)
    await three.karin.write("hallo?")
    await three.karin.sees("We kennen elkaar nog niet.")


async def test_reading_begins_the_waiting_anew(three: Three) -> None:
    await three.offer()
    await three.sam.sees(READY)
    await three.pair.stage.later(days=2)
    await three.sam.tap("Lezen")
    await three.sam.sees(SHARING)
    await three.quiet()
    await three.pair.stage.later(days=2)
    assert three.sam.unread == []
    await three.pair.stage.later(days=2)  # on Monday: it was Sunday
    await three.sam.sees("Er liggen nog afspraken voor je klaar.")


async def test_nobody_is_reminded_once_it_counts(three: Three) -> None:
    await three.both_agree()
    await three.pair.stage.later(days=8)
    assert all("klaar" not in message.text for message in (*three.sam.unread, *three.karin.unread))


# ---- taking back


async def test_what_was_never_shared_is_not_shared_again_and_stopping_is_warned_of(three: Three) -> None:
    await three.offer()
    await three.sam_agrees("Niets delen")
    await three.shares()
    shown = await three.sam.sees("Dit deel je niet:")
    assert "Wel delen: Uren en werktijden" in shown.labels
    assert "Stop je met delen?" not in shown.text
    await three.sam.tap("Wel delen: Uren en werktijden")
    shown = await three.sam.sees("Dit deel je nu.")
    assert "Stop je met delen? Dan ziet Karin dat er iets is veranderd." in shown.text


async def test_an_employer_reads_about_a_call_to_themselves(three: Three) -> None:
    text = "Bel bij ziekte met Karin, voor 08:30."
    call = replace(SICK, text=text, details={"call": "Karin", "before": "08:30"})
    await redraft(three.pair.stage, three.made.placement, call)
    await three.offer()
    await three.sam.sees(READY)
    await three.sam.tap("Lezen")
    await three.sam.sees(text)
    await three.sam.tap("Alles delen")
    await three.sam.tap("Ja, klopt")
    await three.sam.tap("Ja, dit klopt")
    await three.karin.tap("Lezen")
    view = await three.karin.sees("Ziek melden: Sam belt u bij ziekte, voor 08:30.")
    assert "Karin" not in view.text


async def test_what_is_withdrawn_is_gone_at_once_from_view_and_screen(three: Three) -> None:
    await three.both_agree()
    await three.shares()
    shown = await three.sam.sees("Karin mag dit zien:\n• Uren en werktijden\n• Ziek melden")
    assert shown.labels == ["Niet meer delen: Uren en werktijden", "Niet meer delen: Ziek melden"]
    await three.sam.tap("Niet meer delen: Uren en werktijden")
    await three.sam.sees("Dit deel je niet meer. Dat is goed en heeft geen gevolgen.")
    await three.pair.stage.settled()
    assert "24 uur" not in three.seen_by_karin()
    await three.karin.sees("De afspraken zijn bijgewerkt. Typ /afspraken om ze te lezen.")
    await three.karin.write("/afspraken")
    view = await three.karin.sees("De afspraken met Sam.")
    assert "Ziek melden" in view.text
    assert "24 uur" not in view.text
    await three.sam.tap("Weer delen: Uren en werktijden")
    await three.sam.sees("Dit deel je nu.")
    await three.karin.write("/afspraken")
    await three.karin.sees("24 uur in de week")


@pytest.mark.parametrize("answered", [False, True])
async def test_a_long_item_that_is_withdrawn_is_gone_from_the_screen_to_its_first_word(
    pair: Pair, *, answered: bool
) -> None:
    """Telegram takes it in parts; and what is sent as the parts of one message can only be changed at its end."""
    words = "Eerst. " + "werken " * 575 + "Einde."
    three = await make_three(pair, [replace(HOURS, text=words), SICK])
    await three.join()
    await three.offer()
    await three.sam_agrees()
    await three.karin.sees(READY_EMPLOYER)
    await three.karin.tap("Lezen")
    await three.karin.sees("Klopt dat?")
    if answered:
        await three.karin.tap("Ja, klopt")
        await three.karin.sees("✓ Ja, klopt")
    for word in ("Eerst.", "Einde."):
        assert word in three.seen_by_karin()
    await three.shares()
    await three.sam.tap("Niet meer delen: Uren en werktijden")
    await three.sam.sees("Dit deel je niet meer.")
    await three.pair.stage.settled()
    for word in ("Eerst.", "werken", "Einde."):
        assert word not in three.seen_by_karin()


async def test_a_withdrawal_counts_in_the_version_that_is_being_made_too(three: Three) -> None:
    await three.both_agree()
    await redraft(three.pair.stage, three.made.placement, replace(SICK, text="Bel bij ziekte de kantine."))
    await three.shares()
    await three.sam.tap("Niet meer delen: Uren en werktijden")
    await three.sam.sees("Dit deel je niet meer.")
    found = await case_of(three.pair.stage, three.made.placement)
    assert found.in_making is not None
    assert [one.item for one in found.in_making.employer_sees()] == []
    await three.offer()
    await three.sam.sees(READY)
    await three.sam.tap("Lezen")
    await three.sam.sees("Mag Karin dit zien?\n\nZiek melden: Bel bij ziekte de kantine.")


async def test_an_employer_who_is_answering_gets_the_updated_view(three: Three) -> None:
    await three.offer()
    await three.sam_agrees()
    await three.karin.sees(READY_EMPLOYER)
    await three.karin.tap("Lezen")
    await three.karin.sees("Dit is uw taak:\n\nUren en werktijden: 24 uur")
    await three.shares()
    await three.sam.tap("Niet meer delen: Uren en werktijden")
    await three.sam.sees("Dit deel je niet meer.")
    await three.pair.stage.settled()
    assert "24 uur" not in three.seen_by_karin()
    await three.karin.write("/afspraken")
    await three.karin.sees("Mag Sam dit telefoonnummer zien")


async def test_the_last_item_withdrawn_lets_the_agreements_of_the_two_count(three: Three) -> None:
    await three.offer()
    await three.sam_agrees()
    await three.karin.sees(READY_EMPLOYER)
    await three.shares()
    await three.sam.tap("Niet meer delen: Uren en werktijden")
    await three.sam.sees("Dit deel je niet meer.")
    await three.sam.tap("Niet meer delen: Ziek melden")
    await three.sam.sees(IN_FORCE)
    await three.karin.tap("Lezen")
    await three.karin.sees("Er ligt nu niets voor u klaar.")


async def test_an_employer_takes_the_phone_number_back(three: Three) -> None:
    await three.both_agree()
    await three.karin.write("/afspraken")
    await three.karin.sees("U kunt kiezen of Sam het telefoonnummer ziet.")
    await three.karin.tap("Nummer niet meer delen")
    await three.karin.sees("De deelnemer ziet dit telefoonnummer niet meer.")
    found = await case_of(three.pair.stage, three.made.placement)
    assert found.in_force is not None
    assert all("number" not in one.details for one in found.in_force.participant_sees())
    await three.karin.tap("Nummer weer delen")
    await three.karin.sees("De deelnemer ziet dit telefoonnummer nu.")


# ---- employers


async def test_an_employers_words_reach_the_coach_and_the_answer_only_the_employer(three: Three) -> None:
    await three.pair.stage.later(hours=1)
    await three.karin.write("Kunt u mij bellen?")
    await three.karin.sees("Ilse krijgt uw bericht.")
    await three.ilse.sees("Er is nieuws over een deelnemer.")
    await three.ilse.tap("Bekijken")
    shown = await three.ilse.sees("Karin, de werkgever van Sam, schrijft:\n\nKunt u mij bellen?")
    await three.pair.stage.later(hours=1)
    await three.ilse.reply(shown, "Ik bel om vier uur")
    await three.ilse.sees("Verstuurd aan Karin.")
    await three.karin.sees("U heeft een bericht van Ilse.")
    await three.karin.tap("Bekijken")
    await three.karin.sees("Ilse: Ik bel om vier uur")
    await three.pair.stage.settled()
    assert three.sam.unread == []
    storage = three.pair.stage.running.storage
    async with storage.db.read() as conn:
        line = await messages.on_line(conn, await storage.keyring.of(conn, three.employer))
        sams = await messages.on_line(conn, await storage.keyring.of(conn, three.pair.participant))
    assert [(one.author, one.body) for one in line] == [
        ("employer", "Kunt u mij bellen?"),
        ("coach", "Ik bel om vier uur"),
    ]
    assert sams == []


async def test_a_coach_who_was_talking_with_the_participant_does_not_answer_the_employer_by_mistake(
    three: Three,
) -> None:
    await three.sam.write("hoi")
    await three.ilse.sees("Er is een nieuwe melding.")
    await three.ilse.tap("Bekijken")
    await three.ilse.tap("Antwoorden")
    await three.ilse.write("Hoi Sam")
    await three.sam.sees("Ilse: Hoi Sam")
    await three.karin.write("Hoe gaat het met Sam?")
    await three.ilse.sees("Hoe gaat het met Sam?")
    await three.ilse.write("Dat bespreken we morgen")
    await three.ilse.sees("Voor wie is dit bericht?")
    await three.pair.stage.settled()
    assert all("morgen" not in message.text for message in three.sam.messages)


async def test_an_employer_with_two_coaches_says_whom_it_is_about(three: Three) -> None:
    stage = three.pair.stage
    bert, bert_code = await stage.add("coach", "Bert")
    kim, _ = await stage.add("participant", "Kim", bert)
    await make_handover(stage, kim, employer=three.employer)
    phone = stage.phone("Bert")
    await phone.start(bert_code)
    await phone.sees("Welkom, Bert")
    await three.karin.write("Zij is er niet")
    asked = await three.karin.sees("Over wie gaat dit bericht?")
    assert asked.labels == ["Sam", "Kim"]
    await three.karin.tap("Kim")
    await three.karin.sees("Bert krijgt uw bericht.")
    await phone.sees("Zij is er niet")
    await stage.settled()
    assert three.ilse.unread == []
    await three.karin.tap("Sam", on=asked)
    await three.karin.sees("Dat bericht is al verstuurd.")


async def test_the_coach_hears_when_an_employer_blocks_the_assistant(three: Three) -> None:
    await three.karin.block()
    await three.ilse.sees("Karin is niet meer bereikbaar op Telegram.")
    await three.karin.unblock()
    await three.ilse.sees("Karin is weer bereikbaar op Telegram.")


async def test_the_coach_hears_that_telegram_refused_a_message_to_an_employer(three: Three) -> None:
    telegram = three.pair.stage.telegram
    telegram.fault("sendMessage", chat=three.karin.id, code=400, description="Bad Request: message is refused")
    await three.karin.send("voice")
    told = await three.ilse.sees("aan Karin kwam niet aan. Telegram nam het niet aan.")
    assert "1 december" in told.text


async def test_what_an_employer_sends_that_is_no_text_is_answered_politely(three: Three) -> None:
    await three.karin.send("voice")
    await three.karin.sees("Ik kan alleen getypte tekst doorsturen.")


async def test_the_employer_reads_the_agreements_again_per_placement(three: Three) -> None:
    await three.both_agree()
    stage = three.pair.stage
    kim, _ = await stage.add("participant", "Kim", three.pair.coach)
    await make_handover(stage, kim, employer=three.employer, state="in_force", items=[item("tasks", "Broodjes.")])
    await three.karin.write("/afspraken")
    await three.karin.sees("De afspraken met Sam.")
    other = await three.karin.sees("De afspraken met Kim.")
    assert "Broodjes." in other.text
    assert "24 uur" not in other.text


# ---- another contact person


async def turned(three: Three, work: Callable[[Turn], Awaitable[None]]) -> None:
    """Something that the coach does, in one turn."""
    stage = three.pair.stage
    await stage.write(lambda tx: work(Turn(tx, stage.setting.now(), stage.running.services)))
    stage.running.sender.wake()
    await three.pair.stage.settled()


async def takes_out(three: Three) -> None:
    """Agreements between two, from now on."""

    async def work(turn: Turn) -> None:
        case = await agreeing.again(turn, three.made.placement)
        assert case.coach is not None
        await unread.without_employer(turn, case.coach, case)

    await turned(three, work)


async def also_elsewhere(three: Three) -> None:
    """Karin is contact person of another participant too, so that she stays when she is taken out here."""
    noor, _ = await three.pair.stage.add("participant", "Noor", three.pair.coach)
    await make_handover(three.pair.stage, noor, employer=three.employer)


async def test_a_contact_person_who_comes_back_sees_nothing_before_it_is_shared_anew(three: Three) -> None:
    await also_elsewhere(three)
    await three.both_agree()
    await takes_out(three)
    await turned(three, lambda turn: making_employer.tie(turn, three.made.placement, three.employer))
    await three.ilse.sees("De contactpersoon van Sam is veranderd. Laat de afspraken opnieuw lezen.")
    await three.quiet()
    await three.karin.write("/afspraken")
    await three.karin.sees("Er zijn nu geen afspraken die u kunt lezen.")
    await three.offer()
    await three.sam.sees(READY)
    await three.sam.tap("Lezen")
    await three.sam.sees(SHARING)


@pytest.mark.parametrize("one_by_one", [False, True])
async def test_a_yes_that_was_asked_for_one_contact_person_opens_nothing_for_the_next(
    three: Three, one_by_one: bool
) -> None:
    await three.offer()
    await three.sam.sees(READY)
    await three.sam.tap("Lezen")
    asked = await three.sam.sees(SHARING)
    if one_by_one:
        await three.sam.tap("Eén voor één")
        asked = await three.sam.sees("Mag Karin dit zien?")
    await takes_out(three)
    bram, _ = await three.pair.stage.add("employer", "Bram")
    await turned(three, lambda turn: making_employer.tie(turn, three.made.placement, bram))
    assert await three.state() == "draft"
    await three.offer()
    await three.sam.tap("Ja" if one_by_one else "Alles delen", on=asked)
    await three.sam.sees("Die knop is van een eerdere vraag.")
    found = await case_of(three.pair.stage, three.made.placement)
    assert found.offered is not None
    assert found.offered.employer_sees() == ()


async def test_after_somebody_else_used_the_code_the_right_person_gets_to_read(waiting: Three) -> None:
    piet = waiting.pair.stage.phone("Piet")
    await piet.start(waiting.code)
    await waiting.offer()
    await waiting.sam_agrees()
    await waiting.pair.stage.settled()
    await waiting.ilse.tap("Dat is niet Karin")
    await waiting.ilse.sees("De contactpersoon van Sam is veranderd. Laat de afspraken opnieuw lezen.")
    fresh = await waiting.ilse.sees("Uitnodiging voor Karin")
    await waiting.karin.start(fresh.text.partition("?start=")[2].split()[0])
    await waiting.ilse.tap("Ja, dat klopt", on="Op Telegram heet deze persoon: Karin")
    await waiting.quiet()
    assert await waiting.state() == "draft"
    await waiting.pair.stage.later(minutes=1)
    await waiting.offer()
    await waiting.sam.sees(READY)
    await waiting.sam.tap("Lezen")
    await waiting.sam.sees(SHARING)
    await waiting.sam.tap("Alles delen")
    await waiting.sam.tap("Ja, dit klopt")
    await waiting.karin_agrees()
    assert await waiting.state() == "in_force"


@pytest.mark.parametrize("answer", ["Ja", "Nee"])
async def test_a_phone_number_stays_hidden_when_who_refused_it_is_gone(three: Three, answer: str) -> None:
    await three.offer()
    await three.sam_agrees()
    await three.karin.sees(READY_EMPLOYER)
    await three.karin.tap("Lezen")
    await three.karin.tap("Ja, klopt")
    await three.karin.sees("Mag Sam dit telefoonnummer zien")
    await three.karin.tap(answer)
    await three.karin.tap("Ja, dit klopt")
    await three.sam.sees(IN_FORCE)
    await takes_out(three)
    found = await case_of(three.pair.stage, three.made.placement)
    assert found.in_force is not None
    shown = {one.details.get("number") for one in found.in_force.participant_sees() if one.item == "sick"}
    assert shown == ({"050-1234"} if answer == "Ja" else {None})


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_of_somebody_who_is_forgotten_the_employer_keeps_nothing_on_the_screen(
    three: Three, elsewhere: bool
) -> None:
    if elsewhere:
        await also_elsewhere(three)
    await three.both_agree()
    assert "24 uur" in three.seen_by_karin()
    await three.sam.write("vergeet mij")
    await three.sam.tap("Ja, wis alles")
    await three.sam.sees("Alles over jou is gewist.")
    await three.pair.stage.settled()
    assert "24 uur" not in three.seen_by_karin()


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_what_was_on_its_way_to_the_employer_when_somebody_is_forgotten_is_taken_back_too(
    three: Three, elsewhere: bool
) -> None:
    if elsewhere:
        await also_elsewhere(three)
    await three.both_agree()
    telegram = three.pair.stage.telegram
    telegram.fault("sendMessage", how="delay", chat=three.karin.id)
    await three.karin.write("/afspraken")
    await telegram.until(lambda: telegram.faults.hanging or None)
    await three.sam.write("vergeet mij")
    await three.sam.tap("Ja, wis alles")
    await three.sam.sees("Alles over jou is gewist.")
    telegram.release()
    await telegram.until(lambda: all(one.status for one in telegram.requests("sendMessage", three.karin.id)) or None)
    await three.pair.stage.settled()
    assert "24 uur" not in three.seen_by_karin()


async def test_when_the_job_ends_the_employer_keeps_nothing_on_the_screen(three: Three) -> None:
    await three.both_agree()
    await three.sam.write("mijn baan is gestopt")
    await three.sam.sees("Hoe is je werk gestopt")
    await three.sam.tap("Anders")
    await three.sam.tap("Ja, het is gestopt")
    await three.ilse.sees("Het werk van Sam is gestopt.")
    await three.pair.stage.settled()
    assert "24 uur" not in three.seen_by_karin()


async def test_whoever_used_the_code_cannot_write_before_the_coach_said_who_it_is(waiting: Three) -> None:
    stage = waiting.pair.stage
    bert, _ = await stage.add("coach", "Bert")
    kim, _ = await stage.add("participant", "Kim", bert)
    await make_handover(stage, kim, employer=waiting.employer)
    await waiting.karin.start(waiting.code)
    await waiting.karin.write("Over wie gaat het?")
    await waiting.karin.sees("De coach kijkt eerst of de goede persoon is aangemeld.")
    await stage.settled()
    assert "Kim" not in waiting.karin.screen()
