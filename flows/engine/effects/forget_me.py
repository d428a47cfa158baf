"""`do: forget_me`"""

from __future__ import annotations

from flows.engine.effects.base import Effect


class ForgetMe(Effect):
    """Everything about this person is erased. It must come last: the bot says the closing words itself."""

    name = "forget_me"
