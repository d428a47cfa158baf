"""Words that may mean danger and may not: they keep their normal way, and one calm question goes along.

«Ja» is the road of danger. «Nee» is believed, and stays with the coach. Without an answer the coach looks at once.
"""

from __future__ import annotations

from datetime import timedelta

from bot.storage import alerts as alert_rows
from bot.storage import buttons, outbox, people, timers
from bot.storage.alerts import Alert, Item
from bot.storage.people import Person
from bot.storage.timers import Timer
from bot.turns import alerting, days
from bot.turns.danger import numbers, road
from bot.turns.inbound import Inbound
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted

DOUBT = "doubt"
"""The action of the buttons under our question, and what that question is about."""
ANSWER_WITHIN = timedelta(minutes=30)
NOT_AGAIN = timedelta(minutes=10)
"""Somebody who was asked so short ago is not asked again."""
LATELY = timedelta(days=7)
"""Who was in danger so short ago and does not answer may be in danger again."""
YES = "GEVAAR. Op de vraag of er gevaar is: ja."
NO = "Op de vraag of er gevaar is: nee."
IN_DANGER = ("ja", "jawel", "ja hoor", "beetje", "een beetje", "soms", "niet veilig", "ik ben niet veilig", "yes",
             "sometimes", "not safe", "i am not safe", "im not safe")  # fmt: skip
NOT_IN_DANGER = ("nee", "nee hoor", "neen", "nope", "veilig", "ik ben veilig", "no", "i am safe", "im safe")
"""Typed answers; «niet veilig» is the other way round than at «Ben je nu veilig?»."""
NO_ANSWER = "Gaf geen antwoord op de vraag of er gevaar is. Zoek nu contact."


async def ask(turn: Turn, who: Person, level: str, inbound: Inbound) -> None:
    """Ask once, and let the coach look today. The words themselves went their normal way before this."""
    coach = await people.coach_of(turn.tx, turn.services.keyring, who.id)
    about = None
    if coach is not None:
        body = "Kan over gevaar gaan. De assistent vroeg ernaar."
        if not turn.passed_on:
            body = f"{body} Schreef: «{inbound.text}»"
        alert = await alerting.add(turn, who, coach, Item("flag", "today", road.TOPIC, body, None, turn.now))
        about = alert.id
    assert who.chat_id is not None
    if await outbox.told_since(turn.tx, who.chat_id, turn.now - NOT_AGAIN, DOUBT):
        return
    await buttons.drop_all(turn.tx, who.id, DOUBT)
    yes = Wanted(turn.say(who, "Ja"), DOUBT, about, step=level, key="yes")
    no = Wanted(turn.say(who, "Nee"), DOUBT, about, step=level, key="no")
    text = f"{numbers.to_call(turn, who, level)}\n\n{_question(turn, who, level)}"
    await turn.send(who, Outgoing("send", text, await turn.buttons(who, [[yes], [no]])), DOUBT, about)
    if about is not None:
        asked = await alert_rows.by_id(turn.tx, about)
        assert asked is not None
        # The half hour begins anew: one question waits at a time.
        await timers.stale_for(turn.tx, timers.OF_A_DOUBT, about)
        await timers.want(turn.tx, who.id, "asked", about, asked.announced, turn.now + ANSWER_WITHIN)


def _question(turn: Turn, who: Person, level: str) -> str:
    if level == numbers.VIOLENCE:
        return turn.say(
            who, "Ik wil zeker weten dat ik je goed begrijp.\nIs er iemand in gevaar, jij zelf of een ander?"
        )
    return turn.say(who, "Ik wil zeker weten dat ik je goed begrijp.\nBen je in gevaar, of denk je aan zelfdoding?")


async def typed_answer(turn: Turn, who: Person, inbound: Inbound) -> str | None:
    """The answer in words, while the question is fresh; None when these are none."""
    plain = inbound.kind == "text" and not inbound.forwarded
    said = road.typed(inbound.text, IN_DANGER, NOT_IN_DANGER) if plain else None
    asked = None if said is None else await buttons.unanswered(turn.tx, who.id, DOUBT)
    if said is None or asked is None:
        return None
    assert who.chat_id is not None
    if not await outbox.told_since(turn.tx, who.chat_id, turn.now - ANSWER_WITHIN, DOUBT):
        return None
    await answered(turn, who, said, asked.step or numbers.RED)
    return DOUBT


async def answered(turn: Turn, who: Person, said: str, level: str) -> None:
    await buttons.drop_all(turn.tx, who.id, DOUBT)
    if said == "yes":
        await road.enter(turn, who, level, because=YES)
        return
    coach = await people.coach_of(turn.tx, turn.services.keyring, who.id)
    alert = await alert_rows.open_one(turn.tx, who.id)
    if alert is not None:
        item = Item("flag", "today", road.TOPIC, NO, None, turn.now)
        await alert_rows.gather(turn.tx, await turn.key(who.id), alert.id, item)
    calendar = turn.services.calendar
    if people.can_be_reached(coach):
        by = days.day(calendar, calendar.promise(turn.now), who.language)
        text = turn.say(
            who, "Goed dat je het zegt. {coach} leest wat je schreef uiterlijk {day}.", coach=coach.name, day=by
        )
    else:
        text = turn.say(who, "Goed dat je het zegt.")
    await turn.send(who, Outgoing("send", f"{text}\n{numbers.shortly(turn, who)}"))


async def unanswered(turn: Turn, due: Timer) -> None:
    """Half an hour without an answer. An alert that a human closed meanwhile is at rest."""
    asked = await buttons.unanswered(turn.tx, due.person_id, DOUBT)
    alert = await alert_rows.by_id(turn.tx, due.about)
    who = await people.by_id(turn.tx, turn.services.keyring, due.person_id)
    coach = await people.coach_of(turn.tx, turn.services.keyring, due.person_id)
    if asked is None or asked.about != due.about or alert is None or alert.state == "closed":
        return
    if who is not None and asked.step == numbers.RED and await _was_in_danger(turn, who, alert):
        await road.unheard(turn, who, NO_ANSWER)
    elif who is not None and coach is not None:
        item = Item("flag", "urgent", road.TOPIC, NO_ANSWER, None, turn.now)
        await alerting.add(turn, who, coach, item, always=True)


async def _was_in_danger(turn: Turn, who: Person, now_open: Alert) -> bool:
    """Whether another alert than the one that is open was about danger, and that not long ago."""
    past = [one for one in await alert_rows.of_participant(turn.tx, who.id) if one.id != now_open.id]
    return any(one.danger_at and one.closed_at and turn.now - one.closed_at <= LATELY for one in past)
