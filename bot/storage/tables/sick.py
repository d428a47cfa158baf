"""Who is or was ill: days alone, never what somebody has, and those sealed. The fact itself is health data already."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from bot.storage.tables.columns import Sealed, id_column, metadata, person_column

sickness = Table(  # one spell
    "sickness",
    metadata,
    id_column(),
    person_column(),
    Column("days", Sealed, nullable=False),  # first day, day back and the like, JSON
    Index("ix_sickness_person_id", "person_id"),
    sqlite_autoincrement=True,
)
