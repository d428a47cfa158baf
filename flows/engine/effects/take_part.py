"""`do: take_part`"""

from __future__ import annotations

from flows.engine.effects.base import Effect


class TakePart(Effect):
    """This person said yes to taking part: moments may be planned from now on."""

    name = "take_part"
