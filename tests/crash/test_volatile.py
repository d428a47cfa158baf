"""The disk of the power cuts itself: what it keeps, what it forgets, and what it lists of SQLite's work."""

from __future__ import annotations

from pathlib import Path
from random import Random

import apsw

from tests.crash.volatile import SECTOR, Disk, Name, Op, Platters, Sync, SyncNames, Told, Truncate, Write, power_cuts

NAMED: tuple[Op, ...] = (Name("a", 1), SyncNames())
OLD, NEW = b"o" * 8 * SECTOR, b"n" * 8 * SECTOR


def after(*ops: Op, chance: Random | None = None) -> dict[str, bytes]:
    platters = Platters()
    for op in ops:
        platters.take(op)
    return platters.after_power_cut(chance)


def fates(*ops: Op) -> list[dict[str, bytes]]:
    return [after(*ops, chance=Random(seed)) for seed in range(200)]


def test_only_what_was_synced_is_kept() -> None:
    assert after(*NAMED, Write(1, 0, b"kept"), Sync(1), Write(1, 0, b"gone"), Truncate(1, 0)) == {"a": b"kept"}


def test_a_file_whose_name_was_not_synced_is_not_found() -> None:
    assert after(Name("a", 1), Write(1, 0, b"kept"), Sync(1)) == {}


def test_a_removed_file_may_be_back_until_its_folder_is_synced() -> None:
    removed = (*NAMED, Write(1, 0, b"kept"), Sync(1), Name("a", None))
    assert after(*removed) == {"a": b"kept"}
    assert after(*removed, SyncNames()) == {}
    assert all(any(found == fate for found in fates(*removed)) for fate in ({"a": b"kept"}, {}))


def test_a_new_file_of_the_same_name_shows_nothing_of_the_old_one() -> None:
    assert after(*NAMED, Write(1, 0, b"old"), Sync(1), Name("a", None), Name("a", 2), SyncNames()) == {"a": b""}


def test_a_write_that_was_not_synced_arrives_or_not_or_is_torn_between_sectors() -> None:
    found = {one["a"] for one in fates(*NAMED, Write(1, 0, OLD), Sync(1), Write(1, 0, NEW))}
    assert {OLD, NEW} < found
    for torn in found:
        sectors = {torn[start : start + SECTOR] for start in range(0, len(OLD), SECTOR)}
        assert len(torn) == len(OLD)
        assert sectors <= {OLD[:SECTOR], NEW[:SECTOR]}


def test_a_later_write_may_arrive_without_an_earlier_one() -> None:
    found = {one["a"] for one in fates(*NAMED, Write(1, 0, b"1"), Write(1, 1, b"2"))}
    assert found == {b"", b"1", b"12", b"\x002"}


def test_a_cut_knows_what_had_been_told_by_then() -> None:
    ops = [*NAMED, Write(1, 0, b"x"), Sync(1), Told(1), Write(1, 0, b"y")]
    cuts = [(cut.op, cut.told, cut.files["a"]) for cut in power_cuts(ops, {3, 4, 5, 6}, None)]
    assert cuts == [(3, 0, b""), (4, 0, b"x"), (5, 1, b"x"), (6, 1, b"x")]


def test_a_commit_is_listed_as_writes_to_the_log_and_one_sync(tmp_path: Path) -> None:
    disk = Disk("listed", tmp_path / "it.db")
    connection = apsw.Connection(str(tmp_path / "it.db"), vfs=disk.name)
    connection.execute("PRAGMA journal_mode=wal; CREATE TABLE t (x)").fetchall()
    before = len(disk.ops)
    connection.execute("INSERT INTO t VALUES (1)")
    log = next(op.file for op in disk.ops if isinstance(op, Name) and op.name == "it.db-wal")
    commit = disk.ops[before:]
    connection.close()
    assert [type(op) for op in commit] == [Write, Write, Sync]
    assert {op.file for op in commit if isinstance(op, Write | Sync)} == {log}
