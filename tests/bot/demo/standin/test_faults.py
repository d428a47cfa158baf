"""Bad weather: what the bot gets, and whether it was done all the same."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest


@pytest.fixture(autouse=True)
def started(telegram) -> None:
    telegram.start(7)
    telegram.start(8)


def said(telegram) -> int:
    return sum(message.from_bot for message in telegram.read(7))


@pytest.mark.parametrize("code", [400, 401, 403, 404, 409, 429, 500, 502])
async def test_the_next_calls_of_a_method_answer_a_code(api, telegram, code) -> None:
    telegram.fault("sendMessage", code=code, times=2)
    for _ in range(2):
        assert (await api("sendMessage", chat_id=7, text="x"))["error_code"] == code
        assert (await api("getMe"))["ok"]
    assert (await api("sendMessage", chat_id=7, text="x"))["ok"]
    assert said(telegram) == 1


async def test_429_says_how_long(api, telegram) -> None:
    telegram.fault("*", code=429, retry_after=12)
    answer = await api("getMe")
    assert answer["parameters"] == {"retry_after": 12}
    assert answer["description"] == "Too Many Requests: retry after 12"


async def test_a_fault_of_one_chat_leaves_the_others_alone(api, telegram) -> None:
    telegram.fault("sendMessage", code=403, chat=8)
    assert (await api("sendMessage", chat_id=7, text="x"))["ok"]
    assert (await api("sendMessage", chat_id=8, text="x"))["error_code"] == 403


async def test_a_body_may_be_no_json(api, telegram) -> None:
    telegram.fault("getMe", code=502, body="<html>")
    async with api.session.get(f"{api.url}/bot{api.token}/getMe") as answer:
        assert (answer.status, await answer.text()) == (502, "<html>")


@pytest.mark.parametrize(("how", "done"), [("close", 0), ("act_then_close", 1)])
async def test_a_closed_socket_tells_nothing(api, telegram, how, done) -> None:
    telegram.fault("sendMessage", how=how)
    with pytest.raises(aiohttp.ClientConnectionError):
        await api("sendMessage", chat_id=7, text="x")
    assert said(telegram) == done
    assert [request.status for request in telegram.requests("sendMessage")] == [0]
    assert (await api("sendMessage", chat_id=7, text="x"))["ok"]


@pytest.mark.parametrize(("how", "done"), [("hang", 0), ("act_then_hang", 1)])
async def test_a_hanging_call_ends_without_an_answer_when_it_is_released(api, telegram, how, done) -> None:
    telegram.fault("sendMessage", how=how)
    call = asyncio.create_task(api("sendMessage", chat_id=7, text="x"))
    await telegram.until(lambda: telegram.faults.hanging or None)
    assert said(telegram) == done
    telegram.release()
    with pytest.raises(aiohttp.ClientConnectionError):
        await call


async def test_a_hang_may_end_by_itself(api, telegram) -> None:
    telegram.fault("sendMessage", how="hang", seconds=0.01)
    with pytest.raises(aiohttp.ClientConnectionError):
        await api("sendMessage", chat_id=7, text="x")


async def test_a_delayed_call_is_answered_after_all(api, telegram) -> None:
    telegram.fault("sendMessage", how="delay")
    call = asyncio.create_task(api("sendMessage", chat_id=7, text="x"))
    await telegram.until(lambda: telegram.faults.hanging or None)
    assert said(telegram) == 0
    telegram.calm()
    assert (await call)["ok"]


async def test_the_server_ends_while_calls_hang(api, telegram) -> None:
    telegram.fault("getMe", how="hang")
    call = asyncio.create_task(api("getMe"))
    await telegram.until(lambda: telegram.faults.hanging or None)
    await telegram.close()
    with pytest.raises(aiohttp.ClientConnectionError):
        await call
