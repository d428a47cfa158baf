"""A disk that forgets what was not synced: what a power cut would leave of SQLite's work can be had of any moment.

The technique of SQLite's own test6.c, split in two. `Disk` is a VFS on top of the real one that writes down each write,
truncation, sync, creation and removal. `power_cuts` replays that list on `Platters`, which keep apart what is on the
platter and what is still volatile, and stops where the power is cut. So one recorded session gives any number of cuts.

What is assumed of the machine: a finished sync is finished (no disk that lies), names become durable with a sync of
the folder and in their order, and a torn write damages no byte beside it, as SQLite assumes (POWERSAFE_OVERWRITE).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import apsw

SECTOR = 512
"""Bytes; a write is torn at these borders."""

_JOURNAL = apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_SUPER_JOURNAL


@dataclass(frozen=True, slots=True)
class Write:
    file: int
    offset: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Truncate:
    file: int
    size: int


@dataclass(frozen=True, slots=True)
class Sync:
    file: int


@dataclass(frozen=True, slots=True)
class Name:
    """`file` is called `name` from now on; None: nothing is."""

    name: str
    file: int | None


@dataclass(frozen=True, slots=True)
class SyncNames:
    """A sync of the folder."""


@dataclass(frozen=True, slots=True)
class Told:
    """Commit number `commit` has returned: whoever waited for it was told that it is kept."""

    commit: int


Change: TypeAlias = Write | Truncate
Op: TypeAlias = Change | Sync | Name | SyncNames | Told


class Disk(apsw.VFS):
    """A VFS named `name` that lists in `ops` what happens to `database` and the files SQLite puts beside it.

    Nothing is really synced: the list is the disk.
    """

    def __init__(self, name: str, database: Path) -> None:
        super().__init__(name, base="")
        self.name = name
        self.ops: list[Op] = []
        self._database = str(database)
        self._files: dict[str, int] = {}
        self._made = 0

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 (SQLite's name)
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path is None or not path.startswith(self._database):
            return apsw.VFSFile("", name, flags)
        if path not in self._files:
            self._made += 1
            self._files[path] = self._made
            self.ops.append(Name(Path(path).name, self._made))
        return _File(name, flags, self.ops, self._files[path])

    def xDelete(self, path: str, sync: bool) -> None:  # noqa: N802 (SQLite's name)
        super().xDelete(path, sync)
        if self._files.pop(path, None):
            self.ops += [Name(Path(path).name, None), *([SyncNames()] if sync else [])]


class _File(apsw.VFSFile):
    """As SQLite does on unix, the first sync of a new journal or write-ahead log syncs the folder too."""

    def __init__(self, name: Any, flags: list[int], ops: list[Op], number: int) -> None:
        super().__init__("", name, flags)
        self._ops, self._number = ops, number
        self._name_too = bool(flags[0] & apsw.SQLITE_OPEN_CREATE and flags[0] & _JOURNAL)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 (SQLite's name)
        super().xWrite(data, offset)
        self._ops.append(Write(self._number, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:  # noqa: N802 (SQLite's name)
        super().xTruncate(size)
        self._ops.append(Truncate(self._number, size))

    def xSync(self, flags: int) -> None:  # noqa: N802 (SQLite's name)
        self._ops += [Sync(self._number), *([SyncNames()] if self._name_too else [])]
        self._name_too = False


@dataclass(slots=True)
class Platters:
    """What is on the platters, and what waits for a sync."""

    names: dict[str, int] = field(default_factory=dict)
    files: defaultdict[int, bytearray] = field(default_factory=lambda: defaultdict(bytearray))
    volatile_names: list[Name] = field(default_factory=list)
    volatile: defaultdict[int, list[Change]] = field(default_factory=lambda: defaultdict(list))

    def take(self, op: Op) -> None:
        match op:
            case Write() | Truncate():
                self.volatile[op.file].append(op)
            case Sync():
                for change in self.volatile.pop(op.file, ()):
                    _apply(change, self.files[op.file])
            case Name():
                self.volatile_names.append(op)
            case SyncNames():
                self.names = _renamed(self.names, self.volatile_names)
                self.volatile_names.clear()

    def after_power_cut(self, chance: Random | None) -> dict[str, bytes]:
        """The files that are found. Without `chance` all that is volatile is gone; with it each write may have
        arrived, in any order, or some of its sectors."""
        if chance is None:
            return {name: bytes(self.files.get(file, b"")) for name, file in self.names.items()}
        arrived = self.volatile_names[: chance.randint(0, len(self.volatile_names))]
        share = chance.random()
        return {name: self._survived(file, chance, share) for name, file in _renamed(self.names, arrived).items()}

    def _survived(self, file: int, chance: Random, share: float) -> bytes:
        content = bytearray(self.files.get(file, b""))
        for change in self.volatile.get(file, ()):
            if chance.random() < share:
                _apply(change, content)
            elif isinstance(change, Write) and chance.random() < 0.5:
                _tear(change, content, chance)
        return bytes(content)


def _renamed(names: dict[str, int], changes: Sequence[Name]) -> dict[str, int]:
    found = {**names, **{change.name: change.file for change in changes}}
    return {name: file for name, file in found.items() if file is not None}


def _apply(change: Change, content: bytearray) -> None:
    size, end = len(content), change.size if isinstance(change, Truncate) else change.offset + len(change.content)
    if end > size:
        content += bytes(end - size)
    if isinstance(change, Truncate):
        del content[end:]
    else:
        content[change.offset : end] = change.content


def _tear(write: Write, content: bytearray, chance: Random) -> None:
    for start in range(0, len(write.content), SECTOR):
        if chance.random() < 0.5:
            _apply(Write(write.file, write.offset + start, write.content[start : start + SECTOR]), content)


@dataclass(frozen=True, slots=True)
class Cut:
    """The power went after `op` operations, when commit `told` was the last that had returned; `files` are found."""

    op: int
    told: int
    files: dict[str, bytes]


def power_cuts(ops: Sequence[Op], after: Collection[int], chance: Random | None) -> Iterator[Cut]:
    """The power cut after so many operations each, in order. `chance` as in `Platters.after_power_cut`."""
    platters, told = Platters(), 0
    for number, op in enumerate(ops, start=1):
        platters.take(op)
        if isinstance(op, Told):
            told = op.commit
        if number in after:
            yield Cut(number, told, platters.after_power_cut(chance))
