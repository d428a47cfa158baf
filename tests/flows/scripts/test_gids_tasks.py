"""The five tasks of the author's guide, done to the letter: its commands are typed and its edits made, in a copy."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.settings import PREFIX

ROOT = Path(__file__).parents[3]
GIDS = (ROOT / "flows" / "GIDS.md").read_text("utf-8")
PARTS = ("bot", "flows", "scheduler", "locales")
BEFORE, *TASKS = GIDS.split("## Vijf dingen die je gaat doen")[1].split("\n## ")[0].split("\n### ")
MARK = re.compile(
    r"^\*\*(?P<what>Bestand|Nieuw bestand|Zoek|Maak ervan|Vertaal|Typ daarna|Je ziet):\*\*(?: `(?P<value>[^`]+)`)?$"
    r"|^```(?P<kind>\w+)\n(?P<block>.*?)^```$"
    r"|^\| (?P<dutch>[^|]+) \| (?P<english>[^|]+) \|$",
    re.MULTILINE | re.DOTALL,
)
WITHIN = 100.0
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}


@dataclass
class Author:
    """Somebody with a copy of the project, who does what the guide says and nothing else."""

    root: Path
    file: Path = field(init=False)
    demo: subprocess.Popen[str] | None = None
    seen: str = ""
    done: int = 0
    _sought: str = ""

    def follow(self, task: str) -> None:
        steps = list(MARK.finditer(task))
        after = ""
        for step, following in zip(steps, [*steps[1:], None], strict=True):
            self._step(step, after, following)
            after = step["what"] or ""

    def _step(self, step: re.Match[str], after: str, following: re.Match[str] | None) -> None:
        match step["what"], step["kind"], after:
            case "Bestand" | "Nieuw bestand", _, _:
                self.file = self.root / step["value"]
            case None, "sh", _:
                given = following["value"] if following and following["what"] == "Typ daarna" else ""
                self.seen = "".join(self.types(line, given) for line in step["block"].splitlines())
            case None, "text", "Je ziet":
                for line in self._wanted(step["block"]):
                    assert line.strip() in self.seen, f"not seen: {line}\n{self.seen}"
            case None, _, "Nieuw bestand":
                assert not self.file.exists()
                self.file.write_text(step["block"], "utf-8")
            case None, _, "Zoek":
                self._sought = step["block"]
            case None, _, "Maak ervan":
                self.change(self._sought, step["block"])
            case None, None, _ if step["dutch"] and self.file.suffix == ".po" and step["dutch"][0].isupper():
                self.translate(step["dutch"], step["english"])
        self.done += 1

    def _wanted(self, block: str) -> list[str]:
        """The lines that must be seen; where Graphviz is not, that it is not in the place of the picture."""
        lines = block.splitlines()
        if shutil.which("dot") is None:
            lines = ["Voor een plaatje is Graphviz nodig." if "Het plaatje" in line else line for line in lines]
        return lines

    def change(self, old: str, new: str) -> None:
        text = self.file.read_text("utf-8")
        assert text.count(old) == 1, f"{text.count(old)} times in {self.file}: {old}"
        self.file.write_text(text.replace(old, new), "utf-8")

    def translate(self, dutch: str, english: str) -> None:
        empty = f'msgid "{dutch}"\nmsgstr ""\n'
        if empty in self.file.read_text("utf-8"):  # not the head of the table, nor what another script says too
            self.change(empty, empty.replace('msgstr ""', f'msgstr "{english}"'))

    def types(self, line: str, given: str = "") -> str:
        """What a command prints."""
        program, *words = shlex.split(line)
        assert program == "achterdehand"
        if words[0] == "demo":
            return self._leaves_open(words)
        ended = subprocess.run(
            [sys.executable, "-m", "bot", *words],
            cwd=self.root, env=ENVIRONMENT, input=f"{given}\n" if given else "", capture_output=True,
            text=True, timeout=WITHIN, check=False,
        )  # fmt: skip
        assert "Traceback" not in ended.stderr, ended.stderr
        return ended.stdout

    def _leaves_open(self, words: list[str]) -> str:
        """A window of its own, until the end; on any free port, because others may test here too."""
        self.demo = subprocess.Popen(
            [sys.executable, "-m", "bot", *words, "--port", "0"],
            cwd=self.root, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.demo.stdout is not None
        address, clock = self.demo.stdout.readline(), self.demo.stdout.readline()
        return re.sub(r":\d+/demo/", ":8000/demo/", address) + clock

    def leaves(self) -> None:
        """Ctrl and C in the window that stayed open."""
        if self.demo is not None:
            self.demo.send_signal(signal.SIGINT)
            self.demo.communicate(timeout=WITHIN)


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Author]:
    """Somebody who has the demo open in another window, as the guide says."""
    root = tmp_path_factory.mktemp("project")
    for part in PARTS:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    author = Author(root)
    try:
        author.follow(BEFORE)
        assert author.demo is not None
        yield author
    finally:
        author.leaves()
    assert not (root / "data").exists()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("task", TASKS, ids=[task.splitlines()[0] for task in TASKS])
def test_the_task_comes_out_as_the_guide_says(author: Author, task: str) -> None:
    """In order: each goes on with what the one before it left."""
    before = author.done
    author.follow(task)
    assert author.done > before + 1


def test_the_guide_has_five_tasks() -> None:
    assert [task[0] for task in TASKS] == ["1", "2", "3", "4", "5"]


def test_every_picture_of_the_guide_is_there() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", GIDS)
    assert pictures
    assert all((ROOT / "flows" / picture).is_file() for picture in pictures)
