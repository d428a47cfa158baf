"""A raw update becomes an Inbound. Total: for any dict an Inbound, and nothing raises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeGuard

from bot.turns.inbound import Inbound, Kind

Raw = Mapping[str, Any]

_MEDIA: dict[str, Kind] = {
    "voice": "voice",
    "photo": "photo",
    "sticker": "sticker",
    "video": "file",
    "video_note": "file",
    "animation": "file",  # before document: Telegram sends an animation as both
    "audio": "file",
    "document": "file",
}
_GONE: dict[str, Kind] = {"contact": "contact", "location": "location", "venue": "location"}
"""Third parties and whereabouts: that one came is told on, what it says is not."""
_STANDING: dict[str, Kind] = {"kicked": "blocked", "member": "unblocked"}
_ENVELOPE = frozenset(
    {
        "message_id",
        "date",
        "chat",
        "from",
        "sender_chat",
        "edit_date",
        "reply_to_message",
        "forward_origin",
        "forward_date",
        "via_bot",
        "has_protected_content",
        "author_signature",
        "message_thread_id",
        "link_preview_options",
        "quote",
        "effect_id",
    }
)
"""Fields of a message that say how it came, not what it is."""
_BIGGEST = 2**63 - 1
_LONGEST_NAME = 130


def translate(raw: object, received: datetime) -> Inbound:
    """`raw` as Telegram sent it (an Update), `received` for what carries no time of its own.

    `chat` is the group's id for kind "group" and 0 when nobody can be told; `text` is then "left" once the
    bot is out of that group.
    """
    name, body = _what(raw)
    chat, private = _where(name, body)
    if chat and not private:
        return Inbound("group", chat, received, text=_standing(body) and "left")
    who = _dict(body, "from")
    inbound = Inbound(
        "unknown",
        chat,
        received,
        text=name,
        name=_text(" ".join(filter(None, (_text(who.get(key)) for key in ("first_name", "last_name")))))[
            :_LONGEST_NAME
        ],
        language=_text(who.get("language_code"))[:8],
    )
    read = _READERS.get(name)
    return read(body, inbound) if read and chat else inbound


def chat_of(raw: object) -> int:
    """Whose turn it is: the private chat, which is the person; a group's id; 0 when unknowable."""
    return _where(*_what(raw))[0]


def update_id_of(raw: object) -> int | None:
    """The update's id, or None when it has no usable one."""
    value = raw.get("update_id") if isinstance(raw, Mapping) else None
    return value if _is_id(value) and value >= 0 else None


def _what(raw: object) -> tuple[str, Raw]:
    """The name and content of an update: its one field beside update_id."""
    fields = raw if isinstance(raw, Mapping) else {}
    for name in (*_READERS, *fields):
        body = fields.get(name)
        if isinstance(name, str) and isinstance(body, Mapping):
            return _text(name)[:64], body
    return "update", {}


def _where(name: str, body: Raw) -> tuple[int, bool]:
    """The chat, and whether it is a private one. A tap without its message counts for who tapped."""
    chat = _dict(_dict(body, "message") if name == "callback_query" else body, "chat") or _dict(body, "from")
    number = chat.get("id")
    if not _is_id(number):
        return 0, True
    return number, chat.get("type", "private") == "private" and number > 0


def _message(body: Raw, base: Inbound) -> Inbound:
    return _with(base, body, date="date")


def _edit(body: Raw, base: Inbound) -> Inbound:
    inner = _with(base, body, date="edit_date")
    return replace(inner, kind="edit", text="" if inner.kind == "unknown" else inner.text)


def _tap(body: Raw, base: Inbound) -> Inbound:
    token, callback = body.get("data"), body.get("id")
    if not isinstance(token, str) or not isinstance(callback, str):
        return base
    message = _dict(body, "message").get("message_id")
    return replace(
        base,
        kind="tap",
        text="",
        token=_text(token)[:64],
        callback=_text(callback)[:64],
        message=message if _is_id(message) else None,
    )


def _member(body: Raw, base: Inbound) -> Inbound:
    kind = _STANDING.get(_status(body))
    return replace(base, kind=kind, text="", at=_time(body, "date", base.at)) if kind else base


_READERS = {"message": _message, "edited_message": _edit, "callback_query": _tap, "my_chat_member": _member}
KINDS_ASKED = tuple(_READERS)
"""getUpdates' allowed_updates: exactly the kinds that can be read here."""


def _with(base: Inbound, message: Raw, *, date: str) -> Inbound:
    kind, text, media, media_kind = _content(message)
    number, reply = message.get("message_id"), _dict(message, "reply_to_message").get("message_id")
    return replace(
        base,
        kind=kind,
        text=text,
        media=media,
        media_kind=media_kind,
        at=_time(message, date, base.at),
        message=number if _is_id(number) else None,
        reply_to=reply if _is_id(reply) else None,
        forwarded=any(key in message for key in ("forward_origin", "forward_date", "via_bot")),
    )


def _content(message: Raw) -> tuple[Kind, str, str, str]:
    """Kind, text or caption, file id, and Telegram's name of the medium."""
    if isinstance(message.get("text"), str):
        return "text", _text(message["text"]), "", ""
    for name, kind in _MEDIA.items():
        if file := _file_id(message.get(name)):
            return kind, _text(message.get("caption")), file, name
    for name, kind in _GONE.items():
        if name in message:
            return kind, "", "", ""
    named = next((key for key in message if isinstance(key, str) and key not in _ENVELOPE), "message")
    return "unknown", _text(named)[:64], "", ""


def _file_id(medium: object) -> str:
    """A photo comes as a list of sizes, the largest last; everything else as one object."""
    largest = medium[-1] if isinstance(medium, list) and medium else medium
    return _text(largest.get("file_id")) if isinstance(largest, Mapping) else ""


def _standing(body: Raw) -> str:
    status = _status(body)
    return status if status in ("left", "kicked") else ""


def _status(body: Raw) -> str:
    return _text(_dict(body, "new_chat_member").get("status"))


def _time(body: Raw, key: str, otherwise: datetime) -> datetime:
    seconds = body.get(key)
    if not _is_id(seconds):
        return otherwise
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return otherwise


def _dict(body: object, key: str) -> Raw:
    value = body.get(key) if isinstance(body, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    """A string that can be stored: no half of a surrogate pair, no NUL. Anything else is empty."""
    if not isinstance(value, str):
        return ""
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _is_id(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and -_BIGGEST <= value <= _BIGGEST
