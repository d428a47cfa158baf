"""reply_markup: what Telegram takes as buttons under a message."""

from __future__ import annotations

from typing import Any

from bot.demo.standin.chats import Rows
from bot.demo.standin.errors import bad

LONGEST_DATA = 64
"""Bytes of callback_data."""
MOST_BUTTONS = 100
_OTHERS = ("keyboard", "remove_keyboard", "force_reply")
_ACTIONS = (
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "copy_text",
)


def inline_rows(markup: Any, *, only_inline: bool = False) -> Rows:
    """The rows of an inline keyboard; none for another markup, which edits refuse. Raises Refused."""
    if markup is None or markup == "":
        return ()
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if only_inline and any(name in markup for name in _OTHERS):
            raise bad("inline keyboard expected")
        return ()
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" must be of the type Array of Arrays')
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad("REPLY_MARKUP_TOO_LONG")
    return tuple(tuple(_button(button) for button in row) for row in rows if row)


def _button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    label = button.get("text")
    if not isinstance(label, str) or not label.strip():
        raise bad('can\'t parse inline keyboard button: Field "text" must not be empty')
    if not any(action in button for action in _ACTIONS):
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button:
        data = button["callback_data"]
        if not isinstance(data, str) or not 1 <= len(data.encode()) <= LONGEST_DATA:
            raise bad("BUTTON_DATA_INVALID")
    elif "url" in button and not str(button["url"]).startswith(("http://", "https://", "tg://")):
        raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    return button
