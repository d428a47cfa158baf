"""What the program keeps for itself: small facts, the scripts as they were, and which of them counts since when."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text, UniqueConstraint

from bot.storage.tables.columns import UtcTime, id_column, metadata

fact = Table(  # small facts of the process itself: the cursor, the last good fetch, pauses
    "fact",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

flow_version = Table(
    "flow_version",
    metadata,
    id_column(),
    Column("flow", String(64), nullable=False),
    Column("version", String(32), nullable=False),
    Column("source", Text, nullable=False),
    Column("published_at", UtcTime, nullable=False),
    UniqueConstraint("flow", "version"),
    sqlite_autoincrement=True,
)

publication = Table(  # the newest of a flow says which version counts
    "publication",
    metadata,
    id_column(),
    Column("flow", String(64), nullable=False),
    Column("version", String(32), nullable=False),  # empty: the flow was taken away
    Column("at", UtcTime, nullable=False),
    Column("by", String(64), nullable=False),
    Column("changed", Text, nullable=False),  # in words, a line each
    sqlite_autoincrement=True,
)
