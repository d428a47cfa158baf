"""What is to happen: contact moments, wake-ups, and what a coach has to do."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint, text

from bot.storage.tables.columns import Id, UtcTime, id_column, metadata, person_column

moment = Table(
    "moment",
    metadata,
    id_column(),
    person_column(),
    Column("flow", String(64), nullable=False),
    Column("kind", String(16), nullable=False),  # a kind of the rhythms, or asked: by hand
    Column("done_by", String(6), nullable=False, server_default="bot"),  # bot | coach
    Column("placement_id", Id),  # whose handover it comes from
    Column("slot", String(40), nullable=False),  # local date, kind and plan, so that a doubled hour is one slot
    Column("due_at", UtcTime, nullable=False),
    Column("best_before", UtcTime, nullable=False),
    Column("any_hour", Boolean, nullable=False, server_default=text("false")),
    Column("state", String(10), nullable=False),  # planned | held | done
    Column("fence", Integer, nullable=False, server_default="0"),  # goes up with every change; a stale one does nothing
    Column("outcome", String(12)),  # fired | missed | cancelled
    Column("reason", String(80)),
    Column("answered", Boolean),  # fired, and the talk it began is over: was there an answer?
    Column("planned_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    UniqueConstraint("person_id", "flow", "slot"),
    Index(
        "ix_moment_due",
        "due_at",
        sqlite_where=text("state <> 'done'"),
        postgresql_where=text("state <> 'done'"),
    ),
    sqlite_autoincrement=True,
)

timer = Table(  # wake-ups that are no contact of their own: a reminder, an expiry, an alert announced again
    "timer",
    metadata,
    id_column(),
    person_column(),
    Column("kind", String(12), nullable=False),  # reminder | expiry | announce | reask | task | unread | asked | …
    Column("about", Id, nullable=False),  # run, alert, task, handover or spell id
    Column("turn", Integer, nullable=False),  # the fence: the run's turn, or how often we said it already
    Column("due_at", UtcTime, nullable=False),
    Column("state", String(8), nullable=False, server_default="waiting"),  # waiting | done
    Column("outcome", String(12)),  # fired | stale
    UniqueConstraint("kind", "about", "turn"),
    Index(
        "ix_timer_due",
        "due_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    sqlite_autoincrement=True,
)

task = Table(  # a contact that a coach does
    "task",
    metadata,
    id_column(),
    person_column("participant_id"),
    person_column("coach_id"),
    Column("placement_id", ForeignKey("placement.id", ondelete="SET NULL")),
    Column("moment_id", ForeignKey("moment.id", ondelete="SET NULL")),
    Column("kind", String(16), nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("state", String(8), nullable=False, server_default="open"),  # open | done | dropped
    Column("reminded", Integer, nullable=False, server_default="0"),
    Column("made_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    Index("ix_task_participant_id", "participant_id"),
    Index("ix_task_coach_id", "coach_id", "state"),
    sqlite_autoincrement=True,
)
