"""The scripts and catalogues that are shipped: sound, walked by talks, and complete in every language."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest

from bot.authoring import check, extract, sentences
from bot.authoring.talks import read_talks, talks_file
from flows.engine.facts import TOPICS

ROOT = Path(__file__).parents[3]
SCRIPTS, LOCALES = ROOT / "flows" / "scripts", ROOT / "locales"
DRAFTS = sentences.drafts(SCRIPTS)
FLOWS = {draft.flow.id: draft.flow for draft in DRAFTS if draft.flow}


def fields(text: str) -> list[str]:
    return sorted(set(re.findall(r"\{[^{}]*\}", text)))


def expected(domain: str) -> list[tuple[str, ...]]:
    template = extract.of_the_bot(ROOT / "bot") if domain == "bot" else extract.of_the_scripts(DRAFTS)
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
        english = list(entry.msgstr_plural.values()) if len(dutch) > 1 else [entry.msgstr]
        assert all(english), f"not translated: {dutch[0]!r}"
        assert not entry.fuzzy, f"a guess: {dutch[0]!r}"
        for text in english:
            assert fields(text) == fields(dutch[-1]), f"placeholders differ: {dutch[0]!r}"


@pytest.mark.parametrize("domain", ["bot", "scripts"])
def test_the_english_catalogue_has_no_sentence_that_nobody_says(domain: str) -> None:
    catalogue = polib.pofile(str(LOCALES / "en" / "LC_MESSAGES" / f"{domain}.po"))
    assert {entry.msgid for entry in catalogue} == {dutch[0] for dutch in expected(domain)}


@pytest.mark.parametrize("flow", FLOWS)
def test_no_sentence_is_long_and_no_message_asks_two_things(flow: str) -> None:
    for step in FLOWS[flow].steps.values():
        for text in step.say:
            assert text.count("?") <= 1, text
            for sentence in re.split(r"[.!?:\n]+", text):
                assert len(sentence.split()) <= 15, sentence


def test_flags_are_about_known_topics() -> None:
    flags = [flag for flow in FLOWS.values() for step in flow.steps.values() for flag in step.flag]
    assert flags
    assert {flag.topic for flag in flags} <= set(TOPICS)


def test_the_plain_path_of_the_check_in_has_five_questions() -> None:
    file = talks_file(SCRIPTS / "participant" / "monthly-checkin.yaml")
    talks, problems = read_talks(file.read_text("utf-8"), str(file), FLOWS["monthly-checkin"])
    assert not problems
    plain = next(talk for talk in talks if talk.name == "het gaat goed")
    assert sum(line.kind in ("tap", "type") for line in plain.lines) == 5


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
