"""What Telegram takes and what it refuses, in its own words."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from bot.demo.standin import Impossible, Telegram

NO_MARKUP = {"text": "Ja"}


@pytest.fixture(autouse=True)
def started(telegram: Telegram) -> None:
    telegram.start(7)


def keyboard(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Ja", **button}]]}


@pytest.mark.parametrize(
    ("method", "parameters", "why"),
    [
        ("sendMessage", {"text": ""}, "message text is empty"),
        ("sendMessage", {"text": " \n "}, "message text is empty"),
        ("sendMessage", {"text": "x" * 4097}, "message is too long"),
        ("sendMessage", {"text": "hoi", "chat_id": 99}, "chat not found"),
        ("sendMessage", {"text": "hoi", "chat_id": "@niemand"}, "chat not found"),
        ("sendMessage", {"text": "hoi", "chat_id": None}, "chat_id is empty"),
        ("sendMessage", {"text": "x", "reply_markup": keyboard(callback_data="x" * 65)}, "BUTTON_DATA_INVALID"),
        ("sendMessage", {"text": "x", "reply_markup": keyboard(callback_data="ب" * 33)}, "BUTTON_DATA_INVALID"),
        ("sendMessage", {"text": "x", "reply_markup": keyboard(callback_data="")}, "BUTTON_DATA_INVALID"),
        ("sendMessage", {"text": "x", "reply_markup": keyboard()}, "Text buttons are unallowed"),
        ("sendMessage", {"text": "x", "reply_markup": keyboard(url="nee")}, "Wrong HTTP URL"),
        ("sendMessage", {"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ("sendMessage", {"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ("sendMessage", {"text": "<b>hoi", "parse_mode": "HTML"}, 'Can\'t find end tag corresponding to start tag "b"'),
        ("sendMessage", {"text": "a<b>b</i>", "parse_mode": "HTML"}, "Unmatched end tag at byte offset 5"),
        ("sendMessage", {"text": "<p>b</p>", "parse_mode": "HTML"}, 'Unsupported start tag "p" at byte offset 0'),
        ("sendMessage", {"text": "a</b>", "parse_mode": "HTML"}, "Unexpected end tag at byte offset 1"),
        ("sendMessage", {"text": "1 < 2", "parse_mode": "HTML"}, "can't parse entities"),
        ("sendMessage", {"text": "<b> </b>", "parse_mode": "HTML"}, "message text is empty"),
        ("editMessageText", {"message_id": 99, "text": "x"}, "message to edit not found"),
        ("editMessageText", {"message_id": 1, "text": "x"}, "message can't be edited"),
        ("deleteMessage", {"message_id": 99}, "message to delete not found"),
        ("sendVoice", {"voice": "nergens"}, "wrong file identifier/HTTP URL specified"),
        ("sendVoice", {}, "there is no voice in the request"),
        ("getFile", {"file_id": "nergens"}, "invalid file_id"),
        ("answerCallbackQuery", {"callback_query_id": "9"}, "query is too old and response timeout expired"),
        ("leaveChat", {}, "chat member status can't be changed in private chats"),
    ],
)
async def test_a_bad_request_is_refused_in_telegrams_words(api, method, parameters, why) -> None:
    answer = await api(method, **{"chat_id": 7} | parameters)
    assert answer["error_code"] == 400
    assert answer["description"].startswith("Bad Request: ")
    assert why in answer["description"]


@pytest.mark.parametrize("length", [1, 4096])
async def test_a_text_of_any_right_length_is_sent(api, length) -> None:
    assert len((await api("sendMessage", chat_id=7, text="é" * length))["result"]["text"]) == length


async def test_who_never_pressed_start_cannot_be_reached(api, telegram) -> None:
    answer = await api("sendMessage", chat_id=8, text="hoi")
    assert (answer["error_code"], answer["description"]) == (
        403,
        "Forbidden: bot can't initiate conversation with a user",
    )


async def test_who_blocked_the_bot_cannot_be_reached_until_start_is_pressed_again(api, telegram) -> None:
    telegram.block(7)
    assert (await api("sendMessage", chat_id=7, text="hoi"))["description"] == "Forbidden: bot was blocked by the user"
    with pytest.raises(Impossible, match="unblock"):
        telegram.write(7, "hallo")
    telegram.start(7)
    assert (await api("sendMessage", chat_id=7, text="hoi"))["ok"]
    standing = [u["my_chat_member"]["new_chat_member"]["status"] for u in await api.updates() if "my_chat_member" in u]
    assert standing == ["kicked", "member"]


async def test_a_deleted_account_is_told(api, telegram) -> None:
    telegram.deactivate(7)
    assert (await api("sendMessage", chat_id=7, text="x"))["description"] == "Forbidden: user is deactivated"


async def test_a_group_can_be_left_and_then_not_be_spoken_to(api, telegram) -> None:
    telegram.add_to_group(7, -100, "Werk")
    update = next(u for u in await api.updates() if "my_chat_member" in u)
    assert update["my_chat_member"]["chat"]["type"] == "group"
    assert (await api("leaveChat", chat_id=-100))["result"] is True
    assert "bot is not a member" in (await api("sendMessage", chat_id=-100, text="x"))["description"]
    telegram.kick_from_group(7, -100)
    assert "bot was kicked from the group" in (await api("sendMessage", chat_id=-100, text="x"))["description"]


async def test_an_edit_must_change_something_and_takes_the_buttons_when_none_are_given(api, telegram) -> None:
    markup = keyboard(callback_data="ja")
    sent = (await api("sendMessage", chat_id=7, text="Gaat het?", reply_markup=markup))["result"]
    where = {"chat_id": 7, "message_id": sent["message_id"]}
    same = await api("editMessageText", **where, text="Gaat het?", reply_markup=markup)
    assert "message is not modified" in same["description"]
    assert (await api("editMessageText", **where, text="Mooi zo"))["result"]["text"] == "Mooi zo"
    (seen,) = telegram.read(7)[1:]
    assert (seen.text, seen.labels, seen.edited is not None) == ("Mooi zo", [], True)
    assert "message is not modified" in (await api("editMessageReplyMarkup", **where))["description"]


async def test_markup_becomes_plain_text_with_entities_in_utf16(api) -> None:
    sent = await api("sendMessage", chat_id=7, text="🙂 <b>hoi &amp; <i>dag</i></b>", parse_mode="HTML")
    assert sent["result"]["text"] == "🙂 hoi & dag"
    assert sent["result"]["entities"] == [
        {"type": "bold", "offset": 3, "length": 9},
        {"type": "italic", "offset": 9, "length": 3},
    ]


async def test_a_reply_and_protection_are_told(api) -> None:
    sent = await api("sendMessage", chat_id=7, text="x", protect_content=True, reply_parameters={"message_id": 1})
    assert sent["result"]["has_protected_content"] is True
    assert sent["result"]["reply_to_message"]["text"] == "/start"


async def test_a_tap_is_answered_once_and_in_time(api, telegram) -> None:
    await api("sendMessage", chat_id=7, text="x", reply_markup=keyboard(callback_data="ja"))
    query = telegram.tap(7, "Ja")
    assert (await api("answerCallbackQuery", callback_query_id=query, text="Dank je"))["ok"]
    assert telegram.notice(7) == "Dank je"
    assert "too old" in (await api("answerCallbackQuery", callback_query_id=query))["description"]
    late = telegram.tap(7, data="ja")
    telegram.move_clock(151)
    assert "too old" in (await api("answerCallbackQuery", callback_query_id=late))["description"]


async def test_a_file_is_sent_by_id_fetched_and_must_be_of_its_kind(api, telegram) -> None:
    telegram.send(7, "voice", content=b"Ogg")
    voice = (await api.updates())[-1]["message"]["voice"]["file_id"]
    sent = await api("sendVoice", chat_id=7, voice=voice, caption="Van Sam")
    assert sent["result"]["voice"]["file_id"] == voice
    wrong = await api("sendPhoto", chat_id=7, photo=voice)
    assert wrong["description"] == "Bad Request: can't use file of type Voice as Photo"
    path = (await api("getFile", file_id=voice))["result"]["file_path"]
    async with api.session.get(f"{api.url}/file/bot{api.token}/{path}") as answer:
        assert (answer.status, await answer.read()) == (200, b"Ogg")


async def test_forms_and_uploads_are_read(api, telegram) -> None:
    form = aiohttp.FormData({"chat_id": "7", "caption": "Scan", "protect_content": "true"})
    form.add_field("reply_markup", '{"inline_keyboard": [[{"text": "Ja", "callback_data": "ja"}]]}')
    form.add_field("photo", b"PNG", filename="qr.png", content_type="image/png")
    async with api.session.post(f"{api.url}/bot{api.token}/sendPhoto", data=form) as answer:
        assert (await answer.json())["ok"]
    message = telegram.read(7)[-1]
    assert (message.text, message.labels, message.protected) == ("Scan", ["Ja"], True)
    assert telegram.requests("sendPhoto")[-1].files["photo"].content == b"PNG"
    async with api.session.post(f"{api.url}/bot{api.token}/sendmessage", data={"chat_id": "7", "text": "x"}) as answer:
        assert (await answer.json())["ok"]


async def test_an_uploaded_document_keeps_its_name_and_can_be_fetched(api, telegram) -> None:
    form = aiohttp.FormData({"chat_id": "7", "caption": "Je afspraken", "protect_content": "false"})
    form.add_field("document", b"BEGIN:VCALENDAR", filename="afspraken.ics", content_type="text/calendar")
    async with api.session.post(f"{api.url}/bot{api.token}/sendDocument", data=form) as answer:
        document = (await answer.json())["result"]["document"]
    assert (document["file_name"], document["mime_type"], document["file_size"]) == (
        "afspraken.ics",
        "text/calendar",
        15,
    )
    (_, shown) = (await api.control("read", chat=7))[1]
    assert shown["media"] == {"kind": "document", "file_id": document["file_id"], "name": "afspraken.ics"}
    assert (shown["text"], shown["protected"]) == ("Je afspraken", False)
    path = (await api("getFile", file_id=document["file_id"]))["result"]["file_path"]
    assert path.endswith(".ics")
    async with api.session.get(f"{api.url}/file/bot{api.token}/{path}") as answer:
        assert (answer.content_type, await answer.read()) == ("text/calendar", b"BEGIN:VCALENDAR")


async def test_a_wrong_token_is_401_and_an_unknown_method_404(api) -> None:
    assert (await api("sendNothing"))["error_code"] == 404
    api.token = "1000:ander"
    assert (await api("getMe"))["description"] == "Unauthorized"


async def test_limits_hold_only_when_switched_on(api, telegram) -> None:
    for _ in range(10):
        assert (await api("sendMessage", chat_id=7, text="x"))["ok"]
    telegram.limits(True)
    statuses = [(await api("sendMessage", chat_id=7, text="x")) for _ in range(6)]
    assert [answer["ok"] for answer in statuses] == [True] * 5 + [False]
    assert statuses[-1]["error_code"] == 429
    assert statuses[-1]["parameters"] == {"retry_after": 1}
    telegram.move_clock(1)
    assert (await api("sendMessage", chat_id=7, text="x"))["ok"]


async def test_thirty_a_second_over_all_chats(api, telegram) -> None:
    telegram.limits(True)
    for user in range(1000, 1031):
        telegram.make_user(user, "Iemand")
        telegram.start(user)
    answers = [await api("sendMessage", chat_id=user, text="x") for user in range(1000, 1031)]
    assert sum(answer["ok"] for answer in answers) == 30
