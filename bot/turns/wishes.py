"""Another wish: what somebody's words ask for while a question is open or none is, and what an offer of it keeps.

The rule, for words that are typed; whatever happens, they get one outcome at once and lose nothing:

| the words | no question is open | a question with buttons, a number or a day | a question for own words |
|---|---|---|---|
| fit the question | – | the answer | the answer, unless they are start words exactly: then an offer |
| are start words, perhaps with filling | the talk begins | an offer | |
| nearly so, in a short message | an offer, which keeps them | an offer, which keeps them | the answer |
| a long message with start words in it | to the coach, then an offer | to the coach, then an offer | the answer |
| anything else | to the coach | to the coach, and the question again | the answer |

An offer is a run of the script `wish`. After yes that talk begins, and the one that it came into comes back
afterwards. After no, after `stop` and after half an hour without a word, what was kept is what it would have been
without the offer: the answer, or words to the coach. What only shows something is shown beside an open question.
A tap on a command is never offered: it is done.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from bot.storage.runs import RunRow
from flows.engine.book import Book
from flows.engine.effects.start import Start
from flows.engine.flow import Flow
from flows.engine.questions.base import Translate
from flows.engine.wishes import StartWords, Wished

OFFER = "wish"
"""The flow that asks whether somebody wants to talk about something else now."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What an offer is about. `words`: as they were typed, while nobody has them; empty once the coach has.

    `answers`: the run, and the turn of it, whose open question the words answer if the offer is refused.
    """

    flow: str
    near: bool
    words: str = ""
    answers: tuple[int, int] | None = None

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Wish:
        raw: dict[str, Any] = json.loads(text)
        answers = raw["answers"]
        return cls(raw["flow"], raw["near"], raw["words"], None if answers is None else (answers[0], answers[1]))

    def answer_to(self, run: RunRow) -> bool:
        """Whether the words answer the question that this run has open."""
        return self.answers == (run.id, run.turn)


def of(run: RunRow) -> Wish | None:
    """What this run offers, if it is an offer."""
    return None if run.wish is None else Wish.from_json(run.wish)


def wished(book: Book, text: str, translate: Translate) -> Wished | None:
    """The participant's flow that these words ask for; `translate` makes start words those of their language."""
    return _start_words(book, translate).find(text)


def begins(book: Book, text: str, translate: Translate) -> Flow | None:
    """The participant's flow that begins with exactly these words; those of a command that was tapped are."""
    return _start_words(book, translate).begins(text)


@lru_cache(maxsize=16)
def _start_words(book: Book, translate: Translate) -> StartWords:
    return StartWords.of((flow for flow in book if flow.audience == "participant"), translate)


def only_shows(flow: Flow) -> bool:
    """Whether it asks nothing, so that it can come beside an open question."""
    steps = flow.steps.values()
    return not any(step.ask or step.run or any(isinstance(one, Start) for one in step.do) for step in steps)
