"""The extractor finds every literal sentence, and nothing that was translated gets lost."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import polib
import pytest

from bot.authoring.extract import extract, said_in
from bot.texts import Texts

SHIPPED = Path(__file__).parents[3] / "flows" / "handover"
SCRIPT = "spec: 1\nflow: hoi\naudience: participant\ntitle: Hoi\nsteps:\n  a: {say: Hoi., end: done}\n"


@pytest.mark.parametrize(
    ("code", "sentences"),
    [
        ('texts.say(lang, "Dag.")', ["Dag."]),
        ('turn.tell(who, "Dag {name}.", name="Sam")', ["Dag {name}."]),
        ('say(lang, "Dag "\n "Sam.")', ["Dag Sam."]),
        ('plural(lang, "een dag", "{n} dagen", n)', [("een dag", "{n} dagen")]),
        ('LABEL = N_("Klaar")', ["Klaar"]),
        ('say(who, "Ja" if yes else "Nee")', ["Ja", "Nee"]),
        ('say(who, LABELS["key"])', []),
        ('say(who, name_of("chat"))', []),
        ("say(who, text)", []),
        ('say("Dag.")', []),
        ('outer(say(a, "Een"), say(b, "Twee"))', ["Een", "Twee"]),
    ],
)
def test_literal_sentences_are_found_at_their_place(code: str, sentences: list[object]) -> None:
    assert list(said_in(ast.parse(code))) == sentences


def workplace(folder: Path) -> tuple[Path, Path, Path]:
    code, scripts, locales = folder / "bot", folder / "scripts", folder / "locales"
    (locales / "en" / "LC_MESSAGES").mkdir(parents=True)
    code.mkdir()
    scripts.mkdir()
    (code / "a.py").write_text('say(x, "Dag.")\nsay(x, "Weg.")\nplural(x, "een", "{n} veel", n)\n')
    (scripts / "hoi.yaml").write_text(SCRIPT)
    return code, scripts, locales


def test_translations_stay_new_sentences_are_empty_and_old_ones_come_back(tmp_path: Path) -> None:
    code, scripts, locales = workplace(tmp_path)
    file = str(locales / "en" / "LC_MESSAGES" / "bot.po")
    assert extract(code, scripts, locales, lambda _: None) == 0
    catalogue = polib.pofile(file)
    assert [entry.msgid for entry in catalogue] == ["Dag.", "Weg.", "een"]
    assert not any(entry.msgstr for entry in catalogue)
    catalogue.find("Dag.").msgstr = "Hello."
    catalogue.find("een").msgstr_plural = {0: "one", 1: "{n} many"}
    catalogue.save(file)
    (code / "a.py").write_text('say(x, "Dag.")\nsay(x, "Dag!")\nplural(x, "een", "{n} veel", n)\n')
    said: list[str] = []
    assert extract(code, scripts, locales, said.append) == 0
    after = polib.pofile(file)
    said_now = {entry.msgid: entry.msgstr for entry in after if not entry.obsolete}
    assert said_now == {"Dag.": "Hello.", "Dag!": "", "een": ""}
    assert not after.obsolete_entries()
    assert said[0] == "en/bot: 3 zinnen, 1 zonder vertaling"
    assert Texts.load(locales).plural("en", "een", "{n} veel", 3) == "3 many"


def test_a_sentence_that_went_and_comes_back_has_its_translation_again(tmp_path: Path) -> None:
    code, scripts, locales = workplace(tmp_path)
    file = locales / "en" / "LC_MESSAGES" / "bot.po"
    extract(code, scripts, locales, lambda _: None)
    catalogue = polib.pofile(str(file))
    catalogue.find("Weg.").msgstr = "Gone."
    catalogue.find("een").msgstr_plural = {0: "one", 1: "{n} many"}
    catalogue.save(str(file))
    before, written = (code / "a.py").read_text(), file.read_text()
    (code / "a.py").write_text('say(x, "Dag.")\n')
    extract(code, scripts, locales, lambda _: None)
    kept = file.read_text()
    assert {entry.msgid for entry in polib.pofile(str(file)).obsolete_entries()} == {"Weg.", "een"}
    assert Texts.load(locales).say("en", "Weg.") == "Gone."  # an older version of a script may say it still
    extract(code, scripts, locales, lambda _: None)
    assert file.read_text() == kept
    (code / "a.py").write_text(before)
    extract(code, scripts, locales, lambda _: None)
    texts = Texts.load(locales)
    assert (texts.say("en", "Weg."), texts.plural("en", "een", "{n} veel", 3)) == ("Gone.", "3 many")
    assert "#~" not in file.read_text()
    assert written.count("msgid") == file.read_text().count("msgid")


def test_extracting_twice_changes_nothing(tmp_path: Path) -> None:
    code, scripts, locales = workplace(tmp_path)
    extract(code, scripts, locales, lambda _: None)
    first = {file.name: file.read_bytes() for file in locales.rglob("*.po")}
    extract(code, scripts, locales, lambda _: None)
    assert {file.name: file.read_bytes() for file in locales.rglob("*.po")} == first


def test_script_sentences_tell_the_translator_where_they_stand(tmp_path: Path) -> None:
    code, scripts, locales = workplace(tmp_path)
    extract(code, scripts, locales, lambda _: None)
    entry = polib.pofile(str(locales / "en" / "LC_MESSAGES" / "scripts.po")).find("Hoi.")
    assert entry.comment == "flow hoi, step a"


def test_broken_scripts_leave_the_catalogues_alone(tmp_path: Path) -> None:
    code, scripts, locales = workplace(tmp_path)
    (scripts / "hoi.yaml").write_text("spec: 1\n")
    assert extract(code, scripts, locales, lambda _: None) == 1
    assert not list(locales.rglob("*.po"))


def test_the_handbook_beside_the_scripts_is_taken_up_and_a_broken_one_stops_it(tmp_path: Path) -> None:
    code, scripts, locales = workplace(tmp_path)
    own = tmp_path / "handover"
    shutil.copytree(SHIPPED, own)
    assert extract(code, scripts, locales, lambda _: None) == 0
    catalogue = polib.pofile(str(locales / "en" / "LC_MESSAGES" / "scripts.po"))
    assert catalogue.find("Reiskosten").comment == "checklist.yaml, parts agreements items travel title"
    assert catalogue.find("Terugkomgesprek").comment == "rhythms.yaml, kinds return_talk title"
    (own / "rhythms.yaml").write_text("spec: 1\n")
    assert extract(code, scripts, locales, lambda _: None) == 1
