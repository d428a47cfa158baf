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
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
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


def id_column() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def person_column(name: str = "person_id", *, nullable: bool = False) -> Column[int]:
    return Column(name, ForeignKey("person.id", ondelete="CASCADE"), nullable=nullable)
