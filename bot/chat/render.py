"""How Telegram says an Outgoing: Bot API methods with parameters. No parse_mode, so nothing is escaped."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from bot.chat.errors import Unsendable
from bot.chat.request import File
from bot.chat.split import LONGEST_CAPTION, split
from bot.turns.outgoing import Button, Outgoing

LONGEST_TOKEN = 64
"""Bytes of callback_data."""
_METHODS = {
    "voice": "sendVoice",
    "photo": "sendPhoto",
    "sticker": "sendSticker",
    "video": "sendVideo",
    "video_note": "sendVideoNote",
    "animation": "sendAnimation",
    "audio": "sendAudio",
    "document": "sendDocument",
}
_DOCUMENTS = {".ics": "text/calendar"}
"""Files that we make ourselves, by the ending of their name, with their MIME type."""
_BARE = frozenset({"sticker", "video_note"})
"""Media that carry no caption."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the Bot API."""

    method: str
    parameters: Mapping[str, Any]
    files: Mapping[str, File] = field(default_factory=dict)


def render(outgoing: Outgoing, chat: int) -> list[Call]:
    """The calls that say `outgoing` in `chat`, in order; the buttons are on the last. Raises Unsendable."""
    if outgoing.kind == "leave":
        return [Call("leaveChat", {"chat_id": chat})]
    calls = _edits(outgoing, chat) if outgoing.kind == "edit" else _sends(outgoing, chat)
    if outgoing.silent:
        calls = [_silently(call) for call in calls]
    if outgoing.rows:
        last = calls[-1]
        keyboard = {"inline_keyboard": [[_button(button) for button in row] for row in outgoing.rows]}
        calls[-1] = Call(last.method, {**last.parameters, "reply_markup": keyboard}, last.files)
    return calls


def _sends(outgoing: Outgoing, chat: int) -> list[Call]:
    if outgoing.kind == "send":
        return _texts(outgoing.text, chat)
    kind = {"picture": "photo", "document": "document"}.get(outgoing.kind, outgoing.media_kind)
    if kind not in _METHODS:
        raise Unsendable(f"no method sends {kind or 'a medium without a name'}")
    # A calendar is of use only to who can save it, and Telegram lets nobody save what is protected (P19's exception).
    parameters: dict[str, Any] = {"chat_id": chat, "protect_content": outgoing.kind != "document"}
    below = outgoing.text
    if below and kind not in _BARE and len(below) <= LONGEST_CAPTION:
        parameters["caption"] = below
        below = ""
    files = _uploads(outgoing)
    if not files:
        parameters[kind] = outgoing.media
    return [Call(_METHODS[kind], parameters, files), *(_texts(below, chat) if below else [])]


def _uploads(outgoing: Outgoing) -> dict[str, File]:
    """What goes along in the request itself: a file of our own making; none for a medium that Telegram has."""
    if outgoing.kind == "picture":
        return {"photo": ("picture.png", base64.b64decode(outgoing.picture), "image/png")}
    if outgoing.kind == "document":
        mime = _DOCUMENTS.get(PurePath(outgoing.file_name).suffix)
        if mime is None:
            raise Unsendable("a document must be a calendar (.ics)")
        return {"document": (outgoing.file_name, base64.b64decode(outgoing.document), mime)}
    return {}


def _edits(outgoing: Outgoing, chat: int) -> list[Call]:
    """An edit without text changes the buttons alone; one without buttons takes them away."""
    at = {"chat_id": chat, "message_id": outgoing.message}
    if not outgoing.text:
        return [Call("editMessageReplyMarkup", at)]
    first, *more = split(outgoing.text)
    edit = Call("editMessageText", {**at, "text": first, "link_preview_options": {"is_disabled": True}})
    return [edit, *(call for part in more for call in _texts(part, chat))]


def _texts(text: str, chat: int) -> list[Call]:
    same = {"chat_id": chat, "protect_content": True, "link_preview_options": {"is_disabled": True}}
    return [Call("sendMessage", {**same, "text": part}) for part in split(text)]


def _silently(call: Call) -> Call:
    if not call.method.startswith("send"):
        return call
    return Call(call.method, {**call.parameters, "disable_notification": True}, call.files)


def _button(button: Button) -> dict[str, str]:
    if button.url:
        return {"text": button.label, "url": button.url}
    if not 1 <= len(button.token.encode()) <= LONGEST_TOKEN:
        raise Unsendable("a button token must be 1 to 64 bytes")
    return {"text": button.label, "callback_data": button.token}
