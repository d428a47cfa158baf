"""`do: decline`"""

from __future__ import annotations

from flows.engine.effects.base import Effect


class Decline(Effect):
    """This person said no to taking part: nothing is planned, and the coach is told."""

    name = "decline"
