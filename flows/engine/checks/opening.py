"""What shows on a lock screen when we speak first (promise P19)."""

from __future__ import annotations

from collections.abc import Iterator

from flows.engine.checks import look
from flows.engine.model import Script
from flows.engine.problems import Problem, problem
from flows.engine.source import Source
from flows.engine.texts import placeholders

ALLOWED = "name"


def neutral_opening(script: Script, source: Source) -> Iterator[Problem]:
    """The first message of a flow that starts from a moment shows nothing personal but the name."""
    if script.starts.moment is None:
        return
    for path, _, text in look.said(script):
        for written in placeholders(text):
            if written.strip() != ALLOWED:
                yield problem("opening-not-neutral", source.value(*path), braced=f"{{{written}}}")
        return


CHECKS = (neutral_opening,)
