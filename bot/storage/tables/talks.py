"""What people said: walks through scripts with their answers, messages, and the alerts that they raise."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, text

from bot.storage.tables.columns import Id, Sealed, UtcTime, id_column, metadata, person_column

run = Table(
    "run",
    metadata,
    id_column(),
    person_column(),
    Column("flow", String(64), nullable=False),
    Column("version", String(32), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("state", Sealed, nullable=False),
    Column("status", String(8), nullable=False),  # waiting | resting | parked | ended
    Column("outcome", String(12)),
    Column("asked_at", UtcTime),  # when the open question was last asked
    Column("moment_id", ForeignKey("moment.id", ondelete="SET NULL")),
    Column("placement_id", Id),  # whose handover a coach fills in
    Column("participant_id", Id),  # whom a coach notes something about, apart from any placement
    Column("item", String(32)),  # and which item of its checklist
    Column("wish", Sealed),  # what an offer is about: JSON
    Column("heard", Id),  # the newest input that had come in when the open question was asked
    Column("parked_at", UtcTime),  # since when it waits for another talk
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Index(
        "ix_run_waiting",
        "person_id",
        unique=True,
        sqlite_where=text("status = 'waiting'"),
        postgresql_where=text("status = 'waiting'"),
    ),
    Index("ix_run_person_id_flow", "person_id", "flow"),
    sqlite_autoincrement=True,
)

answer = Table(
    "answer",
    metadata,
    id_column(),
    person_column(),
    Column("run_id", ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
    Column("flow", String(64), nullable=False),
    Column("version", String(32), nullable=False),
    Column("step", String(64), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("question", Sealed, nullable=False),
    Column("value", Sealed, nullable=False),  # JSON
    Column("words", Sealed, nullable=False),
    Column("ref", Sealed),
    Column("at", UtcTime, nullable=False),
    Column("taken_back_at", UtcTime),
    Index("ix_answer_person_id_flow", "person_id", "flow", "id"),
    Index("ix_answer_run_id", "run_id"),
    sqlite_autoincrement=True,
)

message = Table(  # what people wrote, and what became of it
    "message",
    metadata,
    id_column(),
    person_column(),  # the participant whose line this is on
    Column("author", String(12), nullable=False),  # participant | coach
    person_column("author_id"),
    Column("inbox_id", ForeignKey("inbox.id", ondelete="SET NULL")),
    Column("alert_id", ForeignKey("alert.id", ondelete="SET NULL")),
    Column("kind", String(12), nullable=False),  # text | voice | photo | …
    Column("body", Sealed, nullable=False),
    Column("ref", Sealed),
    Column("at", UtcTime, nullable=False),
    Column("outcome", String(24), nullable=False),  # with coach | answered by flow | acknowledged | delivered
    Index("ix_message_person_id", "person_id", "id"),
    sqlite_autoincrement=True,
)

alert = Table(
    "alert",
    metadata,
    id_column(),
    person_column("participant_id"),
    person_column("coach_id"),
    Column("level", String(8), nullable=False),  # good | soon | today | urgent | danger
    Column("topic", String(24), nullable=False),
    Column("state", String(10), nullable=False),  # raised | taken | answered | closed
    Column("danger_at", UtcTime),  # since when it is about danger: from here on a deputy may read along
    Column("raised_at", UtcTime, nullable=False),
    Column("taken_at", UtcTime),
    Column("answered_at", UtcTime),
    Column("closed_at", UtcTime),
    Column("announced", Integer, nullable=False, server_default="0"),
    Column("told_at", UtcTime),  # since when the coach knows that something waits here and has not looked
    Column("unseen_at", UtcTime),  # since when it holds something that nobody who may read it has seen
    Index(
        "ix_alert_open",
        "participant_id",
        unique=True,
        sqlite_where=text("state <> 'closed'"),
        postgresql_where=text("state <> 'closed'"),
    ),
    Index("ix_alert_coach_id", "coach_id", "state"),
    sqlite_autoincrement=True,
)

alert_item = Table(  # each flag or message that an alert gathers
    "alert_item",
    metadata,
    id_column(),
    Column("alert_id", ForeignKey("alert.id", ondelete="CASCADE"), nullable=False),
    person_column("participant_id"),
    Column("kind", String(12), nullable=False),  # flag | message | silence | failure | note
    Column("level", String(8), nullable=False),
    Column("topic", String(24), nullable=False),
    Column("body", Sealed, nullable=False),
    Column("message_id", ForeignKey("message.id", ondelete="SET NULL")),
    Column("at", UtcTime, nullable=False),
    Index("ix_alert_item_alert_id", "alert_id", "id"),
    sqlite_autoincrement=True,
)
