"""The command line, to the letter: others build on it. P13: a script mistake never reaches anybody.

What needs a process of its own gets one; the rest calls `main`, which is all that the process would run.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

import flows
from bot import commands
from bot.__main__ import main
from bot.demo.standin import Telegram, serving
from bot.demo.standin.state import TOKEN
from bot.settings import PREFIX
from tests.crash.process import ENDS_WITHIN, free_port
from tests.support.log_lines import log_lines
from tests.support.phones import Phone

ROOT = Path(__file__).parents[1]
SCRIPTS = Path(str(flows.__file__)).parent / "scripts"
READY_WITHIN = 30.0
NOWHERE = "http://127.0.0.1:9"
PLACE = re.compile(r"^(\S+\.yaml):(\d+):(\d+): .+ \[([a-z-]+)\]$", re.MULTILINE)


# ---- settings and arguments


@dataclass
class Prompt:
    """Somebody at a prompt, with a data folder and nothing else set."""

    folder: Path
    patch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def set(self, **settings: str) -> None:
        for name, value in settings.items():
            self.patch.setenv(PREFIX + name, value)

    def types(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, what was printed, and what was said on standard error without log lines."""
        try:
            code = main(arguments)
        except SystemExit as end:
            code = int(end.code or 0)
        said = self.capsys.readouterr()
        log = re.compile(r"\d{4}-\d\d-\d\dT\S+Z (INFO|WARNING|ERROR) ")
        return code, said.out, "\n".join(line for line in said.err.splitlines() if not log.match(line))

    def gets(self, *arguments: str) -> Any:
        """What a command prints with --json; it must succeed."""
        code, out, err = self.types(*arguments, "--json")
        assert code == 0, err
        return json.loads(out)


@pytest.fixture
def prompt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Prompt]:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    with log_lines(TOKEN):
        made = Prompt(tmp_path, monkeypatch, capsys)
        made.set(DATA=str(tmp_path / "data"), TELEGRAM_URL=NOWHERE, TELEGRAM_TOKEN=TOKEN, HTTP="127.0.0.1:0")
        yield made


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_TOKEN", ""), ("TELEGRAM_TOKEN", "abc"), ("TELEGRAM_TOKEN", "12:"), ("TELEGRAM_URL", "telegram"),
        ("HTTP", "8080"), ("HTTP", "127.0.0.1:70000"), ("HTTP", "nowhere.invalid:1"), ("WEBHOOK", "my.server"),
        ("WEBHOOK", "http://my.server"),
        ("SENDS_PER_SECOND", "0"), ("SENDS_PER_CHAT", "quick"), ("LOG_LEVEL", "LOUD"), ("KEY", "short"),
        ("KEY_FILE", "{folder}"), ("KEY_FILE", "{nonsense}"), ("KEY_FILE", "{nonsense}/key"), ("DATA", "{nonsense}"),
        ("DATA", "{nonsense}/data"), ("DATABASE_URL", "nonsense"), ("DATABASE_URL", "mysql://me@host/name"),
        ("DATABASE_URL", "sqlite:///:memory:"), ("DATABASE_URL", "sqlite:///{folder}"),
        ("DATABASE_URL", "sqlite:///{nonsense}"), ("DATABASE_URL", "postgresql://me:geheim@127.0.0.1:1/name"),
    ],
)  # fmt: skip
def test_a_missing_or_wrong_setting_is_one_sentence_that_names_it(prompt: Prompt, name: str, value: str) -> None:
    nonsense = prompt.folder / "nonsense"
    nonsense.write_text("nonsense\n")
    nonsense.chmod(0o600)
    prompt.set(**{name: value.format(folder=prompt.folder, nonsense=nonsense)})
    code, out, err = prompt.types("run")
    assert (code, out) == (2, "")
    assert PREFIX + name in err
    assert len(err.splitlines()) == 1
    assert err.endswith(".")
    assert "geheim" not in err


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("SENDS_PER_SECOND", "2.5", "write a whole number above 0, like 25."),
        ("SENDS_PER_SECOND", "many", "write a whole number above 0, like 25."),
        ("SENDS_PER_CHAT", "quick", "write a number above 0, like 1 or 0.5."),
        ("WEBHOOK", "http://my.server", "write a public address that starts with https://."),
        ("WEBHOOK", "my.server", "write a whole address, like https://bot.example.org."),
    ],
)
def test_a_wrong_setting_is_told_in_plain_words(prompt: Prompt, name: str, value: str, wanted: str) -> None:
    prompt.set(**{name: value})
    assert prompt.types("run") == (2, "", f"Set {PREFIX}{name} to something else: {wanted}")


