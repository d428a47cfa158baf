"""The methods of the Bot API that the stand-in knows, by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from bot.demo.standin import editing, sending
from bot.demo.standin.errors import Refused, bad
from bot.demo.standin.files import LARGEST_DOWNLOAD
from bot.demo.standin.parameters import Parameters
from bot.demo.standin.state import Telegram
from bot.demo.standin.updates import MOST_AT_ONCE, TAP_SECONDS
from bot.demo.standin.webhook import CONNECTIONS

Raw = dict[str, Any]
Method = Callable[[Telegram, Parameters], Any | Awaitable[Any]]

LONGEST_NOTICE = 200
"""Characters (Bot API, answerCallbackQuery)."""


def get_me(telegram: Telegram, _: Parameters) -> Raw:
    return telegram.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


async def get_updates(telegram: Telegram, call: Parameters) -> list[Raw]:
    if telegram.webhook.url:
        why = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        raise Refused(409, f"Conflict: {why}")
    _remember_allowed(telegram, call)
    limit = call.number("limit", MOST_AT_ONCE)
    limit = limit if 1 <= limit <= MOST_AT_ONCE else MOST_AT_ONCE
    batch = await telegram.updates.poll(call.number("offset"), limit, call.number("timeout"))
    return [update.raw for update in batch]


async def set_webhook(telegram: Telegram, call: Parameters) -> bool:
    url = call.text("url")
    if not url:
        return await delete_webhook(telegram, call)
    _remember_allowed(telegram, call)
    if call.flag("drop_pending_updates"):
        telegram.updates.drop_all()
    connections = min(max(call.number("max_connections", CONNECTIONS), 1), 100)
    await telegram.webhook.point(url, call.text("secret_token"), connections)
    return True


async def delete_webhook(telegram: Telegram, call: Parameters) -> bool:
    await telegram.webhook.remove()
    if call.flag("drop_pending_updates"):
        telegram.updates.drop_all()
    return True


def get_webhook_info(telegram: Telegram, _: Parameters) -> Raw:
    allowed = telegram.updates.allowed
    return telegram.webhook.info() | ({"allowed_updates": list(allowed)} if allowed else {})


def answer_callback_query(telegram: Telegram, call: Parameters) -> bool:
    """The server keeps no public limit; ours is that of the tap itself."""
    user, tapped = telegram.taps.pop(call.text("callback_query_id"), (0, 0.0))
    if not user or telegram.seconds() - tapped > TAP_SECONDS:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    notice = call.text("text")
    if len(notice) > LONGEST_NOTICE:
        raise bad("MESSAGE_TOO_LONG")
    telegram.notices[user] = notice
    telegram.chats.changed("notice", user, text=notice, alert=call.flag("show_alert"))
    return True


def get_file(telegram: Telegram, call: Parameters) -> Raw:
    file = telegram.files.get(call.text("file_id"))
    if file is None:
        raise bad("invalid file_id")
    if len(file.content) > LARGEST_DOWNLOAD:
        raise bad("file is too big")
    return {
        "file_id": file.id,
        "file_unique_id": f"u{file.id}",
        "file_size": len(file.content),
        "file_path": file.path,
    }


def get_chat(telegram: Telegram, call: Parameters) -> Raw:
    chat = telegram.chats.chats.get(call.chat)
    if chat is None or (chat.id > 0 and not chat.started):
        raise bad("chat not found")
    known = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _NO_GIFTS}
    return chat.raw | known


def leave_chat(telegram: Telegram, call: Parameters) -> bool:
    chat = sending.reachable(telegram, call)
    if chat.id > 0:
        raise bad("chat member status can't be changed in private chats")
    chat.started = False
    return True


def yes(_: Telegram, __: Parameters) -> bool:
    """For what needs no more than being accepted."""
    return True


def _remember_allowed(telegram: Telegram, call: Parameters) -> None:
    kinds = call.structure("allowed_updates")
    if isinstance(kinds, list):
        telegram.updates.allowed = tuple(str(kind) for kind in kinds)


_NO_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}

METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "sendMessage": sending.send_message,
    **{name: partial(sending.send_medium, kind=kind) for name, kind in sending.KINDS.items()},
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_text,
    "editMessageCaption": editing.edit_caption,
    "editMessageReplyMarkup": editing.edit_markup,
    "deleteMessage": editing.delete,
    "answerCallbackQuery": answer_callback_query,
    "getFile": get_file,
    "getChat": get_chat,
    "leaveChat": leave_chat,
    "setMyCommands": yes,
    "deleteMyCommands": yes,
    "setMyDescription": yes,
    "setMyShortDescription": yes,
}
BY_NAME = {name.lower(): (name, method) for name, method in METHODS.items()}
"""Telegram does not look at the case of a method's name."""
