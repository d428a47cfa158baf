"""How an admin writes about the handover: exact models, durations in Dutch, and every mistake with its place.

The file is read by the engine's own YAML reader, so that a mistake here is told as one in a script is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, ValidationError

from bot.caseload.catalogue import CATALOGUE
from flows.engine import limits, shapes
from flows.engine.catalogue import Entry
from flows.engine.checks import asking, language
from flows.engine.problems import Place, problem
from flows.engine.source import Source, read_source
from flows.engine.texts import placeholders
from flows.engine.written import Text, Written, many, mistake
from scheduler.terms import Span

SPEC = 1
TITLE_LENGTH = 40
"""Characters of a title: it stands at the top of a message on a small phone."""
LONGEST_MONTHS = 120

_PERIOD = re.compile(r"([1-9]\d{0,2}) +(dag|dagen|week|weken|maand|maanden|jaar|jaren)")
_KEYS: Mapping[str, str] = {"_": " en _", "-": " en streepjes"}

M = TypeVar("M", bound=Written)


def read_period(text: str) -> Span | None:
    """`3 dagen`, `4 weken`, `2 maanden` or `1 jaar`; None if it is none, or longer than ten years."""
    found = _PERIOD.fullmatch(text.strip())
    if found is None:
        return None
    amount, unit = int(found[1]), found[2]
    if unit.startswith("dag"):
        return Span(days=amount)
    if unit.startswith("we"):
        return Span(weeks=amount)
    months = amount * 12 if unit.startswith("jaar") or unit == "jaren" else amount
    return Span(months=months) if months <= LONGEST_MONTHS else None


def _period(value: Any) -> Any:
    found = read_period(str(value))
    if found is None:
        raise mistake("bad-period", value=value)
    return found


def _plain(text: str) -> str:
    """Plain language, and nothing that may not be asked (P10): a coach reads this text aloud at the table."""
    for braced in placeholders(text):
        raise mistake("no-placeholder", braced=f"{{{braced}}}")
    for found, why in asking.forbidden(text):
        raise mistake("do-not-ask", found=found, why=why)
    if language.asks_twice(text):
        raise mistake("two-questions")
    for sentence, count in language.long_sentences(text):
        raise mistake("long-sentence", sentence=sentence, count=count, limit=limits.SENTENCE_WORDS)
    return text


def _short(limit: int) -> AfterValidator:
    def check(text: str) -> str:
        if len(text) > limit:
            raise mistake("title-too-long", title=text, length=len(text), limit=limit)
        return text

    return AfterValidator(check)


def _spec(value: int) -> int:
    if value != SPEC:
        raise mistake("unknown-spec", spec=value, current=SPEC)
    return value


def _count(value: int) -> int:
    if value < 1:
        raise mistake("wrong-value", wanted="een heel getal vanaf 1")
    return value


Spec = Annotated[int, AfterValidator(_spec)]
Period = Annotated[Span, BeforeValidator(_period)]
Periods = Annotated[tuple[Period, ...], BeforeValidator(many)]
Plain = Annotated[Text, AfterValidator(_plain)]
Title = Annotated[Plain, _short(TITLE_LENGTH)]
Label = Annotated[Plain, _short(limits.LABEL_LENGTH)]
Count = Annotated[int, AfterValidator(_count)]


@dataclass(frozen=True, slots=True)
class Paper:
    """One file as read, from which models are taken piece by piece; each mistake joins `source.problems`."""

    source: Source
    catalogue: Mapping[str, Entry] = field(default_factory=lambda: CATALOGUE)

    def model(self, model: type[M], data: Any, *at: str | int) -> M | None:
        """`data`, which stands at `at`, as this model; None if it has mistakes."""
        if not isinstance(data, dict):
            self.add("wrong-value", self.source.value(*at), wanted="regels met een naam en een dubbele punt")
            return None
        names = [field.alias or name for name, field in model.model_fields.items()]
        try:
            return model.model_validate(data)
        except ValidationError as error:
            self.source.problems.extend(shapes.problems(self.source, error, at, names, self.catalogue))
            return None

    def inside(self, model: type[M], data: Any, key: str) -> M | None:
        """What stands under `key` in `data`, as this model; None if it has mistakes or is not there."""
        return self.model(model, data[key], key) if isinstance(data, dict) and key in data else None

    def entries(self, data: Any, *at: str | int) -> dict[str, Any]:
        """The names under the last part of `at`, with what belongs to each; a problem, and nothing, if there are none.

        `data` is what that last part stands in, which may be wrong in other ways: those are told as well.
        """
        if not isinstance(data, dict) or at[-1] not in data:
            return {}  # told by the model
        found = data[at[-1]]
        if isinstance(found, dict) and found:
            return {str(key): value for key, value in found.items()}
        self.add("wrong-value", self.source.value(*at), wanted="regels met een naam en een dubbele punt")
        return {}

    def key(self, name: str, limit: int, joint: str, *at: str | int) -> None:
        """Check a name that stands at `at`: small letters with `joint` between words, at most `limit` characters."""
        if not re.fullmatch(rf"[a-z]+({joint}[a-z]+)*", name) or len(name) > limit:
            self.add("bad-key", self.source.key(*at), name=name, limit=limit, joint=_KEYS[joint])

    def known(self, word: str, known: Mapping[str, Any], *at: str | int) -> bool:
        """Whether this word is one of the known ones."""
        if word not in known:
            self.add("unknown-word", self.source.value(*at), wrong=word, known=known, allowed=", ".join(known))
        return word in known

    def add(self, code: str, place: Place, **details: Any) -> None:
        self.source.problems.append(problem(code, place, catalogue=self.catalogue, **details))


def read_text(text: str, file: str) -> Paper:
    """The text of a file as read; `file` is named in its problems."""
    return Paper(read_source(text, file))


def read_paper(file: Path) -> Paper:
    """The file as read; one that is absent or not UTF-8 is a problem in it."""
    place = Place(str(file), 1, 1)
    try:
        return read_text(file.read_bytes().decode("utf-8-sig"), str(file))
    except UnicodeDecodeError:
        return Paper(Source(str(file), problems=[problem("not-utf8", place)]))
    except FileNotFoundError:
        return Paper(Source(str(file), problems=[problem("missing-file", place, catalogue=CATALOGUE, file=file.name)]))
