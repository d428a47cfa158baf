"""The outbox to Telegram. P3: what was committed is sent; P16: one slow chat stops no other; P18: seen when not."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any, Literal

import pytest
from sqlalchemy import delete, insert, select, update

from bot.chat.pace import Pace
from bot.chat.sender import Sender
from bot.demo.standin.record import Request
from bot.storage import facts, outbox
from bot.storage.connection import Connection
from bot.storage.errors import StorageTrouble
from bot.storage.tables import HOUSE, person
from bot.storage.tables import outbox as table
from bot.turns.outgoing import Button, Outgoing
from tests.support import oracle
from tests.support.chat_rig import NOOR, SAM, Broken, Rig

LONG = "\n\n".join(f"Alinea {number}. " + "woord " * 600 for number in range(3))


class Sending:
    """Senders on the rig, one after another, and what they told."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.made_at = rig.clock.now()
        self.told: list[tuple[int, str]] = []
        self.refusals: list[tuple[int, datetime]] = []
        self.telling_fails = 0
        self.sender = self.fresh()

    def fresh(self, pace: Pace | None = None, tick: Callable[[], float] | None = None) -> Sender:
        rig = self.rig
        self.sender = Sender(
            rig.db,
            rig.keyring,
            rig.api,
            rig.world,
            pace or Pace(10_000, 0),
            self.unreachable,
            self.refused,
            backoff=rig.backoff,
            idle=0.01,
            tick=tick,
        )
        return self.sender

    async def unreachable(self, chat: int, reason: str) -> None:
        if self.telling_fails:
            self.telling_fails -= 1
            raise StorageTrouble
        self.told.append((chat, reason))

    async def refused(self, person: int, made_at: datetime) -> None:
        if self.telling_fails:
            self.telling_fails -= 1
            raise RuntimeError
        self.refusals.append((person, made_at))

    async def put(self, chat: int, *messages: Outgoing | str) -> None:
        outgoing = [m if isinstance(m, Outgoing) else Outgoing("send", m) for m in messages]

        async def work(tx: Connection) -> None:
            key = await self.rig.keyring.of(tx, HOUSE)
            for one in outgoing:
                await outbox.put(tx, key, chat, None, one.to_json(), self.rig.clock.now())

        await self.rig.db.write(work)
        self.sender.wake()

    async def rows(self) -> list[tuple[str, str | None]]:
        async with self.rig.db.read() as conn:
            found = await conn.execute(select(table.c.state, table.c.reason).order_by(table.c.id))
            return [(row.state, row.reason) for row in found]

    async def drained(self) -> list[tuple[str, str | None]]:
        """Waits until nothing is left to send; the clock is moved along, so that no back-off keeps it."""
        for _ in range(2000):
            rows = await self.rows()
            if not self.sender._busy and not any(state in ("new", "sending") for state, _ in rows):
                return rows
            self.rig.clock.move(0.1)
            self.sender.wake()
            await asyncio.sleep(0.005)  # the answer comes over a real socket, which no clock of ours moves
        raise AssertionError(f"still not sent: {rows}")

    def seen(self, chat: int) -> list[str]:
        return [message.text for message in self.rig.telegram.read(chat) if message.from_bot]


@pytest.fixture
async def sending(rig: Rig) -> AsyncIterator[Sending]:
    rig.telegram.start(SAM)
    rig.telegram.start(NOOR)
    sending = Sending(rig)
    yield sending
    await sending.sender.stop()


def asked(rig: Rig, method: str = "sendMessage", chat: int | None = None) -> list[Request]:
    return rig.telegram.requests(method, chat)


async def nothing_is_sent(rig: Rig, sender: Sender) -> None:
    """Rings so often that a sender who may send would have sent."""
    before = len(asked(rig))
    for _ in range(20):
        sender.wake()
        await asyncio.sleep(0.005)  # what would be sent takes a real socket's time to get there
    assert len(asked(rig)) == before


async def test_messages_arrive_in_order_protected_and_with_their_buttons(rig: Rig, sending: Sending) -> None:
    await sending.put(SAM, "een", Outgoing("send", "twee", ((Button("Ja", "tok"),),)), "drie")
    sending.sender.start()
    assert await sending.drained() == [("sent", None)] * 3
    assert sending.seen(SAM) == ["een", "twee", "drie"]
    shown = [message for message in rig.telegram.read(SAM) if message.from_bot]
    assert all(message.protected for message in shown)
    assert shown[1].labels == ["Ja"]


