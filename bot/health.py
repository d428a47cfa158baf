"""What /healthz can know about a loop: a pulse that the loop beats, and a verdict about it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

RED_AFTER = 90.0
"""Seconds without a good round; promise P18 gives two minutes in all."""


@dataclass(frozen=True, slots=True)
class Health:
    """`reason` says what is wrong, or «standing by»; `since` is when it was last well, None when it never was."""

    name: str
    well: bool
    reason: str
    since: datetime | None


class Pulse:
    """The heartbeat of one loop. Ages are counted on `tick` (seconds), which nobody moves."""

    def __init__(
        self,
        name: str,
        now: Callable[[], datetime],
        *,
        red_after: float = RED_AFTER,
        tick: Callable[[], float] | None = None,
    ) -> None:
        self.name = name
        self.last_good: datetime | None = None
        self.last_error = ""
        self._now = now
        self._red_after = red_after
        self._tick = tick or asyncio.get_running_loop().time
        self._beaten = 0.0

    def beat(self) -> None:
        """A round went well."""
        self.last_good = self._now()
        self.last_error = ""
        self._beaten = self._tick()

    def fail(self, reason: str) -> None:
        """A round failed; `reason` names the kind of error, never content."""
        self.last_error = reason

    @property
    def overdue(self) -> bool:
        """Whether no round went well for too long."""
        return self.last_good is None or self._tick() - self._beaten > self._red_after

    def health(self, task: asyncio.Task[None] | None) -> Health:
        """The verdict about the loop that runs as `task`."""
        if task is None or task.done():
            return Health(self.name, False, "not running", self.last_good)
        if self.overdue:
            return Health(self.name, False, self.last_error or "no answer yet", self.last_good)
        return Health(self.name, True, "", self.last_good)
