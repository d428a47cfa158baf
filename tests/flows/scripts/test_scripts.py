"""The scripts and catalogues that are shipped: sound, walked by talks, and complete in every language."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest

from bot.authoring import check, extract, sentences
from bot.authoring.talks import read_talks, talks_file
from bot.texts import Texts
from flows.engine.effects import EFFECTS
from flows.engine.facts import TOPICS

ROOT = Path(__file__).parents[3]
SCRIPTS, HANDBOOK, LOCALES = ROOT / "flows" / "scripts", ROOT / "flows" / "handover", ROOT / "locales"
DRAFTS = sentences.drafts(SCRIPTS)
FLOWS = {draft.flow.id: draft.flow for draft in DRAFTS if draft.flow}


PARTICIPANT = {name: flow for name, flow in FLOWS.items() if flow.audience == "participant"}
TYPE = re.compile(r"(?:typ dan|schrijf dan|type|write): ([^.\n]+)")
"""How a text tells somebody which words to type."""


def fields(text: str) -> list[str]:
    return sorted(set(re.findall(r"\{[^{}]*\}", text)))


def expected(domain: str) -> list[tuple[str, ...]]:
    template = extract.of_the_bot(ROOT / "bot") if domain == "bot" else extract.of_the_scripts(DRAFTS, HANDBOOK)
    return [(m.id,) if isinstance(m.id, str) else tuple(m.id) for m in template if m.id]


def test_check_finds_nothing_in_the_shipped_scripts() -> None:
    said: list[str] = []
    assert check.check([SCRIPTS], LOCALES, False, said.append) == 0, "\n".join(said)


@pytest.mark.parametrize("domain", ["bot", "scripts"])
def test_every_sentence_is_in_the_english_catalogue_translated_with_the_same_placeholders(domain: str) -> None:
    catalogue = polib.pofile(str(LOCALES / "en" / "LC_MESSAGES" / f"{domain}.po"))
    wanted = expected(domain)
    assert wanted
    for dutch in wanted:
        entry = catalogue.find(dutch[0])
        assert entry is not None, f"run the extractor: {dutch[0]!r} is not in {domain}.po"
        if sentences.START in " ".join(entry.comment.split()) and not entry.msgstr:
            continue
        english = list(entry.msgstr_plural.values()) if len(dutch) > 1 else [entry.msgstr]
        assert all(english), f"not translated: {dutch[0]!r}"
        assert not entry.fuzzy, f"a guess: {dutch[0]!r}"
        for text in english:
            assert fields(text) in [fields(one) for one in dutch], f"placeholders differ: {dutch[0]!r}"


@pytest.mark.parametrize("domain", ["bot", "scripts"])
def test_the_english_catalogue_has_no_sentence_that_nobody_says(domain: str) -> None:
    catalogue = polib.pofile(str(LOCALES / "en" / "LC_MESSAGES" / f"{domain}.po"))
    assert {entry.msgid for entry in catalogue if not entry.obsolete} == {dutch[0] for dutch in expected(domain)}


@pytest.mark.parametrize("flow", FLOWS)
def test_no_sentence_is_long_and_no_message_asks_two_things(flow: str) -> None:
    for step in FLOWS[flow].steps.values():
        for text in step.say:
            assert text.count("?") <= 1, text
            for sentence in re.split(r"[.!?:\n]+", text):
                assert FLOWS[flow].audience == "coach" or len(sentence.split()) <= 15, sentence


@pytest.mark.parametrize("language", ["nl", "en"])
def test_whatever_words_a_text_tells_somebody_to_type_begin_a_flow(language: str) -> None:
    translate = Texts.load(LOCALES).script(language)
    begin = {words for flow in PARTICIPANT.values() for words in flow.starts.words}
    said = [translate(text) for flow in PARTICIPANT.values() for step in flow.steps.values() for text in step.say]
    told = {words for text in said if "?" not in text for words in TYPE.findall(text)}
    assert len(told) >= 4
    assert told <= begin


def test_every_effect_is_used_by_a_script() -> None:
    used = {effect.name for flow in FLOWS.values() for step in flow.steps.values() for effect in step.do}
    assert used == set(EFFECTS)


@pytest.mark.parametrize("flow", ["stop", "forget-me", "only-backup"])
def test_what_cannot_be_meant_by_skipping_cannot_be_skipped(flow: str) -> None:
    asked = [step.ask for step in FLOWS[flow].steps.values() if step.ask]
    assert asked
    assert all(question.required for question in asked)


def test_after_everything_is_erased_the_script_says_and_does_nothing_more() -> None:
    flow = FLOWS["forget-me"]
    erasing = [step for step in flow.steps.values() if any(effect.name == "forget_me" for effect in step.do)]
    assert [(step.say, step.ask, step.end, len(step.do)) for step in erasing] == [((), None, "done", 1)]


def test_whose_job_ended_is_told_to_the_coach_before_the_first_question() -> None:
    first = next(iter(FLOWS["job-ended"].steps.values()))
    assert first.ask is None
    assert [(flag.level, flag.topic, flag.when) for flag in first.flag] == [("today", "contract", None)]


def test_flags_are_about_known_topics() -> None:
    flags = [flag for flow in FLOWS.values() for step in flow.steps.values() for flag in step.flag]
    assert flags
    assert {flag.topic for flag in flags} <= set(TOPICS)


def test_the_plain_path_of_the_check_in_has_seven_questions() -> None:
    file = talks_file(SCRIPTS / "participant" / "monthly-checkin.yaml")
    talks, problems = read_talks(file.read_text("utf-8"), str(file), FLOWS["monthly-checkin"])
    assert not problems
    plain = next(talk for talk in talks if talk.name == "het gaat goed")
    assert sum(line.kind in ("tap", "type") for line in plain.lines) == 7


def test_welcome_says_what_it_must_say() -> None:
    said = " ".join(text for step in FLOWS["welcome"].steps.values() for text in step.say)
    for words in (
        "automatische assistent",
        "geen mens",
        "{coach}",
        "UWV",
        "gemeente",
        "baas",
        "noodhulp",
        "112",
        "113",
    ):
        assert words in said
    for words in ("Telegram bewaart", "{next_moment}"):
        assert words in said


def test_skipping_the_question_whether_to_take_part_is_not_possible() -> None:
    asked = FLOWS["welcome"].steps["take_part"].ask
    assert asked is not None
    assert asked.required