async def test_a_reply_to_a_message_finds_what_it_was_about(rig: Rig, sending: Sending) -> None:
    async def work(tx: Connection) -> None:
        key = await rig.keyring.of(tx, HOUSE)
        text = Outgoing("send", "melding").to_json()
        await outbox.put(tx, key, SAM, None, text, rig.clock.now(), about_kind="alert", about=12)

    await rig.db.write(work)
    sending.sender.start()
    await sending.drained()
    (shown,) = [message for message in rig.telegram.read(SAM) if message.from_bot]
    async with rig.db.read() as conn:
        assert await outbox.by_telegram_id(conn, SAM, shown.id) == outbox.About("alert", 12)


async def put_to_sam(rig: Rig, *messages: Outgoing) -> int:
    """Sam as a person, with messages sealed by the person's own key; Sam's number."""

    async def work(tx: Connection) -> int:
        now = rig.clock.now()
        values: dict[str, Any] = {"role": "participant", "state": "active", "chat_id": SAM, "created_at": now}
        who: int = (await tx.execute(insert(person).values(**values))).inserted_primary_key[0]
        key = await rig.keyring.make(tx, who)
        for one in messages:
            await outbox.put(tx, key, SAM, who, one.to_json(), now)
        return who

    return await rig.db.write(work)


async def test_a_person_s_own_key_opens_the_message(rig: Rig, sending: Sending) -> None:
    await put_to_sam(rig, Outgoing("send", "van mij"))
    sending.sender.start()
    await sending.drained()
    assert sending.seen(SAM) == ["van mij"]


async def test_a_long_text_arrives_whole_in_parts_and_the_buttons_are_on_the_last(rig: Rig, sending: Sending) -> None:
    await sending.put(SAM, Outgoing("send", LONG, ((Button("Ja", "tok"),),)), "daarna")
    sending.sender.start()
    await sending.drained()
    *parts, after = [message for message in rig.telegram.read(SAM) if message.from_bot]
    assert " ".join("".join(part.text + " " for part in parts).split()) == " ".join(LONG.split())
    assert len(parts) == 3
    assert [part.labels for part in parts] == [[], [], ["Ja"]]
    assert after.text == "daarna"


async def test_after_a_fault_in_the_middle_of_a_long_text_only_the_rest_is_sent(rig: Rig, sending: Sending) -> None:
    await sending.put(SAM, LONG)
    sending.sender.start()
    await rig.asked("sendMessage", 1)
    rig.telegram.fault("sendMessage", code=502)
    await sending.drained()
    assert [text[:8] for text in sending.seen(SAM)] == ["Alinea 0", "Alinea 1", "Alinea 2"]


@pytest.mark.parametrize(
    "fault",
    [
        {"code": 500},
        {"code": 502, "body": "<html>"},
        {"code": 401},
        {"code": 404},
        {"code": 409},
        {"code": 429, "retry_after": 1},
        {"code": 200, "body": "<html>"},
        {"how": "close"},
        {"how": "hang"},
    ],
    ids=str,
)
async def test_after_any_fault_the_message_and_what_follows_arrive_once_in_order(
    rig: Rig, sending: Sending, fault: dict[str, Any]
) -> None:
    rig.telegram.fault("sendMessage", chat=SAM, **fault)
    await sending.put(SAM, "een", "twee")
    sending.sender.start()
    assert await sending.drained() == [("sent", None)] * 2
    assert sending.seen(SAM) == ["een", "twee"]
    assert sending.sender.health().well


@pytest.mark.parametrize("how", ["act_then_hang", "act_then_close"])
async def test_what_telegram_took_without_our_hearing_of_it_is_sent_again(
    rig: Rig, sending: Sending, how: Literal["act_then_hang", "act_then_close"]
) -> None:
    """P3: rather twice than never."""
    rig.telegram.fault("sendMessage", how=how)
    await sending.put(SAM, "een", "twee")
    sending.sender.start()
    assert await sending.drained() == [("sent", None)] * 2
    assert sending.seen(SAM) == ["een", "een", "twee"]


async def test_a_chat_that_hangs_does_not_stop_another(rig: Rig, sending: Sending) -> None:
    rig.telegram.fault("sendMessage", chat=SAM, how="hang", times=10**6)
    await sending.put(SAM, "een", "twee")
    await sending.put(NOOR, *"abcdef")
    sending.sender.start()
    await rig.telegram.wait_for(NOOR, "f")
    assert sending.seen(NOOR) == list("abcdef")
    assert {request.parameters["text"] for request in asked(rig, chat=SAM)} == {"een"}


