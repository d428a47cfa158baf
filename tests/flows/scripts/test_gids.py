"""The author's guide names everything an author can write and everything an author can be told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from bot.authoring import catalogue as tools
from bot.authoring import plain, talks
from bot.caseload import checklist, numbers, rhythms
from bot.turns.danger import sos
from flows.engine import catalogue, facts, model, reader, replies
from flows.engine.book import Book
from flows.engine.effects import EFFECTS
from flows.engine.effects.show import VIEWS
from flows.engine.events import Level
from flows.engine.questions import QUESTIONS

SCRIPTS = Path(__file__).parents[3] / "flows" / "scripts"
GIDS = (SCRIPTS.parent / "GIDS.md").read_text("utf-8")
CODES = set(re.findall(r"`([^`\n]+)`", GIDS))
WORDS = {word for code in CODES for word in re.findall(r"[\w.-]+", code)}


def keys(of: type[model.Written]) -> set[str]:
    return {field.alias or name for name, field in of.model_fields.items()}


@pytest.mark.parametrize("of", [model.Script, model.Step, model.Flag, model.Goto, model.Starts, model.Expires])
def test_every_key_is_explained(of: type[model.Written]) -> None:
    assert keys(of) <= WORDS


def test_every_question_kind_and_each_of_its_settings_is_explained() -> None:
    settings = {key for kind in QUESTIONS.values() if not kind.labels_are_the_setting for key in keys(kind)}
    assert set(QUESTIONS) | settings <= WORDS


def test_every_effect_and_its_arguments_are_explained() -> None:
    assert set(EFFECTS) | {key for effect in EFFECTS.values() for key in keys(effect)} <= WORDS


def test_every_placeholder_fact_topic_and_level_is_explained() -> None:
    assert {f"{{{name}}}" for name in facts.PLACEHOLDERS} <= CODES
    assert set(facts.FACTS) | set(facts.TOPICS) | set(get_args(Level)) <= WORDS


def test_every_list_of_buttons_and_every_view_is_explained() -> None:
    assert set(facts.OPTIONS) | set(VIEWS) <= WORDS


def test_the_words_that_begin_a_flow_are_told_as_they_are() -> None:
    table = GIDS.split("| typ | wat er komt |")[1].split("\n\n")[0]
    told = {word for row in table.splitlines() for word in re.findall(r"`([^`]+)`", row)}
    flows = Book.load(SCRIPTS).book
    assert told
    begin = {words for flow in flows if flow.audience == "participant" for words in flow.starts.words}
    assert told <= begin | sos.WORDS


def test_every_word_that_works_at_every_question_is_named() -> None:
    assert set(replies.WORDS) <= CODES


def test_every_key_and_line_of_a_talk_test_is_explained() -> None:
    assert {*talks.TALK_KEYS, *talks.LINE_KINDS, "last", "language"} <= WORDS


def test_every_problem_code_is_listed_and_no_other() -> None:
    listed = set(re.findall(r"^\| `([a-z0-9-]+)` \|", GIDS.split("## Alle codes")[1], re.MULTILINE))
    assert listed == {*catalogue.CATALOGUE, *tools.CATALOGUE}


def test_the_example_of_a_new_flow_is_sound() -> None:
    example = next(block for block in re.findall(r"```yaml\n(.*?)```", GIDS, re.DOTALL) if "spec: 1" in block)
    flow, problems = reader.read_flow(example, "example.yaml")
    assert flow is not None
    assert not problems


@pytest.mark.parametrize(
    "of",
    [
        checklist.WrittenItem,
        rhythms.WrittenKind,
        rhythms.Line,
        rhythms.BackOff,
        rhythms.Much,
        rhythms.WrittenSick,
        numbers.WrittenNumber,
        plain.Words,
    ],
)
def test_every_key_of_the_handbook_is_explained(of: type[model.Written]) -> None:
    assert keys(of) <= WORDS


def test_every_word_that_the_handbook_knows_is_explained() -> None:
    kinds = {*get_args(checklist.Kind), *get_args(checklist.Who), *get_args(rhythms.Late)}
    assert kinds - {"text"} <= WORDS
    assert {"parts", "kinds", "always", "rhythms", "default", "ends", "backup_after"} <= WORDS
    assert {"silence", "sick", "track"} <= WORDS
