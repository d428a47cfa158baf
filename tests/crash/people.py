"""People who never stop talking with the bot, and who remember exactly what they said.

Nobody of them knows whether the bot is alive: they write, and go on when the bot's next words are on their screen.
"""

from __future__ import annotations

import asyncio
import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Any

from bot.demo.standin import Telegram

Screen = dict[str, Any]
"""A message of the bot as the person sees it: id, text, rows."""

QUESTIONS = ("Vraag een?", "Vraag twee?", "Vraag drie?", "Vraag vier?")
CHOICES = ("Rood", "Blauw", "Groen")
ANNOUNCED = "nieuwe melding|nog een melding|iets nieuws bij een melding"
"""What a coach sees of an alert on a lock screen."""


class Town:
    """All phones. Puts each new message of the bot on the screen of the person it is for, and counts what happens."""

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram
        self.changes = 0
        self.closing = False
        """Nobody begins anything new any more."""
        self._screens: dict[int, asyncio.Queue[Screen]] = {}
        self._rings: list[tuple[int, asyncio.Future[None]]] = []

    def phone(self, chat: int, name: str) -> asyncio.Queue[Screen]:
        self.telegram.make_user(chat, name)
        return self._screens.setdefault(chat, asyncio.Queue())

    def listening(self) -> AbstractContextManager[asyncio.Queue[Any]]:
        return self.telegram.bell.listening()

    async def look(self, changes: asyncio.Queue[Any]) -> None:
        """Until the stand-in closes."""
        while (change := await changes.get()) is not None:
            self.changes += 1
            message = change.get("message")
            if change["what"] == "message" and message["from"] == "bot" and change["chat"] in self._screens:
                self._screens[change["chat"]].put_nowait(message)
            for ring in [ring for ring in self._rings if ring[0] <= self.changes]:
                self._rings.remove(ring)
                if not ring[1].done():
                    ring[1].set_result(None)

    async def passed(self, changes: int, within: float) -> bool:
        """Wait until so many more things happened; False if they did not within so many seconds."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._rings.append((self.changes + changes, future))
        try:
            await asyncio.wait_for(future, within)
        except TimeoutError:
            return False
        return True


class Person(ABC):
    """A participant. `answers` and `messages` are what must be found in the end, in this order."""

    kind = "person"

    def __init__(self, town: Town, chat: int, number: int, code: str) -> None:
        self.town, self.chat, self.number, self.code = town, chat, number, code
        self.answers: list[tuple[str, str]] = []
        self.messages: list[str] = []
        self.taps = 0
        self.waits_for = "nothing yet"
        self._words = 0
        self._screen = town.phone(chat, f"{self.kind} {chat}")

    async def live(self) -> None:
        """Join, and then one talk after another until the town closes."""
        self.town.telegram.start(self.chat, self.code)
        self.tap("Ja", await self.hear("Doe je mee"))
        self.answers.append(("Doe je mee?", "Ja"))
        await self.hear("Fijn dat je meedoet")
        await self.go_on()

    async def go_on(self) -> None:
        """Talk, until the town closes."""
        while not self.town.closing:
            await self.talk()
        self.waits_for = ""

    @abstractmethod
    async def talk(self) -> None:
        """Say the next thing, and wait for what comes."""

    def words(self) -> str:
        """Words that nobody ever said before."""
        self._words += 1
        return f"woorden {self.chat} {self._words}"

    def write(self, text: str) -> None:
        self.town.telegram.write(self.chat, text)

    def tap(self, label: str, shown: Screen) -> None:
        self.taps += 1
        self.town.telegram.tap(self.chat, label, message=shown["id"])

    async def hear(self, pattern: str) -> Screen:
        """The next message of the bot with this in it; others are passed over."""
        self.waits_for = pattern
        while True:
            shown = await self._screen.get()
            if re.search(pattern, shown["text"]):
                return shown

    def choice(self) -> str:
        return CHOICES[self._words % len(CHOICES)]


class Patient(Person):
    """Waits for each question before answering it; taps the one with buttons."""

    kind = "patient"

    async def talk(self) -> None:
        self.write("begin")
        await self.walk()

    async def walk(self) -> None:
        for question in QUESTIONS:
            self.answer(question, await self.hear(re.escape(question)))
        await self.hear(r"^Klaar")

    def answer(self, question: str, shown: Screen) -> None:
        if "twee" in question:
            answer = self.choice()
            self.tap(answer, shown)
        else:
            answer = self.words()
            self.write(answer)
        self.answers.append((question, answer))


class Burster(Patient):
    """Types in bursts: words before the talk begins, and more behind an answer than was asked.

    What came in before the next question was asked is no answer to it; and that one has buttons, so that words which
    came in later are none either. All of it is the coach's.
    """

    kind = "burster"

    async def talk(self) -> None:
        self._adds(2)
        await super().talk()

    def answer(self, question: str, shown: Screen) -> None:
        super().answer(question, shown)
        if "een?" in question:
            self._adds(1)

    def _adds(self, times: int) -> None:
        for _ in range(times):
            more = self.words()
            self.write(more)
            self.messages.append(more)


class Planned(Patient):
    """Never begins: each round is a contact moment that is due at once."""

    kind = "planned"
    plan: Callable[[int], Awaitable[object]]

    async def talk(self) -> None:
        await self.plan(self.number)
        await self.walk()


class Chatter(Person):
    """Writes on the back-up line, three messages in one breath."""

    kind = "chatter"

    async def talk(self) -> None:
        said = [self.words() for _ in range(3)]
        for text in said:
            self.write(text)
        self.messages += said
        for _ in said:
            await self.hear("krijgt dit")


class Talker(Person):
    """Talks with a coach of their own: each waits for the other's words."""

    kind = "talker"
    coach: Coach

    async def talk(self) -> None:
        said = self.words()
        self.write(said)
        self.messages.append(said)
        await self.hear(re.escape(await self.coach.answer(said)) + "$")


class Coach:
    """Somebody's coach. `messages` are the words this coach sent to the participant, in order."""

    def __init__(self, town: Town, chat: int, code: str) -> None:
        self.town, self.chat = town, chat
        self.messages: list[str] = []
        self.taps = 0
        self._screen = town.phone(chat, f"coach {chat}")
        self._read: asyncio.Queue[Screen] = asyncio.Queue()
        self._alert: int | None = None
        town.telegram.start(chat, code)

    async def live(self) -> None:
        """Read. A reply to a message that was doubled at a kill may be one we cannot place: then we are asked."""
        while True:
            shown = await self._screen.get()
            if "Voor wie is dit bericht?" in shown["text"]:
                self.taps += 1
                self.town.telegram.tap(self.chat, message=shown["id"])
            else:
                self._read.put_nowait(shown)

    async def answer(self, said: str) -> str:
        """Read what the participant said, or that there is something; the words answered to it."""
        while True:
            shown = await self._read.get()
            if said in shown["text"] or re.search(ANNOUNCED, shown["text"]):
                break
        self._alert = self._alert or shown["id"]
        answer = f"antwoord op {said}."
        self.town.telegram.write(self.chat, answer, reply_to=self._alert)
        self.messages.append(answer)
        return answer
