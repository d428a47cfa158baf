"""The bot's sentences: found by their Dutch words, filled in safely, never lost on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.texts import N_, TextError, Texts, fill, find_locales

HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Plural-Forms: nplurals={count}; plural={rule};\\n"\n\n'
)


def catalogue(
    folder: Path, language: str, body: str, domain: str = "bot", rule: str = "(n != 1)", count: int = 2
) -> None:
    path = folder / language / "LC_MESSAGES" / f"{domain}.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER.format(rule=rule, count=count) + body, encoding="utf-8")


def test_a_sentence_is_said_in_the_readers_language(tmp_path: Path) -> None:
    catalogue(tmp_path, "en", 'msgid "Dag {name}."\nmsgstr "Hello {name}."\n')
    texts = Texts.load(tmp_path)
    assert texts.languages == ("en",)
    assert texts.say("en", "Dag {name}.", name="Sam") == "Hello Sam."
    assert texts.say("nl", "Dag {name}.", name="Sam") == "Dag Sam."


def test_an_unknown_language_and_a_missing_or_guessed_translation_are_said_in_dutch(tmp_path: Path) -> None:
    catalogue(tmp_path, "en", 'msgid "Tot zo."\nmsgstr ""\n\n#, fuzzy\nmsgid "Ja."\nmsgstr "No."\n')
    texts = Texts.load(tmp_path)
    assert texts.say("xx", "Tot zo.") == "Tot zo."
    assert texts.say("en", "Tot zo.") == "Tot zo."
    assert texts.say("en", "Ja.") == "Ja."


def test_values_are_put_in_as_they_are_and_never_read_as_a_template() -> None:
    assert fill("Dag {name}.", {"name": "{coach.__class__}"}) == "Dag {coach.__class__}."
    assert fill("Nog {n}.", {"n": 3}) == "Nog 3."


@pytest.mark.parametrize("values", [{}, {"naam": "Sam"}, {"name": "Sam", "coach": "Ilse"}])
def test_a_missing_or_an_unknown_name_is_an_error(tmp_path: Path, values: dict[str, str]) -> None:
    with pytest.raises(TextError, match=r"\{\w+\}"):
        Texts.load(tmp_path).say("nl", "Dag {name}.", **values)


def test_a_value_may_be_called_language(tmp_path: Path) -> None:
    assert Texts.load(tmp_path).say("nl", "Ik praat {language}.", language="Engels") == "Ik praat Engels."


@pytest.mark.parametrize(("n", "said"), [(1, "1 dag"), (0, "0 dagen"), (2, "2 dagen")])
def test_dutch_counts(tmp_path: Path, n: int, said: str) -> None:
    assert Texts.load(tmp_path).plural("nl", "{n} dag", "{n} dagen", n) == said


@pytest.mark.parametrize(("n", "said"), [(1, "1 dzień"), (3, "3 dni"), (5, "5 dnia"), (22, "22 dni")])
def test_another_language_counts_by_its_own_rule(tmp_path: Path, n: int, said: str) -> None:
    rule = "n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2"
    body = (
        'msgid "{n} dag"\nmsgid_plural "{n} dagen"\nmsgstr[0] "{n} dzień"\nmsgstr[1] "{n} dni"\nmsgstr[2] "{n} dnia"\n'
    )
    catalogue(tmp_path, "pl", body, rule=rule, count=3)
    assert Texts.load(tmp_path).plural("pl", "{n} dag", "{n} dagen", n) == said


def test_a_singular_may_do_without_its_number(tmp_path: Path) -> None:
    body = 'msgid "één dag"\nmsgid_plural "{n} dagen"\nmsgstr[0] "one day"\nmsgstr[1] "{n} days"\n'
    catalogue(tmp_path, "en", body)
    texts = Texts.load(tmp_path)
    assert texts.plural("en", "één dag", "{n} dagen", 1) == "one day"
    assert texts.plural("en", "één dag", "{n} dagen", 4) == "4 days"


@pytest.mark.parametrize("translation", ["Hello.", "Hello {naam}.", "Hello {name} {coach}."])
def test_a_translation_that_lost_a_placeholder_does_not_load(tmp_path: Path, translation: str) -> None:
    catalogue(tmp_path, "en", f'msgid "Dag {{name}}."\nmsgstr "{translation}"\n')
    with pytest.raises(TextError, match="differ in"):
        Texts.load(tmp_path)


def test_a_broken_catalogue_is_named(tmp_path: Path) -> None:
    catalogue(tmp_path, "en", "hallo daar\n")
    with pytest.raises(TextError, match=r"bot\.po"):
        Texts.load(tmp_path)


def test_scripts_have_a_catalogue_of_their_own_and_keep_their_placeholders(tmp_path: Path) -> None:
    catalogue(tmp_path, "en", 'msgid "Dag {name}."\nmsgstr "Hi {name}."\n', domain="scripts")
    texts = Texts.load(tmp_path)
    assert texts.script("en")("Dag {name}.") == "Hi {name}."
    assert texts.script("en")("Onbekend") == "Onbekend"
    assert texts.script("nl")("Dag {name}.") == "Dag {name}."
    assert texts.say("en", "Dag {name}.", name="Sam") == "Dag Sam."


def test_a_marked_sentence_is_itself() -> None:
    assert N_("Dag.") == "Dag."


def test_the_catalogues_of_this_checkout_are_found_and_load() -> None:
    assert Texts.load(find_locales())
