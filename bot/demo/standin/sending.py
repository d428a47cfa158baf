"""The send… methods: who can be reached, and what may be said."""

from __future__ import annotations

from typing import Any

from bot.demo.standin.chats import Chat, Message
from bot.demo.standin.errors import bad, forbidden
from bot.demo.standin.files import File
from bot.demo.standin.keyboards import inline_rows
from bot.demo.standin.markup import parse_html
from bot.demo.standin.parameters import Parameters
from bot.demo.standin.people import LONGEST_TEXT
from bot.demo.standin.state import Telegram

Raw = dict[str, Any]

LONGEST_CAPTION = 1024
"""Characters, as for texts counted after markup is taken out (Bot API, sendPhoto)."""
_CAPTIONLESS = frozenset({"sticker", "video_note"})
KINDS = {
    "sendVoice": "voice",
    "sendPhoto": "photo",
    "sendDocument": "document",
    "sendVideo": "video",
    "sendVideoNote": "video_note",
    "sendAnimation": "animation",
    "sendAudio": "audio",
    "sendSticker": "sticker",
}


def send_message(telegram: Telegram, call: Parameters) -> Raw:
    chat = reachable(telegram, call)
    return _post(telegram, call, chat, text_content(call))


def send_medium(telegram: Telegram, call: Parameters, kind: str) -> Raw:
    """By file id, or by upload."""
    chat = reachable(telegram, call)
    content = _file(telegram, call, kind).raw()
    if kind not in _CAPTIONLESS:
        content |= caption_content(call)
    return _post(telegram, call, chat, content)


def send_chat_action(telegram: Telegram, call: Parameters) -> bool:
    reachable(telegram, call)
    if not call.text("action"):
        raise bad("wrong parameter action in request")
    return True


def reachable(telegram: Telegram, call: Parameters) -> Chat:
    """The chat of the call. Raises Refused when the bot cannot say anything there."""
    chat = telegram.chats.chats.get(call.chat)
    if chat is None:
        raise bad("chat not found")
    user = telegram.chats.users.get(chat.id)
    if user and user.deactivated:
        raise forbidden("user is deactivated")
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    if user and not chat.started:
        raise forbidden("bot can't initiate conversation with a user")
    if not chat.started:
        why = "bot was kicked from the group chat" if chat.kicked else "bot is not a member of the group chat"
        raise forbidden(why)
    return chat


def text_content(call: Parameters) -> Raw:
    """Text and entities of the call. Raises Refused."""
    text, entities = _marked_up(call, "text", "entities")
    if not text:
        raise bad("message text is empty")
    if len(text) > LONGEST_TEXT:
        raise bad("message is too long")
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption_content(call: Parameters) -> Raw:
    text, entities = _marked_up(call, "caption", "caption_entities")
    if len(text) > LONGEST_CAPTION:
        raise bad("message caption is too long")
    if not text:
        return {}
    return {"caption": text, "caption_entities": entities} if entities else {"caption": text}


def _marked_up(call: Parameters, name: str, entities: str) -> tuple[str, list[Raw]]:
    """Text without markup, white space around it cut off, and its entities."""
    text, mode = call.text(name), call.text("parse_mode").lower()
    if mode not in ("", "html"):
        raise bad("unsupported parse_mode")  # Markdown is not spoken here
    if mode == "html":
        plain, found = parse_html(text)
        return plain.strip(), found
    return text.strip(), call.structure(entities) or []


def _post(telegram: Telegram, call: Parameters, chat: Chat, content: Raw) -> Raw:
    rows = inline_rows(call.structure("reply_markup"))
    reply = _replied_to(call, chat)
    telegram.pacing.spend(chat.id)
    message = telegram.chats.add(
        chat,
        telegram.bot,
        int(telegram.seconds()),
        content,
        rows=rows,
        reply_to=reply,
        protected=call.flag("protect_content"),
    )
    return telegram.chats.raw(message)


def _replied_to(call: Parameters, chat: Chat) -> int | None:
    how = call.structure("reply_parameters") or {}
    message = how.get("message_id", call.number("reply_to_message_id"))
    if not message:
        return None
    if message in chat.messages:
        return int(message)
    if how.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply"):
        return None
    raise bad("message to be replied not found")


def _file(telegram: Telegram, call: Parameters, kind: str) -> File:
    given = call.text(kind)
    upload = call.files.get(given.removeprefix("attach://") if given.startswith("attach://") else kind)
    if upload:
        if not upload.content:
            raise bad("file must be non-empty")
        return telegram.files.add(kind, upload.content, upload.name, upload.mime)
    if not given:
        raise bad(f"there is no {kind.replace('_', ' ')} in the request")
    file = telegram.files.get(given)
    if file is None:
        raise bad("wrong file identifier/HTTP URL specified")
    if file.kind != kind:
        raise bad(f"can't use file of type {_type(file.kind)} as {_type(kind)}")
    return file


def _type(kind: str) -> str:
    return kind.title().replace("_", "")


def own_message(telegram: Telegram, call: Parameters, verb: str) -> Message:
    """The bot's message that the call names. Raises Refused; `verb` is edit."""
    chat = reachable(telegram, call)
    message = chat.messages.get(call.number("message_id"))
    if message is None:
        raise bad(f"message to {verb} not found")
    if not message.from_bot:
        raise bad(f"message can't be {verb}ed")
    return message
