"""What people do, as the bot gets it, and the phones that tests do it with."""

from __future__ import annotations

import re

import pytest

from bot.demo.standin import Impossible
from tests.support.phones import Phone

BUTTONS = {"inline_keyboard": [[{"text": "Ja", "callback_data": "a"}, {"text": "Nee", "callback_data": "b"}]]}


async def test_a_deep_link_is_a_start_with_its_code(api, telegram) -> None:
    telegram.start(7, "Ab-1_")
    (update,) = await api.updates()
    assert update["message"] == {
        "message_id": 1,
        "from": {"id": 7, "is_bot": False, "first_name": "Sam", "language_code": "nl"},
        "chat": {"id": 7, "type": "private", "first_name": "Sam"},
        "date": 1795428000,
        "text": "/start Ab-1_",
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
    }


@pytest.mark.parametrize("code", ["a" * 65, "a b", "é"])
def test_a_wrong_code_makes_no_link(telegram, code) -> None:
    with pytest.raises(Impossible):
        telegram.start(7, code)


@pytest.mark.parametrize(
    "kind",
    ["voice", "photo", "video", "video_note", "animation", "audio", "document", "sticker", "contact", "location",
     "venue", "dice", "poll", "story", "hologram"],
)  # fmt: skip
async def test_every_kind_of_message_can_be_sent(api, telegram, kind) -> None:
    telegram.send(7, kind, forwarded_from="Oma")
    message = (await api.updates())[-1]["message"]
    assert kind in message
    assert message["forward_origin"]["sender_user_name"] == "Oma"


async def test_message_ids_are_per_chat(telegram) -> None:
    assert [telegram.write(user, "x").id for user in (7, 7, 8)] == [1, 2, 1]


async def test_a_tap_carries_the_message_and_the_data(api, telegram) -> None:
    telegram.start(7)
    await api("sendMessage", chat_id=7, text="Gaat het?", reply_markup=BUTTONS)
    query = telegram.tap(7, "Nee")
    tap = (await api.updates())[-1]["callback_query"]
    assert (tap["id"], tap["data"], tap["from"]["id"]) == (query, "b", 7)
    assert tap["message"]["text"] == "Gaat het?"
    with pytest.raises(Impossible, match="no button"):
        telegram.tap(7, "Misschien")


async def test_a_phone_taps_reads_and_replies(api, telegram) -> None:
    anna = Phone(telegram, 9, "Anna")
    await anna.start()
    await api("sendMessage", chat_id=9, text="Gaat het?\nZeg het maar.", reply_markup=BUTTONS)
    assert (await anna.sees("Gaat het?")).labels == ["Ja", "Nee"]
    await anna.tap("Ja", on="Gaat het?")
    await anna.reply("Gaat het?", "Prima")
    assert anna.last.text.startswith("Gaat het?")
    updates = await api.updates()
    assert updates[-1]["message"]["reply_to_message"]["message_id"] == 2
    assert anna.screen().splitlines() == [
        "── Anna ".ljust(60, "─"),
        "    Anna  /start",
        "     bot  Gaat het?",
        "          Zeg het maar.",
        "          [Ja] [Nee]",
        "    Anna  Prima ↩",
    ]


async def test_a_phone_sees_each_message_once_and_an_edit_anew(api, telegram) -> None:
    anna = Phone(telegram, 9, "Anna")
    await anna.start()
    for text in ("Dag Anna", "Dank je wel"):
        await api("sendMessage", chat_id=9, text=text)
    await anna.sees("Dank je wel")
    await anna.sees(re.compile("^Dag"))
    with pytest.raises(AssertionError, match=r"Anna: does not see 'Dank je wel' within 0 s\n── Anna"):
        await anna.sees("Dank je wel", timeout=0)
    await api("editMessageText", chat_id=9, message_id=3, text="Dank je wel!")
    assert (await anna.sees("Dank je wel")).edited is not None
    await api("editMessageReplyMarkup", chat_id=9, message_id=2, reply_markup=BUTTONS)
    assert anna.unread == []
