"""P4, P7: a coach with more participants than one keyboard of Telegram holds (100 buttons) can choose every one."""

from __future__ import annotations

from bot.demo.standin.keyboards import MOST_BUTTONS
from bot.storage import people
from bot.storage.connection import Connection
from tests.stories.conftest import Pair
from tests.stories.test_few_announcements import add

MORE = "En verder:"


async def more(pair: Pair, count: int) -> list[str]:
    """So many more participants of this coach, who are here and were not confirmed yet; nobody has their phones."""
    keyring, now = pair.stage.running.storage.keyring, pair.stage.setting.now()
    names = [f"Nummer {number}" for number in range(count)]

    async def work(tx: Connection) -> None:
        for number, name in enumerate(names):
            made = await people.add(tx, keyring, "participant", name, "nl", now)
            await people.tie(tx, made, pair.coach, now)
            await people.change(tx, made, chat_id=9_000_000 + number)

    await pair.stage.write(work)
    return names


async def test_whatever_a_coach_chooses_from_is_there_to_the_last_participant(pair: Pair) -> None:
    names = await more(pair, MOST_BUTTONS)
    _, noor = await add(pair, "Noor")
    everybody = ["Sam", *names, "Noor"]
    assert len(everybody) > MOST_BUTTONS
    for words, asked in (
        ("/overdracht", "Van wie is de overdracht?"),
        ("/ladder", "Van wie wil je de ladder zien?"),
        ("/verwijzing", "Voor wie is de verwijzing?"),
        ("Hoe was je dag?", "Voor wie is dit bericht?"),
    ):
        await pair.ilse.write(words)
        first = await pair.ilse.sees(asked)
        rest = await pair.ilse.sees(MORE)
        assert first.labels + rest.labels == everybody
        assert len(first.labels) == 90
    await pair.ilse.tap("Noor", on=rest)
    await noor.sees("Ilse: Hoe was je dag?")
    await pair.ilse.write("/meldingen")
    first = await pair.ilse.sees("Open meldingen:")
    rest = await pair.ilse.sees(MORE)
    invited = [f"Nodig {name} uit" for name in names]
    assert [label for label in first.labels + rest.labels if label.startswith("Nodig")] == invited
    assert rest.labels[-1] == "Overdracht"


async def test_who_is_in_care_stands_before_those_whose_time_is_over(pair: Pair) -> None:
    await add(pair, "Noor")
    await pair.stage.write(lambda tx: people.change(tx, pair.participant, state="closed"))
    await pair.ilse.write("Hoe was je dag?")
    assert (await pair.ilse.sees("Voor wie is dit bericht?")).labels == ["Noor", "Sam"]
