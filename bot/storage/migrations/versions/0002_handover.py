"""Placements, handovers with their agreements and consents, the coach's tasks, and what care knows of a person."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "placement",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("employer_id", ID, nullable=True),
        sa.Column("reader", sa.Integer(), server_default="0", nullable=False),
        sa.Column("company", sa.LargeBinary(), nullable=True),
        sa.Column("hours", sa.LargeBinary(), nullable=True),
        sa.Column("track", sa.String(length=8), server_default="work", nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("contract_end", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=8), server_default="open", nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["person.id"], name=op.f("fk_placement_employer_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["person.id"], name=op.f("fk_placement_participant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_placement_employer_id", "placement", ["employer_id"], unique=False)
    op.create_index("ix_placement_participant_id", "placement", ["participant_id"], unique=False)
    op.create_table(
        "handover",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("placement_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("terms", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_handover_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_handover_placement_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sa.UniqueConstraint("placement_id", "version", name=op.f("uq_handover_placement_id_version")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handover_person_id", "handover", ["person_id", "state"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("coach_id", ID, nullable=False),
        sa.Column("placement_id", ID, nullable=True),
        sa.Column("moment_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), server_default="open", nullable=False),
        sa.Column("reminded", sa.Integer(), server_default="0", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name=op.f("fk_task_coach_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["moment_id"], ["moment.id"], name=op.f("fk_task_moment_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["person.id"], name=op.f("fk_task_participant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_task_placement_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_task_coach_id", "task", ["coach_id", "state"], unique=False)
    op.create_index("ix_task_participant_id", "task", ["participant_id"], unique=False)
    op.create_table(
        "acceptance",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("handover_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("decision", sa.String(length=4), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handover.id"], name=op.f("fk_acceptance_handover_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_acceptance_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_acceptance_handover_id", "acceptance", ["handover_id", "id"], unique=False)
    op.create_index("ix_acceptance_person_id", "acceptance", ["person_id"], unique=False)
    op.create_table(
        "agreement",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("handover_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("item", sa.String(length=32), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("who", sa.String(length=16), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("for_employer", sa.Boolean(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handover.id"], name=op.f("fk_agreement_handover_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_agreement_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("handover_id", "item", name=op.f("uq_agreement_handover_id_item")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_agreement_person_id", "agreement", ["person_id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("agreement_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("direction", sa.String(length=16), nullable=False),
        sa.Column("reader", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_consent_agreement_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_consent_agreement_id", "consent", ["agreement_id", "id"], unique=False)
    op.create_index("ix_consent_person_id", "consent", ["person_id"], unique=False)
    op.add_column("moment", sa.Column("done_by", sa.String(length=6), server_default="bot", nullable=False))
    op.add_column("moment", sa.Column("placement_id", ID, nullable=True))
    op.add_column("moment", sa.Column("answered", sa.Boolean(), nullable=True))
    op.add_column("outbox", sa.Column("priority", sa.Integer(), server_default="0", nullable=False))
    op.add_column("person", sa.Column("paused_until", sa.Date(), nullable=True))
    op.add_column("person", sa.Column("open_until", sa.Date(), nullable=True))
    op.add_column("person", sa.Column("stretch", sa.Integer(), server_default="1", nullable=False))
    op.add_column("person", sa.Column("good_streak", sa.Integer(), server_default="0", nullable=False))
    op.add_column("person", sa.Column("silences", sa.Integer(), server_default="0", nullable=False))
    op.add_column("person", sa.Column("told_much_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("run", sa.Column("placement_id", ID, nullable=True))
    op.add_column("run", sa.Column("item", sa.String(length=32), nullable=True))
    # Answers first: by priority, so that whoever answers somebody need not read past what we say first.
    op.drop_index("ix_outbox_order", table_name="outbox")
    op.create_index(
        "ix_outbox_order",
        "outbox",
        ["priority", "made_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'new'"),
        postgresql_where=sa.text("state = 'new'"),
    )
