"""`do: stop_contact`"""

from __future__ import annotations

from flows.engine.effects.base import Effect


class StopContact(Effect):
    """This person wants no planned contact at all, also not from the coach. Writing still reaches the coach."""

    name = "stop_contact"
