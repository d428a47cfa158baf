"""Changing and deleting what was said."""

from __future__ import annotations

from typing import Any

from bot.demo.standin.chats import Message, Rows
from bot.demo.standin.errors import bad
from bot.demo.standin.keyboards import inline_rows
from bot.demo.standin.parameters import Parameters
from bot.demo.standin.sending import caption_content, own_message, reachable, text_content
from bot.demo.standin.state import Telegram

Raw = dict[str, Any]

DELETABLE_SECONDS = 48 * 3600
"""Bot API, deleteMessage."""
_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)


def edit_text(telegram: Telegram, call: Parameters) -> Raw:
    """Without reply_markup the buttons go."""
    message = own_message(telegram, call, "edit")
    if "text" not in message.content:
        raise bad("there is no text in the message to edit")
    return _edit(telegram, message, text_content(call), _rows(call))


def edit_caption(telegram: Telegram, call: Parameters) -> Raw:
    message = own_message(telegram, call, "edit")
    if "text" in message.content:
        raise bad("there is no caption in the message to edit")
    rest = {key: value for key, value in message.content.items() if not key.startswith("caption")}
    return _edit(telegram, message, rest | caption_content(call), _rows(call))


def edit_markup(telegram: Telegram, call: Parameters) -> Raw:
    message = own_message(telegram, call, "edit")
    return _edit(telegram, message, message.content, _rows(call))


def delete(telegram: Telegram, call: Parameters) -> bool:
    chat = reachable(telegram, call)
    message = chat.messages.get(call.number("message_id"))
    if message is None:
        raise bad("message to delete not found")
    if telegram.seconds() - message.date > DELETABLE_SECONDS:
        raise bad("message can't be deleted for everyone")
    telegram.chats.delete(message)
    return True


def _rows(call: Parameters) -> Rows:
    return inline_rows(call.structure("reply_markup"), only_inline=True)


def _edit(telegram: Telegram, message: Message, content: Raw, rows: Rows) -> Raw:
    if content == message.content and rows == message.rows:
        raise bad(_SAME)
    changed = telegram.chats.change(message, content=content, rows=rows, edited=int(telegram.seconds()))
    return telegram.chats.raw(changed)
