"""The script language as models: what an author may write, and nothing else. `reader.py` builds them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, InstanceOf, field_validator, model_validator

from flows.engine.conditions import Condition, ConditionUnreadable, read_condition
from flows.engine.effects import Effect
from flows.engine.events import Level
from flows.engine.questions import Question
from flows.engine.written import Duration, FlowName, Name, Text, Texts, Written, many, mistake

Audience = Literal["participant", "employer", "coach"]
SPEC = 1


def _condition(value: Any) -> Any:
    if not isinstance(value, str):
        raise mistake("condition-syntax", condition=value, offset=0)
    try:
        return read_condition(value)
    except ConditionUnreadable as error:
        raise mistake("condition-syntax", condition=value, offset=error.offset) from None


def _goto(value: Any) -> Any:
    return tuple({"step": one} if isinstance(one, str) else one for one in many(value))


When = Annotated[InstanceOf[Condition], BeforeValidator(_condition)]


class Flag(Written):
    """A human must see this. Without `when` always. `because` stays Dutch: a coach reads it."""

    when: When | None = None
    level: Level
    topic: Text
    because: Text


class Goto(Written):
    """Where to go on; the first whose condition holds. Without `when`: in all other cases."""

    when: When | None = None
    step: Text


class Starts(Written):
    """What begins the flow: a planned moment, or words that somebody types."""

    moment: Name | None = None
    words: Texts = ()


class Expires(Written):
    """After this long without an answer the run ends; `then` is handed on in RunEnded."""

    after: Duration
    then: Literal["silence"] | None = None


class Step(Written):
    """In this order: say, ask and wait, flag, do, run another flow and return, goto or end or the next step."""

    say: Texts = ()
    ask: InstanceOf[Question] | None = None
    flag: Annotated[tuple[Flag, ...], BeforeValidator(many)] = ()
    do: Annotated[tuple[InstanceOf[Effect], ...], BeforeValidator(many)] = ()
    run: Text | None = None
    goto: Annotated[tuple[Goto, ...], BeforeValidator(_goto)] = ()
    end: Literal["done"] | None = None

    @model_validator(mode="after")
    def _does_something(self) -> Step:
        if not self.model_fields_set:
            raise mistake("empty-step")
        if self.ask is not None and not self.say:
            raise mistake("question-without-text")
        return self


class Script(Written):
    """A whole script. Steps run in the order they are written, unless a `goto` says otherwise."""

    spec: int
    flow: FlowName
    audience: Audience
    title: Text
    about: Text | None = None
    starts: Starts = Field(default_factory=Starts)
    reminders: Annotated[tuple[Duration, ...], BeforeValidator(many)] = ()
    expires: Expires | None = None
    steps: dict[Name, Step]

    @field_validator("spec")
    @classmethod
    def _known_spec(cls, spec: int) -> int:
        if spec != SPEC:
            raise mistake("unknown-spec", spec=spec, current=SPEC)
        return spec

    @field_validator("steps")
    @classmethod
    def _at_least_one(cls, steps: dict[str, Step]) -> dict[str, Step]:
        if not steps:
            raise mistake("no-steps")
        return steps
