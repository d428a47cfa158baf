"""What storage can say went wrong. The docstring of each class is its message in words."""

from __future__ import annotations


class StorageError(Exception):
    """Something in storage is not as it should be; the root of all others."""


class StorageTrouble(StorageError):
    """The database cannot be used just now (locked, full, gone): nothing was written; try again later."""


class Conflict(StorageError):
    """The database refused a row: it breaks a rule of the tables (unique, foreign key, not null)."""


class AlreadyDone(StorageError):
    """The inbox row was finished before, by somebody else: this turn must leave nothing."""


class SealBroken(StorageError):
    """A sealed value does not open: another person's, another column's, changed, or sealed with another key."""


class KeyMissing(StorageError):
    """This person has no key: never made, or destroyed because the person was erased."""


class MasterKeyProblem(StorageError):
    """The master key is missing, too open to others, of the wrong length, or not the one that sealed the data."""


class BackupProblem(StorageError):
    """A back-up could not be made, verified or restored; what was there before is untouched."""


class Stale(StorageError):
    """The row changed since it was read: its fence moved on, and what was meant for the old one does nothing."""
