"""P7, P11: who may do what, to whom: the whole matrix, and no button that goes past it."""

from __future__ import annotations

import ast
import itertools
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import turns
from bot.caseload import access
from bot.caseload.access import RULES, Action, Denied, Subject, may, require
from bot.storage import alerts as alert_rows
from bot.storage import buttons, messages, people
from bot.storage import tasks as task_rows
from bot.storage.buttons import ButtonRow
from bot.storage.people import Person
from bot.turns import employer, reminding, veil
from bot.turns.care import care_effects, tasks
from bot.turns.danger import entrance
from bot.turns.following import ladder, noting
from bot.turns.handover import deciding, making, sharing, unread
from tests.support.handovers import make_handover
from tests.support.phones import Phone
from tests.support.stage import TUESDAY, Stage, staged

ROLES = ("participant", "coach", "admin", "house", "employer", "")
STATES = ("invited", "joined", "active", "declined", "backup", "stopped", "closed", "")

OWN = {
    "participant": {
        Action.ANSWER, Action.WRITE, Action.READ, Action.READ_VIEW, Action.DECIDE, Action.WITHDRAW,
    },
    "employer": {Action.WRITE, Action.READ, Action.READ_VIEW, Action.DECIDE, Action.WITHDRAW},
    "coach": {
        Action.READ, Action.SEE_CASELOAD, Action.VIEW_ALERT, Action.TAKE_ALERT, Action.REPLY, Action.CLOSE_ALERT,
        Action.CONFIRM_JOIN, Action.INVITE, Action.DO_TASK, Action.FOLLOW, Action.ANSWER, Action.SEE_PLACEMENT,
        Action.EDIT_HANDOVER,
    },
}  # fmt: skip
"""What somebody may do to what is their own, written down a second time: nobody may do anything else."""
LIVE = {
    "participant": {"joined", "active", "declined", "backup", "stopped", "closed"},
    "coach": {"active"},
    "employer": {"joined", "active"},
}
ABOUT_THEMSELVES = {Action.READ, Action.ANSWER}
"""A coach's own are the participants; for these it is what was sent to or asked of the coach."""
OF_A_PLACEMENT = {Action.READ_VIEW, Action.DECIDE, Action.WITHDRAW}
"""An employer's own are the placements where they are the contact; all else is about themselves."""
CONFIRMED = {*OF_A_PLACEMENT, Action.WRITE}
DEPUTIES = {Action.VIEW_ALERT, Action.TAKE_ALERT, Action.REPLY, Action.CLOSE_ALERT}
"""What a deputy may do about danger; for all else somebody who stands in is nobody."""


def person(role: str, state: str, chat: int | None = 5) -> Person:
    return Person(7, role, state, "Ilse", "nl", chat, True, None, None, None, None)


def subjects(role: str, action: Action) -> dict[str, Subject]:
    """The subject that is this person's own, and every kind that is not."""
    if role == "employer" and action in OF_A_PLACEMENT:
        own, foreign, nobody, turned = Subject(9, 8, 7), Subject(9, 8, 6), Subject(9, 8), Subject(7, 7, 9)
        return {"own": own, "foreign": foreign, "of nobody": nobody, "turned about": turned}
    themselves = role in ("participant", "employer") or action in ABOUT_THEMSELVES
    return {
        "own": Subject(7, 8) if themselves else Subject(9, 7),
        "foreign": Subject(9, 8) if themselves else Subject(7, 8),
        "of nobody": Subject(9, None),
        "turned about": Subject(9, 7, 7) if themselves else Subject(7, None, 7),
    }


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", Action)
def test_everybody_may_do_to_their_own_what_is_written_and_nothing_else(role: str, action: Action) -> None:
    for state, chat, (whose, subject) in itertools.product(STATES, (5, None), subjects(role, action).items()):
        expected = whose == "own" and chat is not None and state in LIVE.get(role, ()) and action in OWN.get(role, ())
        if role == "employer" and action in CONFIRMED and state == "joined":
            expected = False  # nobody said yet that this is the right person
        assert may(person(role, state, chat), action, subject) is expected, (state, chat, whose)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", Action)
