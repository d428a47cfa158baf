"""What is played in the simulator can be kept, and comes out the same."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.authoring import branches
from bot.authoring.simulate import simulate
from bot.authoring.talk_runner import play_talk
from bot.authoring.talks import read_talks, talks_file
from bot.texts import Texts, find_locales
from flows.engine.book import Book

SHIPPED = Path(__file__).parents[3] / "flows" / "scripts"
TEXTS = Texts.load(find_locales())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "scripts"))


def record(folder: Path, flow: str, typed: Iterable[str], name: str = "opgenomen") -> tuple[int, str]:
    waiting, said = iter(typed), list[str]()
    code = simulate(flow, folder, lambda: next(waiting, None), said.append, TEXTS, record=name)
    return code, said[-1]


@pytest.mark.parametrize(
    ("flow", "typed"),
    [
        ("monthly-checkin", ["1", "zomaar iets", "stop"]),
        ("pause", ["3", "over drie weken", "1 maart"]),
        ("longer-interval", ["terug", "hulp", "minder vaak"]),
        ("pause", ["1"]),
        ("handover-contact", ["1", "overslaan", "2", "1", "2", "1"]),
    ],
)
def test_what_was_played_is_a_talk_test_that_passes(folder: Path, flow: str, typed: list[str]) -> None:
    code, said = record(folder, flow, typed)
    assert (code, said) == (0, f"Bewaard als oefengesprek 'opgenomen' in {flow}.talks.yaml.")
    script = next(folder.rglob(f"{flow}.yaml"))
    book = Book.load(folder).book
    file = talks_file(script)
    talks, problems = read_talks(file.read_text(), str(file), book.latest(flow))
    assert problems == ()
    assert talks[-1].name == "opgenomen"
    assert all(len(line) <= 160 for line in file.read_text().split("- talk: opgenomen")[1].splitlines())
    for talk in talks:
        assert play_talk(branches.marked(book), book.latest(flow), talk, TEXTS).problem is None


def test_a_talk_of_a_name_that_is_there_is_not_kept(folder: Path) -> None:
    record(folder, "pause", ["1"])
    before = (folder / "participant" / "pause.talks.yaml").read_text()
    code, said = record(folder, "pause", ["2"])
    assert code == 1
    assert said.startswith("Niet bewaard: Er is al een oefengesprek 'opgenomen'")
    assert (folder / "participant" / "pause.talks.yaml").read_text() == before


def test_a_talk_that_did_not_end_is_not_kept(folder: Path) -> None:
    assert record(folder, "pause", []) == (1, "Niet bewaard: speel het gesprek tot het einde.")


def test_the_first_talk_of_a_flow_makes_the_file(folder: Path) -> None:
    file = folder / "participant" / "pause.talks.yaml"
    file.unlink()
    assert record(folder, "pause", ["1"])[0] == 0
    assert file.read_text().startswith("- talk: opgenomen\n")
