"""A run goes on in a newer version of its flow, where it can stand there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flows.engine import moving, runner
from flows.engine.book import Book
from flows.engine.context import Context
from flows.engine.events import QuestionAsked, TimerWanted
from flows.engine.flow import Flow
from flows.engine.inputs import Typed
from flows.engine.reader import read_flow
from flows.engine.run import Run

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
SEEN = Context({"name": "Sam"}, {}, str)
OUTER = """\
spec: 1
flow: outer
audience: participant
title: Buiten
reminders: [3 days]
expires: {after: 10 days}
steps:
  first:
    say: Hoe gaat het?
    ask: {choice: {good: Goed, bad: Slecht}}
  within:
    run: inner
    end: done
"""
INNER = """\
spec: 1
flow: inner
audience: participant
title: Binnen
steps:
  ask:
    say: Wat wil je zeggen?
    ask: text
    end: done
"""


def flow(text: str) -> Flow:
    found, problems = read_flow(text, "a.yaml")
    assert found is not None, problems
    return found


def standing(answers: int) -> tuple[Book, Run]:
    """A run after so many answers."""
    book = Book.of([flow(OUTER), flow(INNER)])
    run = runner.start(book, "outer", SEEN, NOW).run
    for _ in range(answers):
        run = runner.resume(book, run, Typed("goed"), SEEN, NOW).run
    return book, run


def published(book: Book, *texts: str) -> Book:
    """The book in which these are the newest, and those of `book` are still known."""
    newer = {one.id: one for one in [*book, *map(flow, texts)]}
    return Book.of(newer.values()).beside(book)


def test_a_run_in_the_newest_version_stays_as_it_is() -> None:
    book, run = standing(0)
    assert moving.moved(book, run) == run


def test_the_question_is_asked_anew_with_its_timers_and_the_old_buttons_mean_nothing() -> None:
    book, run = standing(0)
    book = published(book, OUTER.replace("Slecht", "Niet goed"))
    after = moving.moved(book, run)
    assert after is not None
    assert not moving.same_question(book, run, after)
    sprint = moving.ask_anew(book, after, SEEN, NOW)
    asked, *rest = sprint.events
    assert isinstance(asked, QuestionAsked)
    assert asked.again
    assert [one.label for one in asked.choices] == ["Goed", "Niet goed"]
    assert [one.timer for one in rest if isinstance(one, TimerWanted)] == ["reminder", "expiry"]
    assert sprint.run.turn == run.turn + 1
    assert Run.from_json(sprint.run.to_json()) == sprint.run


def test_who_is_inside_another_flow_is_moved_in_both() -> None:
    book, run = standing(1)
    book = published(book, OUTER.replace("Buiten", "Buitenom"), INNER.replace("zeggen", "vertellen"))
    after = moving.moved(book, run)
    assert after is not None
    assert [frame.version for frame in after.frames] == [book.latest("outer").version, book.latest("inner").version]
    assert after.frames[0].answers == {"first": "good"}
    assert not moving.same_question(book, run, after)


def test_where_the_question_is_the_same_it_is_known_to_be() -> None:
    book, run = standing(0)
    book = published(book, OUTER.replace("title: Buiten", "title: Iets anders"))
    after = moving.moved(book, run)
    assert after is not None
    assert moving.same_question(book, run, after)


@pytest.mark.parametrize(
    ("answers", "old", "new"),
    [
        (0, "  first:", "  once:"),
        (0, "{choice: {good: Goed, bad: Slecht}}", "text"),
        (1, "    run: inner\n", "    say: Klaar.\n"),
    ],
)
def test_nobody_is_moved_to_where_they_cannot_stand(answers: int, old: str, new: str) -> None:
    book, run = standing(answers)
    assert old in OUTER
    assert moving.moved(published(book, OUTER.replace(old, new)), run) is None


def test_an_answer_to_a_question_that_is_another_one_now_is_left_behind() -> None:
    book, run = standing(1)
    book = published(book, OUTER.replace("{choice: {good: Goed, bad: Slecht}}", "text"))
    after = moving.moved(book, run)
    assert after is not None
    assert after.frames[0].answers == {}
    assert after.frames[0].asked == ()


def test_a_flow_that_went_away_keeps_who_is_in_it() -> None:
    book, run = standing(0)
    assert moving.moved(Book.of([flow(INNER)]).beside(book), run) is None
    assert moving.moved(book, replace(run, frames=run.frames)) == run
