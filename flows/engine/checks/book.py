"""What only shows when all flows lie side by side: names, first words, and who runs whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flows.engine.checks import look
from flows.engine.effects.remind import Remind
from flows.engine.effects.start import Start
from flows.engine.flow import Flow
from flows.engine.matching import tidy
from flows.engine.problems import Place, Problem, problem
from flows.engine.source import Source

Files = Sequence[tuple[Flow, Source]]


def check_book(files: Files) -> Iterator[Problem]:
    """The problems between flows, each told at the file that comes later."""
    yield from _same_flow(files)
    yield from _same_words(files)
    flows = {flow.id: flow for flow, _ in files}
    calls = {flow.id: [step.run for step in flow.steps.values() if step.run] for flow, _ in files}
    for flow, source in files:
        yield from _runs(flow, source, flows, calls)
        yield from _begins(flow, source, flows)


def _same_flow(files: Files) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for flow, source in files:
        if flow.id in seen:
            yield problem("same-flow", source.value("flow"), flow=flow.id, other=seen[flow.id])
        seen.setdefault(flow.id, source.file)


def _same_words(files: Files) -> Iterator[Problem]:
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for flow, source in files:
        for index, words in enumerate(flow.starts.words):
            key = (flow.audience, tidy(words))
            first, file = seen.setdefault(key, (flow.id, source.file))
            if first != flow.id:
                place = source.value("starts", "words", index)
                yield problem("same-words", place, words=words, flow=first, file=file)


def _begins(flow: Flow, source: Source, flows: Mapping[str, Flow]) -> Iterator[Problem]:
    """What `do: start` and `do: remind` name."""
    for name, step in flow.steps.items():
        for index, effect in enumerate(step.do):
            if isinstance(effect, Start | Remind):
                place = source.value("steps", name, "do", index, effect.name)
                yield from _named(flow, place, effect.flow, flows)


def _named(flow: Flow, place: Place, wanted: str, flows: Mapping[str, Flow]) -> Iterator[Problem]:
    called = flows.get(wanted)
    if called is None:
        yield problem("unknown-flow", place, wrong=wanted, known=flows)
    elif called.audience != flow.audience:
        yield problem("other-audience", place, flow=called.id, other=called.audience, audience=flow.audience)


def _runs(flow: Flow, source: Source, flows: Mapping[str, Flow], calls: look.Graph) -> Iterator[Problem]:
    for name, step in flow.steps.items():
        if step.run is None:
            continue
        place = source.value("steps", name, "run")
        wrong = [*_named(flow, place, step.run, flows)]
        yield from wrong
        if not wrong and (step.run == flow.id or flow.id in look.reached(calls, [step.run])):
            yield problem("flow-runs-itself", place)
