"""The stored form of a run, and the book that its versions come from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.engine import run as stored
from flows.engine.book import Book
from flows.engine.errors import FlowUnknown, RunUnreadable
from flows.engine.run import FORM, UPGRADES, Frame, Run
from tests.support.engine_talk import HEAD, flow_of

RUN = Run(
    frames=(
        Frame("outer", "a" * 16, "inner", {"work": 2, "call": True, "skipped": None, "topics": ("a", "b")}, ("work",)),
        Frame("inner", "b" * 16, "one", {"hours": 7.5}, ("hours",)),
    ),
    turn=4,
    question="Één vraag?",
    ticked=("a",),
    misses=1,
    reminders=2,
)


def test_a_run_comes_back_as_it_was() -> None:
    assert Run.from_json(RUN.to_json()) == RUN


def test_the_stored_form_carries_its_version() -> None:
    assert json.loads(RUN.to_json())["form"] == FORM


def test_there_is_an_upgrade_from_every_earlier_form() -> None:
    assert set(UPGRADES) == set(range(1, FORM))


def test_an_older_form_is_upgraded_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "UPGRADES", {0: lambda raw: {**raw, "form": FORM, "reminders": 0}})
    raw = json.loads(RUN.to_json())
    del raw["reminders"]
    assert Run.from_json(json.dumps({**raw, "form": 0})).reminders == 0


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"form": 99}', '{"form": 1, "frames": 3}', "[" * 100_000])
def test_what_is_no_run_is_told_as_such(text: str) -> None:
    with pytest.raises(RunUnreadable):
        Run.from_json(text)


SCRIPT = HEAD.replace("{flow}", "sample") + "steps:\n  bye:\n    say: Dank je wel.\n    end: done\n"


def test_a_folder_is_read_with_its_subfolders_and_without_talks(tmp_path: Path) -> None:
    (tmp_path / "coach").mkdir()
    (tmp_path / "coach" / "sample.yaml").write_text("\ufeff" + SCRIPT, encoding="utf-8")
    (tmp_path / "coach" / "sample.talks.yaml").write_text("- talk: iets\n")
    reading = Book.load(tmp_path)
    assert reading.problems == ()
    assert [flow.id for flow in reading.book] == ["sample"]
    assert "sample" in reading.book


def test_problems_of_all_files_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(SCRIPT.replace("say", "zeg"))
    (tmp_path / "a.yaml").write_text(SCRIPT.replace("spec: 1", "spec: 2"))
    problems = Book.load(tmp_path).problems
    assert [(Path(one.file).name, one.code) for one in problems] == [
        ("a.yaml", "unknown-spec"),
        ("b.yaml", "unknown-key"),
    ]


def test_the_version_is_the_hash_of_the_content() -> None:
    one, other = flow_of("  bye:\n    say: Dag.\n    end: done\n"), flow_of("  bye:\n    say: Doei.\n    end: done\n")
    assert one.version != other.version
    assert one.version == flow_of("  bye:\n    say: Dag.\n    end: done\n").version
    assert len(one.version) == 16
    assert int(one.version, 16) >= 0


def test_an_older_version_is_found_and_never_becomes_the_latest() -> None:
    old, new = flow_of("  bye:\n    say: Dag.\n    end: done\n"), flow_of("  bye:\n    say: Doei.\n    end: done\n")
    book = Book.of([new])
    with pytest.raises(FlowUnknown, match=old.version):
        book.get("sample", old.version)
    wider = book.with_version(old)
    assert wider.get("sample", old.version) is old
    assert wider.get("sample", new.version) is new
    assert wider.latest("sample") is new
    with pytest.raises(KeyError):
        wider.latest("other")
