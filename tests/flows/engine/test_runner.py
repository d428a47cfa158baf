"""How a run behaves: answers, misses, the four words, timers, sub-flows, limits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from flows.engine import limits
from flows.engine.book import Book
from flows.engine.context import Context
from flows.engine.errors import FlowUnknown
from flows.engine.events import (
    AnswerGiven,
    AnswerTakenBack,
    Choice,
    EffectWanted,
    FlagRaised,
    HelpWanted,
    MessageLeft,
    MessageSaid,
    QuestionAsked,
    ReplyMisunderstood,
    RunEnded,
    RunStarted,
    TimerWanted,
)
from flows.engine.inputs import AskedAgain, Sent, Tapped, TimePassed, Typed
from flows.engine.runner import give_up, reading, resume, start
from tests.support.engine_talk import NOW, VALUES, Talk, flow_of

CHECKIN = """
  work:
    say: Hoi {name}! Hoe gaat het op je werk?
    ask: {scale: {1: Slecht, 2: Niet zo goed, 3: Gaat wel, 4: Goed, 5: Heel goed}}
    flag:
      - {when: work <= 2, level: soon, topic: work, because: "Geeft het werk een {work} van 5."}
      - {when: work <= last(work) - 2, level: soon, topic: work, because: "Zakte van {last(work)} naar {work}."}
    goto:
      - {when: work >= 4, step: bye}
  trouble:
    say:
      - Wat vervelend.
      - Waar gaat het om?
    ask: {choice: {people: Mijn collega's, tasks: Het werk zelf, stop: Stop}, required: true}
  more:
    say: Wat heb je zelf al geprobeerd?
    ask: {text: {optional: true}}
    flag: {when: answered(more), level: soon, topic: other, because: "{trouble}: {more}"}
  bye:
    say: Dank je wel. {coach} leest het.
    do: {set_language: nl}
    end: done
"""
HEADER = "reminders: [3 days, 4 hours]\nexpires: {after: 10 days, then: silence}\n"


def checkin(**given: object) -> Talk:
    return Talk(flow_of(CHECKIN, header=HEADER), **given)  # type: ignore[arg-type]


def test_a_start_asks_the_first_question_and_wants_its_timers() -> None:
    talk = checkin()
    version = talk.run.version
    assert talk.events == (
        RunStarted("sample", version),
        QuestionAsked(
            flow="sample",
            version=version,
            step="work",
            kind="scale",
            text="Hoi Sam! Hoe gaat het op je werk?",
            choices=tuple(
                Choice(str(key), label)
                for key, label in enumerate(["Slecht", "Niet zo goed", "Gaat wel", "Goed", "Heel goed"], 1)
            ),
        ),
        TimerWanted("reminder", timedelta(days=3), 1),
        TimerWanted("expiry", timedelta(days=10), 1),
    )
    assert (talk.run.waiting_at, talk.run.turn, talk.run.ended) == ("work", 1, None)


def test_an_answer_is_kept_with_exactly_the_question_it_was_given_to() -> None:
    talk = checkin().tap("3")
    assert talk.answer == AnswerGiven(
        "sample", talk.run.version, "work", "scale", "Hoi Sam! Hoe gaat het op je werk?", 3, "Gaat wel"
    )


def test_a_question_is_the_one_that_was_sent_even_if_the_name_changed_since() -> None:
    talk = checkin()
    talk.context = Context({**VALUES, "name": "Samira"}, {}, str)
    assert talk.tap("3").answer.question == "Hoi Sam! Hoe gaat het op je werk?"


def test_flags_compare_with_the_previous_run_and_tell_why_in_dutch() -> None:
    talk = checkin(last={"work": 5}, translate=str.upper).tap("2")
    assert [flag.because for flag in talk.of(FlagRaised)] == ["Geeft het werk een 2 van 5.", "Zakte van 5 naar 2."]


def test_a_first_run_has_nothing_to_compare_with() -> None:
    assert len(checkin().tap("2").of(FlagRaised)) == 1


def test_all_texts_before_the_question_are_said_first() -> None:
    talk = checkin().tap("2")
    assert [type(event) for event in talk.events[-4:]] == [MessageSaid, QuestionAsked, TimerWanted, TimerWanted]
    assert talk.asked.text == "Waar gaat het om?"


def test_what_a_person_reads_is_translated_and_then_filled_in() -> None:
    talk = checkin(translate=lambda text: text.replace("Hoi", "Hi").replace("Slecht", "Bad"))
    assert talk.asked.text.startswith("Hi Sam!")
    assert talk.asked.choices[0] == Choice("1", "Bad")
    assert talk.tap("1").answer.words == "Bad"


def test_the_end_comes_with_effects_and_the_outcome() -> None:
    talk = checkin().tap("5")
    assert talk.events[1:] == (
        MessageSaid("sample", "bye", "Dank je wel. Ilse leest het."),
        EffectWanted("sample", "bye", "set_language", {"language": "nl"}),
        RunEnded("sample", talk.run.version, "done"),
    )
    assert talk.run.waiting_at is None


def test_what_does_not_fit_is_left_for_the_coach_and_the_question_repeated() -> None:
    talk = checkin().type("mijn fiets is kapot")
    left, missed, asked = talk.events
    assert left == MessageLeft("sample", "work", "mijn fiets is kapot")
    assert missed == ReplyMisunderstood("sample", "work", 1, False, "scale")
    assert isinstance(asked, QuestionAsked)
    assert asked.again
    assert talk.run.turn == 1


def test_the_second_miss_in_a_row_offers_the_coach() -> None:
    talk = checkin().type("fiets").type("fiets")
    assert talk.one(ReplyMisunderstood) == ReplyMisunderstood("sample", "work", 2, True, "scale")
    talk.tap("2").type("fiets")
    assert talk.one(ReplyMisunderstood).misses == 1


def test_a_voice_message_answers_a_text_question() -> None:
    talk = checkin().tap("2").tap("tasks").give(Sent("voice", "file-1"))
    assert (talk.answer.value, talk.answer.ref) == ("", "file-1")
    assert talk.one(FlagRaised).because == "Het werk zelf: 📎"


def test_a_voice_message_elsewhere_is_left_for_the_coach() -> None:
    talk = checkin().give(Sent("photo", "file-1", "kijk"))
    assert talk.one(MessageLeft) == MessageLeft("sample", "work", "kijk", "file-1")
    assert talk.asked.again


def test_a_sticker_answers_nothing() -> None:
    talk = checkin().tap("2").tap("tasks").give(Sent("sticker", "file-1"))
    assert talk.one(MessageLeft).ref == "file-1"


def test_a_shared_contact_answers_a_phone_question() -> None:
    steps = "  call:\n    say: Op welk nummer?\n    ask: phone\n  bye:\n    say: Dank je.\n    end: done\n"
    talk = Talk(flow_of(steps)).give(Sent("contact", "c-1", "+31612345678"))
    assert (talk.answer.value, talk.answer.ref) == ("+31612345678", "c-1")


def test_a_button_of_another_question_changes_nothing() -> None:
    talk = checkin()
    before = talk.run
    assert talk.tap("9").asked.again
    assert talk.run == before


@pytest.mark.parametrize("word", ["overslaan", "Skip!", "sla over"])
def test_a_question_is_skipped_by_a_word(word: str) -> None:
    talk = checkin().type(word)
    assert talk.answer.value is None
    assert talk.run.waiting_at == "trouble"


def test_a_skipped_answer_makes_no_comparison_true() -> None:
    assert checkin(last={"work": 5}).press("skip").of(FlagRaised) == []


def test_an_optional_question_says_so() -> None:
    assert checkin().tap("2").tap("tasks").asked.optional


def test_a_required_question_is_asked_again_instead_of_skipped() -> None:
    talk = checkin().tap("2").press("skip")
    assert talk.of(AnswerGiven) == []
    assert talk.of(MessageLeft) == []
    assert (talk.one(ReplyMisunderstood).misses, talk.asked.again, talk.run.waiting_at) == (1, True, "trouble")


@pytest.mark.parametrize("word", ["terug", "back", "Terug."])
def test_back_takes_the_earlier_answer_back_and_asks_it_as_new(word: str) -> None:
    talk = checkin().tap("2").type(word)
    assert talk.events[0] == AnswerTakenBack("sample", "work")
    assert (talk.asked.step, talk.asked.again, talk.run.turn) == ("work", False, 3)
    assert dict(talk.run.frames[0].answers) == {}


def test_back_at_the_first_question_repeats_it() -> None:
    talk = checkin().press("back")
    assert talk.of(AnswerTakenBack) == []
    assert talk.asked.again


@pytest.mark.parametrize("word", ["stop", "STOP", "stoppen"])
def test_stop_ends_the_run(word: str) -> None:
    talk = checkin().type(word)
    assert talk.events == (RunEnded("sample", talk.run.version, "stopped"),)


def test_a_button_called_stop_is_an_answer() -> None:
    assert checkin().tap("2").type("stop").answer.value == "stop"


def test_a_word_inside_a_sentence_is_no_command() -> None:
    assert checkin().tap("2").tap("tasks").type("ik wil stop zeggen").answer.value == "ik wil stop zeggen"


def test_help_leaves_the_question_open() -> None:
    talk = checkin()
    before = talk.run
    assert talk.type("hulp").events == (HelpWanted("sample", "work"),)
    assert talk.run == before


def test_a_reminder_repeats_the_question_and_wants_the_next() -> None:
    talk = checkin().give(TimePassed("reminder", 1))
    assert talk.events[1:] == (TimerWanted("reminder", timedelta(hours=4), 1),)
    assert talk.asked.again
    talk.give(TimePassed("reminder", 1))
    assert len(talk.events) == 1
    assert talk.give(TimePassed("reminder", 1)).events == ()


def test_an_answer_after_a_reminder_counts_for_the_question() -> None:
    assert checkin().give(TimePassed("reminder", 1)).tap("5").run.ended == "done"


def test_expiry_ends_the_run_with_the_word_of_the_script() -> None:
    talk = checkin().give(TimePassed("expiry", 1))
    assert talk.events == (RunEnded("sample", talk.run.version, "expired", "silence"),)


@pytest.mark.parametrize("timer", ["reminder", "expiry"])
@pytest.mark.parametrize("turn", [0, 1, 3])
def test_a_timer_of_another_turn_does_nothing(timer: str, turn: int) -> None:
    talk = checkin().tap("2")
    before = talk.run
    assert talk.give(TimePassed(timer, turn)).events == ()  # type: ignore[arg-type]
    assert talk.run == before


def test_asked_again_repeats_the_open_question_and_changes_nothing() -> None:
    talk = checkin().tap("2").type("fiets")
    before = talk.run
    talk.give(AskedAgain())
    assert len(talk.events) == 1
    assert (talk.asked.again, talk.asked.text) == (True, "Waar gaat het om?")
    assert talk.run == before


def test_after_the_end_nothing_happens_but_words_are_not_lost() -> None:
    talk = checkin().press("stop")
    before = talk.run
    assert talk.type("o wacht").events == (MessageLeft("sample", "work", "o wacht"),)
    assert talk.give(Sent("voice", "v-1")).one(MessageLeft).ref == "v-1"
    for given in (TimePassed("expiry", 1), AskedAgain()):
        assert talk.give(given).events == ()
    assert talk.tap("3").events == ()
    assert talk.run == before


SEVERAL = """
  topics:
    say: Waar wil je over praten?
    ask: {several: {work: Werk, home: Thuis}}
    flag: {when: home in topics, level: soon, topic: home, because: "Wil praten over: {topics}."}
  bye:
    say: Dank je wel.
    end: done
"""


def test_taps_tick_and_untick_without_a_new_turn() -> None:
    talk = Talk(flow_of(SEVERAL))
    for key, ticked in (("home", ("home",)), ("work", ("work", "home")), ("work", ("home",))):
        asked = talk.tap(key).asked
        assert (asked.ticked, asked.again, talk.run.turn, len(talk.events)) == (ticked, True, 1, 1)
    assert talk.asked.choices[-1] == Choice("done", "Klaar")
    talk.tap("done")
    assert (talk.answer.value, talk.answer.words) == (("home",), "Thuis")
    assert talk.one(FlagRaised).because == "Wil praten over: Thuis."


def test_ticks_survive_a_miss() -> None:
    assert Talk(flow_of(SEVERAL)).tap("home").type("fiets").asked.ticked == ("home",)


OUTER = """
  hello:
    say: Ben je er?
    ask: yesno
  inner:
    run: inner
    goto:
      - {when: hello is no, step: sorry}
  bye:
    say: Tot later.
    end: done
  sorry:
    say: Jammer.
    end: done
"""
INNER = """
  one:
    say: Hoe heet je baas?
    ask: text
  two:
    say: Heet je baas {one}?
    ask: yesno
    end: done
"""


def nested() -> Talk:
    outer, inner = flow_of(OUTER, flow="outer", header=HEADER), flow_of(INNER, flow="inner")
    return Talk(outer, inner)


def test_a_sub_flow_asks_under_its_own_name_and_returns_to_the_step_that_ran_it() -> None:
    talk = nested().tap("no")
    assert (talk.asked.flow, talk.asked.step, talk.run.flow) == ("inner", "one", "outer")
    assert talk.type("Ans").asked.text == "Heet je baas Ans?"
    talk.tap("yes")
    assert [said.text for said in talk.of(MessageSaid)] == ["Jammer."]
    assert talk.one(RunEnded).flow == "outer"


def test_a_sub_flow_waits_with_the_timers_of_the_flow_that_was_started() -> None:
    assert [timer.timer for timer in nested().tap("yes").of(TimerWanted)] == ["reminder", "expiry"]


def test_a_sub_flow_keeps_the_version_it_was_entered_with() -> None:
    talk = nested().tap("yes")
    newer = flow_of(INNER.replace("Heet je baas", "Is dat"), flow="inner")
    old = talk.book.latest("inner")
    talk.book = Book.of([*talk.book, newer]).with_version(old)
    assert talk.book.latest("inner") == newer
    assert talk.type("Ans").asked.text == "Heet je baas Ans?"


def test_back_leads_out_of_a_sub_flow_to_the_question_before_it() -> None:
    talk = nested().tap("yes").press("back")
    assert (talk.asked.flow, talk.asked.step, len(talk.run.frames)) == ("outer", "hello", 1)
    talk.tap("yes").type("Ans").press("back")
    assert (talk.asked.flow, talk.asked.step) == ("inner", "one")


def test_back_at_the_very_first_question_inside_a_sub_flow_repeats_it() -> None:
    only = flow_of("  a:\n    run: inner\n    end: done\n", flow="outer")
    talk = Talk(only, flow_of(INNER, flow="inner")).press("back")
    assert (talk.asked.flow, talk.asked.step, talk.asked.again) == ("inner", "one", True)


def test_a_sub_flow_that_is_not_in_the_book_fails_the_run() -> None:
    assert Talk(flow_of(OUTER, flow="outer")).tap("yes").one(RunEnded).outcome == "failed"


def test_flows_that_run_each_other_for_ever_fail_at_the_limit() -> None:
    talk = Talk(flow_of("  a:\n    run: sample\n    end: done\n"))
    assert talk.one(RunEnded).outcome == "failed"


def test_a_turn_with_too_many_steps_fails() -> None:
    count = limits.STEPS_PER_TURN
    fits = "".join(f"  s{number}:\n    say: Hoi.\n" for number in range(count - 1)) + "  bye:\n    end: done\n"
    assert Talk(flow_of(fits)).one(RunEnded).outcome == "done"
    too_many = fits.replace("  bye", "  more:\n    say: Hoi.\n  bye")
    assert Talk(flow_of(too_many)).one(RunEnded).outcome == "failed"


AGAIN = """
  again:
    say: Nog een keer?
    ask: yesno
    goto:
      - {when: again is yes, step: again}
  bye:
    end: done
"""


def test_a_run_with_too_many_turns_fails() -> None:
    talk = Talk(flow_of(AGAIN))
    for _ in range(limits.TURNS_PER_RUN - 1):
        assert talk.tap("yes").run.ended is None
    assert talk.tap("yes").run.ended == "failed"


LANGUAGE = """
  language:
    say: Welke taal?
    ask: {choice: {nl: Nederlands, en: English}}
    do: {set_language: language}
    end: done
"""


def test_an_effect_gets_the_answer_it_names_and_is_not_wanted_when_that_was_skipped() -> None:
    assert Talk(flow_of(LANGUAGE)).tap("en").one(EffectWanted).arguments == {"language": "en"}
    assert Talk(flow_of(LANGUAGE)).press("skip").of(EffectWanted) == []


def test_an_answer_cannot_become_a_placeholder_and_is_cut_when_it_is_long() -> None:
    steps = "  one:\n    say: Zeg iets.\n    ask: text\n  two:\n    say: Je zei {one}.\n    end: done\n"
    assert Talk(flow_of(steps)).type("{coach} {one}").one(MessageSaid).text == "Je zei {coach} {one}."
    long = Talk(flow_of(steps)).type("x" * 4000).one(MessageSaid).text
    assert len(long) == len("Je zei .") + limits.SHOWN_LENGTH


def test_a_value_that_is_not_known_has_words_in_its_place() -> None:
    talk = Talk(flow_of("  bye:\n    say: Tot {next_moment}. Groet van {coach}.\n    end: done\n"), values={})
    assert talk.one(MessageSaid).text == "Tot een andere dag. Groet van je coach."


def test_words_in_the_place_of_an_unknown_value_have_a_capital_where_they_begin_a_sentence() -> None:
    text = "{coach} leest het. {coach} belt {coach}.\n      {employer} niet: {employer}."
    talk = Talk(flow_of(f"  bye:\n    say: |-\n      {text}\n    end: done\n"), values={"coach": ""})
    assert talk.one(MessageSaid).text == "Je coach leest het. Je coach belt je coach.\nJe werkgever niet: je werkgever."
    known = Talk(flow_of(f"  bye:\n    say: |-\n      {text}\n    end: done\n"), values={"coach": "ilse"})
    assert known.one(MessageSaid).text.startswith("ilse leest het. ilse belt ilse.")


def test_today_is_the_persons_own_date() -> None:
    steps = "  day:\n    say: Welke dag?\n    ask: {date: {past: true}}\n    end: done\n"
    assert Talk(flow_of(steps), values={"today": "2026-12-31"}).type("vandaag").answer.value == "2026-12-31"
    assert Talk(flow_of(steps), values={}).type("vandaag").answer.value == NOW.date().isoformat()


def test_a_flow_or_version_that_is_not_in_the_book_is_the_callers_mistake() -> None:
    talk = checkin()
    empty = Book.of([])
    with pytest.raises(FlowUnknown):
        start(empty, "sample", talk.context, NOW)
    with pytest.raises(FlowUnknown, match="sample"):
        resume(empty, talk.run, AskedAgain(), talk.context, NOW)


def test_every_question_begins_without_ticks_and_with_all_its_reminders() -> None:
    twice = SEVERAL.replace("  bye", "  again:\n    say: En nu?\n    ask: {several: {work: Werk, home: Thuis}}\n  bye")
    talk = Talk(flow_of(twice, header=HEADER)).tap("home").give(TimePassed("reminder", 1)).tap("done")
    assert talk.asked.ticked == ()
    assert talk.of(TimerWanted)[0].after == timedelta(days=3)


def test_flows_may_run_inside_each_other_up_to_the_limit() -> None:
    def chain(depth: int) -> Talk:
        flows = [
            flow_of(f"  a:\n    run: f{number + 1}\n    end: done\n", flow=f"f{number}") for number in range(1, depth)
        ]
        return Talk(*flows, flow_of("  a:\n    say: Hoi.\n    end: done\n", flow=f"f{depth}"))

    assert chain(limits.FLOW_DEPTH).one(RunEnded).outcome == "done"
    assert chain(limits.FLOW_DEPTH + 1).one(RunEnded).outcome == "failed"


def test_the_previous_run_is_that_of_the_started_flow_and_says_nothing_in_a_sub_flow() -> None:
    steps = """
  one:
    say: Hoe gaat het?
    ask: {number: {from: 0, to: 10}}
    flag: {when: one < last(one), level: soon, topic: work, because: "Was {last(one)}."}
    end: done
"""
    outer = flow_of("  a:\n    run: inner\n    end: done\n", flow="outer")
    assert Talk(flow_of(steps), last={"one": 7}).type("3").one(FlagRaised).because == "Was 7."
    assert Talk(outer, flow_of(steps, flow="inner"), last={"one": 7}).type("3").of(FlagRaised) == []


PRACTICE = (
    "  words:\n    say: Wat zeg je?\n    ask: {text: {kept: false}}\n"
    "    goto: [{when: answered(words), step: bye}]\n"
    "  skipped:\n    say: Dat mag.\n"
    "  bye:\n    say: Dank je wel.\n    end: done\n"
)


def test_what_is_only_practised_is_an_answer_without_its_words() -> None:
    talk = Talk(flow_of(PRACTICE)).type("ik ben ziek en ik heb zeldzaamkwaal")
    given = talk.one(AnswerGiven)
    assert (given.value, given.words, given.ref) == ("", "", None)
    assert "zeldzaamkwaal" not in talk.run.to_json()
    spoken = Talk(flow_of(PRACTICE)).give(Sent("voice", "voice:file", "zeldzaamkwaal")).one(AnswerGiven)
    assert (spoken.value, spoken.words, spoken.ref) == ("", "", None)


def test_what_is_practised_can_be_skipped_and_asks_for_nothing_else() -> None:
    talk = Talk(flow_of(PRACTICE))
    assert reading(talk.book, talk.run, "ik ben ziek", talk.context, NOW) == "answer"
    assert talk.type("overslaan").one(AnswerGiven).value is None


@pytest.mark.parametrize(
    ("given", "left"),
    [
        (Typed("mijn fiets is kapot"), [MessageLeft("sample", "work", "mijn fiets is kapot")]),
        (Sent("voice", "v-1"), [MessageLeft("sample", "work", "", "v-1")]),
        (Tapped("2"), []),
    ],
)
def test_a_run_that_cannot_go_on_has_failed_and_what_was_said_is_left(given: Any, left: list[MessageLeft]) -> None:
    run = checkin().run
    sprint = give_up(run, given)
    assert sprint.events == (*left, RunEnded("sample", run.version, "failed"))
    assert sprint.run.ended == "failed"
    assert sprint.run.waiting_at is None
