"""Buttons whose name has a meaning of its own for the handover: what a coach reads on them must be that meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from babel.dates import get_day_names

from bot.authoring.catalogue import problem
from bot.texts import SOURCE
from bot.turns.handover.making_effects import CLOCKS, WEEKDAYS
from flows.engine.flow import Flow
from flows.engine.matching import tidy
from flows.engine.problems import Problem
from flows.engine.questions.choice import Choice
from flows.engine.reader import Draft

_SPANS = {
    "month": ("een maand", "1 maand"),
    "quarter": ("3 maanden", "drie maanden"),
    "half_year": ("een half jaar", "6 maanden"),
    "year": ("een jaar", "1 jaar"),
    "two_years": ("twee jaar", "2 jaar"),
}
_CLOCKS = {name: (f"{at:%H:%M}", f"{at.hour}:{at:%M}") for name, at in CLOCKS.items()}
_WEEKDAYS = {name: (get_day_names(locale=SOURCE)[number],) for number, name in enumerate(WEEKDAYS)}

MEANINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "at": _CLOCKS,
    "weekday": _WEEKDAYS,
    "until": _SPANS,
    "backup": _SPANS,
    "review": _SPANS,
}
"""By argument of an effect: the names that its buttons may have, and the words of which one must be on the button."""
MAY_BE_NONE = ("until", "review")
"""Here a button of another name means that there is no such day, or that it is asked next."""
_UNITS = frozenset({"maand", "maanden", "jaar", "jaren", "week", "weken"})


def problems(drafts: Iterable[Draft]) -> Iterator[Problem]:
    """Every button that says something else than its name means."""
    for draft in drafts:
        for argument, step in _asked(draft.flow) if draft.flow else ():
            assert draft.flow is not None
            question = draft.flow.steps[step].ask
            labels = question.labels if isinstance(question, Choice) else {}
            for name, label in labels.items():
                if not _fits(argument, name, label):
                    place = draft.source.key("steps", step, "ask", "choice", name)
                    told = "; ".join(f"{one}: {words[0]}" for one, words in MEANINGS[argument].items())
                    yield problem("other-meaning", place, key=name, label=label, meanings=told)


def _asked(flow: Flow) -> Iterator[tuple[str, str]]:
    """Each argument that has meanings, with the step whose answer it gets; every pair once."""
    pairs = (
        (argument, getattr(effect, argument))
        for step in flow.steps.values()
        for effect in step.do
        for argument in MEANINGS.keys() & effect.takes.keys()
    )
    yield from sorted({(argument, step) for argument, step in pairs if step in flow.steps})


def _fits(argument: str, name: str, label: str) -> bool:
    said = f" {tidy(label)} "
    meant = {one for one, words in MEANINGS[argument].items() if any(f" {tidy(word)} " in said for word in words)}
    if name in MEANINGS[argument]:
        return meant == {name}
    return argument in MAY_BE_NONE and not _UNITS.intersection(said.split())
