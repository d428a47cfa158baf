"""Sealed columns: what is moved, changed or forgotten does not open."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from bot.storage import keys
from bot.storage.errors import Conflict, KeyMissing, MasterKeyProblem, SealBroken
from bot.storage.keys import Keyring, PersonKey
from bot.storage.tables import HOUSE, person, person_key

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def keyring():
    return Keyring([OLD])


async def add_person(db, keyring):
    async def work(tx):
        values = {"role": "participant", "state": "active", "created_at": NOW}
        made = (await tx.execute(insert(person).returning(person.c.id), values)).scalar_one()
        await keyring.make(tx, made)
        return made

    return await db.write(work)


async def key_of(db, keyring, person_id):
    async with db.read() as conn:
        return await keyring.of(conn, person_id)


@given(st.text())
def test_what_is_sealed_opens_again(text):
    key = PersonKey(7, OLD)
    assert key.open("answer.words", key.seal("answer.words", text)) == text


def test_half_a_surrogate_pair_survives():
    key = PersonKey(7, OLD)
    assert key.open("message.body", key.seal("message.body", "\ud83d!")) == "\ud83d!"


def test_the_format_is_version_reserved_nonce_ciphertext_and_tag():
    sealed = PersonKey(7, OLD).seal("answer.words", "abc")
    assert sealed[:2] == b"\x01\x00"
    assert len(sealed) == 2 + 12 + 3 + 16


def test_the_same_text_is_sealed_differently_each_time():
    key = PersonKey(7, OLD)
    assert key.seal("answer.words", "ja") != key.seal("answer.words", "ja")


def test_a_value_moved_to_another_person_does_not_open():
    sealed = PersonKey(7, OLD).seal("answer.words", "moe")
    with pytest.raises(SealBroken):
        PersonKey(8, OLD).open("answer.words", sealed)


def test_a_value_moved_to_another_column_does_not_open():
    key = PersonKey(7, OLD)
    with pytest.raises(SealBroken):
        key.open("answer.value", key.seal("answer.words", "moe"))


@pytest.mark.parametrize("place", [0, 1, 2, 13, 14, -1])
def test_one_flipped_bit_is_noticed(place):
    key = PersonKey(7, OLD)
    sealed = bytearray(key.seal("answer.words", "moe"))
    sealed[place] ^= 1
    with pytest.raises(SealBroken):
        key.open("answer.words", bytes(sealed))


@pytest.mark.parametrize("sealed", [None, b"", b"\x01\x00", b"\x01\x00" + bytes(12)])
def test_what_is_no_sealed_value_is_refused(sealed):
    with pytest.raises(SealBroken):
        PersonKey(7, OLD).open("answer.words", sealed)


async def test_a_person_has_one_key_for_all_processes(db, keyring):
    someone = await add_person(db, keyring)
    sealed = (await key_of(db, keyring, someone)).seal("person.name", "Sam")
    assert (await key_of(db, Keyring([OLD]), someone)).open("person.name", sealed) == "Sam"


async def test_two_people_have_different_keys(db, keyring):
    first, second = await add_person(db, keyring), await add_person(db, keyring)
    moved = PersonKey(second, OLD)
    async with db.read() as conn:
        both = await keyring.many(conn, [first, second, 999])
    assert set(both) == {first, second}
    with pytest.raises(SealBroken):
        both[second].open("person.name", both[first].seal("person.name", "Sam"))
    assert moved.person_id == second


async def test_a_wrapped_key_moved_to_another_person_does_not_open(db, keyring):
    first, second = await add_person(db, keyring), await add_person(db, keyring)

    async def move(tx):
        wrapped = (await tx.execute(select(person_key.c.wrapped).where(person_key.c.person_id == first))).scalar_one()
        await tx.execute(person_key.update().where(person_key.c.person_id == second).values(wrapped=wrapped))

    await db.write(move)
    with pytest.raises(SealBroken):
        await key_of(db, keyring, second)


async def test_a_second_key_for_a_person_is_refused(db, keyring):
    someone = await add_person(db, keyring)
    with pytest.raises(Conflict):
        await db.write(lambda tx: keyring.make(tx, someone))


async def test_a_key_that_was_rolled_back_is_never_used(db, keyring):
    someone = await add_person(db, keyring)

    async def makes_then_fails(tx):
        await keyring.forget(tx, someone)
        await keyring.make(tx, someone)
        await keyring.of(tx, someone)
        raise LookupError

    before = (await key_of(db, keyring, someone)).seal("person.name", "Sam")
    with pytest.raises(LookupError):
        await db.write(makes_then_fails)
    assert (await key_of(db, keyring, someone)).open("person.name", before) == "Sam"


async def test_a_forgotten_key_is_gone_for_ever(db, keyring):
    someone = await add_person(db, keyring)
    await key_of(db, keyring, someone)
    await db.write(lambda tx: keyring.forget(tx, someone))
    with pytest.raises(KeyMissing):
        await key_of(db, keyring, someone)


async def test_the_house_key_is_made_once(db, keyring):
    house = await keyring.house(db)
    again = await Keyring([OLD]).house(db)
    assert again.open("inbox.body", house.seal("inbox.body", "{}")) == "{}"
    assert house.person_id == HOUSE


async def test_another_master_key_is_told_by_name(db, keyring):
    await keyring.house(db)
    with pytest.raises(MasterKeyProblem, match=keys.fingerprint(OLD)):
        await Keyring([NEW]).house(db)


async def test_rotation_keeps_everything_readable_and_can_be_resumed(db, keyring, monkeypatch):
    monkeypatch.setattr(keys, "_OTHERS", keys._OTHERS.limit(2))
    people = [await add_person(db, keyring) for _ in range(5)]
    sealed = {one: (await key_of(db, keyring, one)).seal("person.name", f"Sam {one}") for one in people}
    halfway = Keyring([NEW, OLD])
    assert await db.write(lambda tx: halfway._rewrap_some(tx, keys.fingerprint(NEW))) == 2
    for ring in (halfway, Keyring([OLD, NEW])):
        for one in people:
            assert (await key_of(db, ring, one)).open("person.name", sealed[one]) == f"Sam {one}"
    assert await Keyring([OLD]).rewrap(db, NEW) == 3
    for one in people:
        assert (await key_of(db, Keyring([NEW]), one)).open("person.name", sealed[one]) == f"Sam {one}"
    with pytest.raises(MasterKeyProblem):
        await key_of(db, Keyring([OLD]), people[0])


async def test_memory_is_flat_in_the_number_of_people(db, monkeypatch):
    monkeypatch.setattr(keys, "CACHED", 3)
    maker, reader = Keyring([OLD]), Keyring([OLD])
    people = [await add_person(db, maker) for _ in range(6)]
    for one in people:
        await key_of(db, reader, one)
    assert list(reader._cache) == people[-3:]


@pytest.mark.parametrize("masters", [[], [b"short"], [OLD, b"short"]])
def test_a_keyring_wants_whole_master_keys(masters):
    with pytest.raises(MasterKeyProblem):
        Keyring(masters)


def test_what_is_derived_is_the_same_in_each_process_and_another_for_each_purpose_and_master():
    one = Keyring([bytes(32), bytes(range(32))]).derived("webhook")
    assert Keyring([bytes(32)]).derived("webhook") == one
    assert len({one, Keyring([bytes(32)]).derived("other"), Keyring([bytes(range(32))]).derived("webhook")}) == 3
    assert re.fullmatch("[A-Za-z0-9_-]{43}", one)
