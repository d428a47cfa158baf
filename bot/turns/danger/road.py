"""The road of somebody who may be in danger: numbers at once, a human who hears, one question, and then no scripts.

It lasts until a human closes the alert. The words all go to the coach and the deputy; nothing here needs the engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.caseload import alerts
from bot.storage import alerts as alert_rows
from bot.storage import buttons, messages, outbox, runs
from bot.storage.alerts import Alert, Item
from bot.storage.people import Person
from bot.turns import alerting
from bot.turns.danger import alarm, hearing, numbers
from bot.turns.danger.hearing import Hearers
from bot.turns.inbound import Inbound
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted
from flows.engine import matching

SAFE = "safe"
"""The action of the buttons under «Ben je nu veilig?»."""
TOLD = "danger"
"""What the long answer with the numbers is about."""
TOPIC = "danger"
AGAIN_AFTER = timedelta(minutes=10)
"""Who writes on in these words within this time reads the numbers in short."""
TYPED_WITHIN = timedelta(hours=12)
"""So long a typed «ja» or «nee» answers our question."""
YES = ("ja", "jawel", "ja hoor", "veilig", "ik ben veilig", "ja ik ben veilig", "yes", "i am safe", "im safe")
NO = ("nee", "nee hoor", "niet", "niet veilig", "ik ben niet veilig", "nee niet veilig", "nope", "no", "not safe",
      "weet niet", "weet ik niet", "i dont know")  # fmt: skip
SAID = {
    "yes": "Op de vraag «Ben je nu veilig?»: ja.",
    "no": "NIET VEILIG. Op de vraag «Ben je nu veilig?»: nee.",
}
"""What stands in the alert of the answer."""


async def open_one(turn: Turn, who: Person) -> Alert | None:
    """The alert that keeps this participant on this road."""
    alert = await alert_rows.open_one(turn.tx, who.id)
    return alert if alerts.in_danger(alert) else None


async def enter(turn: Turn, who: Person, level: str, *, inbound: Inbound | None = None, because: str = "") -> str:
    """Danger, for certain: by words of the participant, or `because` of what was tapped. Returns the outcome."""
    hearers = await hearing.of(turn, who.id)
    await _park(turn, who, hearers)
    alert = await bring(turn, who, hearers, inbound, because)
    await answer(turn, who, hearers, level, alert)
    return messages.WITH_COACH if hearers.coach else messages.ACKNOWLEDGED


async def unheard(turn: Turn, who: Person, because: str) -> None:
    """Danger that a silence tells of: scripts wait until a human has looked. There are no words to answer."""
    hearers = await hearing.of(turn, who.id)
    await _park(turn, who, hearers)
    await bring(turn, who, hearers, None, because)


async def _park(turn: Turn, who: Person, hearers: Hearers) -> None:
    """The open question is asked no more. It comes back when a human closed the alert; without a coach nobody can."""
    if hearers.coach is None:
        await runs.end_all(turn.tx, who.id, "stopped", turn.now)
    else:
        await runs.rest(turn.tx, who.id)


async def bring(turn: Turn, who: Person, hearers: Hearers, inbound: Inbound | None, because: str) -> Alert | None:
    """The words, or what was tapped, to the coach and the deputy; to the admins where there is neither."""
    coach = hearers.coach
    if inbound is not None:
        kind, text = as_read(turn, coach, inbound)
        await alerting.message_for_coach(turn, who, coach, kind, text, inbound.ref or None, level=alerts.DANGER)
    elif coach is not None:
        await alerting.add(turn, who, coach, Item("flag", alerts.DANGER, TOPIC, because, None, turn.now))
    if coach is None:
        await alarm.tell_admins(turn, who.id, hearers)
    return await open_one(turn, who)


def as_read(turn: Turn, coach: Person | None, inbound: Inbound) -> tuple[str, str]:
    """Kind and words as the coach reads them."""
    kind = inbound.kind if inbound.kind in alerting.KINDS else "text"
    if inbound.forwarded:
        return kind, turn.say(coach, "(doorgestuurd bericht van iemand anders) {text}", text=inbound.text)
    if inbound.kind == "edit":
        return kind, turn.say(coach, "(aangepast bericht) {text}", text=inbound.text)
    return kind, inbound.text


async def answer(turn: Turn, who: Person, hearers: Hearers, level: str, alert: Alert | None) -> None:
    """One warm sentence, the numbers, who was told, and one question. In short to who read it just now."""
    assert who.chat_id is not None
    if await outbox.told_since(turn.tx, who.chat_id, turn.now - AGAIN_AFTER, TOLD):
        await heard(turn, who, hearers)
        return
    text = turn.say(
        who,
        "Wat goed dat je dit zegt. Dit is belangrijk.\n\n"
        "{numbers}\n\n"
        "{told}\n"
        "{do_not_wait}\n\n"
        "Ik ben een automatische assistent. Ik kan zelf geen hulp sturen.",
        numbers=numbers.to_call(turn, who, level),
        told=hearing.told(turn, who, hearers),
        do_not_wait=numbers.do_not_wait(turn, who, level),
    )
    await turn.send(who, Outgoing("send", text), TOLD, alert.id if alert else None)
    await buttons.drop_all(turn.tx, who.id, SAFE)
    about, yes, no = alert.id if alert else None, turn.say(who, "Ja"), turn.say(who, "Nee")
    rows = await turn.buttons(who, [[Wanted(yes, SAFE, about, key="yes")], [Wanted(no, SAFE, about, key="no")]])
    await turn.send(who, Outgoing("send", turn.say(who, "Ben je nu veilig?"), rows), SAFE, about)


async def heard(turn: Turn, who: Person, hearers: Hearers) -> None:
    """Who hears this too, and the numbers in a line."""
    match [one.name for one in hearers.now]:
        case [one, other]:
            text = turn.say(who, "{coach} en {deputy} krijgen dit ook.", coach=one, deputy=other)
        case [one]:
            text = turn.say(who, "{coach} krijgt dit ook.", coach=one)
        case _:
            text = hearing.told(turn, who, hearers)
    await turn.send(who, Outgoing("send", f"{text}\n{numbers.shortly(turn, who)}"))


def typed(text: str, yes: Sequence[str] = YES, no: Sequence[str] = NO) -> str | None:
    """«yes» or «no», where the words are nothing else."""
    known = {matching.tidy(word): key for key, words in (("yes", yes), ("no", no)) for word in words}
    return known.get(matching.tidy(text))


def _says_more(text: str) -> str | None:
    """«no», where it has words around it: «nee ik ben niet veilig». A «ja» with more is for a human to read."""
    words = f" {matching.tidy(text)} "
    refuses = words.startswith((" nee ", " no ")) or " niet veilig " in words or " not safe " in words
    return "no" if refuses and " ben veilig " not in words and " wel veilig " not in words else None


async def typed_answer(turn: Turn, who: Person, inbound: Inbound) -> str | None:
    """The answer to «Ben je nu veilig?» in words; None when these are none, or nothing was asked."""
    if inbound.kind != "text" or inbound.forwarded:
        return None
    exact = typed(inbound.text)
    said = exact or _says_more(inbound.text)
    if said is None or await buttons.unanswered(turn.tx, who.id, SAFE) is None:
        return None
    assert who.chat_id is not None
    if not await outbox.told_since(turn.tx, who.chat_id, turn.now - TYPED_WITHIN, SAFE):
        return None
    if exact is None:
        coach = (await hearing.of(turn, who.id)).coach
        await alerting.message_for_coach(turn, who, coach, "text", inbound.text, None)
    await answered(turn, who, said)
    return "safe"


async def answered(turn: Turn, who: Person, said: str) -> None:
    """Safe or not, as this participant says. The alert shows it; «no» rings once more."""
    await buttons.drop_all(turn.tx, who.id, SAFE)
    hearers, alert = await hearing.of(turn, who.id), await open_one(turn, who)
    if said == "no":
        await not_safe(turn, who, hearers, SAID["no"])
        return
    if alert is not None:
        item = Item("flag", "today", TOPIC, SAID["yes"], None, turn.now)
        await alert_rows.gather(turn.tx, await turn.key(who.id), alert.id, item)
    if hearers.now:
        coach = hearing.names(turn, who, hearers)
        text = turn.say(who, "Fijn dat je nu veilig bent. Wat je schreef is bij {coach}.", coach=coach)
    else:
        text = turn.say(who, "Fijn dat je nu veilig bent.")
    changes = turn.say(who, "Verandert dat? Bel dan 112 of 113, of typ: sos.")
    await turn.send(who, Outgoing("send", f"{text}\n{changes}"))


async def not_safe(turn: Turn, who: Person, hearers: Hearers, because: str) -> None:
    """In danger at this moment: one thing to do, in few and big words."""
    await _park(turn, who, hearers)
    await bring(turn, who, hearers, None, because)
    text = turn.say(who, "BEL NU 112.\n\nZeg waar je bent. Blijf aan de lijn.")
    await turn.send(who, Outgoing("send", f"{text}\n\n{hearing.told(turn, who, hearers)}"), TOLD)


async def words(turn: Turn, who: Person, alert: Alert, inbound: Inbound) -> str:
    """Whatever is written on this road goes to the coach and the deputy. A command waits."""
    hearers = await hearing.of(turn, who.id)
    if inbound.kind == "text" and inbound.text.startswith("/") and not inbound.forwarded:
        return await later(turn, who)
    if inbound.kind in alerting.NOT_PASSED_ON:
        shown = "text", alerting.not_passed_on(turn, hearers.coach, inbound.kind, inbound.text)
    else:
        shown = as_read(turn, hearers.coach, inbound)
    await alerting.message_for_coach(turn, who, hearers.coach, *shown, inbound.ref or None)
    if not alerts.talking(alert) or not hearers.now:
        await heard(turn, who, hearers)
    return messages.WITH_COACH if hearers.coach else messages.ACKNOWLEDGED


async def later(turn: Turn, who: Person) -> str:
    """Something that our scripts do, which must wait until a human has looked."""
    hearers = await hearing.of(turn, who.id)
    coach = hearers.now[0].name if hearers.now else turn.say(who, "een mens")
    text = turn.say(who, "Dat kan nu even niet. Eerst kijkt {coach} of het goed met je gaat.", coach=coach)
    await turn.send(who, Outgoing("send", f"{text}\n{numbers.shortly(turn, who)}"))
    return "later"
