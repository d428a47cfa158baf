"""`do: {agree: {text: step, …}}`: every argument names a step, and each may be left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from flows.engine.effects.base import Effect, Takes
from flows.engine.written import Text


class Agree(Effect):
    """This item of the draft handover is kept as answered; what was skipped stays open."""

    name = "agree"
    takes: ClassVar[Mapping[str, Takes]] = {
        "text": Takes(("text", "word", "list")),
        "who": Takes(("word",)),
        "review": Takes(("word", "date")),
        "for_employer": Takes(("truth",)),
        "call": Takes(("text", "word")),
        "before": Takes(("clock",)),
        "number": Takes(("text",)),
        "reachable": Takes(("text", "word")),
    }

    text: Text | None = None
    who: Text | None = None
    review: Text | None = None
    for_employer: Text | None = None
    call: Text | None = None
    before: Text | None = None
    number: Text | None = None
    reachable: Text | None = None
