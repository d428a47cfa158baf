"""The kinds of question, one file each, found by their name in a script."""

from __future__ import annotations

from collections.abc import Mapping

from flows.engine.questions.base import Asking, Found, Question
from flows.engine.questions.choice import Choice
from flows.engine.questions.date import Date
from flows.engine.questions.number import Number
from flows.engine.questions.phone import Phone
from flows.engine.questions.scale import Scale
from flows.engine.questions.several import Several
from flows.engine.questions.text import Text
from flows.engine.questions.time import Time
from flows.engine.questions.voice import Voice
from flows.engine.questions.yesno import YesNo

QUESTIONS: Mapping[str, type[Question]] = {
    kind.kind: kind for kind in (Choice, Several, Scale, Number, YesNo, Date, Time, Text, Voice, Phone)
}

__all__ = ["QUESTIONS", "Asking", "Found", "Question"]
