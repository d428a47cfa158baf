"""Conditions: read once by the grammar in conditions.lark, kept as the nodes of nodes.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput

from flows.engine import limits
from flows.engine.durations import UNITS
from flows.engine.nodes import (
    Answered,
    Compare,
    DaysSince,
    Every,
    Has,
    Last,
    Literal,
    Name,
    Node,
    Not,
    OneOf,
    Same,
    Scope,
    Some,
    Sum,
)


class ConditionUnreadable(ValueError):
    """The text is no condition; `offset` is the character where reading stopped."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"stopped at character {offset}")
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as written and as read."""

    text: str
    root: Node

    def holds(self, scope: Scope) -> bool:
        return bool(self.root.value(scope))

    def nodes(self) -> Iterator[Node]:
        """Every part, the whole first; for the checks."""
        return _walk(self.root)


def read_condition(text: str) -> Condition:
    """The condition that `text` says. Raises ConditionUnreadable."""
    if len(text) > limits.CONDITION_LENGTH:
        raise ConditionUnreadable(limits.CONDITION_LENGTH)
    try:
        return Condition(text, _Build().transform(_grammar().parse(text)))
    except UnexpectedInput as error:
        raise ConditionUnreadable(max(0, error.pos_in_stream or 0)) from None


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for field in fields(node):  # type: ignore[arg-type]
        inner = getattr(node, field.name)
        for part in inner if isinstance(inner, tuple) else (inner,):
            if isinstance(part, Node):
                yield from _walk(part)


@cache
def _grammar() -> Lark:
    return Lark.open("conditions.lark", rel_to=__file__, parser="lalr", maybe_placeholders=False)


class _Build(Transformer[Token, Node]):
    """One method per rule of the grammar."""

    def name(self, parts: list[Token]) -> Node:
        return Name(str(parts[0]))

    def last(self, parts: list[Token]) -> Node:
        return Last(str(parts[0]))

    def days_since(self, parts: list[Token]) -> Node:
        return DaysSince(str(parts[0]))

    def answered(self, parts: list[Token]) -> Node:
        return Answered(str(parts[0]))

    def word(self, parts: list[Token]) -> Node:
        return Literal(str(parts[0]), "word")

    def quoted(self, parts: list[Token]) -> Node:
        return Literal(str(parts[0])[1:-1], "text")

    def number(self, parts: list[Token]) -> Node:
        return Literal(float(parts[0]), "number")

    def duration(self, parts: list[Token]) -> Node:
        amount, unit = str(parts[0]).split()
        return Literal(int(amount) * UNITS[unit.rstrip("s")] / UNITS["day"], "duration")

    def plus(self, parts: list[Node]) -> Node:
        return Sum(parts[0], parts[1], 1)

    def minus(self, parts: list[Node]) -> Node:
        return Sum(parts[0], parts[1], -1)

    def compare(self, parts: list[Any]) -> Node:
        return Compare(parts[0], parts[2], str(parts[1]))

    def same(self, parts: list[Node]) -> Node:
        return Same(parts[0], parts[1], True)

    def different(self, parts: list[Node]) -> Node:
        return Same(parts[0], parts[1], False)

    def one_of(self, parts: list[Node]) -> Node:
        return OneOf(parts[0], tuple(parts[1:]))

    def has(self, parts: list[Node]) -> Node:
        option = parts[0]
        return Has(Literal(option.name, "word") if isinstance(option, Name) else option, parts[1])

    def negation(self, parts: list[Node]) -> Node:
        return Not(parts[0])

    def any(self, parts: list[Node]) -> Node:
        return Some(tuple(parts))

    def all(self, parts: list[Node]) -> Node:
        return Every(tuple(parts))
