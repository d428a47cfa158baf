"""What could not be dealt with or sent, until an admin was told of it. What failed before this is not brought up.

And messages have no policy any more: each is sent again after an unknown fate.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for table in ("inbox", "outbox"):
        op.add_column(table, sa.Column("untold", sa.Boolean(), server_default=sa.text("false"), nullable=False))
        op.create_index(
            f"ix_{table}_untold",
            table,
            ["id"],
            unique=False,
            sqlite_where=sa.text("untold = 1"),
            postgresql_where=sa.text("untold"),
        )
    op.drop_column("outbox", "policy")