async def test_who_blocked_us_gets_nothing_more_and_is_told_of_once(rig: Rig, sending: Sending) -> None:
    sending.telling_fails = 2
    rig.telegram.block(SAM)
    await sending.put(SAM, "een", "twee", "drie")
    await sending.put(NOOR, "hoi")
    sending.sender.start()
    assert await sending.drained() == [("failed", "blocked")] * 3 + [("sent", None)]
    assert sending.told == [(SAM, "blocked")]
    assert len(asked(rig, chat=SAM)) == 1


async def test_who_never_pressed_start_is_told_of_too(rig: Rig, sending: Sending) -> None:
    await sending.put(4242, "een", "twee")
    sending.sender.start()
    assert await sending.drained() == [("failed", "chat not found")] * 2
    assert sending.told == [(4242, "chat not found")]


async def test_a_deleted_account_is_told_of_too(rig: Rig, sending: Sending) -> None:
    rig.telegram.deactivate(SAM)
    await sending.put(SAM, "een")
    sending.sender.start()
    assert await sending.drained() == [("failed", "deactivated")]


async def test_a_refused_message_is_never_tried_again_and_the_next_one_goes(rig: Rig, sending: Sending) -> None:
    rig.telegram.fault("sendMessage", code=400, description='Bad Request: wrong URL "ik ben ziek"')
    await sending.put(SAM, "een", "twee")
    sending.sender.start()
    assert await sending.drained() == [("failed", "Wrong url …"), ("sent", None)]
    await sending.sender.stop()
    assert sending.sender.counts == {"failed": 1, "sent": 1}
    assert len(asked(rig)) == 2


@pytest.mark.parametrize(("fails", "told"), [(0, 1), (2, 1), (100, 0)])
async def test_a_message_that_never_arrives_is_told_of_once_and_holds_up_nothing_for_ever(
    rig: Rig, sending: Sending, fails: int, told: int
) -> None:
    sending.telling_fails = fails
    rig.telegram.fault("sendMessage", code=400, description="Bad Request: message is refused")
    who = await put_to_sam(rig, Outgoing("send", "een"), Outgoing("send", "twee"))
    sending.sender.start()
    assert await sending.drained() == [("failed", "Message is refused"), ("sent", None)]
    assert sending.refusals == [(who, sending.made_at)] * told
    assert sending.told == []


async def test_what_we_cannot_say_at_all_is_told_of_and_what_nobody_can_open_is_not(rig: Rig, sending: Sending) -> None:
    who = await put_to_sam(rig, Outgoing("media", media="x", media_kind="hologram"), Outgoing("send", "weg"))
    await rig.db.write(lambda tx: tx.execute(update(table).where(table.c.id == 2).values(payload=None)))
    sending.sender.start()
    assert [state for state, _ in await sending.drained()] == ["failed", "failed"]
    assert sending.refusals == [(who, sending.made_at)]


async def test_a_message_that_cannot_be_rendered_is_given_up_and_the_next_one_goes(rig: Rig, sending: Sending) -> None:
    await sending.put(SAM, Outgoing("media", media="x", media_kind="hologram"), "twee")
    sending.sender.start()
    assert await sending.drained() == [("failed", "Unsendable"), ("sent", None)]


NOT_MODIFIED = "Bad Request: message is not modified: specified new message content …"
NOT_THERE = (
    "Bad Request: message to edit not found",
    "Bad Request: MESSAGE_ID_INVALID",
    "Bad Request: message can't be edited",
)


@pytest.mark.parametrize(
    ("outgoing", "method", "description", "state"),
    [
        (Outgoing("edit", "Klaar", message=1), "editMessageText", NOT_MODIFIED, "sent"),
        (Outgoing("edit", "Klaar", message=1), "editMessageText", "Bad Request: message text is empty", "failed"),
        *((Outgoing("edit", message=1), "editMessageReplyMarkup", why, "sent") for why in NOT_THERE),
        *((Outgoing("edit", "Weg", message=1, in_place=True), "editMessageText", why, "sent") for why in NOT_THERE),
    ],
)
async def test_an_edit_that_has_nothing_to_change_is_done(
    rig: Rig, sending: Sending, outgoing: Outgoing, method: str, description: str, state: str
) -> None:
    """Buttons of a message that is gone, and what would only take its words away, need nothing any more."""
    rig.telegram.fault(method, code=400, description=description)
    await sending.put(SAM, outgoing)
    sending.sender.start()
    assert [row[0] for row in await sending.drained()] == [state]
    assert sending.seen(SAM) == []


