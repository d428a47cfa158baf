"""The engine's errors: all of them mistakes of the caller. An author's mistakes are problems, not errors."""

from __future__ import annotations


class EngineError(Exception):
    """The root of the engine's errors."""


class FlowUnknown(EngineError, KeyError):
    """The book holds no such flow, or no such version of it."""

    def __str__(self) -> str:
        return f"the book holds no {' '.join(str(part) for part in self.args)}"


class RunUnreadable(EngineError, ValueError):
    """The stored run is not in a form that this engine knows."""
