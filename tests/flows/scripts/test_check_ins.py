"""Property: a check-in asks seven questions at most, whatever is answered, and never leads to two other talks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.authoring.play import Given, Play
from flows.engine.book import Book
from flows.engine.events import EffectWanted, QuestionAsked, RunEnded
from flows.engine.facts import FACT_KEYS
from flows.engine.inputs import Pressed, Tapped, Typed
from tests.flows.scripts.test_scripts import SCRIPTS

MOST = 7
BOOK = Book.load(SCRIPTS).book


class Dutch:
    def script(self, _language: str) -> Any:
        return lambda text: text


@pytest.mark.parametrize("flow", ["monthly-checkin", "search-checkin"])
@settings(deadline=None)
@given(st.sampled_from((*FACT_KEYS["domain"], None)), st.data())
def test_a_check_in_is_short_whatever_is_answered(flow: str, domain: str | None, data: Any) -> None:
    play = Play(BOOK, flow, Given({"name": "Sam", "coach": "Ilse", "domain": domain}), Dutch())  # type: ignore[arg-type]
    happened = [*play.start()]
    while play.question is not None:
        keys = [one.key for one in play.question.choices]
        replies = [*map(Tapped, keys), Pressed("skip")] if keys else [Typed("Het gaat wel"), Pressed("skip")]
        happened += play.hand(data.draw(st.sampled_from(replies)))
    asked = [one.step for one in happened if isinstance(one, QuestionAsked)]
    assert len(asked) == len(set(asked)) <= MOST
    assert sum(isinstance(one, EffectWanted) and one.name == "start" for one in happened) <= 1
    assert isinstance(happened[-1], RunEnded)
    assert happened[-1].outcome == "done"
    if domain is not None and flow == "monthly-checkin":
        assert domain in asked
