"""`do: resume_contact`"""

from __future__ import annotations

from flows.engine.effects.base import Effect


class ResumeContact(Effect):
    """A pause is over before its day: planned contact begins again."""

    name = "resume_contact"
