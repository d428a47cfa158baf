"""The ground of everything an author writes: frozen, exact models and the text types they share.

A validator here and in the question kinds raises PydanticCustomError whose type is a code of `catalogue.py`.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from flows.engine import limits
from flows.engine.durations import parse_duration

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FLOW_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class Written(BaseModel):
    """What an author wrote: nothing unknown, nothing guessed, never changed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True)


def mistake(code: str, **details: object) -> PydanticCustomError:
    """An author's mistake for a validator to raise; `details` fill the sentence of the catalogue."""
    return PydanticCustomError(code, code, details)


def _text(value: Any) -> Any:
    """`say: 112` and `no: Nee` mean what they show: YAML's numbers and truths are text where text is wanted."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if value is None or (isinstance(value, str) and not value.strip()):
        raise mistake("empty-text")
    return value.strip() if isinstance(value, str) else value


def _name(value: Any) -> Any:
    value = _text(value)
    if isinstance(value, str) and not (_NAME.fullmatch(value) and len(value) <= limits.NAME_LENGTH):
        raise mistake("bad-name", name=value)
    return value


def _flow_name(value: Any) -> Any:
    value = _text(value)
    if isinstance(value, str) and not (_FLOW_NAME.fullmatch(value) and len(value) <= limits.NAME_LENGTH):
        raise mistake("bad-flow-name", name=value)
    return value


def _duration(value: Any) -> Any:
    found = parse_duration(str(value))
    if found is None:
        raise mistake("bad-duration", value=value)
    return found


def many(value: Any) -> Any:
    """One thing or a list of things, as a tuple."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list) else (value,)


Text = Annotated[str, BeforeValidator(_text)]
Name = Annotated[str, BeforeValidator(_name)]
FlowName = Annotated[str, BeforeValidator(_flow_name)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(many)]
