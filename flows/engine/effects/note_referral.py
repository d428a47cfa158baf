"""`do: {note_referral: {to: step, words: step, after: 4 weeks}}`, in a talk with a coach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from flows.engine.effects.base import Effect, Takes
from flows.engine.effects.days import day
from flows.engine.written import Text


class NoteReferral(Effect):
    """The participant looks for help elsewhere (`to`, or else in own `words`), and is asked about it on a day."""

    name = "note_referral"
    takes: ClassVar[Mapping[str, Takes]] = {
        "to": Takes(("word", "text")),
        "words": Takes(("text",)),
        "after": Takes(("date",), day, "een duur, zoals '4 weeks'"),
    }

    to: Text
    words: Text | None = None
    after: Text
