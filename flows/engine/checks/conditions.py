"""Conditions name answers that exist, and compare them with what fits their kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.engine.checks import look
from flows.engine.facts import FACT_KEYS, FACTS, KIND_WORDS, Kind
from flows.engine.model import Script
from flows.engine.nodes import (
    Answered,
    Compare,
    DaysSince,
    Has,
    Last,
    Literal,
    Name,
    Node,
    OneOf,
    Same,
    Sum,
)
from flows.engine.problems import Place, Problem, problem
from flows.engine.questions import Question
from flows.engine.source import Source

_INSTEAD: Mapping[Kind, str] = {
    "number": "'is' met een getal, of '<', '<=', '>' en '>='",
    "word": "'is', 'is not' of 'in [a, b]'",
    "list": "'in', zoals in 'home in topics'",
    "truth": "'is yes' of 'is no'",
    "date": "'days_since(…)'",
    "clock": "'answered(…)'",
    "duration": "'<', '<=', '>' of '>=' met bijvoorbeeld '60 days'",
    "text": "'answered(…)'",
}
_AMOUNTS = ("number", "duration")
_TRUTH = ("yes", "no")


def conditions(script: Script, source: Source) -> Iterator[Problem]:
    """Every condition of the script."""
    asking = look.questions(script)
    for path, _, condition in look.whens(script):
        reader = _Reader(asking, source.value(*path))
        for node in condition.nodes():
            yield from reader.problems(node)


@dataclass(frozen=True, slots=True)
class _Reader:
    asking: Mapping[str, Question]
    place: Place

    def problems(self, node: Node) -> Iterator[Problem]:
        match node:
            case Name(name) if name not in FACTS:
                yield from self._known(name)
            case Last(name) | DaysSince(name) | Answered(name):
                yield from self._known(name)
        match node:
            case DaysSince(name) if self._kind(Name(name)) not in ("date", None):
                yield self._mismatch(Name(name), "days_since")
            case Compare(left, right, sign):
                yield from self._amounts(left, sign)
                yield from self._amounts(right, sign)
            case Same(left, right, wanted):
                yield from self._fits(left, right, "is" if wanted else "is not")
            case OneOf(left, options):
                for option in options:
                    yield from self._fits(left, option, "in [ ]")
            case Has(option, several):
                yield from self._contains(option, several)

    def _known(self, name: str) -> Iterator[Problem]:
        if name not in self.asking:
            yield problem("unknown-answer", self.place, wrong=name, known=[*self.asking, *FACTS])

    def _kind(self, node: Node) -> Kind | None:
        """What the part is; None if that is not known or does not matter."""
        match node:
            case Name(name) | Last(name) if name in self.asking:
                return self.asking[name].type
            case Name(name):
                return FACTS.get(name)
            case DaysSince() | Sum():
                return "number"
            case Literal(_, "number"):
                return "number"
        return None

    def _amounts(self, node: Node, sign: str) -> Iterator[Problem]:
        if isinstance(node, Sum):
            yield from self._amounts(node.left, sign)
            yield from self._amounts(node.right, sign)
        elif self._kind(node) not in (*_AMOUNTS, None):
            yield self._mismatch(node, sign)

    def _fits(self, left: Node, right: Node, sign: str) -> Iterator[Problem]:
        kind = self._kind(left)
        if kind in ("list", "date", "duration"):
            yield self._mismatch(left, sign)
        elif isinstance(right, Literal):
            yield from self._literal_fits(left, kind, right, sign)
        elif kind and self._kind(right) not in (kind, None):
            yield self._mismatch(right, sign)

    def _literal_fits(self, left: Node, kind: Kind | None, right: Literal, sign: str) -> Iterator[Problem]:
        if kind == "number" and right.kind != "number":
            yield self._mismatch(left, sign)
        elif kind in ("word", "truth"):
            if right.kind == "number":
                yield self._mismatch(left, sign)
            else:
                yield from self._choice(left, str(right.literal))
        elif kind in ("text", "clock") and right.kind != "text":
            yield self._mismatch(left, sign)

    def _contains(self, option: Node, several: Node) -> Iterator[Problem]:
        kind = self._kind(several)
        if kind == "list" and isinstance(option, Literal):
            yield from self._choice(several, str(option.literal))
        elif kind not in ("list", None):
            yield self._mismatch(several, "in")

    def _choice(self, node: Node, key: str) -> Iterator[Problem]:
        if isinstance(node, Name | Last):
            keys = self._keys(node.name)
            if keys and key not in keys:
                yield problem(
                    "unknown-choice", self.place, wrong=key, known=keys, question=node.name, allowed=", ".join(keys)
                )

    def _keys(self, name: str) -> tuple[str, ...]:
        """What this answer or fact can be; empty if that is not known here."""
        if name in self.asking:
            return self.asking[name].keys()
        return _TRUTH if FACTS.get(name) == "truth" else FACT_KEYS.get(name, ())

    def _mismatch(self, node: Node, sign: str) -> Problem:
        kind = self._kind(node) or "text"
        name = getattr(node, "name", None) or getattr(node, "literal", "")
        return problem("type-mismatch", self.place, name=name, kind=KIND_WORDS[kind], sign=sign, instead=_INSTEAD[kind])


CHECKS = (conditions,)
