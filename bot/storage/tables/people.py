"""Who there is: people, their keys, who is whose coach, and invitations."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table, text

from bot.storage.tables.columns import Id, Sealed, UtcTime, id_column, metadata, person_column

person = Table(
    "person",
    metadata,
    id_column(),
    Column("role", String(12), nullable=False),  # participant | coach | employer | admin | house
    Column("state", String(12), nullable=False),  # invited | joined | active | declined | backup | stopped | closed
    Column("name", Sealed),
    Column("language", String(8), nullable=False, server_default="nl"),
    Column("chat_id", BigInteger, unique=True),
    Column("reachable", Boolean, nullable=False, server_default=text("true")),
    Column("seen_at", UtcTime),  # the person's last own message or tap
    Column("focus_alert_id", Id),  # a coach's next free message goes to this alert's participant …
    Column("focus_at", UtcTime),  # … if it comes soon after this time
    Column("care_from", UtcTime),  # since when the contact rhythm counts: the participant's yes
    Column("paused_until", Date),  # last day of a pause: no questions up to and including it
    Column("open_until", Date),  # after the goodbye: until when the back-up line was agreed
    Column("stretch", Integer, nullable=False, server_default="1"),  # backing off: every so many intervals
    Column("good_streak", Integer, nullable=False, server_default="0"),  # check-ins in a row without a worry
    Column("silences", Integer, nullable=False, server_default="0"),  # planned contacts in a row without an answer
    Column("told_much_at", UtcTime),  # when the coach was last shown that this person writes ever more
    Column("deputy_id", Id),  # of a coach: the coach who also hears of danger
    Column("created_at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)

person_key = Table(
    "person_key",
    metadata,
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("master", String(16), nullable=False),  # which master key wraps it
    Column("wrapped", LargeBinary, nullable=False),
)

bond = Table(
    "bond",
    metadata,
    id_column(),
    person_column("participant_id"),
    person_column("coach_id"),
    Column("since", UtcTime, nullable=False),
    Column("until", UtcTime),
    Index(
        "ix_bond_participant",
        "participant_id",
        unique=True,
        sqlite_where=text("until IS NULL"),
        postgresql_where=text("until IS NULL"),
    ),
    Index("ix_bond_coach_id", "coach_id"),
    sqlite_autoincrement=True,
)

invitation = Table(
    "invitation",
    metadata,
    id_column(),
    Column("code_hash", String(64), nullable=False, unique=True),  # SHA-256, hex
    person_column(),
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Column("revoked_at", UtcTime),
    sqlite_autoincrement=True,
)
