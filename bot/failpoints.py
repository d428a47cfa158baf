"""Named points at which the crash tests let the process die."""

from __future__ import annotations

import os
import signal


class Failpoints:
    """Dies, as by kill -9, when the `wanted` point is reached: NAME, or NAME:N for the N-th time; None: never."""

    def __init__(self, wanted: str | None) -> None:
        self._name, _, nth = (wanted or "").partition(":")
        self._left = int(nth or 1)

    def __call__(self, name: str) -> None:
        if name == self._name:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
