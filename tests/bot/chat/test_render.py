"""What we ask of Telegram, held against aiogram's independent model of the Bot API."""

from __future__ import annotations

import base64
from typing import Any

import aiogram.methods
import pytest

from bot.chat.errors import Unsendable
from bot.chat.render import Call, render
from bot.turns.outgoing import Button, Outgoing

ROWS = (
    (Button("Ja", token="t" * 64), Button("Nee", token="n")),
    (Button("Lees", url="https://example.org"),),
)
PICTURE = base64.b64encode(b"\x89PNG...").decode()
CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
FILE = base64.b64encode(CALENDAR).decode()
LONG = "Een zin met woorden. " * 500


def _valid(call: Call) -> None:
    """The method exists and takes exactly these parameters."""
    model: Any = getattr(aiogram.methods, call.method[0].upper() + call.method[1:])
    assert set(call.parameters) <= set(model.model_fields)
    given = {**call.parameters, **dict.fromkeys(call.files, "attach://x")}
    model.model_validate(given)


@pytest.mark.parametrize(
    "outgoing",
    [
        Outgoing("send", "Hoi", ROWS),
        Outgoing("send", LONG, ROWS),
        Outgoing("edit", "Hoi", ROWS, message=7),
        Outgoing("edit", "", ROWS, message=7),
        Outgoing("edit", LONG, message=7),
        Outgoing("picture", "Scan dit", ROWS, picture=PICTURE),
        Outgoing("leave"),
        *(
            Outgoing("media", text, ROWS, media="file-id", media_kind=kind)
            for kind in "voice photo sticker video video_note animation audio document".split()  # noqa: SIM905
            for text in ("", "Van Sam", LONG)
        ),
    ],
    ids=lambda outgoing: f"{outgoing.kind}-{outgoing.media_kind}-{len(outgoing.text)}",
)
def test_every_outgoing_is_valid_for_the_bot_api_and_protected(outgoing: Outgoing) -> None:
    calls = render(outgoing, 42)
    for call in calls:
        _valid(call)
        assert call.parameters["chat_id"] == 42
        assert "parse_mode" not in call.parameters
        assert call.parameters.get("protect_content", not call.method.startswith("send"))
        assert len(call.parameters.get("text", "")) <= 4000
        assert len(call.parameters.get("caption", "")) <= 1024
    assert all("reply_markup" not in call.parameters for call in calls[:-1])
    assert ("reply_markup" in calls[-1].parameters) == bool(outgoing.rows)


@pytest.mark.parametrize("text", ["", "Je afspraken", LONG])
def test_a_calendar_is_uploaded_and_can_be_saved_but_nothing_else_is_let_go(text: str) -> None:
    """P19's one exception: what is protected cannot be saved by its reader."""
    first, *more = render(Outgoing("document", text, ROWS, document=FILE, file_name="afspraken.ics"), 42)
    for call in (first, *more):
        _valid(call)
        assert call.parameters["chat_id"] == 42
    assert first.method == "sendDocument"
    assert first.files == {"document": ("afspraken.ics", CALENDAR, "text/calendar")}
    assert first.parameters["protect_content"] is False
    assert [call.parameters["protect_content"] for call in more] == [True] * len(more)
    assert (first.parameters.get("caption", ""), bool(more)) == (("", True) if text == LONG else (text, False))
    assert "reply_markup" in (more or [first])[-1].parameters


@pytest.mark.parametrize("name", ["", "ics", "afspraken", "afspraken.pdf", "afspraken.ics.html"])
def test_no_other_file_of_our_own_making_is_sent(name: str) -> None:
    with pytest.raises(Unsendable, match="calendar"):
        render(Outgoing("document", "Hoi", document=FILE, file_name=name), 1)


def test_a_document_is_stored_and_read_back_and_what_was_stored_before_there_were_any_still_reads() -> None:
    outgoing = Outgoing("document", "Je afspraken", ROWS, document=FILE, file_name="afspraken.ics")
    assert Outgoing.from_json(outgoing.to_json()) == outgoing
    before = '{"kind":"send","text":"Hoi","rows":[],"message":null,"media":"","media_kind":"","silent":false,'
    assert Outgoing.from_json(before + '"picture":"","version":1}') == Outgoing("send", "Hoi")


def test_links_are_never_previewed() -> None:
    for outgoing in (Outgoing("send", LONG), Outgoing("edit", "Hoi", message=1)):
        for call in render(outgoing, 1):
            assert call.parameters["link_preview_options"] == {"is_disabled": True}


def test_a_text_without_room_in_a_caption_follows_in_messages_of_its_own() -> None:
    calls = render(Outgoing("media", "x" * 1025, ROWS, media="f", media_kind="voice"), 1)
    assert [call.method for call in calls] == ["sendVoice", "sendMessage"]
    calls = render(Outgoing("media", "x", media="f", media_kind="sticker"), 1)
    assert [call.method for call in calls] == ["sendSticker", "sendMessage"]


def test_a_silent_message_arrives_without_a_sound() -> None:
    for call in render(Outgoing("send", LONG, ROWS, silent=True), 1):
        _valid(call)
        assert call.parameters["disable_notification"] is True
    (edit,) = render(Outgoing("edit", "Klaar", message=7, silent=True), 1)
    _valid(edit)


def test_an_edit_without_buttons_takes_the_old_ones_away() -> None:
    (call,) = render(Outgoing("edit", "Klaar", message=7), 1)
    assert "reply_markup" not in call.parameters


@pytest.mark.parametrize("token", ["", "x" * 65, "é" * 33])
def test_a_button_token_that_telegram_would_refuse_is_refused_here(token: str) -> None:
    with pytest.raises(Unsendable):
        render(Outgoing("send", "Hoi", ((Button("Ja", token=token),),)), 1)


def test_a_medium_without_a_method_is_refused_here() -> None:
    with pytest.raises(Unsendable):
        render(Outgoing("media", media="f", media_kind="hologram"), 1)
