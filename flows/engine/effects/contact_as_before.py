"""`do: contact_as_before`"""

from __future__ import annotations

from flows.engine.effects.base import Effect


class ContactAsBefore(Effect):
    """The interval that was agreed counts again, after `contact_less`."""

    name = "contact_as_before"
