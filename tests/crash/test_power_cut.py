"""P1 once more: a power cut. What was acknowledged is on the disk, and the file is whole.

The real bot talks with people on a real file, and every statement of its connections is taped. Then the same
statements, the bot's own PRAGMAs among them, run on a disk of which we know what is synced; its power is cut after
seeded operations, and what is left is opened again. What was not synced is gone; or it survives at random, and torn.
An acknowledged commit is one whose COMMIT returned: that nobody is told anything earlier is for test_crash to show.

Two SQLites take part. The writing one is inside apsw, for only that can be given another disk: 3.54 when this was
written. The one that opens what the cut left is that of the sqlite3 module, as in the bot: 3.40 at that time.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import pytest

from bot.storage import erase
from bot.storage.database import Database
from tests.crash.tape import DATABASE, Contents, Said, Session, contents, replay, taping
from tests.crash.volatile import Cut, Name, Sync, Told, power_cuts
from tests.support.phones import Phone
from tests.support.stage import Stage, staged

CUTS = 100
CONTROL_CUTS = 30
OPENINGS = 10
SOAK = 1000
FATES = ("is gone", "survives at random")
"""Of what was not synced."""
MOMENTS = ("at any moment", "in a checkpoint")
"""A checkpoint is rare, and the only time at which the database file itself is in danger."""

IN_TURN = re.compile("collega's|slaap|je geld|wonen|drank|om je heen")
"""The part of life that a check-in asks about: another one each time, and for each person."""


# ---- a session of the real bot


async def _talk(stage: Stage) -> None:
    """Three participants join, check in and write to their coach at the same time; one is erased, two go on."""
    coach, code = await stage.add("coach", "Ilse")
    ilse = stage.phone("Ilse")
    await ilse.start(code)
    invited = [await stage.add("participant", name, coach) for name in ("Sam", "Noor", "Youssef")]
    phones = [stage.phone(f"phone {person}") for person, _ in invited]
    await asyncio.gather(*(_join(phone, code) for phone, (_, code) in zip(phones, invited, strict=True)))
    for _ in range(2):
        for person, _ in invited:
            await stage.plan_now(person)
        await asyncio.gather(*map(_check_in, phones))
        await stage.later(days=3)
    gone = invited.pop()[0]
    await stage.write(lambda tx: erase.participant(tx, stage.running.storage.keyring, gone))
    await stage.running.storage.db.scrub()
    await asyncio.gather(*(_write_on(phone, 15) for phone in phones[:-1]))
    await stage.settled()


async def _join(phone: Phone, code: str) -> None:
    await phone.start(code)
    await phone.tap("Nederlands")
    await phone.tap("Ja")
    await phone.sees("Fijn dat je meedoet")


async def _check_in(phone: Phone) -> None:
    phone.reads_all()
    await phone.tap("Niet zo goed")
    await phone.tap("Collega's of mijn baas")
    await phone.sees("Wat heb je zelf al geprobeerd?")
    await phone.write("met mijn collega gepraat")
    await phone.tap("Gaat wel")
    await phone.tap("Overslaan", on=await phone.sees(IN_TURN))
    await phone.tap("Ja graag")
    await phone.sees("Wat wil je Ilse nog vertellen?")
    await phone.write("Mijn baas is boos op mij")
    await phone.sees("hoor je mij weer")
    await _write_on(phone, 10)


async def _write_on(phone: Phone, times: int) -> None:
    for number in range(times):
        await phone.write(f"nog iets: {number}")
        await phone.sees("Ilse krijgt dit")


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Said]:
    folder = tmp_path_factory.mktemp("power") / "data"

    async def session() -> None:
        async with staged(folder, migrates=True) as stage:
            await _talk(stage)

    with taping(folder / "achterdehand.db") as tape:
        asyncio.run(session())
    return tape


@pytest.fixture(scope="module")
def session(tape: Sequence[Said], tmp_path_factory: pytest.TempPathFactory) -> Session:
    return replay(tape, tmp_path_factory.mktemp("ours"))


def _with_synchronous(tape: Sequence[Said], value: str, folder: Path) -> Session:
    """The session as it would be with another setting of the writer and the readers."""
    ours = re.compile(r"PRAGMA synchronous=\w+")
    assert any(ours.fullmatch(said.sql) for said in tape)
    return replay([replace(said, sql=ours.sub(f"PRAGMA synchronous={value}", said.sql)) for said in tape], folder)


# ---- cutting and counting


@dataclass(slots=True)
class Report:
    """`lost` has, for each cut that lost something, how many acknowledged commits are gone."""

    cuts: int = 0
    lost: list[int] = field(default_factory=list)
    broken: int = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        gone = f"{len(self.lost)} lost acknowledged commits (at most {max(self.lost, default=0)})"
        return f"{self.cuts} cuts: {gone}, {self.broken} left a broken database"


def _operations(session: Session, moment: str) -> Sequence[int]:
    """After how many operations the power may be cut."""
    if moment == "at any moment":
        return range(1, len(session.ops) + 1)
    database = _number_of(DATABASE, session)
    return [n for n, op in enumerate(session.ops, start=1) if getattr(op, "file", None) == database]


def _number_of(name: str, session: Session) -> int | None:
    return next(op.file for op in session.ops if isinstance(op, Name) and op.name == name)


def _cut_often(session: Session, fate: str, cuts: int, folder: Path, moment: str = MOMENTS[0]) -> Report:
    """The files of the first problem stay in `folder`."""
    report, chance = Report(), Random(f"{moment}, {cuts} times, what was not synced {fate}")
    after = set(chance.sample(_operations(session, moment), cuts))
    for cut in power_cuts(session.ops, after, None if fate == "is gone" else chance):
        place, before = _lay_out(cut, folder), len(report.problems)
        _judge(session, cut, _found(place), report)
        if before or not report.problems:
            shutil.rmtree(place)
    return report


def _lay_out(cut: Cut, folder: Path) -> Path:
    place = folder / f"cut after {cut.op}"
    place.mkdir(parents=True)
    for name, content in cut.files.items():
        (place / name).write_bytes(content)
    return place


def _found(place: Path) -> Contents | None:
    """What the database holds, or None if it is not whole."""
    try:
        with closing(sqlite3.connect(place / DATABASE)) as database:
            database.execute("PRAGMA synchronous=OFF")  # looking need not be durable
            whole = [
                database.execute(f"PRAGMA {check}").fetchall() for check in ("integrity_check", "foreign_key_check")
            ]
            return contents(database.execute) if whole == [[("ok",)], []] else None
    except sqlite3.DatabaseError:
        return None


def _judge(session: Session, cut: Cut, found: Contents | None, report: Report) -> None:
    """It must hold what it held after the last acknowledged commit, or after the one that was under way."""
    report.cuts += 1
    should = session.states[cut.told]
    held = [number for number, state in enumerate(session.states) if state == found]
    if not held:
        report.broken += 1
        report.problems.append(f"after operation {cut.op} it is broken, or holds what it never held")
    elif held[-1] < cut.told:
        report.lost.append(cut.told - held[-1])
        behind = [name for name in should if not found or found.get(name) != should[name]]
        report.problems.append(f"after operation {cut.op} it lost {report.lost[-1]} commits, in {', '.join(behind)}")


# ---- the promise


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("fate", FATES)
def test_no_power_cut_loses_what_was_acknowledged(fate: str, moment: str, session: Session, tmp_path: Path) -> None:
    report = _cut_often(session, fate, CUTS, tmp_path, moment)
    print(f"{moment}, what was not synced {fate}: {report}")
    assert report.problems == []
    assert report.cuts == CUTS


def test_the_session_is_rich_enough_to_lose_something(session: Session) -> None:
    rows = {name: count for name, (count, _) in session.states[-1].items()}
    print(f"{len(session.states) - 1} commits, {len(session.ops)} operations, {rows}")
    assert len(session.states) > 300
    assert rows["inbox"] > 80
    assert rows["answer"] > 20
    assert rows["outbox"] > 150
    database = _number_of(DATABASE, session)
    checkpoints = sum(isinstance(op, Sync) and op.file == database for op in session.ops)
    assert checkpoints >= 3, "the log must have been moved into the database file more than once"


async def test_the_bot_opens_what_a_power_cut_left(session: Session, tmp_path: Path) -> None:
    migrated = session.ops.index(Told(1))
    after = {migrated // 2, *range(migrated, len(session.ops), len(session.ops) // OPENINGS)}
    for cut in power_cuts(session.ops, after, Random("openings")):
        db = await Database.open(f"sqlite:///{_lay_out(cut, tmp_path) / DATABASE}")
        await db.upgrade()
        await db.ping()
        await db.close()


@pytest.mark.soak
@pytest.mark.parametrize("fate", FATES)
def test_a_thousand_power_cuts(fate: str, session: Session, tmp_path: Path) -> None:
    report = _cut_often(session, fate, SOAK, tmp_path)
    print(f"what was not synced {fate}: {report}")
    assert report.problems == []


# ---- the controls: this harness finds the loss where there is one


@pytest.mark.parametrize("fate", FATES)
def test_with_synchronous_normal_acknowledged_commits_are_lost(fate: str, tape: Sequence[Said], tmp_path: Path) -> None:
    session = _with_synchronous(tape, "NORMAL", tmp_path)
    report = _cut_often(session, fate, CONTROL_CUTS, tmp_path)
    print(f"NORMAL, what was not synced {fate}: {report}")
    assert len(report.lost) > CONTROL_CUTS / 2
    assert report.broken == 0, "NORMAL loses the newest, and breaks nothing"


def test_without_any_sync_the_database_breaks(tape: Sequence[Said], tmp_path: Path) -> None:
    session = _with_synchronous(tape, "OFF", tmp_path)
    report = _cut_often(session, "survives at random", CONTROL_CUTS, tmp_path)
    print(f"OFF, what was not synced survives at random: {report}")
    assert report.broken > 0
