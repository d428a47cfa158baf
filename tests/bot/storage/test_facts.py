"""Small facts of the process itself."""

from bot.storage import facts


async def test_a_fact_is_put_replaced_and_dropped(db):
    async def work(tx):
        seen = [await facts.get(tx, "cursor")]
        for value in ("1", "2"):
            await facts.put(tx, "cursor", value)
            seen.append(await facts.get(tx, "cursor"))
        await facts.drop(tx, "cursor")
        await facts.drop(tx, "cursor")
        return [*seen, await facts.get(tx, "cursor")]

    assert await db.write(work) == [None, "1", "2", None]


async def test_a_fact_may_be_json(db):
    async def work(tx):
        await facts.put_json(tx, "pause", {"until": "é", "chats": [1, 2]})
        return await facts.get_json(tx, "pause"), await facts.get_json(tx, "none")

    assert await db.write(work) == ({"until": "é", "chats": [1, 2]}, None)
