"""Make the pictures of the author's guide anew, with the program itself: `python deploy/pictures.py` (needs Graphviz).

The flow is the one that the guide lets an author write; for the picture of `check` it gets some mistakes.
"""

from __future__ import annotations

import html
import re
import sys
import tempfile
from datetime import date
from pathlib import Path
from textwrap import wrap

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.authoring import check, diagram  # noqa: E402
from flows.engine.reader import read_flow  # noqa: E402

PICTURES = ROOT / "flows" / "pictures"
FLOW = "eerste-dag"
MISTAKES = (
    ("Hoi {name}. Hoe ging", "Hoi {naam}. Hoe ging"),
    ("step: hulp}", "step: help}"),
    ("{coach} leest het en helpt je verder.", "Er wordt geëvalueerd hoe het gaat."),
)
COLUMNS, LINE, LEFT, TOP = 108, 19, 18, 30
SIZE = 13
PAINTS = {check.BOLD: "font-weight='bold'", check.DIM: "fill='#9aa5b1'", check.RED: "fill='#ff8f80'"}
PAINTED = re.compile(r"(\x1b\[\d*m)")


def example() -> str:
    """The script that the guide shows."""
    guide = (ROOT / "flows" / "GIDS.md").read_text("utf-8")
    return next(block for block in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL) if f"flow: {FLOW}" in block)


def checked() -> list[str]:
    """What `check` says of that script with mistakes in it, in colours."""
    text = example()
    for old, new in MISTAKES:
        assert old in text
        text = text.replace(old, new)
    said: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        scripts = Path(folder) / "flows" / "scripts"
        (scripts / "participant").mkdir(parents=True)
        (scripts / "participant" / f"{FLOW}.yaml").write_text(text, "utf-8")
        check.check([scripts], scripts, False, said.append, today=date(2026, 1, 1), colour=True)
        return [line.replace(f"{folder}/", "") for line in said]


def terminal(command: str, lines: list[str]) -> str:
    """A window with these lines, as SVG."""
    rows = [f"$ {command}", *(part for line in lines for part in (_wrapped(line) or [""]))]
    height = TOP + LINE * (len(rows) + 1)
    width = LEFT * 2 + round(COLUMNS * SIZE * 0.61)
    text = "\n".join(
        f"<text x='{LEFT}' y='{TOP + LINE * number}' xml:space='preserve'>{_spans(row)}</text>"
        for number, row in enumerate(rows, 1)
    )
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}'>\n"
        f"<rect width='100%' height='100%' rx='8' fill='#1e2530'/>\n"
        f"<g font-family='DejaVu Sans Mono,Menlo,Consolas,monospace' font-size='{SIZE}' fill='#e8ecf1'>\n{text}\n</g>\n"
        "</svg>\n"
    )


def _wrapped(line: str) -> list[str]:
    return wrap(line, COLUMNS, subsequent_indent="    ", break_on_hyphens=False)


def _spans(row: str) -> str:
    """The row with its colours; a paint holds until it is taken off."""
    shown, paint = [], ""
    for part in PAINTED.split(row):
        if PAINTED.fullmatch(part):
            paint = PAINTS.get(part, "")
        elif part:
            words = html.escape(part)
            shown.append(f"<tspan {paint}>{words}</tspan>" if paint else words)
    return "".join(shown)


def main() -> None:
    flow, problems = read_flow(example(), FLOW)
    assert flow is not None, problems
    picture = diagram.as_svg(diagram.as_dot(diagram.drawing_of(flow)))
    if picture is None:
        sys.exit(diagram.NO_DOT.format(flow=FLOW))
    PICTURES.mkdir(exist_ok=True)
    (PICTURES / f"{FLOW}.svg").write_bytes(picture)
    (PICTURES / "check.svg").write_text(terminal("achterdehand check", checked()), "utf-8")


if __name__ == "__main__":
    main()
