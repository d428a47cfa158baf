"""`do: {note_step: step}` with the step that asked for a number from 1 to 6."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from flows.engine.effects.base import Effect, Takes
from flows.engine.written import Text


class NoteStep(Effect):
    """This person places themselves on the participation ladder, today."""

    name = "note_step"
    main = "step"
    takes: ClassVar[Mapping[str, Takes]] = {"step": Takes(("number",))}

    step: Text
