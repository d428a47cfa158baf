"""Every road through a script leads somewhere, and every step lies on one."""

from __future__ import annotations

from collections.abc import Iterator

from flows.engine.checks import look
from flows.engine.model import Script
from flows.engine.problems import Problem, problem
from flows.engine.source import Source


def dead_ends(script: Script, source: Source) -> Iterator[Problem]:
    """The last step must say how the flow ends."""
    name, step = list(script.steps.items())[-1]
    if step.end is None and all(goto.when is not None for goto in step.goto):
        yield problem("dead-end", source.key("steps", name), step=name)


def unreachable(script: Script, source: Source) -> Iterator[Problem]:
    """No road leads to the step."""
    first = next(iter(script.steps))
    found = look.reached(look.graph(script), [first]) | {first}
    for name in script.steps:
        if name not in found:
            yield problem("unreachable-step", source.key("steps", name), step=name)


def never_reached(script: Script, source: Source) -> Iterator[Problem]:
    """After a `goto` without `when` nothing is looked at any more."""
    for name, step in script.steps.items():
        always = [index for index, goto in enumerate(step.goto) if goto.when is None]
        if always and (always[0] < len(step.goto) - 1 or step.end is not None):
            yield problem("never-reached", source.value("steps", name, "goto", always[0]))


def loops(script: Script, source: Source) -> Iterator[Problem]:
    """A road back to the same step on which nothing is asked; told once per loop."""
    silent = {name for name, step in script.steps.items() if step.ask is None and step.run is None}
    onward = {
        name: [to for to in targets if to in silent] for name, targets in look.graph(script).items() if name in silent
    }
    told: set[str] = set()
    for name in onward:
        circle = look.reached(onward, [name])
        if name in circle and name not in told:
            told |= circle
            yield problem("loop-without-question", source.key("steps", name))


CHECKS = (dead_ends, unreachable, never_reached, loops)
