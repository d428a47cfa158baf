"""What people do with their phones. Each verb becomes the updates that Telegram would send the bot."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.demo.standin.chats import Chat, Chats, Message, User
from bot.demo.standin.errors import Impossible
from bot.demo.standin.files import MEDIA, Files
from bot.demo.standin.updates import TAP_SECONDS, Updates

Raw = dict[str, Any]

LONGEST_TEXT = 4096
"""Characters (Bot API, sendMessage)."""
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")
_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(@\w+)?")
_TAP_LANE = 3 << 33
"""Telegram's own: taps are in another lane than the messages of the same person (Client.cpp, add_update)."""

ODDITIES: Mapping[str, Raw] = {
    "contact": {"phone_number": "+31600000000", "first_name": "Iemand"},
    "location": {"latitude": 52.09, "longitude": 5.12},
    "venue": {"location": {"latitude": 52.09, "longitude": 5.12}, "title": "Werk", "address": "Dorpsstraat 1"},
    "dice": {"emoji": "🎲", "value": 4},
    "poll": {
        "id": "1",
        "question": "Koffie?",
        "options": [
            {"persistent_id": "1", "text": "Ja", "voter_count": 0},
            {"persistent_id": "2", "text": "Nee", "voter_count": 0},
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    },
}


class People(ABC):
    """The doing verbs of Telegram. `user` is the person's id, which is also the id of the private chat."""

    bot: Raw
    chats: Chats
    files: Files
    updates: Updates
    taps: dict[str, tuple[int, float]]

    @abstractmethod
    def now(self) -> datetime:
        """The time in this Telegram."""

    def make_user(
        self,
        user: int,
        first_name: str,
        last_name: str = "",
        language_code: str = "nl",
        username: str = "",
    ) -> User:
        """Somebody with a phone who has not yet pressed Start."""
        if user <= 0:
            raise Impossible("a person's id is above 0")
        names = {"first_name": first_name, "last_name": last_name, "username": username}
        names = {key: name for key, name in names.items() if name}
        person = User(user, {"id": user, "is_bot": False, **names, "language_code": language_code})
        self.chats.users[user] = person
        self.chats.chats[user] = Chat(user, {"id": user, "type": "private", **names})
        self.chats.changed("people", user)
        return person

    def start(self, user: int, code: str = "") -> Message:
        """Presses Start, through a link t.me/<bot>?start=`code` if there is one. Unblocks first."""
        if not _PAYLOAD.fullmatch(code):
            raise Impossible("a start code is at most 64 of A-Z a-z 0-9 _ -")
        if self.chats.chat(user).blocked:
            self.unblock(user)
        return self.write(user, f"/start {code}".strip())

    def write(self, user: int, text: str, reply_to: int | None = None, group: int | None = None) -> Message:
        """Sends a text in the private chat or in `group`."""
        return self._say(user, _text(text), reply_to, group)

    def forward(self, user: int, text: str, name: str) -> Message:
        """Passes on a text of somebody called `name`, who is not on Telegram's books."""
        return self._say(user, {**_text(text), **self._origin(name)})

    def send(
        self,
        user: int,
        kind: str,
        caption: str = "",
        content: bytes = b"",
        reply_to: int | None = None,
        forwarded_from: str = "",
    ) -> Message:
        """Sends a file, contact, location …, or an unknown `kind` of message. `content` is the file's."""
        said: Raw = self._origin(forwarded_from) if forwarded_from else {}
        if kind in MEDIA:
            said |= self.files.add(kind, content or kind.encode()).raw()
        else:
            said[kind] = dict(ODDITIES.get(kind, {}))
        if caption:
            said["caption"] = caption
        return self._say(user, said, reply_to)

    def edit(self, user: int, message: int, text: str) -> Message:
        """Changes an own text."""
        old = self.chats.message(user, message)
        if old.from_bot:
            raise Impossible("only own messages can be changed")
        new = self.chats.change(old, content=_text(text), edited=self._date())
        self.updates.add("edited_message", self.chats.raw(new), user)
        return new

    def tap(self, user: int, label: str | None = None, data: str | None = None, message: int | None = None) -> str:
        """Taps a button by its label or its data, on `message` or on the newest message that has it; the query id."""
        said, button = self._button(user, label, data, message)
        if "callback_data" not in button:
            raise Impossible(f"the button {button['text']} is a link")
        query = str((self.bot["id"] << 32) + self.chats.changes * 4096 + len(self.taps))
        self._remember_tap(query, user)
        raw = {
            "id": query,
            "from": self.chats.user(user).raw,
            "message": self.chats.raw(said),
            "chat_instance": str(user),
            "data": button["callback_data"],
        }
        self.updates.add("callback_query", raw, user + _TAP_LANE, TAP_SECONDS)
        return query

    def block(self, user: int) -> None:
        self._standing(user, self._private(user), "member", "kicked", blocked=True)

    def unblock(self, user: int) -> None:
        self._standing(user, self._private(user), "kicked", "member", blocked=False)

    def deactivate(self, user: int) -> None:
        """Deletes the account."""
        self.chats.user(user).deactivated = True

    def add_to_group(self, user: int, group: int, title: str = "Groep") -> None:
        """Somebody takes the bot into a group."""
        if group >= 0:
            raise Impossible("a group's id is below 0")
        raw = {"id": group, "type": "group", "title": title, "all_members_are_administrators": True}
        chat = self.chats.chats.setdefault(group, Chat(group, raw))
        chat.started, chat.kicked = True, False
        self._standing(user, chat, "left", "member", blocked=False)
        self._say(user, {"new_chat_members": [self.bot]}, group=group)

    def kick_from_group(self, user: int, group: int) -> None:
        chat = self.chats.chat(group)
        chat.started, chat.kicked = False, True
        self._standing(user, chat, "member", "kicked", blocked=False)

    # ---- how it becomes updates

    def _say(self, user: int, content: Raw, reply_to: int | None = None, group: int | None = None) -> Message:
        person = self.chats.user(user)
        if person.deactivated:
            raise Impossible("this account is deleted")
        chat = self._private(user) if group is None else self.chats.chat(group)
        if chat.blocked:
            raise Impossible("who blocked the bot must unblock it first")
        if reply_to is not None:
            self.chats.message(chat.id, reply_to)
        chat.started = chat.started or group is None
        message = self.chats.add(chat, person.raw, self._date(), content, reply_to=reply_to)
        self.updates.add("message", self.chats.raw(message), chat.id)
        return message

    def _button(self, user: int, label: str | None, data: str | None, message: int | None) -> tuple[Message, Raw]:
        chat = self._private(user)
        if chat.blocked:
            raise Impossible("who blocked the bot must unblock it first")
        shown = reversed(chat.messages.values()) if message is None else [self.chats.message(user, message)]
        for said in shown:
            for button in (button for row in said.rows for button in row):
                if (label is None or button["text"] == label) and (data is None or button.get("callback_data") == data):
                    return said, button
        raise Impossible(f"user {user} sees no button {label if data is None else data!r}")

    def _remember_tap(self, query: str, user: int) -> None:
        now = self.now().timestamp()
        while self.taps and now - self.taps[oldest := next(iter(self.taps))][1] > TAP_SECONDS:
            del self.taps[oldest]
        self.taps[query] = (user, now)

    def _standing(self, user: int, chat: Chat, old: str, new: str, *, blocked: bool) -> None:
        chat.blocked = blocked
        raw = {
            "chat": chat.raw,
            "from": self.chats.user(user).raw,
            "date": self._date(),
            "old_chat_member": self._member(old),
            "new_chat_member": self._member(new),
        }
        self.updates.add("my_chat_member", raw, chat.id)
        self.chats.changed("people", chat.id)

    def _member(self, status: str) -> Raw:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"user": self.bot, "status": status, **until}

    def _private(self, user: int) -> Chat:
        return self.chats.chat(self.chats.user(user).id)

    def _origin(self, name: str) -> Raw:
        return {"forward_origin": {"type": "hidden_user", "sender_user_name": name, "date": self._date()}}

    def _date(self) -> int:
        return int(self.now().timestamp())


def _text(text: str) -> Raw:
    text = text.strip()
    if not text:
        raise Impossible("an empty text cannot be sent")
    if len(text) > LONGEST_TEXT:
        raise Impossible(f"a text has at most {LONGEST_TEXT} characters")
    command = _COMMAND.match(text)
    entities = [{"type": "bot_command", "offset": 0, "length": len(command[0])}] if command else []
    return {"text": text, **({"entities": entities} if entities else {})}
