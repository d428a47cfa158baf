"""Talk tests as written: example talks in YAML beside a script. Read here; talk_runner.py plays them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from bot.authoring.catalogue import problem
from bot.authoring.play import Given
from bot.texts import SOURCE
from flows.engine.book import TALKS
from flows.engine.durations import parse_duration
from flows.engine.effects import EFFECTS
from flows.engine.events import Choice, Outcome
from flows.engine.facts import FACTS, OPTIONS, PLACEHOLDERS
from flows.engine.flow import Flow
from flows.engine.problems import Place, Problem
from flows.engine.source import Source, read_source

TALK_KEYS = ("talk", "given", "lines")
LINE_KINDS: Mapping[str, str] = {
    "bot": "wat de assistent zegt; eindigt de tekst op … dan telt alleen het begin",
    "tap": "de knop waar iemand op drukt",
    "type": "wat iemand typt",
    "send": "wat iemand anders stuurt dan tekst: voice, photo of sticker",
    "wait": "hoe lang er niets gebeurt, bijvoorbeeld 3 days",
    "flag": "het signaal dat de coach krijgt: level, topic, because",
    "effect": "de actie die gebeurt",
    "left": "wat niet bij de vraag past en naar de coach gaat",
    "end": "hoe het gesprek eindigt: done, stopped, expired of failed",
}
INPUTS = frozenset({"tap", "type", "send", "wait"})
"""Lines in which a person does something; the others say what must come of it."""

_NO_VALUES = ("last", "language", *OPTIONS)
_GIVEN = (*_NO_VALUES, *PLACEHOLDERS, *FACTS)
_FLAG = ("level", "topic", "because")
_MEDIA = ("voice", "photo", "sticker")
_SAMPLES = {"name": "Sam", "coach": "Ilse", "next_moment": "dinsdag 5 januari"}
_LISTS = {"languages": (Choice("nl", "Nederlands"), Choice("en", "English"))}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a talk: `value` is text, or for a flag or an effect a mapping of texts."""

    kind: str
    value: Any
    place: Place


@dataclass(frozen=True, slots=True)
class Talk:
    name: str
    given: Given
    lines: tuple[Line, ...]
    place: Place


def talks_file(script: Path) -> Path:
    """Where the talk tests of this script stand."""
    return script.with_name(script.name.removesuffix(".yaml") + TALKS)


def read_talks(text: str, file: str, flow: Flow) -> tuple[tuple[Talk, ...], tuple[Problem, ...]]:
    """The talks in `text` and everything that is wrong with how they are written."""
    reader = _Reader(read_source(text, file), flow)
    talks = reader.talks()
    return talks, tuple(reader.source.problems)


