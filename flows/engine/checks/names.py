"""Names that already mean something else."""

from __future__ import annotations

from collections.abc import Iterator

from flows.engine.checks import look
from flows.engine.facts import PLACEHOLDERS
from flows.engine.model import Script
from flows.engine.problems import Problem, problem
from flows.engine.source import Source

KEYWORDS = frozenset({"is", "in", "and", "or", "not", "answered", "last", "days_since"})


def reserved_names(script: Script, source: Source) -> Iterator[Problem]:
    """A step named like a placeholder, or a step or choice named like a word of conditions."""
    for name in script.steps:
        if name in PLACEHOLDERS or name in KEYWORDS:
            yield problem("reserved-name", source.key("steps", name), name=name)
    for name, question in look.questions(script).items():
        for key in KEYWORDS.intersection(question.keys()):
            yield problem("reserved-name", source.key("steps", name, "ask", question.kind, key), name=key)


CHECKS = (reserved_names,)
