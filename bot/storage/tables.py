"""The tables. Free text, names and raw updates are `Sealed`; what is asked of the database by value is not.

Times are UTC (`UtcTime`: aware datetimes in and out). Ids are integers; what leaves the program is a token.
An id is never given out twice (`sqlite_autoincrement`; PostgreSQL's sequences do so by themselves): timers,
buttons and outbox rows point at runs, alerts and messages that may have been erased since.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator

HOUSE = 0
"""The person id whose key seals what belongs to no person yet: inbox bodies and answers to strangers."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return value.astimezone(UTC)


def _sqlite_text(value: datetime | None) -> str | None:
    return None if value is None else _utc(value).replace(tzinfo=None).isoformat(" ", "microseconds")


class UtcTime(TypeDecorator[datetime]):
    """Aware datetimes only, stored as UTC. A naive one is a mistake and raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Any,  # noqa: ARG002  the signature is SQLAlchemy's
    ) -> datetime | None:
        return None if value is None else _utc(value)

    def bind_processor(self, dialect: Any) -> Callable[[Any], Any] | None:
        """On SQLite the text itself, as SQLAlchemy stores it: its own way there takes five times as long."""
        return _sqlite_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Any,  # noqa: ARG002  the signature is SQLAlchemy's
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Sealed(LargeBinary):
    """Bytes that only `keys.PersonKey` can read, bound to table, column and person."""


Id = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _person(name: str = "person_id", *, nullable: bool = False) -> Column[int]:
    return Column(name, ForeignKey("person.id", ondelete="CASCADE"), nullable=nullable)


person = Table(
    "person",
    metadata,
    _id(),
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
    _id(),
    _person("participant_id"),
    _person("coach_id"),
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
    _id(),
    Column("code_hash", String(64), nullable=False, unique=True),  # SHA-256, hex
    _person(),
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Column("revoked_at", UtcTime),
    sqlite_autoincrement=True,
)

inbox = Table(
    "inbox",
    metadata,
    _id(),
    Column("update_id", BigInteger, nullable=False, unique=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("body", Sealed),  # emptied after 48 hours
    Column("received_at", UtcTime, nullable=False),
    Column("state", String(8), nullable=False, server_default="new"),  # new | done | apart
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("not_before", UtcTime),
    Column("done_at", UtcTime),
    Column("outcome", String(24)),
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

fact = Table(  # small facts of the process itself: the cursor, the last good fetch, pauses
    "fact",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

flow_version = Table(
    "flow_version",
    metadata,
    _id(),
    Column("flow", String(64), nullable=False),
    Column("version", String(32), nullable=False),
    Column("source", Text, nullable=False),
    Column("published_at", UtcTime, nullable=False),
    UniqueConstraint("flow", "version"),
    sqlite_autoincrement=True,
)

run = Table(
    "run",
    metadata,
    _id(),
    _person(),
    Column("flow", String(64), nullable=False),
    Column("version", String(32), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("state", Sealed, nullable=False),
    Column("status", String(8), nullable=False),  # waiting | resting | ended
    Column("outcome", String(12)),
    Column("asked_at", UtcTime),  # when the open question was last asked
    Column("moment_id", ForeignKey("moment.id", ondelete="SET NULL")),
    Column("placement_id", Id),  # whose handover a coach fills in
    Column("item", String(32)),  # and which item of its checklist
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
    _id(),
    _person(),
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
    _id(),
    _person(),  # the participant whose line this is on
    Column("author", String(12), nullable=False),  # participant | coach
    _person("author_id"),
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
    _id(),
    _person("participant_id"),
    _person("coach_id"),
    Column("level", String(8), nullable=False),  # soon | today | urgent
    Column("topic", String(24), nullable=False),
    Column("state", String(10), nullable=False),  # raised | taken | answered | closed
    Column("raised_at", UtcTime, nullable=False),
    Column("taken_at", UtcTime),
    Column("answered_at", UtcTime),
    Column("closed_at", UtcTime),
    Column("announced", Integer, nullable=False, server_default="0"),
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
    _id(),
    Column("alert_id", ForeignKey("alert.id", ondelete="CASCADE"), nullable=False),
    _person("participant_id"),
    Column("kind", String(12), nullable=False),  # flag | message | silence | failure | note
    Column("level", String(8), nullable=False),
    Column("topic", String(24), nullable=False),
    Column("body", Sealed, nullable=False),
    Column("message_id", ForeignKey("message.id", ondelete="SET NULL")),
    Column("at", UtcTime, nullable=False),
    Index("ix_alert_item_alert_id", "alert_id", "id"),
    sqlite_autoincrement=True,
)

moment = Table(
    "moment",
    metadata,
    _id(),
    _person(),
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

placement = Table(  # one participant at one employer, or on the way to a job
    "placement",
    metadata,
    _id(),
    _person("participant_id"),
    Column("employer_id", ForeignKey("person.id", ondelete="SET NULL")),  # the contact person at the work place
    Column("reader", Integer, nullable=False, server_default="0"),  # goes up whenever another one comes, or nobody
    Column("company", Sealed),  # the participant's key seals this and what hangs below
    Column("hours", Sealed),
    Column("track", String(8), nullable=False, server_default="work"),  # work | search
    Column("started_on", Date, nullable=False),
    Column("contract_end", Date),
    Column("state", String(8), nullable=False, server_default="open"),  # open | ended
    Column("ended_on", Date),
    Column("made_at", UtcTime, nullable=False),
    Index("ix_placement_participant_id", "participant_id"),
    Index("ix_placement_employer_id", "employer_id"),
    sqlite_autoincrement=True,
)

handover = Table(  # one version of what the parties agreed
    "handover",
    metadata,
    _id(),
    Column("placement_id", ForeignKey("placement.id", ondelete="CASCADE"), nullable=False),
    _person(),  # the participant, whose key seals it
    Column("version", Integer, nullable=False),
    Column("state", String(10), nullable=False),  # draft | offered | in_force | replaced | dropped
    Column("terms", Sealed, nullable=False),  # the contact rhythm as agreed, JSON
    Column("made_at", UtcTime, nullable=False),
    Column("offered_at", UtcTime),
    Column("in_force_at", UtcTime),
    Column("ended_at", UtcTime),
    UniqueConstraint("placement_id", "version"),
    Index("ix_handover_person_id", "person_id", "state"),
    sqlite_autoincrement=True,
)

agreement = Table(  # one item of a handover
    "agreement",
    metadata,
    _id(),
    Column("handover_id", ForeignKey("handover.id", ondelete="CASCADE"), nullable=False),
    _person(),
    Column("item", String(32), nullable=False),  # its key in the checklist
    Column("text", Sealed, nullable=False),
    Column("who", String(16)),  # who does it
    Column("review_on", Date),  # when it is looked at again
    Column("for_employer", Boolean, nullable=False),  # the coach proposes that the employer may see it
    Column("details", Sealed),  # what a structured item needs besides, JSON
    UniqueConstraint("handover_id", "item"),
    Index("ix_agreement_person_id", "person_id"),
    sqlite_autoincrement=True,
)

consent = Table(  # one party's decision on one agreement in one direction: a log, the newest row counts
    "consent",
    metadata,
    _id(),
    Column("agreement_id", ForeignKey("agreement.id", ondelete="CASCADE"), nullable=False),
    _person(),
    Column("direction", String(16), nullable=False),  # agree | to_employer | to_participant
    Column("reader", Integer, nullable=False),  # the placement's at that time: whom a yes to showing something meant
    Column("decision", String(10), nullable=False),  # yes | no | withdrawn
    Column("at", UtcTime, nullable=False),
    Index("ix_consent_agreement_id", "agreement_id", "id"),
    Index("ix_consent_person_id", "person_id"),
    sqlite_autoincrement=True,
)

acceptance = Table(  # one party's yes or no to a whole version: a log, the newest row counts
    "acceptance",
    metadata,
    _id(),
    Column("handover_id", ForeignKey("handover.id", ondelete="CASCADE"), nullable=False),
    _person(),
    Column("decision", String(4), nullable=False),  # yes | no
    Column("at", UtcTime, nullable=False),
    Index("ix_acceptance_handover_id", "handover_id", "id"),
    Index("ix_acceptance_person_id", "person_id"),
    sqlite_autoincrement=True,
)

task = Table(  # a contact that a coach does
    "task",
    metadata,
    _id(),
    _person("participant_id"),
    _person("coach_id"),
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

timer = Table(  # wake-ups that are no contact of their own: a reminder, an expiry, an alert announced again
    "timer",
    metadata,
    _id(),
    _person(),
    Column("kind", String(12), nullable=False),  # reminder | expiry | announce | reask | task | unread
    Column("about", Id, nullable=False),  # run, alert, task or handover id
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

button = Table(
    "button",
    metadata,
    Column("token", String(32), primary_key=True),
    _person(),
    Column("action", String(16), nullable=False),  # answer | word | open | take | close | …
    Column("about", Id),  # run, alert or message id
    Column("turn", Integer),
    Column("step", String(64)),
    Column("key", String(64)),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Index("ix_button_person_id", "person_id", "about"),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    _person(nullable=True),  # none: a stranger
    Column("chat_id", BigInteger, nullable=False),
    Column("payload", Sealed),  # Outgoing as JSON; emptied after 30 days
    Column("policy", String(8), nullable=False, server_default="again"),  # after an unknown fate: again | once
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
