"""The classifier's file is what its sentences give."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import flows
from flows import safety
from flows.engine.book import Book
from flows.safety import classifier, train
from flows.safety.classifier import Model

SCRIPTS = Path(flows.__file__).parent / "scripts"
WORRIES = {
    "Ik kan 's nachts niet slapen",
    "Ik vond het moeilijk. Kunnen we praten?",
    "niemand praat met mij",
    "ik sta de hele dag alleen",
}
"""Of our own talks what a coach may well hear of."""
SUGGESTS = re.compile(r"(?:zeggen|[Zz]eg maar|[Bb]ijvoorbeeld):")
LARGEST_FILE = 700 * 1024


def typed(talks: Any) -> Iterator[str]:
    """Whatever stands after `type`, however deep."""
    if isinstance(talks, dict):
        for key, value in talks.items():
            yield from [str(value)] if key == "type" else typed(value)
    elif not isinstance(talks, str) and isinstance(talks, Iterable):
        for one in talks:
            yield from typed(one)


def suggested(say: tuple[str, ...]) -> Iterator[str]:
    """What a step tells somebody to say: what follows «Je kunt dit zeggen:», «Zeg maar:» or «Bijvoorbeeld:»."""
    said = "\n".join(say)
    for before in SUGGESTS.finditer(said):
        yield said[before.end() :].strip().splitlines()[0].strip(" «»")


@pytest.fixture(scope="module")
def kept() -> Model:
    return classifier.read(classifier.FILE.read_bytes())


def test_there_are_enough_sentences_and_each_is_there_once() -> None:
    known = train.sentences()
    assert len(known) >= 2000
    assert len({one.text.casefold() for one in known}) == len(known)
    assert {one.level for one in known} == {"red", "violence", "orange", "none"}


def test_the_file_is_small_and_written_the_same_each_time(kept: Model) -> None:
    content = classifier.FILE.read_bytes()
    assert len(content) <= LARGEST_FILE
    assert kept.written() == kept.written() == content


def test_learning_again_gives_the_same_weights(kept: Model) -> None:
    again = train.learn(train.sentences(), (kept.asks_above, kept.floor_above, kept.worries_above))
    assert again.kinds == kept.kinds
    for name, features in again.weights.items():
        other = kept.weights[name]
        for feature in features.keys() ^ other.keys():  # one hundredth more or less, at the edge of being left out
            assert max(map(abs, (features.get(feature) or other[feature]))) <= train.SMALLEST + 1
        for feature in features.keys() & other.keys():
            assert all(abs(one - two) <= 1 for one, two in zip(features[feature], other[feature], strict=True))
    assert all(abs(one - two) <= 1 for one, two in zip(again.bias, kept.bias, strict=True))


def test_writers_it_did_not_learn_from_are_mostly_understood() -> None:
    known = train.sentences()
    mix = random.Random(1)
    part = [one for one in known if one.writer == "nl-1"]
    model = train.learn([one for one in known if one.writer != "nl-1"], (0.0, 0.0, 0.0))
    scored = [(one, model.scores(one.text)) for one in mix.sample(part, 300)]
    right = sum(max(scores, key=lambda level: scores[level]) == one.level for one, scores in scored)
    assert right / len(scored) > 0.6
    assert "\n".join(train.report(scored, model))


def test_what_people_type_in_our_own_talks_never_raises_an_alarm() -> None:
    ours = [
        line for file in SCRIPTS.rglob("*.talks.yaml") for line in typed(yaml.safe_load_all(file.read_text("utf-8")))
    ]
    assert len(ours) > 100
    found = {line: safety.look(line).level for line in ours}
    assert {line for line, level in found.items() if level in ("red", "violence")} == set()
    assert {line for line, level in found.items() if level == "orange"} <= WORRIES


def test_ordinary_messages_are_rarely_worth_a_word_to_the_coach() -> None:
    ordinary = [one for one in train.sentences() if one.ordinary]
    assert len(ordinary) > 700
    assert sum(safety.look(one.text).level != "none" for one in ordinary) / len(ordinary) < 0.05


def test_a_model_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="another kind"):
        classifier.read(gzip.compress(b'{"spec": 1}'))


def test_what_our_own_talks_tell_people_to_say_is_never_taken_for_danger() -> None:
    """Some practise it in the chat, word for word. What may mean a worry is not asked about where they practise."""
    told = {one for flow in Book.load(SCRIPTS).book for step in flow.steps.values() for one in suggested(step.say)}
    assert len(told) >= 30
    assert {one: level for one in told if (level := safety.look(one).level) in ("red", "violence")} == {}
