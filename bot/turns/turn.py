"""A turn: one input and everything that it causes, inside one transaction.

Whatever happens in a turn happens through its `Turn`: rows are written on `tx`, messages go into the outbox, and the
few things that may be lost without harm (the little clock on a tapped button, a menu) wait in `after` for the commit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.caseload.handbook import Handbook
from bot.storage import buttons, messages, outbox
from bot.storage.buttons import ButtonRow
from bot.storage.connection import Connection
from bot.storage.keys import Keyring, PersonKey
from bot.storage.outbox import ANSWER, FIRST
from bot.storage.people import Person
from bot.storage.tables import HOUSE
from bot.texts import Texts
from bot.turns.inbound import Inbound
from bot.turns.menu import Menu
from bot.turns.outgoing import Button, Outgoing
from bot.world import World
from flows.engine.book import Book
from scheduler.calendar import Calendar

BUTTON_LIFE = timedelta(days=60)
"""Longer than any flow stays open; a tap after that gets the same answer as on an unknown button."""
MOST_BUTTONS = 90
"""Under one message. Telegram refuses a message with more than 100, and then its reader gets nothing."""
PRESENT_FOR = timedelta(minutes=10)
"""Somebody who did something this short ago has the chat open: content may be shown without a tap first."""

WAITED_AT_MOST = timedelta(hours=25)
"""Telegram keeps what people write for a day; whatever says to be older than this has a wrong clock."""


@dataclass(frozen=True, slots=True)
class Services:
    """What every turn uses and no turn changes."""

    keyring: Keyring
    book: Book
    texts: Texts
    calendar: Calendar
    world: World
    handbook: Handbook
    office: str = ""
    """How the organisation can be reached without a coach, in its own words."""
    numbers: Mapping[str, str] = field(default_factory=dict)
    """The phone numbers by their placeholder, as they are published now: no run is pinned to one."""
    mark: int = 0
    """The publication up to which this is what counts."""


@dataclass(slots=True)
class Turn:
    """`now` is the same for everything in the turn, and timers go by it. `after` holds, for once it is committed, the
    ids of taps to answer and menus to show.

    `first`: the clock caused it and nobody waits for what it says; that goes out after all answers to people.
    """

    tx: Connection
    now: datetime
    services: Services
    first: bool = False
    after: list[str | Menu] = field(default_factory=list)
    inbox_id: int | None = None
    passed_on: bool = False
    """The words that caused the turn are on the back-up line."""
    forgotten: bool = False
    """Whoever caused the turn was erased in it: there is nobody left to write about."""
    said_at: datetime = field(init=False)
    """When the person did what caused the turn: after an outage long before `now`, and never after it."""

    def __post_init__(self) -> None:
        self.said_at = self.now

    def caused_by(self, inbound: Inbound) -> None:
        """From here on the turn knows when it was said."""
        self.said_at = min(max(inbound.at, self.now - WAITED_AT_MOST), self.now)

    @property
    def today(self) -> date:
        """The local day that the person calls today."""
        return self.services.calendar.local(self.said_at).date()

    async def key(self, person_id: int) -> PersonKey:
        return await self.services.keyring.of(self.tx, person_id)

    def say(self, reader: Person | str | None, dutch: str, **values: str | int) -> str:
        """One of the bot's own sentences in the reader's language; `reader` is a person or a language code."""
        language = reader.language if isinstance(reader, Person) else reader or "nl"
        return self.services.texts.say(language, dutch, **values)

    def count(self, reader: Person | str | None, one: str, many: str, n: int, **values: str | int) -> str:
        """A sentence with a number in it, `{n}`, in the plural form that the reader's language has for it."""
        language = reader.language if isinstance(reader, Person) else reader or "nl"
        return self.services.texts.plural(language, one, many, n, **values)

    def labelled(self, reader: Person | str | None, label: str, text: str) -> str:
        """«Sam: ik ben er», as the reader's language writes it, whichever way each of the two runs."""
        return self.say(reader, "{label}: {text}", label=label, text=text)

    def present(self, person: Person) -> bool:
        """Whether this person has the chat open just now."""
        return person.seen_at is not None and self.now - person.seen_at <= PRESENT_FOR

    async def send(
        self,
        person: Person,
        message: Outgoing,
        about_kind: str | None = None,
        about: int | None = None,
        *,
        urgent: bool = False,
    ) -> None:
        """Put a message in the outbox. `about` is what a reply to it will be about; an `urgent` one is never FIRST.

        More buttons than fit under it follow under messages of their own.
        """
        if person.chat_id is None:
            return
        for one in self._sheets(person, message):
            await outbox.put(
                self.tx,
                await self.key(person.id),
                person.chat_id,
                person.id,
                one.to_json(),
                self.now,
                about_kind=about_kind,
                about=about,
                priority=FIRST if self.first and not urgent else ANSWER,
            )

    def _sheets(self, person: Person, message: Outgoing) -> list[Outgoing]:
        sheets, room = [message], MOST_BUTTONS
        if sum(map(len, message.rows)) <= room:
            return sheets
        sheets = [replace(message, rows=())]
        for row in message.rows:
            if len(row) > room:
                sheets.append(Outgoing("send", self.say(person, "En verder:"), silent=message.silent))
                room = MOST_BUTTONS
            sheets[-1] = replace(sheets[-1], rows=(*sheets[-1].rows, row))
            room -= len(row)
        return sheets

    async def hurry(self, person: Person, *, urgent: bool = False) -> None:
        """What this person still gets is now waited for, as if it were sent in this turn."""
        if person.chat_id is not None and (urgent or not self.first):
            await outbox.lift(self.tx, person.chat_id)

    async def send_stranger(self, chat_id: int, message: Outgoing, about_kind: str | None = None) -> None:
        """Put a message to somebody unknown in the outbox."""
        key = await self.key(HOUSE)
        await outbox.put(self.tx, key, chat_id, None, message.to_json(), self.now, about_kind=about_kind)

    async def tell(self, person: Person, dutch: str, **values: str | int) -> None:
        """Send one of the bot's own sentences, without buttons."""
        await self.send(person, Outgoing("send", self.say(person, dutch, **values)))

    async def keep(
        self,
        line: Person,
        author: Person,
        body: str,
        outcome: str,
        *,
        kind: str = "text",
        ref: str | None = None,
        alert_id: int | None = None,
    ) -> int:
        """Keep what `author` wrote, on the line of the person whose key seals it. Returns the message's id."""
        return await messages.keep(
            self.tx,
            await self.key(line.id),
            author=author.role,
            author_id=author.id,
            kind=kind,
            body=body,
            ref=ref,
            at=self.said_at,
            outcome=outcome,
            alert_id=alert_id,
            inbox_id=self.inbox_id,
        )

    async def buttons(self, person: Person, wanted: Sequence[Sequence[Wanted]]) -> tuple[tuple[Button, ...], ...]:
        """Rows of buttons for a message to `person`, each explained by a row under an opaque token."""
        rows: list[ButtonRow] = []
        shown: list[tuple[Button, ...]] = []
        for line in wanted:
            made = []
            for want in line:
                token = self.services.world.token()
                rows.append(
                    ButtonRow(
                        token=token,
                        person_id=person.id,
                        action=want.action,
                        about=want.about,
                        turn=want.turn,
                        step=want.step,
                        key=want.key,
                        expires_at=self.now + BUTTON_LIFE,
                    )
                )
                made.append(Button(want.label, token))
            shown.append(tuple(made))
        await buttons.make(self.tx, rows)
        return tuple(shown)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A button as a handler wants it: the label, and what a tap means."""

    label: str
    action: str
    about: int | None = None
    turn: int | None = None
    step: str | None = None
    key: str | None = None