@pytest.mark.parametrize("port", ["99999", "-1"])
def test_a_port_that_the_demo_cannot_have_is_one_sentence(prompt: Prompt, port: str) -> None:
    said = f"Port {port} cannot be used. Choose another, or any free one with --port 0."
    assert prompt.types("demo", "--port", port) == (2, "", said)


def test_a_port_that_is_taken_is_one_sentence(prompt: Prompt) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        code, _, said = prompt.types("demo", "--port", str(other.getsockname()[1]))
    assert code == 2
    assert said.endswith("cannot be used. Choose another, or any free one with --port 0.")


def test_without_the_bots_name_the_code_is_told_and_no_link(prompt: Prompt) -> None:
    code, out, _ = prompt.types("add", "coach", "--name", "Ilse")
    assert code == 0
    assert "link:" not in out
    assert commands.NO_LINK in out
    assert prompt.gets("add", "coach", "--name", "Ilse")["link"] is None


def test_people_read_times_on_the_clock_here_and_the_coach_by_name(prompt: Prompt) -> None:
    prompt.types("add", "coach", "--name", "Ilse")
    prompt.types("add", "participant", "--name", "Sam", "--coach", "1")
    _, planned, _ = prompt.types("plan", "--participant", "2", "--flow", "welcome", "--at", "2030-07-01T10:00")
    assert "due: 2030-07-01 10:00" in planned
    _, shown, _ = prompt.types("show", "participant", "2")
    assert "coach: Ilse (1)" in shown
    assert "due 2030-07-01 10:00" in shown


def test_a_back_up_of_the_command_line_overwrites_nothing(prompt: Prompt) -> None:
    prompt.types("add", "coach", "--name", "Ilse")
    copy = prompt.folder / "copy.db"
    assert prompt.types("backup", str(copy)) == (0, f"Written and verified: {copy}\n", "")
    assert prompt.types("backup", str(copy))[::2] == (
        2,
        f"{copy} is there already and is not overwritten; choose another name.",
    )
    for number in (1, 2):
        code, said, _ = prompt.types("restore", str(copy))
        assert code == 0
        assert f"achterdehand.db.replaced-{number}." in said
        assert commands.ERASE_AGAIN in said
    assert commands.KEEP_THE_KEY in prompt.types("rotate-key")[1]


def test_every_wrong_setting_is_told_at_once(prompt: Prompt) -> None:
    prompt.set(HTTP="8080", LOG_LEVEL="LOUD", SENDS_PER_SECOND="-1")
    code, _, err = prompt.types("run")
    assert code == 2
    assert sorted(re.findall(PREFIX + r"(\w+)", err)) == ["HTTP", "LOG_LEVEL", "SENDS_PER_SECOND"]


# Permissions hold nobody back who is root, as in most containers.
@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything; run the tests as an ordinary user")
@pytest.mark.parametrize(("name", "mode"), [("data", 0o500), ("master.key", 0o000)])
def test_what_may_not_be_read_or_written_is_told(prompt: Prompt, name: str, mode: int) -> None:
    data = prompt.folder / "data"
    data.mkdir()
    (data / "master.key").write_text("")
    path = data if name == "data" else data / name
    path.chmod(mode)
    try:
        code, _, err = prompt.types("run")
    finally:
        path.chmod(0o700)
    assert code == 2
    assert PREFIX in err


def test_a_key_that_others_can_read_is_refused_with_the_way_out(prompt: Prompt) -> None:
    key = prompt.folder / "key"
    key.write_text("x")
    key.chmod(0o644)
    prompt.set(KEY_FILE=str(key))
    code, _, err = prompt.types("run")
    assert code == 2
    assert f"chmod 600 {key}" in err


