"""A flow that is ready to run: a script with its version and with what the runner looks up at every step."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flows.engine.model import Audience, Expires, Script, Starts, Step


@dataclass(frozen=True, slots=True)
class Flow:
    """One version of one flow. `version` is the hash of `source`, 16 hex digits."""

    id: str
    version: str
    source: str
    audience: Audience
    title: str
    about: str | None
    starts: Starts
    reminders: tuple[timedelta, ...]
    expires: Expires | None
    steps: Mapping[str, Step]
    first: str
    following: Mapping[str, str | None]
    """The step that stands below each step."""


def version_of(source: str) -> str:
    """The version that this text is: a hash of its content."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def make_flow(script: Script, source: str) -> Flow:
    """The flow that this checked script is."""
    names = list(script.steps)
    return Flow(
        id=script.flow,
        version=version_of(source),
        source=source,
        audience=script.audience,
        title=script.title,
        about=script.about,
        starts=script.starts,
        reminders=script.reminders,
        expires=script.expires,
        steps=script.steps,
        first=names[0],
        following=dict(zip(names, [*names[1:], None], strict=True)),
    )
