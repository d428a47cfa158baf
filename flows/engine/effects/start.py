"""`do: {start: sick-report}`"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from flows.engine.effects.base import Effect, Takes
from flows.engine.written import FlowName


def _as_written(written: str, _today: date) -> str | None:
    """Whether there is such a flow is seen where all flows lie side by side."""
    return written


class Start(Effect):
    """When this run is done another flow begins, as a run of its own. Of several in one run the last counts."""

    name = "start"
    main = "flow"
    takes: ClassVar[Mapping[str, Takes]] = {"flow": Takes((), _as_written, "de naam van een gesprek")}

    flow: FlowName
