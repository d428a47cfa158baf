"""Holds what the bot asked against an independent model of the Bot API, and against our own few rules.

aiogram's method models are generated from Telegram's documentation. They allow unknown fields, and the limits
stand only in the docstrings of the fields; both are looked at here. The import takes seconds and is done once,
at the first check.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.demo.standin.markup import parse_html
from bot.demo.standin.record import Request

LIMIT = re.compile(r"(\d+)-(\d+) (characters|bytes)")
_START = re.compile(r"[?&]start(?:group|app)?=([^&\s#]*)")
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_WORDS = frozenset({"text", "caption"})
_TO_GROUPS = frozenset({"leaveChat"})


def check(recorded: Iterable[Request]) -> list[str]:
    """Complaints about the requests, each with the number and the method; empty when all is well."""
    return [
        f"request {request.number} {request.method}: {complaint}"
        for request in recorded
        for complaint in (*against_models(request), *against_our_rules(request))
    ]


def against_our_rules(request: Request) -> Iterator[str]:
    """Nothing into groups, nothing that can be forwarded but a calendar, and no markup (P19, and plain text only)."""
    values = request.parameters
    if str(values.get("chat_id", "")).startswith("-") and request.method not in _TO_GROUPS:
        yield "speaks in a group"
    says = request.method.startswith("send") and request.method != "sendChatAction"
    if says and values.get("protect_content") not in (True, "true", "True") and not is_calendar(request):
        yield "protect_content is not true"
    if values.get("parse_mode"):
        yield "parse_mode is given"


def is_calendar(request: Request) -> bool:
    """P19's one exception: an uploaded calendar, which its reader must be able to save."""
    file = request.files.get("document")
    return (
        request.method == "sendDocument"
        and file is not None
        and (file.name.endswith(".ics"), file.mime) == (True, "text/calendar")
    )


def against_models(request: Request) -> Iterator[str]:
    """Unknown methods and fields, wrong types, and limits of length."""
    model = _methods().get(request.method)
    if model is None:
        yield "there is no such method"
        return
    try:
        call = _read(model, request)
    except ValidationError as problem:
        for error in problem.errors(include_url=False, include_input=False):
            yield f"{'.'.join(map(str, error['loc']))}: {error['msg']}"
        return
    yield from _walk(call, "", html=str(request.parameters.get("parse_mode", "")).lower() == "html")


def _read(model: type[BaseModel], request: Request) -> BaseModel:
    """A JSON body is taken strictly; in a form everything is text, and uploads stand for themselves."""
    if not request.files:
        return model.model_validate_json(json.dumps(dict(request.parameters)), strict=True)
    from aiogram.types import BufferedInputFile

    values = {name: _unpacked(name, value) for name, value in request.parameters.items()}
    uploads = {name: BufferedInputFile(file.content, file.name) for name, file in request.files.items()}
    return model.model_validate(values | uploads)


def _unpacked(name: str, value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "[") and name not in _WORDS:
        return json.loads(value)
    return value


def _walk(value: Any, path: str, *, html: bool) -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield from (f"{path}{name}: there is no such field" for name in value.model_extra or {})
        limits = _limits(type(value))
        for name in value.model_fields_set & type(value).model_fields.keys():
            inner = getattr(value, name)
            if isinstance(inner, str):
                yield from _too_long(f"{path}{name}", inner, limits.get(name), html=html and name in _WORDS)
            yield from _walk(inner, f"{path}{name}.", html=html)
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _walk(inner, f"{path}{number}.", html=html)
    elif isinstance(value, str):
        for payload in _START.findall(value) if "t.me/" in value else ():
            if not _PAYLOAD.fullmatch(payload):
                yield f"{path.rstrip('.')}: a start payload is 1-64 of A-Z a-z 0-9 _ -"


def _too_long(path: str, text: str, limit: tuple[int, int, str] | None, *, html: bool) -> Iterator[str]:
    if limit is None:
        return
    least, most, unit = limit
    plain = parse_html(text)[0] if html else text
    length = len(plain.encode()) if unit == "bytes" else len(plain)
    if not least <= length <= most:
        yield f"{path}: {length} {unit}, may be {least}-{most}"


@cache
def _methods() -> dict[str, type[BaseModel]]:
    import aiogram.methods

    classes = [getattr(aiogram.methods, name) for name in aiogram.methods.__all__]
    models = [cls for cls in classes if isinstance(cls, type) and issubclass(cls, BaseModel)]
    return {name: cls for cls in models if isinstance(name := getattr(cls, "__api_method__", None), str)}


@cache
def _limits(model: type[BaseModel]) -> dict[str, tuple[int, int, str]]:
    """The limits that the docstrings of a model's fields name: least, most, unit."""
    body = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    assert isinstance(body, ast.ClassDef)
    found: dict[str, tuple[int, int, str]] = {}
    for field, words in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(words, ast.Expr):
            limit = LIMIT.search(str(ast.literal_eval(words.value)))
            if limit:
                found[field.target.id] = int(limit[1]), int(limit[2]), limit[3]
    return found
