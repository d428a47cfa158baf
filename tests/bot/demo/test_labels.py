"""The demo page has a Dutch word for each key that the books can hold."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
from bot.caseload import contact
from bot.caseload.handbook import Handbook
from bot.demo.page import labels
from bot.storage import alerts as alert_rows
from bot.turns.seeing import reason_words
from flows.engine.facts import TOPICS

CODE = Path(str(bot.__file__)).parent
HANDBOOK = Handbook.load(CODE.parent / "flows" / "handover", None)


TOPIC_AT = {"Item": 2, "alert_rows.Item": 2, "alert_rows.make": 4}
"""Which argument of these calls is what an alert is about."""


def topics_in_the_code() -> Iterator[str]:
    """What the alerts of the bot itself are about, also where that is a constant."""
    for file in sorted((CODE / "turns").rglob("*.py")):
        module = importlib.import_module(".".join(file.relative_to(CODE.parent).with_suffix("").parts))
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in TOPIC_AT:
                topic = ast.unparse(node.args[TOPIC_AT[ast.unparse(node.func)]])
                if topic != "event.topic":  # a script's own: those are TOPICS
                    yield eval(topic, vars(module))


def test_the_search_for_topics_finds_what_it_should() -> None:
    assert {"danger", "employer", "silence", "reply", "talk"} <= set(topics_in_the_code())


@pytest.mark.parametrize("topic", sorted({*TOPICS, *topics_in_the_code()}))
def test_each_topic_has_a_word(topic: str) -> None:
    assert topic in labels.TOPIC


@pytest.mark.parametrize("kind", sorted({*HANDBOOK.rhythms.kinds, contact.ASKED, contact.GOODBYE}))
def test_each_kind_of_contact_has_a_word(kind: str) -> None:
    assert kind in labels.KIND


@pytest.mark.parametrize("reason", sorted(reason_words.REASONS))
def test_each_reason_that_a_coach_has_words_for_has_them_here_too(reason: str) -> None:
    assert reason in labels.REASON


def test_what_becomes_of_a_contact_and_how_urgent_an_alert_is_have_words() -> None:
    assert set(labels.OUTCOME) == set(reason_words.OUTCOMES)
    assert {*alert_rows.LEVELS} <= set(labels.LEVEL)


def test_no_word_is_empty() -> None:
    words = (labels.TOPIC, labels.KIND, labels.REASON, labels.OUTCOME, labels.LEVEL)
    assert all(word for table in words for word in table.values())