def test_a_deputy_may_deal_with_danger_and_with_nothing_else(role: str, action: Action) -> None:
    subject = Subject(9, 8, deputy_id=7)
    for state, chat in itertools.product(STATES, (5, None)):
        expected = role == "coach" and state == "active" and chat is not None and action in DEPUTIES
        assert may(person(role, state, chat), action, subject) is expected, (state, chat)
    assert not may(person("coach", "active"), action, Subject(9, 8, deputy_id=6))


@pytest.mark.parametrize("action", Action)
def test_who_is_nobody_may_do_nothing(action: Action) -> None:
    assert not may(None, action, Subject(7, 7))
    with pytest.raises(Denied):
        require(None, action, Subject(7, 7))


def test_every_rule_is_about_a_known_action_and_every_action_has_a_rule_and_a_use() -> None:
    assert {action for _, action in RULES} == set(Action)
    used = {
        node.attr
        for tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Action"
    }
    assert used == {action.name for action in Action}


# ---- every button


def sources() -> list[ast.Module]:
    assert turns.__file__ is not None
    return [ast.parse(file.read_text()) for file in sorted(Path(turns.__file__).parent.rglob("*.py"))]


def actions_of_buttons() -> set[str]:
    """The action of every button that bot.turns makes: what the second argument of each `Wanted` says."""
    found = set()
    for tree in sources():
        names = {
            target.id: node.value.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Wanted":
                said = node.args[1]
                found.add(said.value if isinstance(said, ast.Constant) else names[said.id])  # type: ignore[attr-defined]
    return found


TO_ALERT = ("view", "take", "reply", "quick", "close")
TO_PARTICIPANT = ("invite", "is_them", "not_them", "handover", "new_placement", noting.ACTION, *ladder.ACTIONS)
TO_PLACEMENT = (*making.TAPS, care_effects.ENDED, *unread.ACTIONS)
OF_A_PARTY = (*deciding.NEEDED, sharing.SHARE)
TO_TASK = tasks.ACTIONS
TO_RUN = ("answer", "word")
OF_ONESELF = ("go_on", "to_handover", "handovers", "unveil", reminding.COMMAND)
"""Buttons that name nobody: what they open is found by who taps them."""
COACHS = (*TO_ALERT, *TO_PARTICIPANT, *TO_PLACEMENT, *TO_TASK, *TO_RUN, *OF_ONESELF, "address")
PARTICIPANTS = ("answer", "word", "read", "ask_coach", "unveil", *OF_A_PARTY, *entrance.ACTIONS)
EMPLOYERS = ("unveil", employer.ABOUT_WHOM, *OF_A_PARTY)

Case = tuple[str, str]
CASES: list[Case] = [
    *(("coach", one) for one in COACHS),
    *(("participant", one) for one in PARTICIPANTS),
    *(("employer", one) for one in EMPLOYERS),
]


class Two:
    """Ilse with Sam and Karin, Bert with Kim and Joost; both participants have a question open and an alert."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.phones: dict[str, Phone] = {}
        self.ids: dict[str, int] = {}
        self.alert: dict[str, int] = {}
        self.message: dict[str, int] = {}
        self.run: dict[str, tuple[int, int]] = {}
        self.placement: dict[str, int] = {}
        self.task: dict[str, int] = {}

    async def join(self, coach: str, participant: str, contact: str) -> None:
        self.ids[coach], coach_code = await self.stage.add("coach", coach)
        self.ids[participant], code = await self.stage.add("participant", participant, self.ids[coach])
        for name, used in ((coach, coach_code), (participant, code)):
            self.phones[name] = self.stage.phone(name)
            await self.phones[name].start(used)
        await self.phones[participant].tap("Nederlands")
        await self.phones[participant].sees("Wil je meedoen?")
        await self.phones[participant].write(f"geheim van {participant}")
        await self.phones[coach].sees("Er is een nieuwe melding.")
        await self.stage.settled()
        shown = await self.stage.shows(self.ids[participant])
        self.alert[participant] = shown["alerts"][0]["alert"]
        self.message[participant] = shown["messages"][0]["message"]
        self.run[participant] = (shown["answers"][0]["run"], 2)
        self.ids[contact], code = await self.stage.add("employer", contact)
        made = await make_handover(self.stage, self.ids[participant], employer=self.ids[contact], state="offered")
        self.placement[participant] = made.placement
        self.phones[contact] = self.stage.phone(contact)
        await self.phones[contact].start(code)
        await self.phones[contact].sees("Welkom")
        await self.stage.write(lambda tx: people.change(tx, self.ids[contact], state="active"))
        await self.stage.settled()
        who, its, now = self.ids[participant], self.ids[coach], self.stage.setting.now()
        self.task[participant] = await self.stage.write(lambda tx: task_rows.make(tx, who, its, "call", now, now))

    async def button(self, owner: str, action: str, about: str) -> str:
        """A button of `owner` about the participant `about`; its token. As if we had made a mistake."""
        run, turn = self.run[about]
        number = {
            **dict.fromkeys(TO_ALERT, self.alert[about]),
            **dict.fromkeys(TO_PARTICIPANT, self.ids[about]),
            **dict.fromkeys((*TO_PLACEMENT, *OF_A_PARTY, employer.ABOUT_WHOM), self.placement[about]),
            **dict.fromkeys(TO_TASK, self.task[about]),
            **dict.fromkeys(OF_ONESELF, 1),
            **dict.fromkeys(("answer", "word", "ask_coach"), run),
            **dict.fromkeys(entrance.ACTIONS, self.alert[about]),
            "read": self.message[about],
            "address": self.message[about],
        }[action]
        chat = str(self.phones[about].id)
        keys = {"quick": "read", "address": str(self.ids[about]), "is_them": chat, "not_them": chat, "answer": "yes"}
        keys[reminding.COMMAND] = reminding.OVERVIEW
        key = keys.get(action, "stop")
        token = self.stage.setting.token()
        expires = self.stage.setting.now() + timedelta(days=1)
        row = ButtonRow(token, self.ids[owner], action, number, turn, "take_part", key, expires)
        await self.stage.write(lambda tx: buttons.make(tx, [row]))
        return token

    async def tap(self, who: str, token: str) -> list[str]:
        """What the tapper sees of it."""
        await self.stage.settled()
        self.phones[who].reads_all()
        press(self.stage, self.phones[who], token)
        await self.stage.settled()
        return [message.text for message in self.phones[who].reads_all()]

    async def state(self, *names: str) -> dict[str, Any]:
        """All that can be seen of these people."""
        await self.stage.settled()
        seen: dict[str, Any] = {name: [one.text for one in self.phones[name].messages] for name in names}
        for name in {"Sam", "Kim"} & set(names):
            seen[f"{name} in the books"] = await self.stage.shows(self.ids[name])
        return seen


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    async with staged(tmp_path / "data") as stage:
        both = Two(stage)
        await both.join("Ilse", "Sam", "Karin")
        await both.join("Bert", "Kim", "Joost")
        yield both


def press(stage: Stage, phone: Phone, token: str) -> None:
    """A tap with any token, as only a made-up client can send it."""
    shown = {"message_id": phone.last.id, "chat": {"id": phone.id, "type": "private"}, "date": 0}
    raw = {"id": f"tap-{stage.setting.token()}", "from": {"id": phone.id}, "message": shown, "data": token}
    stage.telegram.push("callback_query", raw)


def mine(role: str) -> tuple[str, str]:
    return {"coach": "Ilse", "participant": "Sam", "employer": "Karin"}[role], "Sam"


def test_no_button_is_left_out() -> None:
    assert {action for _, action in CASES} == actions_of_buttons()


async def test_every_button_asks_whether_it_may(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = {case: await two.button(mine(case[0])[0], case[1], mine(case[0])[1]) for case in CASES}
    before = await two.state("Kim", "Bert")
    books = (await two.state("Sam"))["Sam in the books"]
    monkeypatch.setattr(access, "may", lambda *_: False)
    for (role, action), token in tokens.items():
        assert await two.tap(mine(role)[0], token) == ["Dat kan niet."], action
    assert await two.state("Kim", "Bert") == before
    assert (await two.state("Sam"))["Sam in the books"] == books


async def test_a_coachs_button_about_another_coachs_participant_does_nothing(two: Two) -> None:
    before = await two.state("Sam", "Kim", "Bert")
    for action in COACHS:
        token = await two.button("Ilse", action, "Kim")
        if action not in (*OF_ONESELF, *TO_RUN):  # what these stand for is found by the reader, never by the button
            assert await two.tap("Ilse", token) == ["Dat kan niet."], action
    assert await two.state("Sam", "Kim", "Bert") == before


async def test_a_participants_button_about_somebody_elses_line_does_nothing(two: Two) -> None:
    before = await two.state("Kim", "Bert", "Ilse")
    for action in ("answer", "word", "read", veil.LIFT):
        said = await two.tap("Sam", await two.button("Sam", action, "Kim"))
        assert said[0].startswith("Die knop is van een eerdere vraag.")
        assert not any("Kim" in text for text in said), action
    assert await two.state("Kim", "Bert", "Ilse") == before


async def test_a_partys_button_about_a_placement_of_others_does_nothing(two: Two) -> None:
    others = ("Kim", "Bert", "Joost", "Ilse")
    before = await two.state(*others)
    for who, action in itertools.product(("Sam", "Karin"), OF_A_PARTY):
        assert await two.tap(who, await two.button(who, action, "Kim")) == ["Dat kan niet."], (who, action)
    assert await two.tap("Karin", await two.button("Karin", employer.ABOUT_WHOM, "Kim")) == ["Dat kan niet."]
    assert await two.state(*others) == before


async def test_a_button_of_somebody_else_is_as_good_as_none(two: Two) -> None:
    before = await two.state("Kim", "Bert", "Joost")
    nothing = {thief: await two.tap(thief, "forged") for thief in ("Sam", "Ilse", "Karin")}
    assert [said[0].partition(".")[0] for said in nothing.values()] == [
        "Die knop is van een eerdere vraag",
        "Die knop werkt niet meer",
        "Die knop werkt niet meer",
    ]
    for role, action in CASES:
        owner = {"coach": "Bert", "participant": "Kim", "employer": "Joost"}[role]
        token = await two.button(owner, action, "Kim")
        for thief, said in nothing.items():
            assert await two.tap(thief, token) == said, action
    assert await two.state("Kim", "Bert", "Joost") == before


async def test_a_button_whose_time_is_over_is_as_good_as_none(two: Two) -> None:
    token = await two.button("Ilse", "view", "Sam")
    two.stage.setting.at = TUESDAY + timedelta(days=1)
    said = [one for one in await two.tap("Ilse", token) if one != "Er wacht nog een melding op je."]  # a day is over
    assert said == ["Die knop werkt niet meer. Typ /meldingen voor je open meldingen."]


async def test_what_is_sent_with_a_tap_is_sent_once_however_often_it_is_tapped(two: Two) -> None:
    await two.tap("Ilse", await two.button("Ilse", "view", "Sam"))
    token = await two.button("Ilse", "quick", "Sam")
    two.phones["Sam"].reads_all()
    await two.tap("Ilse", token)
    assert await two.tap("Ilse", token) == ["Dat bericht is al verstuurd."]
    said = [message.text for message in two.phones["Sam"].reads_all()]
    assert said == ["Ilse: Ik heb het gelezen. Fijn dat je het zegt."]


async def test_an_answer_tapped_twice_counts_once(two: Two) -> None:
    token = await two.button("Sam", "answer", "Sam")
    assert "Fijn dat je meedoet" in "".join(await two.tap("Sam", token))
    assert (await two.tap("Sam", token))[0].startswith("Die knop is van een eerdere vraag.")
    answers = [one["step"] for one in (await two.stage.shows(two.ids["Sam"]))["answers"]]
    assert answers == ["language", "take_part"]


async def test_a_call_for_help_tapped_twice_is_one_call(two: Two) -> None:
    token = await two.button("Sam", "ask_coach", "Sam")
    await two.tap("Sam", token)
    await two.tap("Sam", token)
    async with two.stage.running.storage.db.read() as conn:
        line = await two.stage.running.storage.keyring.of(conn, two.ids["Sam"])
        items = await alert_rows.items(conn, line, two.alert["Sam"])
    assert [one.topic for one in items] == ["message", "help"]


async def test_words_of_a_coach_on_an_alert_that_is_not_theirs_go_nowhere(two: Two) -> None:
    """A reply names its alert by Telegram's message number; a focus names it in the coach's own row."""
    ilse = two.ids["Ilse"]
    focus = {"focus_alert_id": two.alert["Kim"], "focus_at": two.stage.setting.now()}
    await two.stage.write(lambda tx: people.change(tx, ilse, **focus))
    before = await two.state("Kim", "Bert")
    await two.phones["Ilse"].write("hallo Kim")
    await two.phones["Ilse"].sees("Dat kan niet.")
    assert await two.state("Kim", "Bert") == before
    async with two.stage.running.storage.db.read() as conn:
        line = await two.stage.running.storage.keyring.of(conn, two.ids["Kim"])
        assert [one.body for one in await messages.on_line(conn, line)] == ["geheim van Kim"]


# ---- danger, and who stands in


async def danger(two: Two) -> None:
    """Sam is in danger, and Bert stands in for Ilse."""
    await two.stage.write(lambda tx: people.change(tx, two.ids["Ilse"], deputy_id=two.ids["Bert"]))
    await two.stage.write(lambda tx: alert_rows.change(tx, two.alert["Sam"], level="danger", danger_at=TUESDAY))


async def test_a_deputys_buttons_work_on_danger_alone(two: Two) -> None:
    await danger(two)
    others = [one for one in COACHS if one not in (*TO_ALERT, *OF_ONESELF, *TO_RUN)]
    for action in others:
        assert await two.tap("Bert", await two.button("Bert", action, "Sam")) == ["Dat kan niet."], action
    for action in ("view", "take", "reply", "quick", "close"):
        assert await two.tap("Bert", await two.button("Bert", action, "Sam")) != ["Dat kan niet."], action


async def test_who_stands_in_is_nobody_while_there_is_no_danger(two: Two) -> None:
    await danger(two)
    await two.stage.write(lambda tx: alert_rows.change(tx, two.alert["Sam"], level="urgent"))
    before = await two.state("Sam", "Ilse")
    for action in TO_ALERT:
        assert await two.tap("Bert", await two.button("Bert", action, "Sam")) == ["Dat kan niet."], action
    assert await two.state("Sam", "Ilse") == before


async def test_a_coach_stands_in_for_nobody_else(two: Two) -> None:
    await danger(two)
    await two.stage.write(lambda tx: alert_rows.change(tx, two.alert["Kim"], level="danger", danger_at=TUESDAY))
    before = await two.state("Kim", "Bert")
    for action in TO_ALERT:
        assert await two.tap("Ilse", await two.button("Ilse", action, "Kim")) == ["Dat kan niet."], action
    assert await two.state("Kim", "Bert") == before


async def test_a_word_of_safety_on_somebody_elses_button_does_nothing(two: Two) -> None:
    before = await two.state("Kim", "Bert")
    for action in entrance.ACTIONS:
        said = await two.tap("Sam", await two.button("Kim", action, "Kim"))
        assert said[0].startswith("Die knop is van een eerdere vraag"), action
    assert await two.state("Kim", "Bert") == before
