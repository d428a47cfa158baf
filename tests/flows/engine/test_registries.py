"""Everything an author can name is one file, registered under its name, with its doc."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from flows import engine
from flows.engine.catalogue import CATALOGUE
from flows.engine.effects import EFFECTS
from flows.engine.effects.agree import Agree
from flows.engine.effects.set_contact import SetContact
from flows.engine.effects.set_work import SetWork
from flows.engine.facts import FACT_KEYS, FACTS, KIND_WORDS, OPTIONS, PLACEHOLDERS, TOPICS, Kind, OptionList
from flows.engine.limits import NAME_LENGTH, TOPIC_LENGTH
from flows.engine.questions import QUESTIONS

ENGINE = Path(str(engine.__file__)).parent
HELPERS = {"__init__", "base", "days"}
TODAY = date(2026, 11, 25)
NO_ARGUMENTS = (
    "take_part", "decline", "stop_contact", "only_backup", "resume_contact", "contact_as_before", "job_ended",
    "forget_me", "sos",
)  # fmt: skip
SAMPLES: dict[str, dict[str, str]] = {
    **{name: {} for name in NO_ARGUMENTS},
    "set_language": {"language": "en"},
    "pause_contact": {"until": "2026-12-31"},
    "contact_less": {"every": "2"},
    "note_referral": {"to": "step_to", "words": "step_words", "after": "2026-12-31"},
    "referral_said": {"outcome": "not_yet", "again": "2026-12-31"},
    "note_step": {"step": "step_step"},
    "show": {"what": "agreements"},
    "start": {"flow": "pause"},
    "report_sick": {"since": "step_since", "reported": "yes", "days": "step_days", "still": "yes"},
    "report_better": {"back": "step_back", "reported": "no"},
    "remind": {"flow": "sick-call", "at": "before_call"},
    "begin_wish": {},
    "bring_employer": {"who": "step_who"},
    **{kind.name: {name: f"step_{name}" for name in kind.model_fields} for kind in (Agree, SetContact, SetWork)},
}


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
    answers = {step: step for step in SAMPLES[name].values() if step.startswith("step_")}
    assert EFFECTS[name].model_validate(SAMPLES[name]).arguments(answers, TODAY) == SAMPLES[name]


@pytest.mark.parametrize("name", EFFECTS)
def test_what_an_argument_takes_belongs_to_an_argument_and_can_be_told(name: str) -> None:
    effect = EFFECTS[name]
    assert set(effect.takes) == set(effect.model_fields)
    assert all(takes.kinds or takes.words for takes in effect.takes.values())
    assert all(bool(takes.value) == bool(takes.words) for takes in effect.takes.values())


def test_every_kind_fact_and_list_has_its_words() -> None:
    assert set(KIND_WORDS) == set(get_args(Kind))
    assert set(FACT_KEYS) == {name for name, kind in FACTS.items() if kind == "word"}
    assert set(OPTIONS) == set(get_args(OptionList))


def test_names_fit_the_columns_they_are_stored_in() -> None:
    assert max(map(len, TOPICS)) <= TOPIC_LENGTH
    assert max(map(len, [*PLACEHOLDERS, *FACTS])) <= NAME_LENGTH
    assert max(map(len, QUESTIONS)) <= 12


def test_every_problem_has_a_sentence_and_a_way_out() -> None:
    for code, entry in CATALOGUE.items():
        assert entry.sentence[0].isupper() or entry.sentence[0] in "'{", code
        assert entry.way_out[-1] in ".}", code
