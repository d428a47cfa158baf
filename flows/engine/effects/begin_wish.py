"""`do: begin_wish`"""

from __future__ import annotations

from flows.engine.effects.base import Effect


class BeginWish(Effect):
    """Somebody said yes to the talk that was offered: it begins when this run is done."""

    name = "begin_wish"
