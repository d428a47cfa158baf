"""Questions and effects of a step by their registries, and the model's errors as problems with their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from flows.engine.catalogue import CATALOGUE, Entry
from flows.engine.effects import EFFECTS, Effect
from flows.engine.model import Expires, Flag, Goto, Script, Starts, Step
from flows.engine.problems import Problem, problem
from flows.engine.questions import QUESTIONS, Question
from flows.engine.source import Path, Source
from flows.engine.written import Written

_BESIDE = ("optional", "required")
_EXPECTED = re.compile(r"'([^']*)'")
_MODELS: dict[str, type[Written]] = {"flag": Flag, "goto": Goto, "starts": Starts, "expires": Expires}
_WANTED = {
    "int_type": "een heel getal",
    "string_type": "een tekst",
    "bool_type": "'true' of 'false'",
    "dict_type": "regels met een naam en een dubbele punt",
    "model_type": "regels met een naam en een dubbele punt",
}


def step(source: Source, name: Any, data: Any) -> Any:
    """`data` of one step with its question and effects built. What is wrong in those is added to the problems."""
    if not isinstance(data, dict):
        return data
    built = dict(data)
    path: Path = ("steps", name)
    if "ask" in built:
        built["ask"] = _question(source, (*path, "ask"), built["ask"])
    if "do" in built:
        items = built["do"] if isinstance(built["do"], list) else [built["do"]]
        effects = (_effect(source, (*path, "do", index), item) for index, item in enumerate(items))
        built["do"] = [effect for effect in effects if effect is not None]
    return built


def problems(
    source: Source,
    error: ValidationError,
    at: Path = (),
    names: Sequence[str] = (),
    catalogue: Mapping[str, Entry] = CATALOGUE,
) -> Iterator[Problem]:
    """Each error of a model as a problem. `at` is where the model's data stands; `names` are its keys."""
    for one in error.errors(include_url=False):
        yield _problem(source, (*at, *one["loc"]), one, names, catalogue)


def _question(source: Source, path: Path, written: Any) -> Question | None:
    if isinstance(written, str):
        written = {written: None}
    if not isinstance(written, dict):
        source.problems.append(problem("one-question", source.value(*path)))
        return None
    kinds = [str(key) for key in written if key not in _BESIDE]
    for kind in kinds:
        if kind not in QUESTIONS:
            source.problems.append(
                problem(
                    "unknown-question", source.key(*path, kind), wrong=kind, known=QUESTIONS, allowed=_listed(QUESTIONS)
                )
            )
            return None
    if len(kinds) != 1:
        source.problems.append(problem("one-question", source.value(*path)))
        return None
    return _of_kind(source, path, QUESTIONS[kinds[0]], written)


def _of_kind(source: Source, path: Path, kind: type[Question], written: dict[str, Any]) -> Question | None:
    settings = written[kind.kind]
    beside = {key: written[key] for key in _BESIDE if key in written}
    if kind.labels_are_the_setting:
        settings = {"labels": settings, **beside}
    elif beside:
        key = next(iter(beside))
        source.problems.append(
            problem("unknown-key", source.key(*path, key), wrong=key, allowed=f"{key} onder {kind.kind}")
        )
        return None
    try:
        return kind.model_validate({} if settings is None else settings)
    except ValidationError as error:
        source.problems.extend(problems(source, error, (*path, kind.kind), _keys(kind)))
        return None


def _effect(source: Source, path: Path, written: Any) -> Effect | None:
    name, arguments = _named(written)
    effect = EFFECTS.get(name)
    if effect is None:
        source.problems.append(
            problem("unknown-effect", source.value(*path), wrong=name, known=EFFECTS, allowed=_listed(EFFECTS))
        )
        return None
    if not isinstance(arguments, dict):
        arguments = {} if arguments is None else {effect.main or "": arguments}
    try:
        return effect.model_validate(arguments)
    except ValidationError:
        needed = _listed(effect.model_fields) or "niets"
        source.problems.append(problem("bad-effect", source.value(*path), name=name, needed=needed))
        return None


def _named(written: Any) -> tuple[str, Any]:
    if isinstance(written, dict) and len(written) == 1:
        name, arguments = next(iter(written.items()))
        return str(name), arguments
    return str(written), None


def _problem(
    source: Source, location: Path, error: ErrorDetails, names: Sequence[str], catalogue: Mapping[str, Entry]
) -> Problem:
    code, details = error["type"], error.get("ctx", {})
    if location[-1] == "[key]":
        return problem(code, source.key(*location[:-1]), catalogue=catalogue, **details)
    match code:
        case "extra_forbidden":
            known = names or _known_at(location)
            wrong = str(location[-1])
            code = "step-inside-step" if _is_a_step(location, error["input"]) else "unknown-key"
            return problem(code, source.key(*location), wrong=wrong, known=known, allowed=_listed(known))
        case "missing":
            return problem("missing-key", source.key(*location), key=location[-1])
        case "literal_error":
            allowed, wrong = _EXPECTED.findall(details["expected"]), str(error["input"])
            return problem(
                "unknown-word", source.value(*location), wrong=wrong, known=allowed, allowed=_listed(allowed)
            )
    if code in catalogue:
        return problem(code, source.value(*location), catalogue=catalogue, **details)
    written = error["input"]
    if code == "string_type" and isinstance(written, dict) and written:
        code = "brace-first" if set(written.values()) == {None} else "text-with-colon"
        return problem(code, source.value(*location), before=next(iter(written)))
    if location[0] == "steps" and len(location) <= 2 and isinstance(written, str):
        return problem("missing-colon", source.value(*location), written=written)
    return problem("wrong-value", source.value(*location), wanted=_WANTED.get(code, "iets anders"))


def _is_a_step(location: Path, written: Any) -> bool:
    """Whether this unknown key of a step is a step itself, too far to the right."""
    return len(location) == 3 and location[0] == "steps" and isinstance(written, dict)


def _known_at(location: Path) -> list[str]:
    """The keys that may stand beside the last part of `location`."""
    for part in reversed(location[:-1]):
        if part in _MODELS:
            return _keys(_MODELS[str(part)])
    return _keys(Step if location[0] == "steps" else Script)


def _keys(model: type[Written]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
