"""How long to wait after a failure: doubling, with jitter, up to a limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Seconds. `first` after one failure, twice as long after each next one, never more than `most`.

    `chance` (0 up to 1) takes up to half of it off, so that many processes do not come back at once.
    """

    chance: Callable[[], float]
    first: float = 1.0
    most: float = 30.0

    def after(self, failures: int) -> float:
        """How long to wait once `failures` (1 or more) tries in a row have failed."""
        doubled = self.first * 2.0 ** min(failures - 1, 30)
        return min(doubled, self.most) * (1.0 - self.chance() / 2)
