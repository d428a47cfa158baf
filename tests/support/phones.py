"""A person's phone in a test: write, tap, read. It waits for what the bot says; nobody sleeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count

from bot.demo.standin import Impossible, Telegram
from bot.demo.standin.chats import Message, seen
from bot.demo.standin.watching import PATIENCE, Match, matches

_WIDTH = 60
_old = count()


class Phone:
    """The phone of a new user with id `user`. `language` is what Telegram tells the bot about it.

    What does not come raises AssertionError with the screen as it is then.
    """

    def __init__(self, telegram: Telegram, user: int, name: str, *, last_name: str = "", language: str = "nl") -> None:
        self.telegram = telegram
        self.id = user
        self.name = name
        self._read: set[tuple[int, str]] = set()
        telegram.make_user(user, name, last_name, language)

    # ---- doing

    async def start(self, code: str = "") -> Message:
        """Presses Start, through an invitation link if there is a code."""
        return self.telegram.start(self.id, code)

    async def write(self, text: str) -> Message:
        return self.telegram.write(self.id, text)

    async def reply(self, message: Message | str, text: str) -> Message:
        """Replies to `message`, or to the newest one in which that text stands."""
        to = message if isinstance(message, Message) else self.find(message)
        return self.telegram.write(self.id, text, reply_to=to.id)

    async def edit(self, message: Message, text: str) -> Message:
        """Changes an own message."""
        return self.telegram.edit(self.id, message.id, text)

    async def send(self, kind: str, caption: str = "", content: bytes = b"") -> Message:
        """Sends a voice, photo, sticker, contact, location … or any kind that nobody knows."""
        return self.telegram.send(self.id, kind, caption, content)

    async def forward(self, text: str, name: str = "Iemand anders") -> Message:
        return self.telegram.forward(self.id, text, name)

    async def tap(self, label: str, *, on: Message | str | None = None, timeout: float = PATIENCE) -> str:
        """Taps the button, as soon as it is there: of the newest message that has it, or of message `on`."""

        def button() -> Message | None:
            shown = [on] if isinstance(on, Message) else reversed(self.messages)
            return next((m for m in shown if label in m.labels and (not isinstance(on, str) or on in m.text)), None)

        said = await self._until(button, timeout, f"no button {label!r}")
        self._read.add(_words(said))
        return self.telegram.tap(self.id, label, message=said.id)

    def taps_any(self, n: int, among: int | None, leave_out: tuple[str, ...] = ()) -> bool:
        """Taps the n-th of the `among` newest buttons on the screen (None: of all), round and round.

        Those that begin with `leave_out` do not count. False: there is none.
        """
        shown = [
            (message, button)
            for message in reversed(self.messages)
            for row in message.rows
            for button in row
            if not button["text"].startswith(leave_out)
        ][:among]
        if shown:
            message, button = shown[n % len(shown)]
            self.telegram.tap(self.id, data=button["callback_data"], message=message.id)
        return bool(shown)

    def taps_old(self, n: int, leave_out: tuple[str, ...] = ()) -> bool:
        """Taps the n-th button that ever was on the screen, perhaps long gone. False: there never was one."""
        ever = [
            (sent.answer["result"]["message_id"], button["callback_data"])
            for sent in self.telegram.requests(chat=self.id)
            if sent.status == 200 and sent.parameters.get("reply_markup")
            for row in sent.parameters["reply_markup"]["inline_keyboard"]
            for button in row
            if not button["text"].startswith(leave_out)
        ]
        if ever:
            number, token = ever[n % len(ever)]
            shown = {"message_id": number, "chat": {"id": self.id, "type": "private"}, "date": 0}
            raw = {"id": f"old-{next(_old)}", "from": {"id": self.id}, "message": shown, "data": token}
            self.telegram.push("callback_query", raw)
        return bool(ever)

    async def block(self) -> None:
        self.telegram.block(self.id)

    async def unblock(self) -> None:
        self.telegram.unblock(self.id)

    # ---- reading

    async def sees(self, match: Match, timeout: float = PATIENCE) -> Message:
        """The bot's first unread message (or edit) with that text or pattern, as soon as it is there.

        It is read from then on: to see the same words again, they must be said again, or another message be
        changed into them. The order is free. A change of buttons alone makes nothing unread.
        """
        said = await self._until(lambda: self._unread(match), timeout, f"does not see {match!r}")
        self._read.add(_words(said))
        return said

    def reads_all(self) -> list[Message]:
        """What the bot said and is yet unread; read from now on. Does not wait."""
        fresh = self.unread
        self._read.update(map(_words, fresh))
        return fresh

    @property
    def unread(self) -> list[Message]:
        return [m for m in self.telegram.chats.from_bot(self.id) if _words(m) not in self._read]

    @property
    def messages(self) -> list[Message]:
        """Everything on the screen, own messages too, oldest first."""
        return self.telegram.read(self.id)

    @property
    def last(self) -> Message:
        """The bot's newest message, where it stands on the screen."""
        said = [message for message in self.messages if message.from_bot]
        if not said:
            raise AssertionError(f"the bot said nothing\n{self.screen()}")
        return said[-1]

    @property
    def notice(self) -> str:
        """What popped up at the newest tap."""
        return self.telegram.notice(self.id)

    def find(self, match: Match) -> Message:
        """The newest message, of whomever, with that text or pattern, read or not. Does not wait."""
        for message in reversed(self.messages):
            if matches(match, message.text):
                return message
        raise AssertionError(f"{self.name} finds no {match!r}\n{self.screen()}")

    def screen(self) -> str:
        """The chat as text, for a failing test to show."""
        lines = [f"── {self.name} ".ljust(_WIDTH, "─")]
        for message in self.messages:
            lines += _drawn(message)
        return "\n".join(lines)

    def _unread(self, match: Match) -> Message | None:
        return next((message for message in self.unread if matches(match, message.text)), None)

    async def _until(self, look: Callable[[], Message | None], timeout: float, otherwise: str) -> Message:
        try:
            return await self.telegram.until(look, timeout)
        except Impossible:
            raise AssertionError(f"{self.name}: {otherwise} within {timeout} s\n{self.screen()}") from None


def _words(message: Message) -> tuple[int, str]:
    return message.id, message.text


def _drawn(message: Message) -> Iterable[str]:
    shown = seen(message)
    marks = "".join(mark for mark, on in ((" ✎", shown["edited"]), (" ↩", shown["reply_to"])) if on)
    body = shown["text"] or ""
    if shown["media"]:
        body = f"<{shown['media']['kind']}> {body}".strip()
    first, *rest = (body or "<?>").split("\n")
    yield f"{shown['from']:>8}  {first}{marks}"
    for line in rest:
        yield f"{'':>8}  {line}"
    for row in shown["rows"]:
        yield f"{'':>8}  " + " ".join(f"[{button['label']}]" for button in row)
