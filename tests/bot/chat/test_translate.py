from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.translate import KINDS_ASKED, chat_of, translate, update_id_of
from bot.turns.inbound import Inbound

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SAM = {"id": 2**52 - 1, "is_bot": False, "first_name": "Sam", "last_name": "de Vries", "language_code": "nl"}
PRIVATE = {"id": 2**52 - 1, "type": "private", "first_name": "Sam"}
GROUP = {"id": -100123, "type": "supergroup", "title": "Team"}


def message(name: str = "message", **fields: Any) -> dict[str, Any]:
    base = {"message_id": 5, "date": 1_795_000_000, "chat": PRIVATE, "from": SAM}
    return {"update_id": 1, name: {**base, **fields}}


def read(raw: object) -> Inbound:
    return translate(raw, NOW)


def test_a_text_says_who_what_and_when() -> None:
    inbound = read(message(text="Hoi", reply_to_message={"message_id": 3}))
    assert inbound == Inbound(
        "text",
        2**52 - 1,
        datetime.fromtimestamp(1_795_000_000, UTC),
        text="Hoi",
        message=5,
        reply_to=3,
        name="Sam de Vries",
        language="nl",
    )


def test_a_command_is_a_text() -> None:
    assert read(message(text="/start abc")).text == "/start abc"


def test_a_tap_carries_the_token_the_message_and_the_query() -> None:
    raw = {
        "update_id": 1,
        "callback_query": {"id": "77", "from": SAM, "data": "tok", "message": message()["message"]},
    }
    inbound = read(raw)
    assert (inbound.kind, inbound.token, inbound.callback, inbound.message) == ("tap", "tok", "77", 5)
    assert (inbound.chat, inbound.at) == (2**52 - 1, NOW)


def test_a_tap_whose_message_is_gone_counts_for_who_tapped() -> None:
    raw = {"update_id": 1, "callback_query": {"id": "77", "from": SAM, "data": "tok"}}
    assert (read(raw).kind, read(raw).chat) == ("tap", 2**52 - 1)


@pytest.mark.parametrize(
    ("fields", "kind", "media_kind"),
    [
        ({"voice": {"file_id": "F"}}, "voice", "voice"),
        ({"photo": [{"file_id": "small"}, {"file_id": "F"}]}, "photo", "photo"),
        ({"sticker": {"file_id": "F"}}, "sticker", "sticker"),
        ({"video": {"file_id": "F"}}, "file", "video"),
        ({"video_note": {"file_id": "F"}}, "file", "video_note"),
        ({"audio": {"file_id": "F"}}, "file", "audio"),
        ({"document": {"file_id": "F"}}, "file", "document"),
        ({"animation": {"file_id": "F"}, "document": {"file_id": "G"}}, "file", "animation"),
    ],
)
def test_media_keep_their_file_their_caption_and_their_name(fields: dict[str, Any], kind: str, media_kind: str) -> None:
    inbound = read(message(**fields, caption="kijk"))
    assert (inbound.kind, inbound.media, inbound.media_kind, inbound.text) == (kind, "F", media_kind, "kijk")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"contact": {"phone_number": "0612345678", "first_name": "Noor"}}, "contact"),
        ({"location": {"latitude": 52.370216, "longitude": 4.895168}}, "location"),
        ({"venue": {"title": "Kliniek", "location": {"latitude": 52.370216}}}, "location"),
    ],
)
def test_of_a_contact_or_a_place_only_that_it_came_is_kept(fields: dict[str, Any], kind: str) -> None:
    inbound = read(message(**fields))
    assert inbound.kind == kind
    for told in ("0612345678", "Noor", "52.370216", "Kliniek"):
        assert told not in repr(inbound)


@pytest.mark.parametrize("name", ["poll", "dice", "story", "checklist", "pinned_message"])
def test_an_unknown_kind_is_named(name: str) -> None:
    inbound = read(message(**{name: {"x": 1}}))
    assert (inbound.kind, inbound.text) == ("unknown", name)


def test_an_edit_carries_the_new_words_and_its_own_time() -> None:
    inbound = read(message("edited_message", text="Hallo", edit_date=1_795_000_060))
    assert (inbound.kind, inbound.text, inbound.message) == ("edit", "Hallo", 5)
    assert inbound.at == datetime.fromtimestamp(1_795_000_060, UTC)


def test_an_edit_of_something_unknown_has_no_words() -> None:
    assert read(message("edited_message", poll={"id": "1"})).text == ""


@pytest.mark.parametrize("field", ["forward_origin", "forward_date", "via_bot"])
def test_words_of_somebody_else_are_marked(field: str) -> None:
    assert read(message(text="Hoi", **{field: {"type": "user"}})).forwarded
    assert not read(message(text="Hoi")).forwarded


@pytest.mark.parametrize(("status", "kind"), [("kicked", "blocked"), ("member", "unblocked")])
def test_blocking_and_unblocking_are_told(status: str, kind: str) -> None:
    inbound = read(message("my_chat_member", new_chat_member={"status": status}))
    assert (inbound.kind, inbound.text) == (kind, "")


@pytest.mark.parametrize(
    "raw",
    [
        message(text="geheim", chat=GROUP),
        message("edited_message", text="geheim", chat=GROUP),
        message("channel_post", text="geheim", chat={"id": -100123, "type": "channel"}),
        message("my_chat_member", chat=GROUP, new_chat_member={"status": "member"}),
        {"update_id": 1, "callback_query": {"id": "1", "data": "x", "from": SAM, "message": {"chat": GROUP}}},
        message(text="geheim", chat={"id": -100123}),
    ],
)
def test_whatever_comes_from_a_group_is_only_that_group(raw: dict[str, Any]) -> None:
    assert read(raw) == Inbound("group", -100123, NOW)


def test_a_group_that_we_left_says_so() -> None:
    raw = message("my_chat_member", chat=GROUP, new_chat_member={"status": "left"})
    assert read(raw) == Inbound("group", -100123, NOW, text="left")


def test_half_a_surrogate_and_a_nul_can_be_stored() -> None:
    inbound = read(message(text="a\ud83db\0c"))
    assert inbound.text == "a?bc"
    inbound.text.encode()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = [
    "id",
    "type",
    "chat",
    "from",
    "message",
    "data",
    "date",
    "edit_date",
    "text",
    "caption",
    "voice",
    "photo",
    "file_id",
    "contact",
    "location",
    "new_chat_member",
    "status",
    "first_name",
    "language_code",
    "forward_origin",
    "reply_to_message",
    "message_id",
    "sender_chat",
]
BODY = st.recursive(
    JSON,
    lambda inner: st.dictionaries(st.sampled_from(FIELDS), inner, max_size=8) | st.lists(inner, max_size=2),
    max_leaves=20,
)
UPDATE = st.dictionaries(st.sampled_from([*KINDS_ASKED, "update_id", "channel_post", "poll"]), BODY, max_size=3)


@given(UPDATE | JSON)
def test_whatever_comes_becomes_an_inbound(raw: object) -> None:
    inbound = translate(raw, NOW)
    assert isinstance(inbound, Inbound)
    assert inbound.chat == chat_of(raw)
    assert -(2**63) < inbound.chat < 2**63
    assert inbound.at.tzinfo is not None
    repr(inbound).encode()
    number = update_id_of(raw)
    assert number is None or 0 <= number < 2**63
