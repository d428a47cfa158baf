"""What coach and participant keep an eye on together: referrals to other help, steps on the participation ladder."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from bot.storage.tables.columns import Sealed, id_column, metadata, person_column

referral = Table(  # where somebody looks for help, on their coach's advice
    "referral",
    metadata,
    id_column(),
    person_column(),
    Column("note", Sealed, nullable=False),  # to whom, the days on which we ask, and what became of it, JSON
    Index("ix_referral_person_id", "person_id"),
    sqlite_autoincrement=True,
)

estimate = Table(  # a step on the participation ladder, as one person saw it on one day
    "estimate",
    metadata,
    id_column(),
    person_column(),  # the participant, whoever made the estimate
    Column("note", Sealed, nullable=False),  # the step, who saw it so, and when, JSON
    Index("ix_estimate_person_id", "person_id"),
    sqlite_autoincrement=True,
)
