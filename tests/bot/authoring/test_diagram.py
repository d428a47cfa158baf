"""A flow as a picture."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.authoring import diagram
from flows.engine.book import Book
from flows.engine.reader import read_flow

SCRIPTS = Path(__file__).parents[3] / "flows" / "scripts"
BOOK = Book.load(SCRIPTS).book
SCRIPT = """\
spec: 1
flow: a
audience: participant
title: 'Een "A" <b> & #'
starts: {words: [hallo]}
steps:
  first:
    say: Kies, {name}.
    ask: {choice: {x: Eerste, y: Tweede, z: Derde}}
    flag: {when: first is z, level: today, topic: work, because: Derde.}
    goto:
      - {when: 'first in [x, y]', step: between}
  between:
    run: b
    do: {start: c}
    end: done
"""


def drawn() -> diagram.Drawing:
    flow, problems = read_flow(SCRIPT, "a.yaml")
    assert flow is not None, problems
    return diagram.drawing_of(flow)


def test_steps_buttons_flags_and_other_flows_are_drawn() -> None:
    drawing = drawn()
    boxes = {box.id: box for box in drawing.boxes}
    assert boxes["s_first"].kind == "ask"
    assert boxes["s_first"].marks == ("⚑ today, work (first is z)",)
    assert boxes["s_between"].kind == "run"
    assert boxes["s_between"].lines == ("gesprek: b",)
    assert boxes["s_between"].marks == ("⚙ start c",)
    assert [(one.start, one.to, one.label) for one in drawing.arrows] == [
        ("begin", "s_first", ""),
        ("s_first", "s_between", "Eerste / Tweede"),
        ("s_first", "s_between", "Derde"),
        ("s_between", "end", ""),
    ]


def test_mermaid_shows_every_step_and_nothing_that_breaks_it() -> None:
    text = diagram.as_mermaid(drawn())
    assert text.startswith("flowchart TD\n")
    assert 's_first -->|"Eerste / Tweede"| s_between' in text
    assert "Een #quot;A#quot; #lt;b#gt; & #35;" in text


@pytest.mark.parametrize("flow", [flow.id for flow in BOOK])
def test_every_shipped_flow_has_a_box_for_each_step_and_no_loose_arrow(flow: str) -> None:
    drawing = diagram.drawing_of(BOOK.latest(flow))
    boxes = {box.id for box in drawing.boxes}
    assert {f"s_{name}" for name in BOOK.latest(flow).steps} <= boxes
    assert {one.start for one in drawing.arrows} | {one.to for one in drawing.arrows} == boxes


# The bot does without: it writes the drawing as text, and only who wants a picture of it has Graphviz.
@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz draws this; as root: apt-get install -y graphviz")
def test_graphviz_draws_it(tmp_path: Path) -> None:
    said: list[str] = []
    file = tmp_path / "picture.svg"
    assert diagram.draw("monthly-checkin", SCRIPTS, False, file, said.append) == 0
    assert b"<svg" in file.read_bytes()
    assert diagram.as_svg(diagram.as_dot(drawn())) is not None


def test_without_graphviz_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said: list[str] = []
    assert diagram.draw("welcome", SCRIPTS, False, tmp_path / "a.svg", said.append) == 2
    assert said == [diagram.NO_DOT.format(flow="welcome")]
    assert diagram.draw("welcome", SCRIPTS, True, None, said.append) == 0


def test_an_unknown_flow_names_the_known_ones() -> None:
    said: list[str] = []
    assert diagram.draw("welkom", SCRIPTS, True, None, said.append) == 1
    assert "welcome" in said[-1]