@pytest.mark.parametrize("description", NOT_THERE)
@pytest.mark.parametrize("text", ["Klaar", LONG], ids=["short", "long"])
async def test_an_edit_of_a_message_that_is_gone_arrives_as_a_new_one(
    rig: Rig, sending: Sending, text: str, description: str
) -> None:
    rig.telegram.fault("editMessageText", code=400, description=description)
    await sending.put(SAM, Outgoing("edit", text, ((Button("Ja", "tok"),),), message=1), "daarna")
    sending.sender.start()
    assert await sending.drained() == [("sent", None)] * 2
    *parts, after = [message for message in rig.telegram.read(SAM) if message.from_bot]
    assert " ".join(" ".join(part.text for part in parts).split()) == " ".join(text.split())
    assert [part.labels for part in parts] == [[]] * (len(parts) - 1) + [["Ja"]]
    assert all(part.protected for part in parts)
    assert after.text == "daarna"
    async with rig.db.read() as conn:
        assert await outbox.telegram_id(conn, 1) == parts[-1].id


async def test_an_edit_whose_arrival_we_did_not_hear_of_is_followed_by_its_other_parts(
    rig: Rig, sending: Sending
) -> None:
    """P3: the second time Telegram says that the first part is there already."""
    await sending.put(SAM, "melding")
    sending.sender.start()
    await sending.drained()
    (shown,) = [message for message in rig.telegram.read(SAM) if message.from_bot]
    rig.telegram.fault("editMessageText", how="act_then_close")
    await sending.put(SAM, Outgoing("edit", LONG, ((Button("Ja", "tok"),),), message=shown.id))
    assert await sending.drained() == [("sent", None)] * 2
    parts = [message for message in rig.telegram.read(SAM) if message.from_bot]
    assert [part.text[:8] for part in parts] == ["Alinea 0", "Alinea 1", "Alinea 2"]
    assert [part.labels for part in parts] == [[], [], ["Ja"]]


async def test_of_an_edit_that_was_there_already_we_know_the_message(rig: Rig, sending: Sending) -> None:
    """What must not stay on a screen is found by it."""
    await sending.put(SAM, "melding")
    sending.sender.start()
    await sending.drained()
    (shown,) = [message for message in rig.telegram.read(SAM) if message.from_bot]
    rig.telegram.fault("editMessageText", how="act_then_close")
    await sending.put(SAM, Outgoing("edit", "Klaar", message=shown.id))
    await sending.drained()
    async with rig.db.read() as conn:
        assert await outbox.telegram_id(conn, 2) == shown.id


async def test_a_strange_group_is_left_even_if_we_are_out_already(rig: Rig, sending: Sending) -> None:
    rig.telegram.add_to_group(SAM, -55)
    await sending.put(-55, Outgoing("leave"), Outgoing("leave"))
    sending.sender.start()
    assert await sending.drained() == [("sent", None)] * 2
    assert sending.told == []


async def test_a_picture_and_somebody_s_voice_arrive(rig: Rig, sending: Sending) -> None:
    voice = rig.telegram.send(SAM, "voice").content["voice"]["file_id"]
    await sending.put(
        NOOR,
        Outgoing("picture", "Scan dit", picture="iVBORw0KGgo="),
        Outgoing("media", "Van Sam", media=voice, media_kind="voice"),
    )
    sending.sender.start()
    assert await sending.drained() == [("sent", None)] * 2
    assert sending.seen(NOOR) == ["Scan dit", "Van Sam"]


async def test_a_calendar_arrives_as_it_was_made_and_can_be_saved(rig: Rig, sending: Sending) -> None:
    calendar = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    content = base64.b64encode(calendar).decode()
    await sending.put(NOOR, Outgoing("document", "Je afspraken", document=content, file_name="afspraken.ics"))
    sending.sender.start()
    assert await sending.drained() == [("sent", None)]
    (request,) = rig.telegram.requests("sendDocument")
    assert oracle.check([request]) == []
    assert request.parameters["protect_content"] == "false"
    arrived = rig.telegram.read(NOOR)[-1]
    assert (arrived.text, arrived.protected) == ("Je afspraken", False)
    kept = rig.telegram.file(arrived.content["document"]["file_id"])
    assert (kept.name, kept.mime, kept.content) == ("afspraken.ics", "text/calendar", calendar)


