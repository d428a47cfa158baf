"""The control API over HTTP, and the stand-in as a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import aiohttp

from bot.demo.standin import control

ROOT = Path(__file__).parents[4]


async def test_a_whole_story_over_http(api) -> None:
    control = api.control
    assert (await control("make_user", user=9, first_name="Anna"))[0] == 200
    assert (await control("start", user=9, code="abc"))[1]["text"] == "/start abc"
    markup = {"inline_keyboard": [[{"text": "Ja", "callback_data": "tok"}]]}
    await api("sendMessage", chat_id=9, text="Gaat het?", reply_markup=markup, protect_content=True)
    status, seen = await control("wait_for", chat=9, match="^Gaat", regex=True)
    assert status == 200
    assert seen == {
        "id": 2,
        "change": seen["change"],
        "from": "bot",
        "date": 1795428000,
        "text": "Gaat het?",
        "rows": [[{"label": "Ja", "callback_data": "tok"}]],
        "reply_to": None,
        "edited": False,
        "protected": True,
        "media": None,
    }
    query = (await control("tap", user=9, label="Ja"))[1]
    assert (await api.updates())[-1]["callback_query"]["id"] == query
    assert [message["from"] for message in (await control("read", chat=9))[1]] == ["Anna", "bot"]
    (request,) = (await control("requests", method="sendMessage"))[1]
    assert (request["status"], request["parameters"]["text"]) == (200, "Gaat het?")
    assert (await control("people"))[1][-1]["started"] is True


async def test_files_go_through_as_base64(api) -> None:
    sent = (await api.control("send", user=7, kind="voice", content="T2dn"))[1]
    file = (await api.control("file", file_id=sent["media"]["file_id"]))[1]
    assert file == {"name": "file_1.oga", "mime": "audio/ogg", "content": "T2dn"}


async def test_faults_and_the_clock_over_http(api, telegram) -> None:
    await api.control("fault", method="getMe", code=500)
    assert (await api("getMe"))["error_code"] == 500
    await api.control("set_clock", at="2026-12-01T09:00:00+01:00")
    assert (await api.control("move_clock", seconds=60))[1] == "2026-12-01T08:01:00+00:00"


async def test_what_cannot_be_done_is_told_in_a_sentence(api) -> None:
    assert await api.control("write", user=99, text="hoi") == (409, {"error": "there is no user 99"})
    assert (await api.control("wait_for", chat=7, match="nooit", timeout=0))[0] == 409
    assert (await api.control("write", user="wie", text="hoi"))[0] == 422
    assert (await api.control("fault", method="getMe", hoe="close"))[0] == 422
    assert (await api.control("vlieg"))[0] == 404
    async with api.session.post(f"{api.url}/control/reset", headers={"Sec-Fetch-Site": "cross-site"}) as answer:
        assert answer.status == 403


async def test_reset_leaves_nobody_and_update_ids_go_on(api, telegram) -> None:
    telegram.write(7, "hoi")
    last = (await api.updates())[-1]["update_id"]
    await api.control("reset")
    assert (await api.control("people"))[1] == []
    assert await api.updates() == []
    telegram.make_user(7, "Sam")
    telegram.write(7, "hoi")
    assert (await api.updates())[0]["update_id"] == last + 1


async def test_changes_are_streamed_to_a_page(api, telegram) -> None:
    async with api.session.get(f"{api.url}/control/events") as stream:
        await telegram.until(lambda: telegram.bell.heard or None)
        telegram.write(7, "hoi")
        change: dict = {}
        async for line in stream.content:
            if line.startswith(b"data: "):
                change = json.loads(line[6:])
                break
        assert (change["what"], change["chat"], change["message"]["text"]) == ("message", 7, "hoi")


async def test_a_page_that_is_closed_while_nothing_happens_leaves_no_error(api, telegram, monkeypatch, caplog) -> None:
    monkeypatch.setattr(control, "_KEEP_ALIVE", 0.05)
    stream = await api.session.get(f"{api.url}/control/events")
    await telegram.until(lambda: telegram.bell.heard or None)
    stream.close()
    async with asyncio.timeout(10):
        while telegram.bell.heard:
            await asyncio.sleep(0.01)
    assert caplog.records == []


async def test_it_runs_alone_says_where_and_ends_on_sigterm(tmp_path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot.demo.standin", "--token", "55:abc", "--port-file", str(tmp_path / "port"), "--recording", "0"),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    try:
        url = (await process.stdout.readline()).decode().strip()
        assert url.endswith(":" + (tmp_path / "port").read_text())
        async with aiohttp.ClientSession() as session, session.get(f"{url}/bot55:abc/getMe") as answer:
            assert (await answer.json())["result"]["id"] == 55
    finally:
        os.kill(process.pid, signal.SIGTERM)
        assert await process.wait() == 0
