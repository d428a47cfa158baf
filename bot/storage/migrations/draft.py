"""`python -m bot.storage.migrations.draft`: prints the migration that the tables need beyond the newest one.

Put it in versions/, give it the next number, set `HEAD`, and read it: Alembic sees tables, columns, indexes and
constraints, but no renaming and no data.
"""

from __future__ import annotations

import sys
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine
from sqlalchemy.types import TypeEngine

from bot.storage import upgrade
from bot.storage.tables import Sealed, UtcTime, metadata


def differences(connection: Connection) -> str:
    """The Python lines that bring the tables of `connection` to what the code says; "pass" if they are equal."""
    context = MigrationContext.configure(connection, opts={"target_metadata": metadata})
    wanted = produce_migrations(context, metadata).upgrade_ops
    assert wanted is not None
    lines = render_python_code(wanted, render_item=_plain_types).splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("#"))


def _plain_types(kind: str, item: Any, _: object) -> str | Literal[False]:
    """Our own types as what they are in the database: a migration must not change when the program does."""
    if kind != "type" or not isinstance(item, TypeEngine):
        return False
    if isinstance(item, UtcTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Sealed):
        return "sa.LargeBinary()"
    return "ID" if "sqlite" in item._variant_mapping else False


def main() -> None:
    with create_engine("sqlite://").connect() as connection:
        upgrade.migrate(connection)
        sys.stdout.write(differences(connection) + "\n")


if __name__ == "__main__":
    main()
