"""kill -9 in the middle of writing: what was acknowledged is there. (A power cut is another test.)"""

import signal
import subprocess
import sys

import pytest
from sqlalchemy import select, text

from bot.storage.database import Database
from bot.storage.tables import fact


@pytest.mark.parametrize("acks", [1, 120, 500])
async def test_every_acknowledged_row_survives_a_kill(databases, acks):
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.acks", databases.url], stdout=subprocess.PIPE, text=True
    )
    lines = [process.stdout.readline() for _ in range(acks)]
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate()
    acknowledged = {f"ack {line.strip()}" for line in [*lines, *rest.splitlines(keepends=True)] if line.endswith("\n")}
    db = await Database.open(databases.url)
    async with db.read() as conn:
        kept = set((await conn.execute(select(fact.c.name))).scalars())
        if db.dialect == "sqlite":
            assert (await conn.execute(text("PRAGMA integrity_check"))).scalar_one() == "ok"
    assert len(acknowledged) >= acks
    assert acknowledged - kept == set()
    await db.close()