async def test_a_429_silences_all_until_its_end_also_for_a_new_process(rig: Rig, sending: Sending) -> None:
    rig.telegram.fault("sendMessage", chat=SAM, code=429, retry_after=30)
    slow = rig.telegram.fault("sendMessage", chat=NOOR, how="delay")
    assert slow is None
    await sending.put(NOOR, "onderweg", "daarna")
    await sending.put(SAM, "een")
    sending.sender.start()
    await rig.telegram.until(lambda: any(r.status == 429 for r in asked(rig)) or None)
    rig.telegram.release()  # one that was on its way finishes now, and must not lift the pause
    await rig.telegram.wait_for(NOOR, "onderweg")
    rig.clock.move(29)
    await sending.put(NOOR, "nog een")
    await nothing_is_sent(rig, sending.sender)
    await sending.sender.stop()
    again = sending.fresh()
    again.start()
    await nothing_is_sent(rig, again)
    rig.clock.move(1.5)
    await sending.drained()
    assert sending.seen(NOOR) == ["onderweg", "daarna", "nog een"]
    assert sending.seen(SAM) == ["een"]


async def test_a_shorter_pause_does_not_end_a_longer_one(rig: Rig, sending: Sending) -> None:
    rig.telegram.fault("sendMessage", chat=SAM, code=429, retry_after=30)
    rig.telegram.fault("sendMessage", chat=NOOR, code=429, retry_after=2)
    await sending.put(SAM, "een")
    await sending.put(NOOR, "twee")
    sending.sender.start()
    await rig.telegram.until(lambda: sum(r.status == 429 for r in asked(rig)) == 2 or None)
    await sending.sender.stop()
    async with rig.db.read() as conn:
        until = await facts.get(conn, "pause:all")
    rig.clock.move(30)
    assert until == rig.clock.now().isoformat()


async def test_messages_left_on_their_way_by_a_crash_are_sent(rig: Rig, sending: Sending) -> None:
    await sending.put(SAM, "nog eens", "en dit")
    await rig.db.write(lambda tx: outbox.claim(tx, [1]))
    sending.sender.start()
    assert await sending.drained() == [("sent", None)] * 2
    assert sending.sender.recovered == 1


async def test_a_message_is_not_sent_twice_because_the_database_was_in_trouble(rig: Rig, sending: Sending) -> None:
    rig.telegram.fault("sendMessage", how="delay")
    await sending.put(SAM, "een", "twee")
    sending.sender.start()
    await rig.asked("sendMessage", 1)
    broken = Broken(rig.db, StorageTrouble)
    broken.times = 5
    rig.telegram.release()
    await sending.drained()
    assert broken.failed == 5
    assert sending.seen(SAM) == ["een", "twee"]


