"""getUpdates: offsets, waiting, one poller at a time, and what is lost in time."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.demo.standin import Telegram

DAY = 86_400


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


@pytest.fixture
def three(telegram: Telegram) -> list[str]:
    said = ["een", "twee", "drie"]
    for text in said:
        telegram.write(7, text)
    return said


async def test_updates_come_again_until_a_higher_offset_confirms_them(api, three) -> None:
    first = await api.updates()
    assert texts(first) == three
    assert await api.updates() == first
    assert texts(await api.updates(offset=first[1]["update_id"])) == ["twee", "drie"]
    assert texts(await api.updates(offset=first[2]["update_id"] + 1)) == []
    assert texts(await api.updates()) == []


async def test_update_ids_increase_by_one(api, three) -> None:
    ids = [update["update_id"] for update in await api.updates()]
    assert ids == list(range(ids[0], ids[0] + 3))


async def test_a_negative_offset_forgets_all_but_the_last(api, three) -> None:
    assert texts(await api.updates(offset=-1)) == ["drie"]
    assert texts(await api.updates()) == ["drie"]


async def test_limit_cuts_the_batch_and_confirms_nothing(api, three) -> None:
    assert texts(await api.updates(limit=2)) == ["een", "twee"]
    assert texts(await api.updates()) == three


async def test_at_most_a_hundred_come_at_once(api, telegram) -> None:
    for number in range(101):
        telegram.write(7, str(number))
    assert len(await api.updates(limit=500)) == 100


async def test_a_long_poll_ends_with_the_first_update(api, telegram) -> None:
    poll = asyncio.create_task(api.updates(timeout=50))
    await telegram.until(lambda: telegram.requests("getUpdates") or None)
    telegram.write(7, "hoi")
    assert texts(await poll) == ["hoi"]


async def test_a_long_poll_without_updates_ends_empty_in_time(api) -> None:
    assert await api.updates(timeout=0.01) == []


async def test_a_second_poller_ends_the_first_with_409(api, telegram) -> None:
    older = asyncio.create_task(api("getUpdates", timeout=50))
    await telegram.until(lambda: telegram.updates.polled or None)
    newer = asyncio.create_task(api("getUpdates", timeout=50))
    answer = await older
    assert answer["error_code"] == 409
    assert "terminated by other getUpdates request" in answer["description"]
    telegram.write(7, "hoi")
    assert texts((await newer)["result"]) == ["hoi"]


async def test_allowed_updates_are_remembered_and_the_default_leaves_some_out(api, telegram) -> None:
    assert telegram.push("chat_member", {}) is None
    await api.updates(allowed_updates=["message"])
    telegram.block(8)
    telegram.write(7, "hoi")
    assert texts(await api.updates()) == ["hoi"]
    await api.updates(offset=-1, allowed_updates=[])
    telegram.unblock(8)
    assert "my_chat_member" in (await api.updates())[-1]


async def test_taps_are_lost_after_150_seconds_and_texts_after_a_day(api, telegram) -> None:
    telegram.start(7)
    await say(api, reply_markup={"inline_keyboard": [[{"text": "Ja", "callback_data": "ja"}]]})
    telegram.tap(7, "Ja")
    telegram.move_clock(149)
    assert [*(await api.updates())[-1]] == ["update_id", "callback_query"]
    telegram.move_clock(1)
    assert texts(await api.updates()) == ["/start"]
    telegram.move_clock(DAY - 151)
    assert texts(await api.updates()) == ["/start"]
    telegram.move_clock(1)
    assert await api.updates() == []


async def test_an_edit_counts_from_the_edit(api, telegram) -> None:
    said = telegram.write(7, "hoi")
    telegram.move_clock(DAY - 1)
    telegram.edit(7, said.id, "hai")
    telegram.move_clock(2)
    (edit,) = await api.updates()
    assert edit["edited_message"]["text"] == "hai"
    assert edit["edited_message"]["message_id"] == said.id


async def test_after_a_quiet_week_ids_go_on_elsewhere_and_an_old_cursor_never_confirms(api, telegram) -> None:
    telegram.write(7, "oud")
    cursor = (await api.updates())[-1]["update_id"] + 1
    await api.updates(offset=cursor)
    telegram.restart_ids(at=5)
    telegram.write(7, "nieuw")
    assert texts(await api.updates(offset=cursor)) == ["nieuw"]
    assert texts(await api.updates(offset=cursor)) == ["nieuw"]
    assert await api.updates(offset=6) == []


async def test_a_quiet_week_on_the_clock_does_the_same(api, telegram) -> None:
    telegram.write(7, "oud")
    last = (await api.updates())[-1]["update_id"]
    telegram.move_clock(7 * DAY)
    telegram.write(7, "nieuw")
    (update,) = await api.updates()
    assert update["update_id"] != last + 1


async def test_given_updates_can_be_redelivered_after_they_were_confirmed(api, telegram, three) -> None:
    first = await api.updates()
    beyond = first[-1]["update_id"] + 1
    assert await api.updates(offset=beyond) == []
    telegram.redeliver(last=2)
    assert await api.updates(offset=beyond) == first[1:]
    assert await api.updates(offset=beyond) == []


async def test_held_updates_come_later_and_the_wrong_way_round(api, telegram) -> None:
    telegram.hold()
    telegram.write(7, "een")
    telegram.write(7, "twee")
    assert await api.updates() == []
    telegram.deliver(newest_first=True)
    assert texts(await api.updates()) == ["twee", "een"]


async def say(api, chat: int = 7, text: str = "Gaat het?", **more: Any) -> dict[str, Any]:
    answer = await api("sendMessage", chat_id=chat, text=text, **more)
    assert answer["ok"], answer
    return answer["result"]
