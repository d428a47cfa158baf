"""What was agreed: placements, versions of a handover, and what each party decided."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from bot.storage.tables.columns import Sealed, UtcTime, id_column, metadata, person_column

placement = Table(  # one participant at one employer, or on the way to a job
    "placement",
    metadata,
    id_column(),
    person_column("participant_id"),
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
    id_column(),
    Column("placement_id", ForeignKey("placement.id", ondelete="CASCADE"), nullable=False),
    person_column(),  # the participant, whose key seals it
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
    id_column(),
    Column("handover_id", ForeignKey("handover.id", ondelete="CASCADE"), nullable=False),
    person_column(),
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
    id_column(),
    Column("agreement_id", ForeignKey("agreement.id", ondelete="CASCADE"), nullable=False),
    person_column(),
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
    id_column(),
    Column("handover_id", ForeignKey("handover.id", ondelete="CASCADE"), nullable=False),
    person_column(),
    Column("decision", String(4), nullable=False),  # yes | no
    Column("at", UtcTime, nullable=False),
    Index("ix_acceptance_handover_id", "handover_id", "id"),
    Index("ix_acceptance_person_id", "person_id"),
    sqlite_autoincrement=True,
)
