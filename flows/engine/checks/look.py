"""Ways to look at a script that several checks share."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Protocol

from flows.engine.conditions import Condition
from flows.engine.model import Script, Step
from flows.engine.questions import Question
from flows.engine.source import Path

Graph = Mapping[str, Collection[str]]


class Stepped(Protocol):
    """A script, or the flow that was made of it."""

    @property
    def steps(self) -> Mapping[str, Step]: ...


def questions(script: Stepped) -> dict[str, Question]:
    """The steps that ask something."""
    return {name: step.ask for name, step in script.steps.items() if step.ask is not None}


def said(script: Stepped) -> Iterator[tuple[Path, str, str]]:
    """Every text that the person reads as a message: its path, its step, itself."""
    for name, step in script.steps.items():
        for index, text in enumerate(step.say):
            yield ("steps", name, "say", index), name, text


def because(script: Stepped) -> Iterator[tuple[Path, str, str]]:
    """Every text that a coach reads."""
    for name, step in script.steps.items():
        for index, flag in enumerate(step.flag):
            yield ("steps", name, "flag", index, "because"), name, flag.because


def read_by_people(script: Stepped) -> Iterator[tuple[Path, str, str]]:
    """Every text with placeholders: what the person reads, and what a coach reads."""
    yield from said(script)
    yield from because(script)


def labels(script: Stepped) -> Iterator[tuple[Path, str]]:
    """Every button as it is shown in Dutch."""
    for name, question in questions(script).items():
        for choice in question.choices(str):
            key = int(choice.key) if question.type == "number" else choice.key
            yield ("steps", name, "ask", question.kind, key), choice.label


def whens(script: Script) -> Iterator[tuple[Path, str, Condition]]:
    """Every condition: its path, its step, itself."""
    for name, step in script.steps.items():
        for part in ("flag", "goto"):
            for index, item in enumerate(getattr(step, part)):
                if item.when is not None:
                    yield ("steps", name, part, index, "when"), name, item.when


def graph(script: Script) -> Graph:
    """From each step to the steps that can come next. Unknown steps are left out."""
    names = list(script.steps)
    onward: dict[str, list[str]] = {}
    for index, (name, step) in enumerate(script.steps.items()):
        targets = [goto.step for goto in step.goto if goto.step in script.steps]
        falls_through = step.end is None and all(goto.when is not None for goto in step.goto)
        if falls_through and index + 1 < len(names):
            targets.append(names[index + 1])
        onward[name] = targets
    return onward


def reached(onward: Graph, start: Collection[str]) -> set[str]:
    """Every step that can come after one of `start`; those themselves only if a road leads back."""
    found: set[str] = set()
    todo = [after for name in start for after in onward.get(name, ())]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(onward.get(name, ()))
    return found
