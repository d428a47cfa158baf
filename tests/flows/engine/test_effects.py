"""What an effect hands on: answers filled in, what was skipped left out, and nothing at all without what it needs."""

from __future__ import annotations

import pytest

from flows.engine.checks.book import check_book
from flows.engine.effects import EFFECTS
from flows.engine.events import EffectWanted, RunEnded
from flows.engine.reader import read_draft, read_flow
from tests.support.engine_talk import HEAD, Talk, flow_of

BYE = "  bye:\n    say: Dank je wel.\n    end: done\n"
PAUSE = "  until:\n    say: Tot wanneer?\n    ask: date\n    do: {pause_contact: until}\n" + BYE
AGREE = (
    "  words:\n    say: Wat is afgesproken?\n    ask: text\n"
    "  shown:\n    say: Mag de werkgever het zien?\n    ask: yesno\n"
    "  other:\n    say: Nog iets?\n    ask: yesno\n    goto: [{when: other is no, step: kept}]\n"
    "  late:\n    say: Hoe laat?\n    ask: time\n"
    "  kept:\n    say: Goed.\n    do: {agree: {text: words, for_employer: shown, before: late}}\n    end: done\n"
)


def wanted(talk: Talk) -> dict[str, str]:
    return dict(talk.one(EffectWanted).arguments)


def test_a_pause_until_an_answered_day_hands_on_that_day() -> None:
    assert wanted(Talk(flow_of(PAUSE)).type("12 december")) == {"until": "2026-12-12"}


def test_a_pause_of_a_duration_counts_from_today() -> None:
    flow = flow_of("  bye:\n    say: Goed.\n    do: {pause_contact: 2 weeks}\n    end: done\n")
    assert wanted(Talk(flow)) == {"until": "2026-12-09"}


def test_without_an_answer_that_it_needs_an_effect_does_not_happen() -> None:
    assert Talk(flow_of(PAUSE)).type("overslaan").of(EffectWanted) == []


def test_an_effect_with_arguments_that_may_be_left_out_happens_with_the_rest() -> None:
    talk = Talk(flow_of(AGREE)).type("Bellen voor 9 uur").type("overslaan").tap("no")
    assert wanted(talk) == {"text": "Bellen voor 9 uur"}


def test_answers_are_handed_on_as_text_that_a_machine_reads() -> None:
    talk = Talk(flow_of(AGREE)).type("Bellen").tap("no").tap("yes").type("half negen")
    assert wanted(talk) == {"text": "Bellen", "for_employer": "no", "before": "08:30"}


SICK = (
    "  since:\n    say: Sinds wanneer?\n    ask: {date: {past: true}}\n"
    "  called:\n    say: Gebeld?\n    ask: {choice: {yes: Ja, no: Nee, afraid: Ik durf niet}}\n"
    "  days:\n    say: Hoeveel dagen?\n    ask: {number: {from: 1, to: 9, optional: true}}\n"
    "    do: {report_sick: {since: since, reported: called, days: days}}\n"
)


def test_being_ill_is_handed_on_as_days_and_what_the_button_is_called() -> None:
    talk = Talk(flow_of(SICK + BYE)).tap("today").tap("afraid").type("3")
    assert wanted(talk) == {"since": "2026-11-25", "reported": "afraid", "days": "3"}
    talk = Talk(flow_of(SICK + BYE)).tap("today").type("overslaan").type("overslaan")
    assert wanted(talk) == {"since": "2026-11-25"}


@pytest.mark.parametrize("at", ["before_call", "after_call", "08:00", "2 hours"])
def test_a_reminder_is_for_a_time_a_duration_or_around_the_call(at: str) -> None:
    flow = flow_of(f"  bye:\n    say: Goed.\n    do: {{remind: {{flow: sick-call, at: {at}}}}}\n    end: done\n")
    assert wanted(Talk(flow)) == {"flow": "sick-call", "at": at}


def test_a_reminder_at_a_time_that_was_skipped_does_not_come() -> None:
    steps = "  late:\n    say: Hoe laat?\n    ask: time\n    do: {remind: {flow: sick-call, at: late}}\n"
    assert wanted(Talk(flow_of(steps + BYE)).type("half acht")) == {"flow": "sick-call", "at": "07:30"}
    assert Talk(flow_of(steps + BYE)).type("overslaan").of(EffectWanted) == []


def test_several_choices_are_handed_on_as_keys_with_a_comma() -> None:
    steps = (
        "  words:\n    say: Wie?\n    ask: {several: {a: Alfa, b: Bravo, c: Chris}}\n    do: {agree: {text: words}}\n"
    )
    talk = Talk(flow_of(steps + BYE)).tap("a").tap("c").tap("done")
    assert wanted(talk) == {"text": "a,c"}


