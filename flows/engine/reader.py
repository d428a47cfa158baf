"""From text to flow: the file's shape, then the model, then the checks; every problem at once, none raised."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from flows.engine import shapes
from flows.engine.checks import check_script
from flows.engine.flow import Flow, make_flow
from flows.engine.model import Script
from flows.engine.problems import Problem, in_order, problem
from flows.engine.source import Source, read_source

KEPT = 256
"""Drafts: a folder of scripts, and what was published before, several times over."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What reading one file gave. `flow` is None when the file has no usable shape; it may stand beside problems."""

    flow: Flow | None
    source: Source
    problems: tuple[Problem, ...]


def read_flow(text: str, file: str) -> tuple[Flow | None, tuple[Problem, ...]]:
    """The flow in `text` and its problems, sorted; `file` is named in them.

    No flow: the text has no usable shape. A flow beside problems may be shown, and must not be published.
    References to other flows are checked by the book.
    """
    draft = read_draft(text, file)
    return draft.flow, draft.problems


@lru_cache(maxsize=KEPT)
def read_draft(text: str, file: str) -> Draft:
    """As read_flow, with the places of everything. What was read is kept: a folder is read again at each look."""
    source = read_source(text, file)
    script = None if source.data is None else _script(source)
    if script is None:
        return Draft(None, source, in_order(source.problems))
    problems = in_order([*source.problems, *check_script(script, source)])
    return Draft(make_flow(script, text), source, problems)


def _script(source: Source) -> Script | None:
    if not isinstance(source.data, dict):
        source.problems.append(problem("wrong-value", source.value(), wanted="regels als 'flow: naam' en 'steps:'"))
        return None
    before = len(source.problems)
    data: dict[Any, Any] = dict(source.data)
    if isinstance(data.get("steps"), dict):
        data["steps"] = {name: shapes.step(source, name, step) for name, step in data["steps"].items()}
    try:
        script = Script.model_validate(data)
    except ValidationError as error:
        source.problems.extend(shapes.problems(source, error))
        return None
    return script if len(source.problems) == before else None
