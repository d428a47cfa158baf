"""The bot's sentences: found by their Dutch words, filled in safely, never lost on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.texts import N_, Domain, TextError, Texts, capitals, fill, find_locales, listed, number, own_name
from flows.engine.texts import fill as fill_of_a_script

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


def test_what_the_newest_scripts_say_no_more_is_still_translated_for_older_ones(tmp_path: Path) -> None:
    catalogue(tmp_path, "en", '#~ msgid "Tot zo."\n#~ msgstr "See you."\n')
    assert Texts.load(tmp_path).say("en", "Tot zo.") == "See you."


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


# ---- sentences that run from right to left


ARABIC = (
    'msgid "{name} komt {day}."\nmsgstr "يأتي {name} في {day}."\n\n'
    'msgid "{name}"\nmsgstr "{name}"\n\n'
    'msgid "Kijk:\\n{text}\\nof bel {number}"\nmsgstr "انظر:\\n{text}\\nأو {number}"\n\n'
    'msgid "Bel 0800-2000 of typ /pauze."\nmsgstr "اتصل 0800-2000 أو /pauze."\n'
)
APART, LEFT_TO_RIGHT, END = "\u2068", "\u2066", "\u2069"


def test_what_is_put_into_a_right_to_left_sentence_cannot_jump(tmp_path: Path) -> None:
    catalogue(tmp_path, "ar", ARABIC)
    texts = Texts.load(tmp_path)
    assert texts.say("ar", "{name} komt {day}.", name="Sam 3", day="12-3") == (
        f"يأتي {APART}Sam 3{END} في {APART}12-3{END}."
    )
    said = texts.say("ar", "Kijk:\n{text}\nof bel {number}", text="Sam 3", number="088 0767 000")
    assert said == f"انظر:\nSam 3\nأو {APART}088 0767 000{END}"
    assert texts.say("ar", "{name}", name="Sam") == "Sam"


def test_phone_numbers_and_commands_stay_left_to_right(tmp_path: Path) -> None:
    catalogue(tmp_path, "ar", ARABIC)
    said = Texts.load(tmp_path).say("ar", "Bel 0800-2000 of typ /pauze.")
    assert said == f"اتصل {LEFT_TO_RIGHT}0800-2000{END} أو {LEFT_TO_RIGHT}/pauze{END}."


def test_a_script_fills_the_marked_places_of_a_right_to_left_sentence(tmp_path: Path) -> None:
    catalogue(tmp_path, "ar", ARABIC, domain="scripts")
    template = Texts.load(tmp_path).script("ar")("{name} komt {day}.")
    assert fill_of_a_script(template, {"name": "سام", "day": "1"}.get) == f"يأتي {APART}سام{END} في {APART}1{END}."


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("{name}: {text}", "ik ben er", "Sam: ik ben er"),
        ("{name}: {text}", "مرحبا 3", f"Sam: {APART}مرحبا 3{END}"),
        ("{name}: {text}.", "een\nمرحبا", f"Sam: een\n{APART}مرحبا{END}."),
        ("{name}: {text}", "مرحبا\nمرحبا", f"Sam: {APART}مرحبا{END}\nمرحبا"),
        ("{name}:\n{text}", "مرحبا", "Sam:\nمرحبا"),
        ("{name}: {text}", "abc\u202edef", f"Sam: {APART}abc\u202edef{END}"),
    ],
)
def test_words_that_run_the_other_way_do_not_turn_a_dutch_sentence(text: str, value: str, said: str) -> None:
    assert fill(text, {"name": "Sam", "text": value}) == said
    assert fill_of_a_script(text, {"name": "Sam", "text": value}.get) == said


# ---- what a language writes in its own way


def test_a_list_a_number_and_capitals_are_those_of_the_language() -> None:
    assert listed(["jou", "Ilse", "Karin"], "nl") == "jou, Ilse en Karin"
    assert listed(["you", "Ilse", "Karin"], "en") == "you, Ilse and Karin"
    assert listed(["Ilse", "Karin"], "ar") == f"{APART}Ilse{END} و{APART}Karin{END}"
    assert listed(["Ilse"], "nl") == "Ilse"
    assert (number(1200, "nl"), number(24.5, "nl"), number(24.5, "en")) == ("1.200", "24,5", "24.5")
    assert (capitals("iş", "tr"), capitals("is", "nl")) == ("İŞ", "IS")


def test_arabic_counts_in_six_forms(tmp_path: Path) -> None:
    forms = "".join(f'msgstr[{index}] "{index}: {{n}}"\n' for index in range(6))
    rule = "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5"
    catalogue(tmp_path, "ar", f'msgid "{{n}} dag"\nmsgid_plural "{{n}} dagen"\n{forms}', rule=rule, count=6)
    texts = Texts.load(tmp_path)
    said = [texts.plural("ar", "{n} dag", "{n} dagen", n)[0] for n in (0, 1, 2, 7, 11, 100)]
    assert said == ["0", "1", "2", "3", "4", "5"]


# ---- which languages people can choose


def test_a_language_is_offered_by_its_files_alone_under_its_own_name(tmp_path: Path) -> None:
    catalogue(tmp_path, "tr", 'msgid "Dag."\nmsgstr "Merhaba."\n')
    catalogue(tmp_path, "uk", 'msgid "Dag."\nmsgstr "Добрий день."\n')
    offered = Texts.load(tmp_path).offered
    assert [(one.key, one.label) for one in offered] == [
        ("nl", "Nederlands"),
        ("tr", "Türkçe"),
        ("uk", "Українська"),
    ]


def test_a_language_that_lacks_a_vital_sentence_is_not_offered_and_still_read(tmp_path: Path) -> None:
    catalogue(tmp_path, "tr", 'msgid "Dag."\nmsgstr "Merhaba."\n\nmsgid "Bel 112."\nmsgstr ""\n')
    catalogue(tmp_path, "tr", 'msgid "Wil je meedoen?"\nmsgstr "Katılmak ister misin?"\n', domain="scripts")
    vital: dict[Domain, list[str]] = {"bot": ["Bel 112."], "scripts": ["Wil je meedoen?"]}
    texts = Texts.load(tmp_path, vital)
    assert [one.key for one in texts.offered] == ["nl"]
    assert texts.say("tr", "Dag.") == "Merhaba."
    catalogue(tmp_path, "tr", 'msgid "Bel 112."\nmsgstr "112\'yi ara."\n')
    assert [one.key for one in Texts.load(tmp_path, vital).offered] == ["nl", "tr"]


def test_a_language_that_babel_does_not_know_is_called_by_its_code(tmp_path: Path) -> None:
    assert (own_name("qqq"), listed(["a", "b"], "qqq")) == ("qqq", "a en b")
