"""`do: sos`"""

from __future__ import annotations

from flows.engine.effects.base import Effect


class Sos(Effect):
    """The bot asks what is the matter, with 112 and 113, and a button that reaches a human."""

    name = "sos"