@pytest.mark.parametrize(
    ("do", "argument", "way_out"),
    [
        ("{show: agrements}", "agrements", "een van deze woorden"),
        ("{contact_less: 4}", "4", "'2' of '3'"),
        ("{contact_less: work}", "work", "een getal"),
        ("{pause_contact: work}", "work", "een datum"),
        ("{pause_contact: soon}", "soon", "'2 weeks'"),
        ("{set_language: Nederlands}", "Nederlands", "'nl' of 'en'"),
        ("{agree: {text: wrok}}", "wrok", "een tekst"),
        ("{agree: {before: work}}", "work", "een tijd"),
        ("{set_work: {start: work}}", "work", "een datum"),
        ("{report_sick: {since: work}}", "work", "een datum"),
        ("{report_sick: {reported: maybe}}", "maybe", "'yes' of 'no'"),
        ("{report_sick: {still: no}}", "no", "'yes'"),
        ("{report_better: {back: work}}", "work", "een datum"),
        ("{remind: {flow: sick-call, at: 25:00}}", "25:00", "before_call"),
        ("{remind: {flow: sick-call, at: work}}", "work", "een tijd"),
    ],
)
def test_an_argument_that_does_not_fit_is_a_problem_with_a_way_out(do: str, argument: str, way_out: str) -> None:
    text = HEAD.replace("{flow}", "sample") + f"steps:\n  work:\n    say: Hoe?\n    ask: yesno\n    do: {do}\n{BYE}"
    problems = read_flow(text, "a.yaml")[1]
    assert [one.code for one in problems] == ["wrong-argument"]
    assert f"'{argument}'" in problems[0].message
    assert way_out in problems[0].way_out


@pytest.mark.parametrize("name", EFFECTS)
def test_an_argument_that_nobody_knows_is_refused(name: str) -> None:
    text = f"steps:\n  work:\n    say: Hoi.\n    do: {{{name}: {{nonsense: a}}}}\n{BYE}"
    assert [one.code for one in read_flow(HEAD.replace("{flow}", "sample") + text, "a.yaml")[1]] == ["bad-effect"]


def test_what_a_script_starts_begins_when_it_is_done_and_not_before() -> None:
    steps = (
        "  work:\n    say: Hoe?\n    ask: yesno\n    do: {start: pause}\n  more:\n    say: Nog iets?\n    ask: text\n"
        + BYE
    )
    talk = Talk(flow_of(steps)).tap("yes")
    assert wanted(talk) == {"flow": "pause"}
    assert talk.run.ended is None
    assert talk.type("nee").one(RunEnded).follow == "pause"


def test_a_talk_that_is_stopped_starts_nothing() -> None:
    steps = (
        "  work:\n    say: Hoe?\n    ask: yesno\n    do: {start: pause}\n  more:\n    say: Nog iets?\n    ask: text\n"
        + BYE
    )
    assert Talk(flow_of(steps)).tap("yes").press("stop").one(RunEnded).follow is None


def test_who_goes_back_past_a_promised_talk_takes_the_promise_back() -> None:
    steps = (
        "  work:\n    say: Zullen we daar straks naar kijken?\n    ask: yesno\n"
        "    goto: [{when: work is yes, step: later}, more]\n"
        "  later:\n    say: Goed.\n    do: {start: pause}\n"
        "  more:\n    say: Nog iets?\n    ask: text\n  rest:\n    say: En verder?\n    ask: text\n" + BYE
    )
    near = Talk(flow_of(steps)).tap("yes").type("Ja").press("back").type("Ja")
    assert near.type("Nee").one(RunEnded).follow == "pause"
    past = Talk(flow_of(steps)).tap("yes").press("back").tap("no").type("Ja")
    assert past.type("Nee").one(RunEnded).follow is None


@pytest.mark.parametrize(
    ("audience", "code"), [(None, "unknown-flow"), ("coach", "other-audience"), ("participant", "")]
)
def test_a_script_starts_what_it_names_only_if_that_is_there_for_the_same_people(
    audience: str | None, code: str
) -> None:
    head = HEAD.replace("{flow}", "sample") + f"steps:\n  work:\n    say: Hoi.\n    do: {{start: other}}\n{BYE}"
    drafts = [read_draft(head, "a.yaml")]
    if audience:
        other = HEAD.replace("{flow}", "other").replace("participant", audience) + f"steps:\n{BYE}"
        drafts.append(read_draft(other, "b.yaml"))
    files = [(draft.flow, draft.source) for draft in drafts if draft.flow]
    assert [one.code for one in check_book(files)] == ([code] if code else [])