def test_people_are_added_with_a_code_and_nothing_else_is_asked(prompt: Prompt) -> None:
    coach = prompt.gets("add", "coach", "--name", "Ilse")
    assert set(coach) == {"person", "code", "link"}
    assert re.fullmatch(r"[A-Za-z0-9_-]{22,64}", coach["code"])
    participant = prompt.gets("add", "participant", "--name", "Sam", "--coach", str(coach["person"]))
    assert participant["person"] != coach["person"]
    shown = prompt.gets("show", "participant", str(participant["person"]))
    assert (shown["name"], shown["coach"]["name"], shown["joined"]) == ("Sam", "Ilse", False)
    assert {name: shown[name] for name in ("answers", "alerts", "moments", "messages")} == {
        "answers": [], "alerts": [], "moments": [], "messages": []
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("add coach --name ' '", "Give a name"),
        ("add coach --name " + "x" * 61, "Give a name of 1 to 60 characters"),
        ("add coach --name Ilse --language xx", "There are no texts in 'xx'"),
        ("add coach --name Ilse --coach 1", "A participant has one coach"),
        ("add participant --name Sam", "A participant has one coach"),
        ("add participant --name Sam --coach 9", "There is no coach with number 9."),
        ("add participant --name Sam --coach 2", "There is no coach with number 2."),
        ("add boss --name Sam", "invalid choice: 'boss'"),
        (
            "plan --participant 2 --flow nope",
            "There is no flow 'nope'. There are: agreements, ask-leave, ask-something, ",
        ),
        (
            "plan --participant 2 --flow handover-work",
            "The audience of 'handover-work' is coach, not participant. There are: agreements, ask-leave, ",
        ),
        ("plan --participant 9 --flow welcome", "There is no participant with number 9."),
        ("plan --participant 1 --flow welcome", "There is no participant with number 1."),
        ("plan --participant 2 --flow welcome --at 2020-01-01T10:00", "That time is over."),
        ("plan --participant 2 --flow welcome --at morgen", "write a time like 2026-12-01T10:00, not 'morgen'"),
        ("show participant 9", "There is no participant with number 9."),
        ("show participant 1", "There is no participant with number 1."),
        ("show participant Sam", "invalid int value: 'Sam'"),
        ("fly", "invalid choice: 'fly'"),
        ("", "required: command"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(prompt: Prompt, arguments: str, said: str) -> None:
    prompt.gets("add", "coach", "--name", "Ilse")
    prompt.gets("add", "participant", "--name", "Sam", "--coach", "1")
    code, out, err = prompt.types(*shlex.split(arguments))
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2030-07-01T10:00", "2030-07-01T08:00:00+00:00"),
        ("2030-12-02T10:00", "2030-12-02T09:00:00+00:00"),
        ("2030-12-02T10:00+05:00", "2030-12-02T05:00:00+00:00"),
    ],
)
def test_at_is_the_time_on_the_clock_here_unless_it_says_otherwise(prompt: Prompt, at: str, due: str) -> None:
    prompt.gets("add", "coach", "--name", "Ilse")
    prompt.gets("add", "participant", "--name", "Sam", "--coach", "1")
    planned = prompt.gets("plan", "--participant", "2", "--flow", "monthly-checkin", "--at", at)
    assert set(planned) == {"moment", "due"}
    assert planned["due"] == due
    [moment] = prompt.gets("show", "participant", "2")["moments"]
    assert (moment["moment"], moment["due"], moment["flow"]) == (planned["moment"], due, "monthly-checkin")


def test_without_at_it_is_due_now(prompt: Prompt) -> None:
    prompt.gets("add", "coach", "--name", "Ilse")
    prompt.gets("add", "participant", "--name", "Sam", "--coach", "1")
    planned = prompt.gets("plan", "--participant", "2", "--flow", "welcome")
    assert abs((datetime.now(UTC) - datetime.fromisoformat(planned["due"])).total_seconds()) < 60


# ---- broken scripts


MISTAKES = ("nmae", "prowd", "take_prat")


def broken_scripts(folder: Path) -> Path:
    """Our own scripts, with two of the mistakes in one of them and one in another."""
    scripts = folder / "scripts"
    shutil.copytree(SCRIPTS, scripts)
    for name, old, new in (
        ("monthly-checkin", "{name}!", "{nmae}!"),
        ("monthly-checkin", "step: proud", "step: prowd"),
        ("welcome", "do: take_part", "do: take_prat"),
    ):
        script = scripts / "participant" / f"{name}.yaml"
        text = script.read_text()
        assert text.count(old) == 1
        script.write_text(text.replace(old, new))
    return scripts


def test_broken_scripts_are_refused_with_every_problem_and_its_place(prompt: Prompt) -> None:
    scripts = broken_scripts(prompt.folder)
    prompt.set(FLOWS=str(scripts))
    code, _, err = prompt.types("run")
    assert code == 2
    *told, last = err.splitlines()
    assert last == "There is no last good version to go on with."
    places = [PLACE.fullmatch(line) for line in told]
    assert all(places)
    pointed_at = [
        next(scripts.rglob(Path(place[1]).name)).read_text().splitlines()[int(place[2]) - 1][int(place[3]) - 1 :]
        for place in places
        if place
    ]
    for word in MISTAKES:
        assert any(word in text for text in pointed_at), word


