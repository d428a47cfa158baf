"""The oracle finds planted mistakes and leaves good calls alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.demo.standin.files import Upload
from bot.demo.standin.record import Request
from tests.support import oracle

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def request(method: str, files: dict[str, Upload] | None = None, **parameters: Any) -> Request:
    return Request(1, method, parameters, files or {}, NOW)


def buttons(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Ja"} | button]]}


COMMAND = {"command": "pauze", "description": "een tijd geen vragen"}
GOOD = {"chat_id": 7, "text": "Hoi", "protect_content": True}
CALENDAR = {"document": Upload("afspraken.ics", b"BEGIN:VCALENDAR", "text/calendar")}
PAGE = {"document": Upload("afspraken.ics", b"<html>", "text/html")}
LETTER = {"document": Upload("brief.pdf", b"%PDF", "text/calendar")}
UPLOAD = {"photo": Upload("qr.png", b"png", "image/png")}


@pytest.mark.parametrize(
    "good",
    [
        request("sendMessage", **GOOD, reply_markup=buttons(callback_data="x" * 64)),
        request("sendMessage", **GOOD, link_preview_options={"is_disabled": True}),
        request("sendMessage", **GOOD | {"text": "https://t.me/bot?start=" + "a" * 64}),
        request("sendMessage", **GOOD | {"text": "é" * 4096}),
        request("sendPhoto", UPLOAD, chat_id="7", caption="{niet JSON", protect_content="true"),
        request("sendPhoto", UPLOAD, chat_id="7", protect_content="true", reply_markup='{"inline_keyboard": []}'),
        request("sendVoice", chat_id=7, voice="file", protect_content=True),
        request("sendDocument", CALENDAR, chat_id="7", caption="Je afspraken", protect_content="false"),
        request("sendDocument", LETTER, chat_id="7", protect_content="true"),
        request("editMessageText", chat_id=7, message_id=1, text="Dag"),
        request("getUpdates", offset=5, timeout=50, allowed_updates=["message"]),
        request("answerCallbackQuery", callback_query_id="1"),
        request("leaveChat", chat_id=-5),
        request("sendChatAction", chat_id=7, action="typing"),
        request("getMe"),
        request("setMyCommands", commands=[COMMAND], scope={"type": "default"}, language_code=""),
        request("setMyCommands", commands=[COMMAND], scope={"type": "chat", "chat_id": 7}, language_code=""),
    ],
    ids=lambda request: request.method,
)
def test_a_good_call_has_no_complaint(good: Request) -> None:
    assert oracle.check([good]) == []


@pytest.mark.parametrize(
    ("mistake", "complaint"),
    [
        (request("sendMesage", **GOOD), "no such method"),
        (request("setMyCommands", commands=[COMMAND | {"command": "x" * 33}]), "command: 33 characters"),
        (request("setMyCommands", commands=[COMMAND], scope={"type": "nobody"}), "scope"),
        (request("setMyCommands", commands=[COMMAND | {"says": "x"}]), "says: there is no"),
        (request("sendMessage", **GOOD | {"text": "x" * 4097}), "text: 4097 characters"),
        (request("sendMessage", **GOOD | {"text": ""}), "text: 0 characters"),
        (request("sendMessage", **GOOD | {"text": 5}), "text: Input should be a valid string"),
        (request("sendMessage", chat_id=7, protect_content=True), "text: Field required"),
        (request("sendMessage", **GOOD, reply_markup=buttons(callback_data="x" * 80)), "callback_data: 80 bytes"),
        (request("sendMessage", **GOOD, reply_markup=buttons(callback_data="ب" * 40)), "callback_data: 80 bytes"),
        (request("sendMessage", **GOOD, reply_markup=buttons(calback_data="x")), "calback_data: there is no"),
        (request("sendMessage", **GOOD, reply_markup={"inline_keyboard": [{"text": "Ja"}]}), "reply_markup"),
        (request("sendMessage", **GOOD, link_preview_options={"disabled": True}), "disabled: there is no"),
        (request("sendMessage", **GOOD, disable_notifications=True), "disable_notifications: there is no"),
        (request("editMessageText", chat_id=7, message_id="1", text="Dag"), "message_id: Input should be"),
        (request("sendPhoto", UPLOAD, chat_id="7", caption="x" * 1025, protect_content="true"), "caption: 1025"),
        (request("answerCallbackQuery", callback_query_id="1", text="x" * 201), "text: 201 characters"),
        (request("sendMessage", **GOOD | {"text": "https://t.me/b?start=" + "a" * 65}), "start payload"),
        (request("sendMessage", **GOOD, reply_markup=buttons(url="https://t.me/b?start=a.b")), "start payload"),
        (request("sendMessage", **GOOD | {"chat_id": -7}), "speaks in a group"),
        (request("sendMessage", chat_id=7, text="Hoi"), "protect_content is not true"),
        (request("sendVoice", chat_id=7, voice="f", protect_content=False), "protect_content is not true"),
        (request("sendDocument", LETTER, chat_id="7", protect_content="false"), "protect_content is not true"),
        (request("sendDocument", PAGE, chat_id="7", protect_content="false"), "protect_content is not true"),
        (request("sendDocument", chat_id=7, document="f.ics", protect_content=False), "protect_content is not true"),
        (request("sendPhoto", CALENDAR | UPLOAD, chat_id="7", protect_content="false"), "protect_content is not true"),
        (request("sendDocument", CALENDAR, chat_id="7", caption="x" * 1025, protect_content="false"), "caption: 1025"),
        (request("sendDocument", CALENDAR, chat_id="-7", protect_content="false"), "speaks in a group"),
        (request("editMessageText", chat_id=7, message_id=1, text="a", parse_mode="HTML"), "parse_mode is given"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_planted_mistake_is_found(mistake: Request, complaint: str) -> None:
    assert any(complaint in found for found in oracle.check([mistake])), oracle.check([mistake])


def test_a_limit_is_counted_after_markup_is_taken_out() -> None:
    long = request("sendMessage", **GOOD | {"text": f"<b>{'x' * 4096}</b>"}, parse_mode="HTML")
    assert list(oracle.against_models(long)) == []
