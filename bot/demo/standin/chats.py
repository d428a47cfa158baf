"""Who there is, and what was said: users, chats and their messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from bot.demo.standin.bell import Bell
from bot.demo.standin.errors import Impossible
from bot.demo.standin.files import medium

Raw = dict[str, Any]
Rows = tuple[tuple[Raw, ...], ...]


@dataclass(slots=True)
class User:
    """A person with a phone. `raw` is what the Bot API tells of them."""

    id: int
    raw: Raw
    deactivated: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it stands now; an edit makes a new one. `content` is in the Bot API's own fields."""

    id: int
    chat: int
    sender: Raw
    date: int
    """Seconds since 1970."""
    content: Raw
    rows: Rows = ()
    reply_to: int | None = None
    edited: int | None = None
    protected: bool = False
    change: int = 0
    """The number of the change that made it so; later changes have higher numbers, in all chats together."""

    @property
    def from_bot(self) -> bool:
        return bool(self.sender["is_bot"])

    @property
    def text(self) -> str:
        """Text or caption, without markup."""
        return str(self.content.get("text") or self.content.get("caption", ""))

    @property
    def labels(self) -> list[str]:
        """What stands on the buttons, row after row."""
        return [button["text"] for row in self.rows for button in row]


@dataclass(slots=True)
class Chat:
    """A private chat (its id is the person's) or a group (its id is below 0)."""

    id: int
    raw: Raw
    started: bool = False
    """In a private chat: the person pressed Start or wrote. In a group: the bot is a member."""
    blocked: bool = False
    kicked: bool = False
    messages: dict[int, Message] = field(default_factory=dict)
    newest: int = 0
    """The highest message id given out; ids are per chat and are never used again."""


class Chats:
    def __init__(self, bell: Bell) -> None:
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self._bell = bell
        self._changes = 0

    @property
    def changes(self) -> int:
        """The number of the newest change."""
        return self._changes

    def clear(self) -> None:
        self.users.clear()
        self.chats.clear()
        self.changed("reset", 0)

    def user(self, user: int) -> User:
        if user not in self.users:
            raise Impossible(f"there is no user {user}")
        return self.users[user]

    def chat(self, chat: int) -> Chat:
        if chat not in self.chats:
            raise Impossible(f"there is no chat {chat}")
        return self.chats[chat]

    def message(self, chat: int, message: int) -> Message:
        found = self.chat(chat).messages.get(message)
        if found is None:
            raise Impossible(f"chat {chat} has no message {message}")
        return found

    def add(self, chat: Chat, sender: Raw, date: int, content: Raw, **more: Any) -> Message:
        """A new message under the next id of its chat; `more` are fields of Message."""
        chat.newest += 1
        message = Message(chat.newest, chat.id, sender, date, content, change=self._changes + 1, **more)
        chat.messages[message.id] = message
        self.changed("message", chat.id, message)
        return message

    def change(self, message: Message, **fields: Any) -> Message:
        """`message` with other `fields`, in its place."""
        changed = replace(message, change=self._changes + 1, **fields)
        self.chats[message.chat].messages[message.id] = changed
        self.changed("edit", message.chat, changed)
        return changed

    def delete(self, message: Message) -> None:
        del self.chats[message.chat].messages[message.id]
        self.changed("delete", message.chat, message)

    def changed(
        self,
        what: Literal["message", "edit", "delete", "notice", "people", "reset"],
        chat: int,
        message: Message | None = None,
        **more: Any,
    ) -> None:
        """Counts one change and rings for it."""
        self._changes += 1
        if self._bell.heard:
            shown = {"message": seen(message)} if message else {}
            self._bell.tell({"change": self._changes, "chat": chat, "what": what, **shown, **more})
        self._bell.ring()

    def from_bot(self, chat: int) -> Iterator[Message]:
        """The bot's messages in `chat`, oldest change first."""
        found = self.chats.get(chat)
        said = [m for m in found.messages.values() if m.from_bot] if found else []
        return iter(sorted(said, key=lambda message: message.change))

    def raw(self, message: Message, *, nested: bool = False) -> Raw:
        """The message as the Bot API tells it."""
        chat = self.chats[message.chat]
        raw: Raw = {"message_id": message.id, "from": message.sender, "chat": chat.raw, "date": message.date}
        if message.edited is not None:
            raw["edit_date"] = message.edited
        if message.reply_to is not None and not nested and (said := chat.messages.get(message.reply_to)):
            raw["reply_to_message"] = self.raw(said, nested=True)
        if message.protected:
            raw["has_protected_content"] = True
        raw |= message.content
        if message.rows:
            raw["reply_markup"] = {"inline_keyboard": message.rows}
        return raw


def seen(message: Message) -> Raw:
    """The message as a person sees it on the phone."""
    return {
        "id": message.id,
        "change": message.change,
        "from": "bot" if message.from_bot else message.sender["first_name"],
        "date": message.date,
        "text": message.text,
        "rows": [
            [{"label": button["text"], **{k: v for k, v in button.items() if k != "text"}} for button in row]
            for row in message.rows
        ],
        "reply_to": message.reply_to,
        "edited": message.edited is not None,
        "protected": message.protected,
        "media": medium(message.content),
    }
