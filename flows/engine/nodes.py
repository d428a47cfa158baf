"""The parts of a condition: small frozen nodes that know their value in a scope, never evaluated as Python.

A value that is missing (not answered, skipped, no previous run) makes its comparison false, whatever the comparison.
Durations and differences of dates count in days.
"""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flows.engine.context import ContextValue
from flows.engine.events import Value

Amount = ContextValue | tuple[str, ...]
DAY = timedelta(days=1)
ISO_DATE = len("2026-12-31")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a condition may look at."""

    answers: Mapping[str, Value]
    last: Mapping[str, Value]
    values: Mapping[str, ContextValue]
    today: date


class Node(ABC):
    """A part of a condition."""

    __slots__ = ()

    @abstractmethod
    def value(self, scope: Scope) -> Amount:
        """What this part comes to; None if something it needs is missing."""


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, a duration (as days), a word or a quoted text."""

    literal: str | float
    kind: str

    def value(self, _scope: Scope) -> Amount:
        return self.literal


@dataclass(frozen=True, slots=True)
class Name(Node):
    """An answer of this run, or else a fact from outside."""

    name: str

    def value(self, scope: Scope) -> Amount:
        if self.name in scope.answers:
            return scope.answers[self.name]
        return scope.values.get(self.name)


@dataclass(frozen=True, slots=True)
class Last(Node):
    """The answer that the previous run of this flow got."""

    name: str

    def value(self, scope: Scope) -> Amount:
        return scope.last.get(self.name)


@dataclass(frozen=True, slots=True)
class DaysSince(Node):
    """Days between a date and today; negative for a day to come."""

    name: str

    def value(self, scope: Scope) -> Amount:
        moment = Name(self.name).value(scope)
        try:
            return (scope.today - date.fromisoformat(str(moment)[:ISO_DATE])).days
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Sum(Node):
    left: Node
    right: Node
    sign: int

    def value(self, scope: Scope) -> Amount:
        left, right = _number(self.left.value(scope)), _number(self.right.value(scope))
        return None if left is None or right is None else left + self.sign * right


_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Compare(Node):
    left: Node
    right: Node
    sign: str

    def value(self, scope: Scope) -> bool:
        left, right = _number(self.left.value(scope)), _number(self.right.value(scope))
        return left is not None and right is not None and _COMPARE[self.sign](left, right)


@dataclass(frozen=True, slots=True)
class Same(Node):
    left: Node
    right: Node
    wanted: bool

    def value(self, scope: Scope) -> bool:
        left, right = self.left.value(scope), self.right.value(scope)
        return left is not None and right is not None and _equal(left, right) is self.wanted


@dataclass(frozen=True, slots=True)
class OneOf(Node):
    left: Node
    options: tuple[Node, ...]

    def value(self, scope: Scope) -> bool:
        left = self.left.value(scope)
        return left is not None and any(_equal(left, option.value(scope)) for option in self.options)


@dataclass(frozen=True, slots=True)
class Has(Node):
    """Whether several choices contain this one."""

    option: Node
    several: Node

    def value(self, scope: Scope) -> bool:
        several = self.several.value(scope)
        return isinstance(several, tuple) and self.option.value(scope) in several


@dataclass(frozen=True, slots=True)
class Answered(Node):
    name: str

    def value(self, scope: Scope) -> bool:
        return scope.answers.get(self.name) is not None


@dataclass(frozen=True, slots=True)
class Not(Node):
    inner: Node

    def value(self, scope: Scope) -> bool:
        return not self.inner.value(scope)


@dataclass(frozen=True, slots=True)
class Every(Node):
    parts: tuple[Node, ...]

    def value(self, scope: Scope) -> bool:
        return all(part.value(scope) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Some(Node):
    parts: tuple[Node, ...]

    def value(self, scope: Scope) -> bool:
        return any(part.value(scope) for part in self.parts)


def _number(value: Amount) -> float | None:
    if isinstance(value, timedelta):
        return value / DAY
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value


def _equal(left: Amount, right: Amount) -> bool:
    if isinstance(left, bool):
        left = "yes" if left else "no"
    if isinstance(right, bool):
        right = "yes" if right else "no"
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    return left == right
