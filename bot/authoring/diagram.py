"""`achterdehand diagram FLOW`: a flow as a picture. Mermaid text needs nothing; SVG is drawn by Graphviz' `dot`."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Literal

from bot.authoring import check
from flows.engine.book import Book
from flows.engine.conditions import Condition
from flows.engine.effects.start import Start
from flows.engine.flow import Flow
from flows.engine.model import Step

NO_DOT = (
    "Voor een plaatje is Graphviz nodig. Vraag wie de computer beheert: apt install graphviz. "
    "Zonder Graphviz: achterdehand diagram {flow} --mermaid."
)
WIDTH = 34
"""Characters on a line in a box."""
LONGEST = 170
"""Characters of one text in a box; the whole text stands in the script."""
DRAWN_WITHIN = 30.0
"""Seconds that `dot` gets."""
FLAG, DO = "⚑", "⚙"

Kind = Literal["say", "ask", "run", "start", "end"]
_SHAPES: dict[Kind, tuple[str, str]] = {
    "say": ('["', '"]'),
    "ask": ('{{"', '"}}'),
    "run": ('[["', '"]]'),
    "start": ('(["', '"])'),
    "end": ('(["', '"])'),
}
"""How Mermaid writes each kind of box."""
_LOOKS: dict[Kind, str] = {
    "say": 'shape=box style="rounded,filled" fillcolor="#f4f4f1" color="#8a8a85"',
    "ask": 'shape=box style="rounded,filled" fillcolor="#e3eefb" color="#2f6db3"',
    "run": 'shape=box style=filled fillcolor="#efe6f7" color="#7a4fa3" peripheries=2',
    "start": 'shape=oval style=filled fillcolor="#e4f3e4" color="#3c8a3c"',
    "end": 'shape=oval style=filled fillcolor="#e4f3e4" color="#3c8a3c"',
}

Out = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Box:
    """`lines`: its text, cut to lines; `marks`: flags and actions under it."""

    id: str
    kind: Kind
    head: str
    lines: tuple[str, ...]
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrow:
    """From box to box; `label` says when. Empty: always, or otherwise."""

    start: str
    to: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def draw(flow_id: str, folder: Path, mermaid: bool, to: Path | None, out: Out) -> int:
    """Print the flow as Mermaid, or write it as SVG. Returns 1 if there is no such flow, 2 if it cannot be drawn."""
    reading = Book.load(folder)
    if flow_id not in reading.book:
        for one in reading.problems:
            out(check.line(one))
        known = ", ".join(sorted(flow.id for flow in reading.book))
        out(f"Het gesprek '{flow_id}' bestaat niet. Wel: {known}.")
        return 1
    drawing = drawing_of(reading.book.latest(flow_id))
    if mermaid:
        out(as_mermaid(drawing))
        return 0
    picture = as_svg(as_dot(drawing))
    if picture is None:
        out(NO_DOT.format(flow=flow_id))
        return 2
    file = to or Path(f"{flow_id}.svg")
    file.write_bytes(picture)
    out(f"Het plaatje staat in {file}. Open het in je browser.")
    return 0


def drawing_of(flow: Flow) -> Drawing:
    """The boxes and arrows of a flow."""
    begin = [*flow.starts.words] or ([f"moment: {flow.starts.moment}"] if flow.starts.moment else [])
    boxes = [Box("begin", "start", flow.title, tuple(begin))]
    arrows = [Arrow("begin", _id(flow.first))]
    for name, step in flow.steps.items():
        boxes.append(_box(name, step))
        arrows.extend(_ways(flow, name, step))
    if any(arrow.to == "end" for arrow in arrows):
        boxes.append(Box("end", "end", "einde", ()))
    return Drawing(flow.title, tuple(boxes), tuple(arrows))


def as_mermaid(drawing: Drawing) -> str:
    """A flowchart in Mermaid, as GitHub and many editors show it."""
    lines = ["flowchart TD"]
    for box in drawing.boxes:
        left, right = _SHAPES[box.kind]
        text = "<br>".join((f"<b>{_quoted(box.head)}</b>", *map(_quoted, (*box.lines, *box.marks))))
        lines.append(f"  {box.id}{left}{text}{right}")
    for arrow in drawing.arrows:
        label = f'|"{_quoted(arrow.label)}"|' if arrow.label else ""
        lines.append(f"  {arrow.start} -->{label} {arrow.to}")
    return "\n".join(lines)


def as_dot(drawing: Drawing) -> str:
    """The same for Graphviz."""
    font = 'fontname="Helvetica,Arial,sans-serif"'
    lines = [
        "digraph flow {",
        f"  graph [rankdir=TB nodesep=0.35 ranksep=0.45 {font}]",
        f'  node [{font} fontsize=11 margin="0.14,0.08"]',
        f'  edge [{font} fontsize=10 color="#555555" fontcolor="#333333"]',
    ]
    for box in drawing.boxes:
        rows = [f"<B>{_escaped(box.head)}</B>", *(_escaped(line) for line in box.lines)]
        rows += [f'<FONT COLOR="#b03a2e">{_escaped(mark)}</FONT>' for mark in box.marks]
        lines.append(f"  {box.id} [{_LOOKS[box.kind]} label=<{'<BR/>'.join(rows)}>]")
    for arrow in drawing.arrows:
        label = "<BR/>".join(_escaped(part) for part in wrap(arrow.label, WIDTH - 8))
        lines.append(f"  {arrow.start} -> {arrow.to}" + (f" [label=< {label} >]" if label else ""))
    return "\n".join([*lines, "}"])


def as_svg(dot: str) -> bytes | None:
    """What Graphviz draws; None when it is not here, or cannot."""
    program = shutil.which("dot")
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603  # a program on this machine, and our own text on its standard input
            [program, "-Tsvg"], input=dot.encode(), capture_output=True, timeout=DRAWN_WITHIN, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def _box(name: str, step: Step) -> Box:
    lines = [line for text in step.say for line in _cut(text)]
    if step.run:
        lines.append(f"gesprek: {step.run}")
    kind: Kind = "run" if step.run else "ask" if step.ask else "say"
    marks = [f"{FLAG} {flag.level}, {flag.topic}{_when(flag.when)}" for flag in step.flag]
    marks += [f"{DO} {_effect(effect)}" for effect in step.do]
    return Box(_id(name), kind, name, tuple(lines), tuple(part for mark in marks for part in wrap(mark, WIDTH)))


def _effect(effect: object) -> str:
    name = str(getattr(effect, "name", ""))
    return f"{name} {effect.flow}" if isinstance(effect, Start) else name


def _ways(flow: Flow, name: str, step: Step) -> Iterator[Arrow]:
    """The arrows out of a step: each `goto`, and the way on when none holds."""
    labels = dict(step.ask.buttons()) if step.ask else {}
    here = _id(name)
    conditions = [goto.when for goto in step.goto if goto.when]
    rest = _others(conditions, name, labels) if conditions else _buttons(labels)
    for goto in step.goto:
        if goto.when is None:
            yield Arrow(here, _id(goto.step), rest)
            return
        yield Arrow(here, _id(goto.step), _in_words(goto.when, name, labels))
    below = None if step.end else flow.following[name]
    yield Arrow(here, _id(below) if below else "end", rest)


def _in_words(when: Condition, name: str, labels: dict[str, str]) -> str:
    """A condition as the buttons that make it true, where it is about one answer; otherwise as it is written."""
    keys = _keys(when.text, name)
    return " / ".join(labels[key] for key in keys) if keys and labels.keys() >= {*keys} else when.text


def _keys(text: str, name: str) -> list[str]:
    """The buttons that `name is key` or `name in [a, b]` means; empty for any other condition."""
    words = text.replace(",", " ").replace("[", " ").replace("]", " ").split()
    if words[:2] == [name, "is"] and len(words) == 3:
        return [words[2]]
    return words[2:] if words[:2] == [name, "in"] else []


def _others(conditions: Sequence[Condition], name: str, labels: dict[str, str]) -> str:
    """The buttons that no `goto` is about; "anders" where that cannot be told."""
    told = [_keys(when.text, name) for when in conditions]
    if not labels or not all(keys and labels.keys() >= {*keys} for keys in told):
        return "anders"
    return _buttons({key: label for key, label in labels.items() if not any(key in keys for keys in told)}) or "anders"


def _buttons(labels: dict[str, str]) -> str:
    return " / ".join(labels.values())


def _when(when: Condition | None) -> str:
    return f" ({when.text})" if when else ""


def _id(name: str) -> str:
    return f"s_{name}"


def _cut(text: str) -> list[str]:
    text = " ".join(text.split())
    return wrap(text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…", WIDTH)


def _quoted(text: str) -> str:
    """For Mermaid, which ends a text at a quote and reads a hash as the begin of a sign."""
    for sign, name in (("#", "35"), ('"', "quot"), ("<", "lt"), (">", "gt")):
        text = text.replace(sign, f"#{name};")
    return text


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
