"""The simulator: a flow in a terminal or through a pipe."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.authoring.simulate import simulate
from bot.texts import Texts, find_locales

SCRIPTS = Path(__file__).parents[3] / "flows" / "scripts"


def played(flow: str, typed: Iterable[str], folder: Path = SCRIPTS) -> tuple[int, list[str]]:
    waiting, said = iter(typed), list[str]()
    code = simulate(flow, folder, lambda: next(waiting, None), said.append, Texts.load(find_locales()))
    return code, said


def test_a_flow_is_played_to_its_end_with_numbers_and_words() -> None:
    code, said = played("welcome", ["1", "ja"])
    assert code == 0
    assert "  1. Nederlands" in said
    assert "  [actie: set_language nl]" in said
    assert "Fijn dat je meedoet, Sam." in said
    assert said[-1] == "  [einde: klaar]"


def test_after_the_choice_of_a_language_the_rest_is_said_in_it() -> None:
    _, said = played("welcome", ["English", "1"])
    assert "Great that you are taking part, Sam." in said
    assert not any("meedoet" in line for line in said)


def test_the_end_of_the_input_ends_the_simulation_cleanly() -> None:
    code, said = played("welcome", ["1"])
    assert code == 0
    assert said[-1] == "(gestopt: er komt geen antwoord meer)"


def test_flags_misses_and_words_for_the_coach_are_shown() -> None:
    _, said = played("monthly-checkin", ["1", "zomaar iets", "nog iets", "hulp", "stop"])
    assert any("[signaal voor de coach: soon (kan even wachten), work:" in line for line in said)
    assert "  [naar de coach: zomaar iets]" in said
    assert "  [past niet bij de vraag; de coach wordt aangeboden]" in said
    assert "  [uitleg: overslaan, terug, stop]" in said
    assert said[-1] == "  [einde: gestopt]"


def test_an_unknown_flow_names_the_known_ones() -> None:
    code, said = played("welkom", [])
    assert code == 1
    assert len(said) == 1
    assert said[0].startswith("Het gesprek 'welkom' bestaat niet. Wel: ")
    assert {"monthly-checkin", "stop", "welcome"} <= set(said[0].replace(",", "").replace(".", "").split())


def test_a_coach_s_flow_is_played_with_lists_of_buttons_from_outside_the_scripts() -> None:
    code, said = played("handover-contact", ["1", "overslaan", "2", "1", "2", "1"])
    assert code == 0
    assert "  1. Elke maand" in said
    assert any(line.startswith("  [actie: set_contact monthly") for line in said)
    assert said[-1] == "  [einde: klaar]"


def test_a_broken_script_is_not_played(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("spec: 2\n", encoding="utf-8")
    code, said = played("broken", [], tmp_path)
    assert code == 1
    assert "(unknown-spec)" in "".join(said)


def test_a_phone_number_is_shown_and_kept_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "numbers.yaml").write_text(
        "spec: 1\nnumbers:\n  line: {name: L, number: 0800-8115, when: nu, what: zo, source: ons, sure: H}\n"
    )
    (tmp_path / "scripts" / "bel.yaml").write_text(
        'spec: 1\nflow: bel\naudience: participant\ntitle: Bel\nsteps:\n  a: {say: "Bel {number.line}.", end: done}\n'
    )
    said: list[str] = []
    texts = Texts.load(find_locales())
    assert simulate("bel", tmp_path / "scripts", lambda: None, said.append, texts, record="bellen") == 0
    assert "Bel 0800-8115." in said
    assert "Bel {number.line}." in (tmp_path / "scripts" / "bel.talks.yaml").read_text()
