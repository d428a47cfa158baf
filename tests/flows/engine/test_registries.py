"""Everything an author can name is one file, registered under its name, with its doc."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows import engine
from flows.engine.catalogue import CATALOGUE
from flows.engine.effects import EFFECTS
from flows.engine.facts import FACTS, PLACEHOLDERS, TOPICS
from flows.engine.limits import NAME_LENGTH, TOPIC_LENGTH
from flows.engine.questions import QUESTIONS

ENGINE = Path(str(engine.__file__)).parent
HELPERS = {"__init__", "base", "days"}
SAMPLES = {"take_part": {}, "decline": {}, "set_language": {"language": "en"}}


def files(folder: str) -> set[str]:
    return {file.stem for file in (ENGINE / folder).glob("*.py")} - HELPERS


def test_every_kind_of_question_is_the_file_of_its_name() -> None:
    assert set(QUESTIONS) == files("questions")
    assert {kind.__module__.rsplit(".", 1)[1] for kind in QUESTIONS.values()} == set(QUESTIONS)


def test_every_effect_is_the_file_of_its_name() -> None:
    assert set(EFFECTS) == files("effects")
    assert {effect.__module__.rsplit(".", 1)[1] for effect in EFFECTS.values()} == set(EFFECTS)


@pytest.mark.parametrize("thing", [*QUESTIONS.values(), *EFFECTS.values()], ids=lambda thing: thing.__name__)
def test_everything_says_what_it_is(thing: type) -> None:
    assert thing.__doc__


@pytest.mark.parametrize("name", EFFECTS)
def test_every_effect_gives_its_arguments_as_text(name: str) -> None:
    assert EFFECTS[name].model_validate(SAMPLES[name]).arguments({}) == SAMPLES[name]


def test_names_fit_the_columns_they_are_stored_in() -> None:
    assert max(map(len, TOPICS)) <= TOPIC_LENGTH
    assert max(map(len, [*PLACEHOLDERS, *FACTS])) <= NAME_LENGTH
    assert max(map(len, QUESTIONS)) <= 12


def test_every_problem_has_a_sentence_and_a_way_out() -> None:
    for code, entry in CATALOGUE.items():
        assert entry.sentence[0].isupper() or entry.sentence[0] in "'{", code
        assert entry.way_out[-1] in ".}", code