def test_check_ends_with_one_and_tells_the_same_as_data(prompt: Prompt) -> None:
    scripts = broken_scripts(prompt.folder)
    code, out, _ = prompt.types("check", str(scripts), "--json")
    found = json.loads(out)
    assert code == 1
    assert len(found) >= len(MISTAKES)
    for one in found:
        assert set(one) == {"code", "message", "file", "line", "column", "way_out", "nearest"}
        assert one["line"] >= 1
        assert one["way_out"]
    assert {one["nearest"] for one in found} >= {"name", "proud", "take_part"}
    assert prompt.types("check", str(SCRIPTS), "--json")[:2] == (0, "[]\n")


# ---- a process of its own


@dataclass
class Terminal:
    """Commands as processes, with the settings of one installation; and Telegram on the other side."""

    telegram: Telegram
    settings: dict[str, str]

    def _environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        kept.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled modules make a start four times as quick
        return kept | {PREFIX + name: value for name, value in (self.settings | more).items()}

    async def start(self, *arguments: str, **more: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments, cwd=ROOT, env=self._environment(**more),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip

    async def run(self, *arguments: str, **more: str) -> tuple[int | None, str, str]:
        process = await self.start(*arguments, **more)
        out, err = await asyncio.wait_for(process.communicate(), READY_WITHIN)
        assert b"Traceback" not in err
        return process.returncode, out.decode(), err.decode()

    async def gets(self, *arguments: str) -> Any:
        code, out, err = await self.run(*arguments, "--json")
        assert code == 0, err
        return json.loads(out)

    @asynccontextmanager
    async def running(self, **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """`run`, until it is well; killed in the end if it still lives."""
        process = await self.start("run", **more)
        try:
            await well((self.settings | more)["HTTP"], process)
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()


async def well(address: str, process: asyncio.subprocess.Process) -> None:
    """Until /healthz says 200."""
    async with aiohttp.ClientSession() as web, asyncio.timeout(READY_WITHIN):
        while True:
            assert process.returncode is None, (await process.communicate())[1].decode()
            try:
                async with web.get(f"http://{address}/healthz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.05)


@pytest.fixture
async def terminal(tmp_path: Path) -> AsyncIterator[Terminal]:
    telegram = Telegram(lambda: datetime.now(UTC))
    async with serving(telegram) as url:
        yield Terminal(
            telegram,
            {
                "TELEGRAM_TOKEN": telegram.token,
                "TELEGRAM_URL": url,
                "DATA": str(tmp_path / "data"),
                "HTTP": f"127.0.0.1:{free_port()}",
                "SENDS_PER_CHAT": "100",
            },
        )


async def test_a_first_hour_at_the_command_line(terminal: Terminal) -> None:
    """An empty folder, two people, a contact now, and an end: each command beside the bot that runs."""
    async with terminal.running() as bot:
        coach = await terminal.gets("add", "coach", "--name", "Ilse")
        sam = await terminal.gets("add", "participant", "--name", "Sam", "--coach", str(coach["person"]))
        assert sam["link"] == f"https://t.me/{terminal.telegram.bot['username']}?start={sam['code']}"
        ilse = Phone(terminal.telegram, 701, "Ilse")
        await ilse.start(coach["code"])
        await ilse.sees("Welkom, Ilse.")
        phone = Phone(terminal.telegram, 702, "Sam")
        await phone.start(sam["code"])
        await phone.tap("Nederlands")
        await phone.tap("Ja")
        await phone.sees("Fijn dat je meedoet")
        await terminal.gets("plan", "--participant", str(sam["person"]), "--flow", "monthly-checkin")
        await phone.sees("Hoe gaat het op je werk?")  # now, whatever the hour is
        await phone.tap("Slecht")
        await phone.sees("Waar gaat het om?")
        await phone.write("dat zeg ik liever tegen Ilse")
        await phone.sees("Ilse krijgt dit bericht en leest het")
        await shows_it_all(await terminal.gets("show", "participant", str(sam["person"])))
        bot.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(bot.wait(), ENDS_WITHIN) == 0
    assert (Path(terminal.settings["DATA"]) / "master.key").stat().st_mode & 0o777 == 0o600


async def shows_it_all(shown: dict[str, Any]) -> None:
    answers = {one["step"]: (one["value"], one["words"]) for one in shown["answers"]}
    assert answers["work"] == (1, "Slecht")
    [alert] = shown["alerts"]
    assert (alert["level"], alert["state"]) == ("today", "raised")
    [message] = shown["messages"]
    assert (message["text"], message["outcome"]) == ("dat zeg ik liever tegen Ilse", "with coach")
    assert [one["flow"] for one in shown["moments"]] == ["monthly-checkin"]
    assert {one["outcome"] for one in shown["past_moments"]} == {"fired"}


async def test_a_second_bot_does_not_disturb_the_first(terminal: Terminal) -> None:
    """On the same port it is refused; elsewhere it stands by, and takes over when the first is gone."""
    terminal.telegram.make_user(703, "Eve")
    async with terminal.running() as first:
        code, _, err = await terminal.run("run")
        assert code == 2
        assert f"{PREFIX}HTTP" in err.splitlines()[-1]
        async with terminal.running(HTTP=f"127.0.0.1:{free_port()}"):
            terminal.telegram.start(703)
            await terminal.telegram.wait_for(703, "We kennen elkaar nog niet")
            assert not [one for one in terminal.telegram.requests("getUpdates") if one.status == 409]
            first.kill()
            await first.wait()
            terminal.telegram.start(703, "some-code")
            await terminal.telegram.wait_for(703, "werkt niet (meer)", timeout=READY_WITHIN)


async def test_broken_scripts_leave_the_last_good_ones_in_use_and_the_log_says_so(
    terminal: Terminal, tmp_path: Path
) -> None:
    coach = await terminal.gets("add", "coach", "--name", "Ilse")
    sam = await terminal.gets("add", "participant", "--name", "Sam", "--coach", str(coach["person"]))
    async with terminal.running() as bot:
        bot.send_signal(signal.SIGTERM)
        await bot.wait()
    async with terminal.running(FLOWS=str(broken_scripts(tmp_path))) as bot:
        phone = Phone(terminal.telegram, 702, "Sam")
        await phone.start(sam["code"])
        await phone.sees("Hoi Sam.")
        bot.send_signal(signal.SIGTERM)
        _, err = await asyncio.wait_for(bot.communicate(), ENDS_WITHIN)
    [told] = [line for line in err.decode().splitlines() if "the last good version stays" in line]
    assert all(word in told for word in MISTAKES)


# ---- for who writes scripts


@pytest.mark.parametrize(
    "verb", [("publish",), ("publish", "numbers"), ("versions",), ("versions", "welcome", "--back", "1")]
)
def test_where_no_bot_ran_nothing_is_published_and_nothing_made(prompt: Prompt, verb: tuple[str, ...]) -> None:
    said = "Hier draait geen bot. Typ dit in de map van de bot, of zet ACHTERDEHAND_DATA."
    assert prompt.types(*verb) == (2, "", said)
    assert not (prompt.folder / "data").exists()


def test_the_demo_makes_its_own_folder_and_takes_nobody_s(prompt: Prompt) -> None:
    code, _, err = prompt.types("demo", "--data", str(prompt.folder))
    assert (code, err) == (2, f"{prompt.folder} is there already. Choose a folder that is not, or remove this one.")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("publish --hlp", "Dit kennen we hier niet: --hlp."),
        ("simulate", "Hier ontbreekt: GESPREK."),
        ("versions --back", "Achter --back hoort nog iets."),
        ("publish --move --restart", "Kies --restart of --move, niet allebei."),
        ("safety --lang xx hoi", "Bij --lang kan 'xx' niet."),
        ("extract alles", "Dit kennen we hier niet: alles."),
    ],
)
def test_who_writes_scripts_reads_in_dutch_what_was_typed_wrong(prompt: Prompt, typed: str, said: str) -> None:
    code, _, err = prompt.types(*typed.split())
    assert code == 2
    assert err.startswith(said)
    assert f"zo typ je het: achterdehand {typed.split()[0]}" in err
    assert not re.search(r"usage|error|argument", err)


@pytest.mark.parametrize("verb", ["check", "simulate", "extract", "publish", "versions", "diagram", "safety"])
def test_the_help_for_who_writes_scripts_is_dutch(prompt: Prompt, verb: str) -> None:
    code, out, _ = prompt.types(verb, "--help")
    assert code == 0
    assert out.startswith(f"zo typ je het: achterdehand {verb}")
    assert not re.search(r"usage|arguments|options|show this", out)
