"""What the program keeps for itself: small facts, and the scripts as they were published."""

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
