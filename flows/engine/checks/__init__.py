"""What a script means, checked. Every check is a function of the script and its places; the order does not matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from flows.engine.checks import conditions, language, names, opening, paths, references
from flows.engine.model import Script
from flows.engine.problems import Problem
from flows.engine.source import Source

Check = Callable[[Script, Source], Iterable[Problem]]

CHECKS: tuple[Check, ...] = (
    *names.CHECKS,
    *references.CHECKS,
    *paths.CHECKS,
    *conditions.CHECKS,
    *opening.CHECKS,
    *language.CHECKS,
)


def check_script(script: Script, source: Source) -> Iterator[Problem]:
    """The problems of a script whose shape is right."""
    for check in CHECKS:
        yield from check(script, source)
