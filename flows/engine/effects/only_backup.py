"""`do: only_backup`"""

from __future__ import annotations

from flows.engine.effects.base import Effect


class OnlyBackup(Effect):
    """No more questions from the bot; what was agreed with the coach goes on, and writing always works."""

    name = "only_backup"
