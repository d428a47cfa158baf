"""Why a file is no YAML, told at the line that somebody must mend: YAML itself stumbles later, or after the end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.tokens import ScalarToken

from flows.engine.problems import Place, Problem, problem

_BRACE_FIRST = re.compile(r"(?:^\s*-|:)\s+(\{[a-z0-9_.() ]+\})")
"""A text that begins with a placeholder: YAML takes the brace for the beginning of a mapping."""
_NO_COLON = "could not find expected ':'"
_COLON = "mapping values are not allowed"


def why(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """What PyYAML's reader says of `text`, as a problem of ours."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        before = text[: getattr(error, "position", 0)]
        return problem("yaml-syntax", Place(file, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1))
    begun = getattr(error, "context_mark", None)
    wrong = _Wrong(text, file, str(getattr(error, "problem", "")), mark, _last_scalar(text, mark))
    if "\\t" in wrong.said:
        return problem("yaml-tab", wrong.place(mark))
    if open_quote := begun if "quoted scalar" in str(getattr(error, "context", "")) else wrong.open_quote():
        return problem("quote-open", wrong.place(open_quote), quote=text[open_quote.index])
    if no_colon := begun if _NO_COLON in wrong.said else wrong.no_colon():
        return problem("missing-colon", wrong.place(no_colon), written=wrong.lines[no_colon.line].strip())
    if brace := _BRACE_FIRST.search(wrong.line(mark)):
        return problem("brace-first", Place(file, mark.line + 1, brace.start(1) + 1))
    if _COLON in wrong.said:
        return problem("yaml-colon", wrong.place(mark))
    open_bracket = begun is not None and "flow" in str(getattr(error, "context", ""))
    return problem("yaml-syntax", wrong.place(begun if open_bracket else mark))


@dataclass(frozen=True, slots=True)
class _Wrong:
    """Where YAML stumbles: at `mark`, after `last`, the last text or key before it."""

    text: str
    file: str
    said: str
    mark: Any
    last: Any

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def line(self, mark: Any) -> str:
        return self.lines[mark.line] if mark.line < len(self.lines) else ""

    def place(self, mark: Any) -> Place:
        """Where the mark is; of the end of the file: its last line with something on it."""
        if mark.line < len(self.lines):
            return Place(self.file, mark.line + 1, mark.column + 1)
        last = max((number for number, line in enumerate(self.lines, 1) if line.strip()), default=1)
        return Place(self.file, last, 1)

    def open_quote(self) -> Any:
        """Where a quote begins that ended only at one of a later line, where the file then goes wrong."""
        return self.last.start_mark if self._over_lines() and self.last.style is not None else None

    def no_colon(self) -> Any:
        """Where a line begins that has no colon, although the next one stands beside it or beneath it."""
        last = self.last
        if last is None or last.style is not None or self.line(last.start_mark)[: last.start_mark.column].strip():
            return None
        beside = last.start_mark.column == self.mark.column and last.end_mark.line < self.mark.line
        between = re.sub(r"#.*", "", self.text[last.end_mark.index : self.mark.index]).strip()
        swallowed = _COLON in self.said and self._over_lines()
        return last.start_mark if swallowed or (beside and not between) else None

    def _over_lines(self) -> bool:
        return self.last is not None and self.last.start_mark.line < self.last.end_mark.line == self.mark.line


def _last_scalar(text: str, mark: Any) -> Any:
    """The last text or key that ends before `mark`, as PyYAML's token; None if there is none."""
    loader, tokens = yaml.SafeLoader(text), []
    try:
        while loader.check_token():
            tokens.append(loader.get_token())  # type: ignore[no-untyped-call]
    except yaml.YAMLError:
        tokens += loader.tokens
    scalars = (one for one in tokens if isinstance(one, ScalarToken) and one.end_mark.index <= mark.index)
    return max(scalars, key=lambda one: one.end_mark.index, default=None)
