from __future__ import annotations

import pytest

from tests.support.databases import SqliteDatabases


@pytest.fixture
def url(sqlite_databases: SqliteDatabases) -> str:
    """One database for all examples of a property: each is about somebody else."""
    return sqlite_databases.url
