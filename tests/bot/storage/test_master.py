"""The master key: made once, for its owner alone, and never replaced in silence."""

import base64
import os
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from bot.storage import master
from bot.storage.errors import MasterKeyProblem
from bot.storage.tables import person

KEY = bytes(range(32))


@pytest.fixture
def file(tmp_path):
    return tmp_path / "keys" / "master.key"


async def test_the_first_start_makes_a_key_for_its_owner_alone_and_says_so(db, file):
    made = await master.masters(db, file)
    assert [len(key) for key in made.keys] == [32]
    assert str(file) in made.notice
    assert "somewhere else" in made.notice
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


async def test_the_next_start_finds_it_and_is_silent(db, file):
    made = await master.masters(db, file)
    again = await master.masters(db, file)
    assert (again.keys, again.notice) == (made.keys, "")


async def test_a_key_that_another_process_made_meanwhile_stands(db, file):
    file.parent.mkdir()
    file.write_text(master.encoded(KEY))
    file.chmod(0o600)
    assert master._made(file) is False
    assert master.read(file) == (KEY,)


async def test_the_environment_goes_first(db, file):
    found = await master.masters(db, file, master.encoded(KEY))
    assert found == master.Masters((KEY,))
    assert not file.exists()


async def test_no_new_key_is_made_for_a_database_with_people(db, file):
    values = {"role": "coach", "state": "active", "created_at": datetime(2026, 3, 2, tzinfo=UTC)}
    await db.write(lambda tx: tx.execute(insert(person), values))
    with pytest.raises(MasterKeyProblem, match="put back the key file"):
        await master.masters(db, file)
    assert not file.parent.exists()


def write(file, text, mode=0o600):
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    os.chmod(file, mode)


def test_two_lines_are_the_current_key_and_an_older_one(file):
    write(file, f"{master.encoded(KEY)}\n{master.encoded(KEY[::-1])}\n")
    assert master.read(file) == (KEY, KEY[::-1])


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_may_reach_is_refused(file, mode):
    write(file, master.encoded(KEY), mode)
    with pytest.raises(MasterKeyProblem, match="chmod 600"):
        master.read(file)


@pytest.mark.parametrize("text", ["", "no base64!", base64.b64encode(b"short").decode(), "é"])
def test_what_is_no_key_is_refused_without_showing_it(file, text):
    write(file, text)
    with pytest.raises(MasterKeyProblem) as caught:
        master.read(file)
    assert not text or text not in str(caught.value)
