"""One message on its way out, in our own words; bot.chat knows how Telegram says it. Stored as JSON in the outbox."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    token: str = ""
    """The opaque id that a row of the button table explains."""
    url: str = ""
    """Instead of a token: a link."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """`send` a text, `edit` message `message`, pass on `media`, show `picture`, hand over `document`, or `leave`.

    `leave` is for a group. The text of `media`, `picture` and `document` stands below it.
    """

    kind: Literal["send", "edit", "media", "picture", "document", "leave"]
    text: str = ""
    rows: tuple[tuple[Button, ...], ...] = ()
    message: int | None = None
    row: int | None = None
    """Instead of `message`: the earlier outbox row of this chat whose message is edited, which may be on its way."""
    in_place: bool = False
    """An edit with nothing new for its reader: it has no sense but on that very message, so it dies with it."""
    media: str = ""
    media_kind: str = ""
    """voice, photo, document, sticker, video …: which method sends `media`."""
    silent: bool = False
    """Arrives without a sound: outside the hours in which this person may be disturbed."""
    picture: str = ""
    """A PNG, in base64."""
    document: str = ""
    """The content of a file, in base64."""
    file_name: str = ""
    """What the file is called on the reader's phone; its ending says what it is. Only calendars (.ics) are sent."""
    version: int = field(default=1)

    def to_json(self) -> str:
        return _JSON.encode(self)

    @classmethod
    def from_json(cls, text: str) -> Outgoing:
        raw = json.loads(text)
        rows = tuple(tuple(Button(**button) for button in row) for row in raw.pop("rows"))
        return cls(rows=rows, **raw)


def _fields(one: Any) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__slots__}


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_fields)
