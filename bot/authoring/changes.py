"""What became different between two versions, in Dutch words: for who publishes, and for who looks back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from bot.caseload.numbers import Numbers
from flows.engine.flow import Flow
from flows.engine.model import Step

NOTHING = "Alleen de opmaak of de toelichting."
_HEAD = {
    "title": "De titel",
    "audience": "Voor wie het is",
    "starts": "Hoe het begint",
    "reminders": "De herinneringen",
    "expires": "Hoe lang het open blijft",
}
_PARTS = {
    "flag": "het signaal voor de coach",
    "do": "de actie",
    "run": "het gesprek dat ertussen komt",
    "goto": "hoe het verdergaat",
}


def between(old: Flow | None, new: Flow | None) -> list[str]:
    """A line for each difference; at least one. No old one: it is new; no new one: it went away."""
    if new is None:
        return ["Het gesprek is weg."]
    if old is None:
        return [f"Nieuw gesprek: {new.title}."]
    return [*_lines(old, new)] or [NOTHING]


def of_numbers(old: Numbers | None, new: Numbers) -> list[str]:
    """The same for the phone numbers."""
    if old is None:
        return ["Nieuw: de lijst met telefoonnummers."]
    before = {one.name: one.number for one in old.by_key.values()}
    after = {one.name: one.number for one in new.by_key.values()}
    lines = [f"{name} is weg." for name in before if name not in after]
    lines += [f"Nieuw: {name}, {number}." for name, number in after.items() if name not in before]
    lines += [
        f"{name}: {before[name]} werd {number}." for name, number in after.items() if before.get(name, number) != number
    ]
    return lines or [NOTHING]


def _lines(old: Flow, new: Flow) -> Iterator[str]:
    for part, words in _HEAD.items():
        if getattr(old, part) != getattr(new, part):
            yield f"{words} is anders." if part != "reminders" else f"{words} zijn anders."
    for name, step in old.steps.items():
        if name not in new.steps:
            yield f"Stap {name} is weg{_quoted(step)}."
    for name, step in new.steps.items():
        if name not in old.steps:
            yield f"Nieuwe stap {name}{_quoted(step)}."
        else:
            yield from (f"Stap {name}: {line}." for line in _of_step(old.steps[name], step))
    kept = [name for name in old.steps if name in new.steps]
    if kept != [name for name in new.steps if name in old.steps]:
        yield "De volgorde van de stappen is anders."


def _of_step(old: Step, new: Step) -> Iterator[str]:
    yield from _texts(old.say, new.say)
    if old.ask != new.ask:
        yield from _question(old, new)
    for part, words in _PARTS.items():
        if getattr(old, part) != getattr(new, part):
            yield f"{words} is anders"
    if old.end != new.end:
        yield "het gesprek stopt hier nu" if new.end else "het gesprek stopt hier niet meer"


def _question(old: Step, new: Step) -> Iterator[str]:
    if old.ask is None or new.ask is None or old.ask.kind != new.ask.kind:
        yield "er is nu een andere vraag" if new.ask else "hier wordt niets meer gevraagd"
        return
    before, after = dict(old.ask.buttons()), dict(new.ask.buttons())
    lines = [f"knop «{label}» is weg" for key, label in before.items() if key not in after]
    lines += [f"nieuwe knop «{label}»" for key, label in after.items() if key not in before]
    changed: Mapping[str, str] = {key: label for key, label in after.items() if before.get(key, label) != label}
    lines += [f"knop «{before[key]}» werd «{label}»" for key, label in changed.items()]
    yield from lines or ["de vraag zit anders in elkaar"]


def _texts(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    for kind, left, right, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = old[left:right], new[first:last]
        if kind == "equal":
            continue
        for before, after in zip(gone, come, strict=False):
            yield f"«{_one_line(before)}» werd «{_one_line(after)}»"
        for text in gone[len(come) :]:
            yield f"weg is «{_one_line(text)}»"
        for text in come[len(gone) :]:
            yield f"nieuw is «{_one_line(text)}»"


def _quoted(step: Step) -> str:
    return f": «{_one_line(step.say[-1])}»" if step.say else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
