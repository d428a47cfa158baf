"""A text question that offers words from outside the scripts: a tap is as good as typing them."""

from __future__ import annotations

from datetime import date

import pytest

from flows.engine.events import Choice, Value
from flows.engine.inputs import Input, Sent, Tapped, Typed
from flows.engine.questions import Asking, Question
from flows.engine.questions.text import Text
from flows.engine.replies import Answered, read_reply

OFFERED = {"choices": (Choice("yes", "Ja"), Choice("no", "Nee"), Choice("later", "Misschien later"))}
ENGLISH = {"Ja": "Yes", "Nee": "No", "Misschien later": "Maybe later"}


def asked(**settings: object) -> Question:
    return Text.model_validate({"from": "choices", **settings}).filled(OFFERED)


def answer(given: Input, question: Question) -> Value:
    reply = read_reply(given, question, Asking(date(2026, 12, 1), lambda text: ENGLISH.get(text, text)))  # type: ignore[arg-type]
    assert isinstance(reply, Answered), reply
    return reply.found.value


def test_the_buttons_are_shown_in_the_readers_language() -> None:
    shown = asked().choices(lambda text: ENGLISH[text])
    assert [(one.key, one.label) for one in shown] == [("yes", "Yes"), ("no", "No"), ("later", "Maybe later")]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (Tapped("later"), "Misschien later"),
        (Typed("Na de zomer"), "Na de zomer"),
        (Typed("nee"), "nee"),
        (Sent("voice", "file"), ""),
    ],
)
def test_a_tap_and_own_words_are_both_the_text(given: Input, kept: str) -> None:
    assert answer(given, asked(optional=True)) == kept


def test_no_is_an_answer_where_it_is_a_button_and_skips_where_it_is_none() -> None:
    asking = Asking(date(2026, 12, 1), str)
    assert read_reply(Typed("niets"), asked(optional=True), asking) == "skip"
    assert read_reply(Typed("nee"), Text(optional=True), asking) == "skip"


def test_without_words_on_offer_it_is_a_plain_text_question() -> None:
    plain = Text.model_validate({"from": "choices"})
    assert plain.filled({}) is plain
    assert plain.filled({"choices": ()}).buttons() == ()
