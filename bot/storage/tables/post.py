"""What came in and what goes out: updates, messages, and what a tap on a button means."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, text

from bot.storage.tables.columns import Id, Sealed, UtcTime, id_column, metadata, person_column

inbox = Table(
    "inbox",
    metadata,
    id_column(),
    Column("update_id", BigInteger, nullable=False, unique=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("body", Sealed),  # emptied after 48 hours
    Column("received_at", UtcTime, nullable=False),
    Column("state", String(8), nullable=False, server_default="new"),  # new | done | apart
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("not_before", UtcTime),
    Column("done_at", UtcTime),
    Column("outcome", String(24)),
    Column("untold", Boolean, nullable=False, server_default=text("false")),  # set apart, and no admin knows yet
    Index("ix_inbox_untold", "id", sqlite_where=text("untold = 1"), postgresql_where=text("untold")),
    Index(
        "ix_inbox_new",
        "chat_id",
        "update_id",
        sqlite_where=text("state = 'new'"),
        postgresql_where=text("state = 'new'"),
    ),
    Index(
        "ix_inbox_order",
        "received_at",
        "id",
        sqlite_where=text("state = 'new'"),
        postgresql_where=text("state = 'new'"),
    ),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    id_column(),
    person_column(nullable=True),  # none: a stranger
    Column("chat_id", BigInteger, nullable=False),
    Column("payload", Sealed),  # Outgoing as JSON; emptied after 30 days
    Column("priority", Integer, nullable=False, server_default="0"),  # 0 answers somebody; 1: we speak first
    Column("state", String(8), nullable=False, server_default="new"),  # new | sending | sent | failed | veiled
    Column("part", Integer, nullable=False, server_default="0"),  # parts of a long text already sent
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("not_before", UtcTime),
    Column("telegram_id", BigInteger),  # Telegram's message id once sent
    Column("about_kind", String(12)),  # what this message, or a reply to it, is about: alert, run, participant …
    Column("about", Id),
    Column("made_at", UtcTime, nullable=False),
    Column("sent_at", UtcTime),
    Column("reason", String(80)),
    Column("untold", Boolean, nullable=False, server_default=text("false")),  # cannot be sent, and no admin knows yet
    Index("ix_outbox_untold", "id", sqlite_where=text("untold = 1"), postgresql_where=text("untold")),
    Index(
        "ix_outbox_new",
        "chat_id",
        "id",
        sqlite_where=text("state IN ('new', 'sending')"),
        postgresql_where=text("state IN ('new', 'sending')"),
    ),
    Index(
        "ix_outbox_order",
        "priority",
        "made_at",
        "id",
        sqlite_where=text("state = 'new'"),
        postgresql_where=text("state = 'new'"),
    ),
    Index("ix_outbox_chat_id_telegram_id", "chat_id", "telegram_id"),
    sqlite_autoincrement=True,
)

button = Table(
    "button",
    metadata,
    Column("token", String(32), primary_key=True),
    person_column(),
    Column("action", String(16), nullable=False),  # answer | word | open | take | close | …
    Column("about", Id),  # run, alert or message id
    Column("turn", Integer),
    Column("step", String(64)),
    Column("key", String(64)),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Index("ix_button_person_id", "person_id", "about"),
)
