"""Everything that a script names must exist: steps, topics, placeholders, the arguments of effects."""

from __future__ import annotations

from collections.abc import Iterator

from flows.engine.checks import look
from flows.engine.effects.base import Takes
from flows.engine.facts import KIND_WORDS, PLACEHOLDERS, TOPICS
from flows.engine.model import Script
from flows.engine.problems import Problem, problem
from flows.engine.source import Source
from flows.engine.texts import fill, last_of, number_of, placeholders


def steps(script: Script, source: Source) -> Iterator[Problem]:
    """Where `goto` leads."""
    for name, step in script.steps.items():
        for index, goto in enumerate(step.goto):
            if goto.step not in script.steps:
                place = source.value("steps", name, "goto", index, "step")
                yield problem("unknown-step", place, wrong=goto.step, known=script.steps)


def topics(script: Script, source: Source) -> Iterator[Problem]:
    """What flags are about."""
    for name, step in script.steps.items():
        for index, flag in enumerate(step.flag):
            if flag.topic not in TOPICS:
                place = source.value("steps", name, "flag", index, "topic")
                yield problem("unknown-topic", place, wrong=flag.topic, known=TOPICS, allowed=", ".join(TOPICS))


def names_in_texts(script: Script, source: Source) -> Iterator[Problem]:
    """What stands between braces."""
    asking = look.questions(script)
    for path, _, text in look.read_by_people(script):
        for written in placeholders(text):
            name = last_of(written.strip())
            if number_of(written.strip()):  # which ones there are is not for the engine to know
                continue
            known = [*asking] if name else [*PLACEHOLDERS, *asking]
            wrong = name or written.strip()
            if wrong not in known:
                place = source.value(*path)
                yield problem("unknown-placeholder", place, wrong=wrong, known=known, braced=f"{{{written}}}")


def braces(script: Script, source: Source) -> Iterator[Problem]:
    """A brace without its other half, and a placeholder where none is filled in: on a button."""
    for path, _, text in look.read_by_people(script):
        if {"{", "}"} & set(fill(text, lambda _: "")):
            yield problem("loose-brace", source.value(*path))
    for path, label in look.labels(script):
        if {"{", "}"} & set(label):
            yield problem("placeholder-on-button", source.value(*path), label=label)


def answers_come_first(script: Script, source: Source) -> Iterator[Problem]:
    """A text cannot show an answer that nobody can have given yet."""
    onward, asking = look.graph(script), look.questions(script)
    after = {name: look.reached(onward, [name]) for name in asking}
    for path, step, text in look.read_by_people(script):
        told_after_asking = path[2] == "flag"
        for written in placeholders(text):
            name = written.strip()
            if name in after and step not in after[name] and not (told_after_asking and step == name):
                yield problem("answer-comes-later", source.value(*path), wrong=name)


def effects(script: Script, source: Source) -> Iterator[Problem]:
    """Arguments that name an answer, or are a value themselves."""
    asking = look.questions(script)
    kinds = {name: question.type for name, question in asking.items()}
    for name, step in script.steps.items():
        for index, effect in enumerate(step.do):
            for argument, wrong, takes in effect.misfits(kinds):
                place = source.value("steps", name, "do", index, effect.name, argument)
                yield problem(
                    "wrong-argument",
                    place,
                    wrong=wrong,
                    known=[step for step, kind in kinds.items() if kind in takes.kinds],
                    argument=argument,
                    effect=effect.name,
                    instead=_instead(takes),
                )


def _instead(takes: Takes) -> str:
    """What the author can write at this argument."""
    kinds = " of ".join(KIND_WORDS[kind] for kind in takes.kinds)
    if not takes.words:
        return f"Noem een stap die vraagt naar {kinds}."
    return f"Noem een stap die vraagt naar {kinds}, of schrijf {takes.words}." if kinds else f"Schrijf {takes.words}."


CHECKS = (steps, topics, names_in_texts, braces, answers_come_first, effects)
