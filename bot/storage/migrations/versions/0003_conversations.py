"""What the conversations keep: sick spells as days, referrals, the ladder, deputies, which scripts count."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("flow", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sqlite_autoincrement=True,
    )
    op.execute(
        'INSERT INTO publication (flow, version, at, "by", changed) '
        "SELECT flow, version, published_at, '', '' FROM flow_version ORDER BY id"
    )
    op.add_column("alert", sa.Column("danger_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("alert", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("alert", sa.Column("unseen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("deputy_id", ID, nullable=True))
    op.create_table(
        "sickness",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("days", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sickness_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sickness")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sickness_person_id", "sickness", ["person_id"], unique=False)
    op.add_column("run", sa.Column("wish", sa.LargeBinary(), nullable=True))
    op.add_column("run", sa.Column("heard", ID, nullable=True))
    op.add_column("run", sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("run", sa.Column("participant_id", ID, nullable=True))
    for table in ("referral", "estimate"):
        op.create_table(
            table,
            sa.Column("id", ID, autoincrement=True, nullable=False),
            sa.Column("person_id", ID, nullable=False),
            sa.Column("note", sa.LargeBinary(), nullable=False),
            sa.ForeignKeyConstraint(
                ["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
            sqlite_autoincrement=True,
        )
        op.create_index(f"ix_{table}_person_id", table, ["person_id"], unique=False)
