"""A language is added by files alone: a translator's two catalogues. What they lack, `check` tells."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

import bot
import flows
from bot.authoring import offering, sentences, translations
from bot.authoring.extract import extract
from bot.texts import Texts, Vital, find_locales
from flows.engine.book import Book
from flows.engine.flow import Flow
from flows.engine.wishes import StartWords, Wished

SCRIPTS = Path(flows.__file__).parent / "scripts"
TURKISH = {
    "bot": {
        "Dank je. Dan weet ik dat het {name} is.": "Teşekkürler. Artık bunun {name} olduğunu biliyorum.",
        "Bekijken": "Görüntüle",
        "Lezen": "Oku",
        "Overslaan": "Atla",
        "Terug": "Geri",
        "je coach": "koçun",
    },
    "scripts": {
        "Fijn dat je meedoet, {name}.": "Katıldığın için sevindim, {name}.",
        "Ja": "Evet",
        "Nee": "Hayır",
        "pauze": "mola, ara",
    },
}
"""Ten sentences and words, as a translator would begin."""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a translator is given: a folder with the code of the language, and `achterdehand extract`."""
    locales = tmp_path_factory.mktemp("locales")
    (locales / "tr" / "LC_MESSAGES").mkdir(parents=True)
    assert extract(Path(bot.__file__).parent, SCRIPTS, locales, lambda _: None) == 0
    return locales


@pytest.fixture
def locales(empty: Path, tmp_path: Path) -> Path:
    for file in empty.rglob("*.po"):
        copy = tmp_path / file.relative_to(empty)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    for domain, words in TURKISH.items():
        translate(tmp_path, domain, words)
    return tmp_path


@pytest.fixture(scope="module")
def vital() -> Vital:
    return offering.vital(Book.load(SCRIPTS).book)


def translate(locales: Path, domain: str, words: dict[str, str]) -> None:
    file = str(locales / "tr" / "LC_MESSAGES" / f"{domain}.po")
    catalogue = polib.pofile(file)
    for entry in catalogue:
        if entry.msgid in words and entry.msgid_plural:
            entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, words[entry.msgid])
        elif entry.msgid in words:
            entry.msgstr = words[entry.msgid]
    catalogue.save(file)


def offered(locales: Path, vital: Vital) -> list[str]:
    return [one.label for one in Texts.load(locales, vital).offered]


def notes(locales: Path) -> list[str]:
    read, own = sentences.drafts(SCRIPTS), SCRIPTS.parent / "handover"
    said = [*sentences.of_drafts(read), *sentences.of_handbook(own)]
    found = translations.notes(said, Book.load(SCRIPTS).book, locales)
    return [f"{one.code}: {one.message}" for one in found]


def test_ten_sentences_are_said_and_the_language_is_not_offered_yet(locales: Path, vital: Vital) -> None:
    texts = Texts.load(locales, vital)
    assert texts.say("tr", "Bekijken") == "Görüntüle"
    assert texts.script("tr")("Fijn dat je meedoet, {name}.") == "Katıldığın için sevindim, {name}."
    assert offered(locales, vital) == ["Nederlands"]
    told = notes(locales)
    assert "De taal 'tr' (Türkçe) is nog niet te kiezen." in told[0]
    assert any("112" in one for one in told)
    assert not any("Görüntüle" in one or "'Bekijken'" in one or "'pauze'" in one for one in told)
    assert "De taal 'tr' (Türkçe) is nog niet af." in told[-1]


def test_with_the_sentences_on_danger_taking_part_and_sharing_it_is_offered(locales: Path, vital: Vital) -> None:
    for domain, dutch in vital.items():
        translate(locales, domain, {one: f"tr: {one}" for one in dutch})
    assert offered(locales, vital) == ["Nederlands", "Türkçe"]
    told = notes(locales)
    assert [one.split(":")[0] for one in told] == ["language-unfinished"]


def test_a_gap_in_a_language_that_is_being_made_is_no_problem_and_a_lost_placeholder_is(locales: Path) -> None:
    said = list(sentences.of_drafts(sentences.drafts(SCRIPTS)))
    assert list(translations.problems(said, locales)) == []
    translate(locales, "scripts", {"Fijn dat je meedoet, {name}.": "Katıldığın için sevindim."})
    assert [one.code for one in translations.problems(said, locales)] == ["lost-placeholder"]


def test_a_gap_in_a_language_that_comes_along_is_a_problem(locales: Path) -> None:
    (locales / "tr").rename(locales / "en")
    codes = [one.code for one in translations.problems([], locales)]
    assert set(codes) == {"missing-translation"}
    assert notes(locales) == []


def test_the_english_that_comes_along_is_offered(vital: Vital) -> None:
    texts = Texts.load(find_locales(), vital)
    assert [one.label for one in texts.offered] == ["Nederlands", "English"]


def test_what_is_vital(vital: Vital) -> None:
    assert any("{number.veilig_thuis}" in one or "112" in one for one in vital["scripts"])
    assert {"Je mag zelf kiezen of je meedoet. Stoppen mag altijd.\nWil je meedoen?"} <= set(vital["scripts"])
    assert {"Alles delen", "Niets delen", "Ik denk aan zelfdoding"} <= set(vital["bot"])
    assert "Bekijken" not in vital["bot"]


# ---- the words that begin a talk


def wished(text: str, locales: Path) -> Wished | None:
    flows_of_participants: list[Flow] = [one for one in Book.load(SCRIPTS).book if one.audience == "participant"]
    return StartWords.of(flows_of_participants, Texts.load(locales).script("tr")).find(text)


@pytest.mark.parametrize("text", ["mola", "Ara!", "MOLA", "pauze", "/pauze"])
def test_start_words_are_those_of_the_language_and_the_dutch_ones(text: str, locales: Path) -> None:
    found = wished(text, locales)
    assert found is not None
    assert (found.flow.id, found.how) == ("pause", "exact")


def test_a_slip_in_a_word_of_the_language_is_near(locales: Path) -> None:
    found = wished("mloa", locales)
    assert found is not None
    assert (found.flow.id, found.how) == ("pause", "near")
