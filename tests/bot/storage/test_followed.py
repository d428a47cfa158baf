"""Referrals and estimates: sealed, the participant's own, and gone with them. And the last answer to each question."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from bot.storage import estimates, people, referrals, runs
from bot.storage.estimates import Estimate
from bot.storage.referrals import Referral
from bot.storage.runs import AnswerRow, Begun
from bot.storage.tables import estimate, referral
from tests.support.stage import Stage, staged

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
TODAY = date(2026, 12, 1)


async def person(stage: Stage) -> Any:
    keyring = stage.running.storage.keyring
    who = await stage.write(lambda tx: people.add(tx, keyring, "participant", "Sam", "nl", NOW))
    return await stage.write(lambda tx: keyring.of(tx, who))


async def test_a_referral_comes_back_as_it_was_and_its_words_are_sealed(tmp_path: Any) -> None:
    async with staged(tmp_path / "data") as stage:
        key = await person(stage)
        made = Referral(0, "Wijkteam Zuid", TODAY, (date(2026, 12, 15),))
        number = await stage.write(lambda tx: referrals.note(tx, key, made))
        later = replace(made, id=number, asks=(*made.asks, date(2027, 1, 5)), outcome="worked", said=TODAY)
        await stage.write(lambda tx: referrals.keep(tx, key, later))
        assert await stage.write(lambda tx: referrals.of_person(tx, key)) == (later,)
        notes = await stage.write(lambda tx: tx.execute(select(referral.c.note)))
        assert all(b"Wijkteam" not in note and b"2026" not in note for (note,) in notes.all())


async def test_who_scores_twice_on_a_day_meant_the_later_and_a_strangers_scores_go(tmp_path: Any) -> None:
    async with staged(tmp_path / "data") as stage:
        key = await person(stage)
        who, coach = key.person_id, 99
        for one in (
            Estimate(3, who, date(2026, 6, 1)),
            Estimate(4, coach, TODAY),
            Estimate(5, who, TODAY),
            Estimate(6, who, TODAY),
        ):
            await stage.write(lambda tx, one=one: estimates.add(tx, key, one))
        kept = await stage.write(lambda tx: estimates.of_person(tx, key))
        assert [(one.step, one.by) for one in kept] == [(3, who), (4, coach), (6, who)]
        notes = await stage.write(lambda tx: tx.execute(select(estimate.c.note)))
        assert all(b"step" not in note for (note,) in notes.all())
        await stage.write(lambda tx: estimates.disown(tx, key, TODAY))
        kept = await stage.write(lambda tx: estimates.of_person(tx, key))
        assert [(one.step, one.by) for one in kept] == [(3, who), (4, coach)]


async def test_each_question_is_compared_with_the_last_time_that_it_came(tmp_path: Any) -> None:
    async with staged(tmp_path / "data") as stage:
        key = await person(stage)

        async def talk(outcome: str | None, **values: Any) -> int:
            begun = Begun("monthly-checkin", "v1", 1, "{}", outcome)
            run = await stage.write(lambda tx: runs.begin(tx, key, begun, NOW))
            for step, value in values.items():
                given = AnswerRow("monthly-checkin", step, "scale", "?", value, "", NOW, run)
                await stage.write(lambda tx, given=given: runs.answer_given(tx, key, given, "v1"))
            return int(run)

        await talk("done", work=4, money=2)
        second = await talk("done", work=3, sleep=5)
        await talk("expired", work=None)
        now = await talk(None, work=1)

        async def last(before: int | None) -> dict[str, Any]:
            found: dict[str, Any] = await stage.write(lambda tx: runs.last_answers(tx, key, "monthly-checkin", before))
            return found

        assert await last(now) == {"work": None, "money": 2, "sleep": 5}
        assert await last(second) == {"work": 4, "money": 2}
        assert await last(None) == {"work": None, "money": 2, "sleep": 5}  # what is still open is not the last time
        await stage.write(lambda tx: runs.take_back(tx, second, "monthly-checkin", "sleep", NOW))
        assert "sleep" not in await last(now)
