"""`do: {bring_employer: who}` with the step that asked for the name of the contact person at the work place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from flows.engine.effects.base import Effect, Takes
from flows.engine.written import Text


class BringEmployer(Effect):
    """The contact person at the work place is invited to read along; the coach gets the code to scan."""

    name = "bring_employer"
    main = "who"
    takes: ClassVar[Mapping[str, Takes]] = {"who": Takes(("text",))}

    who: Text