async def test_a_claim_that_was_kept_though_its_connection_broke_holds_nobody_up(
    rig: Rig, sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, broken = rig.db.write, []

    async def keeps_and_breaks(work: Any) -> Any:
        done = await write(work)
        if not broken and isinstance(done, set):  # of ids: a claim
            broken.extend(done)
            raise StorageTrouble
        return done

    monkeypatch.setattr(rig.db, "write", keeps_and_breaks)
    await sending.put(SAM, "een")
    await sending.put(NOOR, "twee")
    sending.sender.start()
    assert await sending.drained() == [("sent", None)] * 2
    assert len(broken) == 2
    assert len(asked(rig)) == 2


async def test_a_database_in_trouble_is_seen_and_its_end_too(rig: Rig, sending: Sending) -> None:
    assert sending.sender.health().reason == "not running"
    broken = Broken(rig.db, StorageTrouble)
    broken.times = 10**6
    await asyncio.sleep(0)
    sending.sender.start()
    while not broken.failed:
        await asyncio.sleep(0.001)
    assert not sending.sender.health().well
    broken.times = 0
    await sending.put(SAM, "een")
    await sending.drained()
    assert sending.sender.health().well


async def test_a_message_that_keeps_failing_turns_health_red_until_it_is_sent(rig: Rig, sending: Sending) -> None:
    rig.telegram.fault("sendMessage", chat=SAM, code=502, times=10**6)
    await sending.put(SAM, "een")
    began = rig.clock.now()
    sending.sender.start()
    while not sending.sender.counts["again"]:
        await asyncio.sleep(0.001)
    assert sending.sender.health().well
    rig.clock.move(91)
    health = sending.sender.health()
    assert (health.well, health.reason, health.since) == (False, "NetworkError", began)
    rig.telegram.calm()
    await sending.drained()
    assert sending.sender.health().well


async def test_a_message_that_failed_and_was_erased_keeps_nobody_red(rig: Rig, sending: Sending) -> None:
    tick = 0.0
    sender = sending.fresh(tick=lambda: tick)
    rig.telegram.fault("sendMessage", chat=SAM, code=502)
    await sending.put(SAM, "een")
    sender.start()
    while not sender.counts["again"]:
        await asyncio.sleep(0.001)
    await rig.db.write(lambda tx: tx.execute(delete(table)))
    rig.clock.move(91)
    assert sender.health().reason == "NetworkError"
    tick = 5.0
    async with asyncio.timeout(10):
        while not sender.health().well:
            sender.wake()
            await asyncio.sleep(0.005)  # the next look into the outbox


async def test_old_messages_while_nothing_goes_out_turn_health_red(rig: Rig, sending: Sending) -> None:
    tick = 0.0
    sender = sending.fresh(tick=lambda: tick)
    rig.telegram.fault("sendMessage", code=429, retry_after=600)
    began = rig.clock.now()
    await sending.put(SAM, "een")
    sender.start()
    while not sending.sender.counts["pause"]:
        await asyncio.sleep(0.001)
    assert sender.health().well
    rig.clock.move(91)
    tick = 91.0
    while sender.health().reason in ("", "no answer yet"):
        sender.wake()
        await asyncio.sleep(0.005)
    health = sender.health()
    assert (health.well, health.reason, health.since) == (False, "429", began)


async def test_a_token_that_is_refused_loses_nothing_and_asks_ever_less_often(rig: Rig, sending: Sending) -> None:
    rig.telegram.fault("sendMessage", code=401, times=4)
    await sending.put(SAM, "een")
    await sending.put(NOOR, "twee")
    sending.sender.start()
    assert await sending.drained() == [("sent", None)] * 2


async def test_one_chat_gets_one_a_second(rig: Rig, sending: Sending) -> None:
    tick = 0.0
    sender = sending.fresh(Pace(25, 1.0, lambda: tick))
    await sending.put(SAM, "een", "twee")
    sender.start()
    await rig.telegram.wait_for(SAM, "een")
    await nothing_is_sent(rig, sender)
    assert sending.seen(SAM) == ["een"]
    tick = 1.0
    await sending.drained()
    assert sending.seen(SAM) == ["een", "twee"]


async def test_many_chats_together_keep_to_the_limit(rig: Rig, sending: Sending) -> None:
    tick = 0.0
    sender = sending.fresh(Pace(25, 1.0, lambda: tick))
    for chat in range(1000, 1060):
        rig.telegram.make_user(chat, "X")
        rig.telegram.start(chat)
        await sending.put(chat, "hoi")
    sender.start()
    for expected in (25, 50, 60):
        await rig.asked("sendMessage", expected)
        await nothing_is_sent(rig, sender)
        assert len(asked(rig)) == expected
        tick += 1.0


async def test_a_stop_waits_for_what_is_on_its_way(rig: Rig, sending: Sending) -> None:
    rig.telegram.fault("sendMessage", how="delay", seconds=0.1)
    await sending.put(SAM, "een")
    sending.sender.start()
    await rig.asked("sendMessage", 1)
    await sending.sender.stop()
    assert await sending.rows() == [("sent", None)]


async def test_an_edit_by_row_changes_what_that_row_became_also_while_it_was_not_sent_yet(
    rig: Rig, sending: Sending
) -> None:
    await sending.put(SAM, "geheim")
    async with rig.db.read() as conn:
        row = (await conn.execute(select(table.c.id))).scalar_one()
    await sending.put(SAM, Outgoing("edit", "bijgewerkt", row=row), Outgoing("edit", "nooit", row=row + 99), "klaar")
    sending.sender.start()
    assert [state for state, _ in await sending.drained()] == ["sent"] * 4
    assert sending.seen(SAM) == ["bijgewerkt", "klaar"]