@dataclass(frozen=True, slots=True)
class _Reader:
    source: Source
    flow: Flow

    def talks(self) -> tuple[Talk, ...]:
        data = self.source.data
        if data is None:
            return ()
        if not isinstance(data, list):
            self._expect("een lijst: elk oefengesprek begint met '- talk:'")
            return ()
        return tuple(talk for index, item in enumerate(data) if (talk := self._talk(index, item)))

    def _talk(self, index: int, item: Any) -> Talk | None:
        if not self._mapping(item, (index,), TALK_KEYS):
            return None
        for key in ("talk", "lines"):
            if key not in item:
                self._add("talk-missing-key", self.source.value(index), key=key)
                return None
        if not isinstance(item["lines"], list):
            self._expect("een lijst met regels", index, "lines")
            return None
        found = [self._line((index, "lines", number), line) for number, line in enumerate(item["lines"])]
        lines = tuple(line for line in found if line)
        return Talk(str(item["talk"]), self._given(index, item.get("given")), lines, self.source.value(index))

    def _given(self, index: int, written: Any) -> Given:
        written = {} if written is None else written
        path = (index, "given")
        if not self._mapping(written, path, _GIVEN):
            return Given(_SAMPLES, options=_LISTS)
        last = written.get("last", {})
        asking = [name for name, step in self.flow.steps.items() if step.ask]
        if not self._mapping(last, (*path, "last"), asking):
            last = {}
        values = {key: _value(key, value) for key, value in written.items() if key not in _NO_VALUES}
        before = {step: tuple(value) if isinstance(value, list) else value for step, value in last.items()}
        options = {name: self._buttons(written[name], (*path, name)) for name in OPTIONS if name in written}
        return Given({**_SAMPLES, **values}, before, str(written.get("language", SOURCE)), {**_LISTS, **options})

    def _buttons(self, written: Any, path: tuple[int | str, ...]) -> tuple[Choice, ...]:
        """A list of buttons from outside the scripts, as this talk wants it."""
        if not isinstance(written, dict):
            self._expect("knoppen met hun tekst, zoals {monthly: Elke maand}", *path)
            return ()
        return tuple(Choice(str(key), str(label)) for key, label in written.items())

    def _line(self, path: tuple[int | str, ...], item: Any) -> Line | None:
        if not self._mapping(item, path, tuple(LINE_KINDS)):
            return None
        if len(item) != 1:
            self._expect("één ding per regel, met een streepje ervoor", *path)
            return None
        kind, value = next(iter(item.items()))
        checked = self._checked(kind, value, (*path, kind))
        return None if checked is None else Line(kind, checked, self.source.key(*path, kind))

    def _checked(self, kind: str, value: Any, path: tuple[int | str, ...]) -> Any:
        """The value as the runner wants it; None when it is wrong, and then a problem is added."""
        match kind:
            case "flag":
                return value if self._mapping(value, path, _FLAG) else None
            case "effect":
                return self._effect(value, path)
            case "wait":
                if span := parse_duration(str(value)):
                    return span
                return self._expect("een tijdsduur, zoals '3 days'", *path)
            case "send":
                return self._word(value, _MEDIA, path)
            case "end":
                return self._word(value, get_args(Outcome), path)
        return self._expect("een tekst", *path) if isinstance(value, dict | list) else str(value)

    def _effect(self, value: Any, path: tuple[int | str, ...]) -> dict[str, Any] | None:
        """The name with its arguments; `{set_language: nl}` is as good as `{set_language: {language: nl}}`."""
        if isinstance(value, str):
            return {value: {}}
        if isinstance(value, dict) and len(value) == 1:
            name, given = next(iter(value.items()))
            main = EFFECTS[name].main if name in EFFECTS else None
            if main and isinstance(given, str):
                return {name: {main: given}}
            if given is None or isinstance(given, dict):
                return {name: given or {}}
        self._expect("de naam van een actie", *path)
        return None

    def _word(self, value: Any, allowed: Collection[str], path: tuple[int | str, ...]) -> str | None:
        return str(value) if value in allowed else self._expect(" of ".join(allowed), *path)

    def _mapping(self, item: Any, path: tuple[int | str, ...], keys: Collection[str]) -> bool:
        """Whether `item` is a mapping of these keys only; each misspelt key is a problem."""
        if not isinstance(item, dict):
            self._expect("regels met een naam en een dubbele punt", *path)
            return False
        wrong = [key for key in item if key not in keys]
        for key in wrong:
            self._add("talk-unknown-key", self.source.key(*path, key), wrong=str(key), known=keys)
        return not wrong

    def _expect(self, wanted: str, *path: int | str) -> Any:
        """Tell what should stand here; returns None."""
        self._add("talk-wrong-value", self.source.value(*path), wanted=wanted)

    def _add(self, code: str, place: Place, **details: Any) -> None:
        self.source.problems.append(problem(code, place, **details))


def _value(key: str, written: Any) -> Any:
    """A fact that is a duration is written as one; everything else stays as it is."""
    return (parse_duration(str(written)) or written) if FACTS.get(key) == "duration" else written
