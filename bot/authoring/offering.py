"""Which sentences must be there before people can choose a language: those about danger, taking part and sharing.

A gap anywhere else is a Dutch sentence among the others. A gap here could cost somebody who does not read Dutch
their safety, or a choice that is theirs to make.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache
from pathlib import Path

from bot import texts
from bot.authoring.extract import said_in
from flows.engine.flow import Flow

PLACES = ("turns/danger/", "turns/handover/asking.py", "turns/handover/deciding.py", "turns/handover/sharing.py")
"""Where all that the bot says of its own is about danger, or about what somebody shares."""
FLOWS = frozenset({"welcome", "stop", "forget-me"})
"""The talks in which somebody decides whether and how they take part."""
_HELP = re.compile(r"\b11[23]\b|\{number\.")
"""Wherever help in danger is named."""


def vital(flows: Iterable[Flow]) -> texts.Vital:
    """The sentences, in Dutch, of the bot itself and of these flows."""
    return {"bot": of_the_bot(Path(texts.__file__).parent), "scripts": frozenset(_of_flows(flows))}


@lru_cache
def of_the_bot(code: Path) -> Set[str]:
    """Those in the Python files under `code` (the folder `bot`)."""
    found: set[str] = set()
    for file in code.rglob("*.py"):
        all_of_it, written = file.relative_to(code).as_posix().startswith(PLACES), file.read_text("utf-8")
        if all_of_it or _HELP.search(written):
            said = [one if isinstance(one, str) else one[0] for one in said_in(ast.parse(written))]
            found.update(one for one in said if all_of_it or _HELP.search(one))
    return frozenset(found)


def _of_flows(flows: Iterable[Flow]) -> Iterator[str]:
    for flow in flows:
        for step in flow.steps.values():
            said = [*step.say, *(step.ask.texts() if step.ask else ())]
            yield from (one for one in said if flow.id in FLOWS or _HELP.search(one))
