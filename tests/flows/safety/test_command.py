"""`achterdehand safety` shows an admin what would be found, and `check` tells what nobody looked at."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.authoring import check
from bot.texts import find_locales
from flows.safety import looking


def test_as_json_with_a_finding_for_each_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["safety", "--lang", "nl", "ik wil dood", "tot morgen", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"text": "ik wil dood", "level": "red", "certain": True, "entry": "wil* .. dood"},
        {"text": "tot morgen", "level": "none", "certain": True, "entry": ""},
    ]


def test_in_dutch_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["safety", "mijn man slaat me", "trein gemist"]) == 0
    assert capsys.readouterr().out == "geweld, zeker (slaat me): mijn man slaat me\nniets: trein gemist\n"


def test_a_text_a_line_from_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ik wil dood\n\ntot morgen\n"))
    assert main(["safety", "-", "--json"]) == 0
    assert [one["text"] for one in json.loads(capsys.readouterr().out)] == ["ik wil dood", "", "tot morgen"]


def test_check_counts_what_nobody_looked_at() -> None:
    file = looking.FOLDER / "nl.yaml"
    said: list[str] = []
    assert check.check([file], find_locales(), as_json=False, out=said.append) == 0
    assert any("nog niet nagekeken" in line and str(file) in line for line in said)


def test_check_tells_a_mistake_in_a_list(tmp_path: Path) -> None:
    file = tmp_path / "safety" / "nl.yaml"
    file.parent.mkdir()
    file.write_text("spec: 1\nlanguage: nl\nexact:\n  - {say: [a], level: red}\n")
    said: list[str] = []
    assert check.check([file], find_locales(), as_json=False, out=said.append) == 1
    assert any("(missing-key)" in line for line in said)
