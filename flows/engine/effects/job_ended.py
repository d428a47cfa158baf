"""`do: job_ended`"""

from __future__ import annotations

from flows.engine.effects.base import Effect


class JobEnded(Effect):
    """This person's job has ended: planned questions about it stop, and the aftercare goes on."""

    name = "job_ended"
