"""The floor: raw updates over aiohttp, and one SQLite commit (WAL, FULL) per turn. No library, no rules, no sealing."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from pathlib import Path
from typing import Any

import aiohttp

from tests.bench.questions import BYE, QUESTIONS, START, keyboard

TABLES = """
CREATE TABLE IF NOT EXISTS person (chat INTEGER PRIMARY KEY, number INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS answer (chat INTEGER, number INTEGER, words TEXT);
"""


def opened(data: Path) -> sqlite3.Connection:
    db = sqlite3.connect(data / "floor.db", isolation_level=None)
    db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + TABLES)
    return db


def turn(db: sqlite3.Connection, chat: int, words: str) -> dict[str, Any]:
    """One transaction; what to send afterwards."""
    db.execute("BEGIN IMMEDIATE")
    number = 0
    if words != START:
        (number,) = db.execute("SELECT number FROM person WHERE chat = ?", (chat,)).fetchone()
        db.execute("INSERT INTO answer VALUES (?, ?, ?)", (chat, number, words))
        number += 1
    db.execute("INSERT OR REPLACE INTO person VALUES (?, ?)", (chat, number))
    db.execute("COMMIT")
    if number == len(QUESTIONS):
        return {"chat_id": chat, "text": BYE}
    markup = keyboard(number)
    return {"chat_id": chat, "text": QUESTIONS[number][0], **({"reply_markup": markup} if markup else {})}


async def main() -> None:
    db = opened(Path(os.environ["BENCH_DATA"]))
    root = f"{os.environ['BENCH_URL']}/bot{os.environ['BENCH_TOKEN']}"
    offset, sending = 0, set[asyncio.Task[Any]]()
    async with aiohttp.ClientSession() as http:

        async def call(method: str, body: dict[str, Any]) -> Any:
            async with http.post(f"{root}/{method}", json=body) as response:
                return (await response.json())["result"]

        while True:
            for update in await call("getUpdates", {"offset": offset, "timeout": 25}):
                offset = update["update_id"] + 1
                message = update["message"]
                answer = turn(db, message["chat"]["id"], message["text"])
                task = asyncio.create_task(call("sendMessage", answer))
                sending.add(task)
                task.add_done_callback(sending.discard)


def park(data: Path, chats: range, number: int) -> None:
    """Everybody of `chats` stands at question `number`."""
    db = opened(data)
    db.execute("BEGIN")
    db.executemany("INSERT INTO person VALUES (?, ?)", ((chat, number) for chat in chats))
    db.execute("COMMIT")
    db.close()


if __name__ == "__main__":
    asyncio.run(main())
