"""Every reason that the program writes beside a moment has words for a coach."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
from bot.caseload import access, care
from bot.turns import due
from bot.turns.seeing import reason_words
from scheduler import sweep

CODE = Path(str(bot.__file__)).parent
PLACES = {
    "finish": (4,),
    "hold": (4,),
    "replan": (4,),
    "cancel": (2,),
    "cancel_for": (2,),
}
"""Which argument of these calls on `moments` and `contact` is the reason."""


def written() -> Iterator[str]:
    """Every reason that stands in the code itself."""
    for file in sorted(CODE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if getattr(node.func.value, "id", "") not in ("moments", "contact"):
                continue
            for place in PLACES.get(node.func.attr, ()):
                argument = node.args[place] if len(node.args) > place else None
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
                    yield argument.value


def test_the_search_finds_what_it_should() -> None:
    assert {"no coach", "new agreement", "has not joined yet", "the aftercare ended"} <= set(written())


@pytest.mark.parametrize("reason", sorted({*written(), *care.WHY.values(), due.ANEW}))
def test_each_reason_in_the_code_has_words(reason: str) -> None:
    assert reason in reason_words.REASONS


def test_each_reason_of_the_scheduler_has_words() -> None:
    assert {sweep.LATE, sweep.NO_HOUR_LEFT, sweep.QUIET, sweep.CLOSED} <= set(reason_words.REASONS)


def test_each_state_that_takes_no_contact_has_words() -> None:
    states = set(access._STATES["participant"]) - {"active"}
    assert {f"takes no contact: {state}" for state in states} <= set(reason_words.REASONS)


def test_no_reason_is_too_long_to_be_kept() -> None:
    assert max(map(len, reason_words.REASONS)) <= 80
