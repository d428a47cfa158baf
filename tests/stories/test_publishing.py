"""Publishing while the bot runs: who is in a talk keeps it, goes on or begins again; broken scripts never go live."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import update

from bot import publish_commands
from bot.app import READ_EVERY
from bot.authoring.releasing import Running
from bot.commands import Refused
from bot.publish_commands import Wish
from bot.settings import Settings
from bot.storage.tables import flow_version
from tests.stories.conftest import Pair, make_pair
from tests.support.phones import Phone
from tests.support.stage import Stage, staged

WELCOME = """\
spec: 1
flow: welcome
audience: participant
title: Welkom
expires: {after: 10 days}
steps:
  join:
    say: Doe je mee?
    ask: {choice: {ja: Ja, zeker: Zeker}}
  bye:
    say: Fijn.
    do: take_part
    end: done
"""
WELCOME_TALKS = """\
- talk: ja
  lines:
    - bot: Doe je mee?
    - tap: Ja
    - bot: Fijn.
    - effect: take_part
    - end: done
- talk: zeker
  lines:
    - bot: Doe je mee?
    - tap: Zeker
    - bot: Fijn.
    - effect: take_part
    - end: done
"""
CHECKIN = """\
spec: 1
flow: monthly-checkin
audience: participant
title: Check-in
starts: {moment: checkin, words: [vraag]}
reminders: [3 days]
expires: {after: 10 days}
steps:
  work:
    say: Hoi {name}. Hoe gaat het op je werk?
    ask: {choice: {good: Goed, bad: Slecht}}
  more:
    say: Wat wil je nog kwijt?
    ask: {text: {optional: true}}
  bye:
    say: Dank je wel.
    end: done
"""
CHECKIN_TALKS = """\
- talk: goed
  lines:
    - bot: Hoi Sam. Hoe gaat het op je werk?
    - tap: Goed
    - bot: Wat wil je nog kwijt?
    - type: niets
    - bot: Dank je wel.
    - end: done
- talk: slecht
  lines:
    - bot: Hoi Sam…
    - tap: Slecht
    - bot: Wat wil je nog kwijt?
    - type: niets
    - bot: Dank je wel.
    - end: done
"""
LINE = """\
spec: 1
flow: line
audience: participant
title: Wie je kunt bellen
starts: {words: [lijn]}
expires: {after: 10 days}
steps:
  ask:
    say: Wil je een nummer?
    ask: yesno
  tell:
    say: "De Luisterlijn: {number.luisterlijn}."
    end: done
"""
LINE_TALKS = """\
- talk: ja
  lines:
    - bot: Wil je een nummer?
    - tap: Ja
    - bot: "De Luisterlijn: {number.luisterlijn}."
    - end: done
- talk: nee
  lines:
    - bot: Wil je een nummer?
    - tap: Nee
    - bot: "De Luisterlijn: {number.luisterlijn}."
    - end: done
"""


@dataclass
class Desk:
    """An admin with a folder of scripts, beside a bot that runs on it."""

    stage: Stage
    folder: Path
    said: list[str] = field(default_factory=list)

    def change(self, file: str, old: str, new: str) -> None:
        """In the script and in its talk tests, wherever it stands."""
        for path in (self.folder / file, self.folder / file.replace(".yaml", ".talks.yaml")):
            text = path.read_text("utf-8")
            path.write_text(text.replace(old, new), "utf-8")

    async def publish(
        self, *names: str, running: Running | None = "finish", ask: Callable[[], str | None] | None = None
    ) -> int:
        """What the command answers; the running bot has taken it over when this returns."""
        self.said.clear()
        settings = self.stage.running.settings
        code = await publish_commands.release_folder(settings, names, Wish(running, "Bo", False), ask, self.said.append)
        await self.stage.running.read_scripts()
        return code

    async def history(self, name: str) -> list[dict[str, object]]:
        lines: list[str] = []
        await publish_commands.versions(self.stage.running.settings, name, True, lines.append)
        return list(json.loads(lines[0]))


@pytest.fixture
async def desk(tmp_path: Path, database_url: str | None) -> AsyncIterator[Desk]:
    """Nothing is translated here: the catalogues hold the sentences of the scripts that are shipped."""
    (tmp_path / "locales").mkdir()
    folder = tmp_path / "flows" / "scripts"
    folder.mkdir(parents=True)
    shutil.copy(Settings().scripts.parent / "numbers.yaml", folder.parent)
    (folder / "welcome.yaml").write_text(WELCOME)
    (folder / "welcome.talks.yaml").write_text(WELCOME_TALKS)
    (folder / "monthly-checkin.yaml").write_text(CHECKIN)
    (folder / "monthly-checkin.talks.yaml").write_text(CHECKIN_TALKS)
    (folder / "line.yaml").write_text(LINE)
    (folder / "line.talks.yaml").write_text(LINE_TALKS)
    async with staged(
        tmp_path / "data", database_url=database_url, flows=folder, locales=tmp_path / "locales"
    ) as stage:
        yield Desk(stage, folder)


@pytest.fixture
async def pair(desk: Desk) -> Pair:
    """Sam takes part, and has a check-in with its first question open."""
    pair = await make_pair(desk.stage)
    await pair.sam.tap("Ja")
    await pair.sam.sees("Fijn.")
    await pair.ilse.tap("Ja, dat klopt")
    await desk.stage.plan_now(pair.participant)
    await pair.sam.sees("Hoi Sam. Hoe gaat het op je werk?")
    await desk.stage.settled()
    return pair


async def ends_it(sam: Phone) -> None:
    """The rest of the check-in, as it was when Sam began."""
    await sam.sees("Wat wil je nog kwijt?")
    await sam.write("niets")
    await sam.sees("Dank je wel.")


async def test_who_is_in_a_talk_ends_it_as_it_was_and_the_next_one_is_new(desk: Desk, pair: Pair) -> None:
    desk.change("monthly-checkin.yaml", "Wat wil je nog kwijt?", "Wil je nog iets vertellen?")
    assert await desk.publish() == 0
    assert "  Stap more: «Wat wil je nog kwijt?» werd «Wil je nog iets vertellen?»." in desk.said
    await pair.sam.tap("Goed")
    await ends_it(pair.sam)
    await pair.sam.write("vraag")
    await pair.sam.tap("Slecht")
    await pair.sam.sees("Wil je nog iets vertellen?")


async def test_it_is_told_how_many_stand_where_it_changes_and_who_is_asked_may_choose(desk: Desk, pair: Pair) -> None:
    desk.change("monthly-checkin.yaml", "Slecht", "Niet zo goed")
    assert await desk.publish(running=None, ask=lambda: "liever niet") == 1
    assert "  monthly-checkin, stap work: 1 mens; die stap is nu anders" in desk.said
    assert desk.said[-1] == "Er is niets gepubliceerd."
    assert await desk.publish(running=None, ask=lambda: "2") == 0
    await desk.stage.later(minutes=1)
    await pair.sam.sees("Ik heb mijn vragen veranderd. Daarom vraag ik je dit nog een keer.")
    await pair.sam.tap("Niet zo goed")
    await pair.sam.sees("Wat wil je nog kwijt?")


async def test_who_is_moved_is_asked_in_contact_hours_and_hears_nothing_where_the_question_is_the_same(
    desk: Desk, pair: Pair
) -> None:
    """P6: at night nobody is written to because somebody publishes."""
    await desk.stage.later(hours=12)  # ten in the evening
    desk.change("monthly-checkin.yaml", "Slecht", "Niet zo goed")
    assert await desk.publish(running="move") == 0
    await desk.stage.later(minutes=5)
    pair.sam.reads_all()
    await desk.stage.later(hours=11)
    await pair.sam.sees("Ik heb mijn vragen veranderd.")
    await pair.sam.sees("Tik op de knop. Dan zie je de vraag waar we waren gebleven.")
    await desk.stage.settled()
    pair.sam.reads_all()
    desk.change("monthly-checkin.yaml", "Wat wil je nog kwijt?", "Wil je nog iets vertellen?")
    assert await desk.publish(running="move") == 0
    await desk.stage.later(minutes=1)
    assert pair.sam.reads_all() == []
    await pair.sam.write("goed")
    await pair.sam.sees("Wil je nog iets vertellen?")


async def test_a_step_that_is_gone_is_ended_as_it_was(desk: Desk, pair: Pair) -> None:
    for name in ("monthly-checkin.yaml", "monthly-checkin.talks.yaml"):
        path = desk.folder / name
        path.write_text(path.read_text().replace("  work:\n", "  job:\n"))
    assert await desk.publish(running="move") == 0
    assert "  monthly-checkin, stap work: 1 mens; die stap is nu weg" in desk.said
    assert desk.said[-1].startswith("1 mens maakt het gesprek af zoals het was: die stap is weg")
    await desk.stage.later(minutes=1)
    await pair.sam.tap("Goed")
    await pair.sam.sees("Wat wil je nog kwijt?")


async def test_who_begins_again_hears_why(desk: Desk, pair: Pair) -> None:
    await pair.sam.tap("Goed")
    await pair.sam.sees("Wat wil je nog kwijt?")
    desk.change("monthly-checkin.yaml", "Wat wil je nog kwijt?", "Wil je nog iets vertellen?")
    assert await desk.publish(running="restart") == 0
    await desk.stage.later(minutes=1)
    await pair.sam.sees("Ik heb mijn vragen veranderd. Daarom begin ik dit gesprek opnieuw.")
    await pair.sam.tap("Slecht")
    await pair.sam.sees("Wil je nog iets vertellen?")


async def test_a_talk_that_begins_with_somebody_s_own_words_is_never_begun_unasked(desk: Desk, pair: Pair) -> None:
    """P19: only a talk that we begin has first words that may show on a lock screen."""
    await pair.sam.write("stop")
    await pair.sam.write("lijn")
    await pair.sam.sees("Wil je een nummer?")
    desk.change("line.yaml", "Wil je een nummer?", "Zal ik een nummer geven?")
    assert await desk.publish(running="restart") == 0
    assert desk.said[-1] == (
        "1 mens maakt het gesprek af zoals het was: de assistent begint dat gesprek niet uit zichzelf."
    )
    await desk.stage.later(minutes=1)
    await pair.sam.tap("Ja")
    await pair.sam.sees("De Luisterlijn: 088 0767 000.")


async def test_a_number_is_mended_for_who_is_in_a_talk_too(desk: Desk, pair: Pair) -> None:
    await pair.sam.write("stop")
    await pair.sam.write("lijn")
    await pair.sam.sees("Wil je een nummer?")
    numbers = desk.folder.parent / "numbers.yaml"
    numbers.write_text(numbers.read_text().replace("088 0767 000", "088 0767 111"))
    assert await desk.publish() == 0
    assert "  De Luisterlijn: 088 0767 000 werd 088 0767 111." in desk.said
    await pair.sam.tap("Ja")
    await pair.sam.sees("De Luisterlijn: 088 0767 111.")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("    end: done", "    goto: nergens", "unknown-step"),
        ("{number.luisterlijn}", "{number.luister}", "unknown-number"),
        ("{number.luisterlijn}", "088 0767 000", "literal-number"),
        ("Wil je een nummer?", "Wil je dat er een nummer gegeven wordt?", "passive"),
    ],
)
async def test_a_problem_keeps_everything_from_being_published(desk: Desk, old: str, new: str, code: str) -> None:
    """P13."""
    path = desk.folder / "line.yaml"
    path.write_text(path.read_text().replace(old, new))
    assert await desk.publish() == 1
    assert any(f"({code})" in line for line in desk.said)
    assert len(await desk.history("line")) == 1


async def test_a_failing_talk_keeps_it_from_being_published(desk: Desk) -> None:
    """P13."""
    talks = desk.folder / "line.talks.yaml"
    talks.write_text(talks.read_text().replace("tap: Ja", "tap: Jazeker"))
    desk.change("monthly-checkin.yaml", "Slecht", "Niet zo goed")
    for names in ((), ("line",)):
        assert await desk.publish(*names) == 1
        assert any("(talk-fails)" in line for line in desk.said)


@pytest.mark.parametrize("name", ["numbers", "numbers.yaml", "line"])
async def test_a_colleague_s_draft_keeps_nothing_urgent_from_being_published(desk: Desk, name: str) -> None:
    (desk.folder / "monthly-checkin.yaml").write_text("spec: 1\n")
    (desk.folder / "draft.yaml").write_text(LINE.replace("flow: line", "flow: draft"))  # with the same first words
    numbers = desk.folder.parent / "numbers.yaml"
    numbers.write_text(numbers.read_text().replace("088 0767 000", "088 0767 111"))
    desk.change("line.yaml", "Wil je een nummer?", "Zal ik een nummer geven?")
    assert await desk.publish() == 1
    assert await desk.publish(name) == 0, desk.said
    assert len(await desk.history("monthly-checkin")) == 1
    assert len(await desk.history(name.removesuffix(".yaml"))) == 2
    assert await desk.publish("monthly-checkin") == 1
    assert await desk.publish("draft") == 1
    assert any("(same-words)" in line for line in desk.said)


async def test_a_flow_that_names_an_unpublished_number_is_refused(desk: Desk) -> None:
    numbers = desk.folder.parent / "numbers.yaml"
    numbers.write_text(numbers.read_text().replace("  luisterlijn:", "  luister:"))
    desk.change("line.yaml", "number.luisterlijn", "number.luister")
    with pytest.raises(Refused, match="noemt het nummer 'luister'"):
        await desk.publish("line")
    assert await desk.publish("line", "numbers") == 0


async def test_where_nobody_can_be_asked_the_choice_must_be_given(desk: Desk, pair: Pair) -> None:
    desk.change("monthly-checkin.yaml", "Slecht", "Niet zo goed")
    assert await desk.publish(running=None) == 1
    assert "  monthly-checkin, stap work: 1 mens; die stap is nu anders" in desk.said
    for option in ("--finish", "--move", "--restart"):
        assert any(line.startswith(f"  {option}: ") for line in desk.said)
    assert desk.said[-1] == "Er is niets gepubliceerd."
    assert len(await desk.history("monthly-checkin")) == 1


async def test_who_stayed_in_an_older_version_can_be_moved_later(desk: Desk, pair: Pair) -> None:
    desk.change("monthly-checkin.yaml", "Slecht", "Niet zo goed")
    assert await desk.publish(running="finish") == 0
    assert await desk.publish(running="move") == 0
    assert "Er is niets veranderd sinds de vorige keer." in desk.said
    assert desk.said[-1] == (
        "1 mens gaat verder in het nieuwe gesprek. "
        "Dat gebeurt op het eerstvolgende uur voor vragen: niet 's nachts, in het weekend of op een feestdag."
    )
    assert len(await desk.history("monthly-checkin")) == 2
    await desk.stage.later(minutes=1)
    await pair.sam.sees("Ik heb mijn vragen veranderd. Daarom vraag ik je dit nog een keer.")
    await pair.sam.tap("Niet zo goed")
    await pair.sam.sees("Wat wil je nog kwijt?")


async def test_a_text_that_was_set_back_does_not_come_back_by_itself(desk: Desk) -> None:
    desk.change("line.yaml", "Wil je een nummer?", "Zal ik een nummer geven?")
    assert await desk.publish() == 0
    settings, wish = desk.stage.running.settings, Wish("finish", "Bo", False)
    await publish_commands.go_back(settings, "line", "1", wish, None, desk.said.append)
    assert await desk.publish() == 1
    assert desk.said[0] == ("line is teruggezet naar een eerdere versie. In de map staat nog de tekst van daarvoor.")
    assert await desk.publish(ask=lambda: "nee") == 1
    assert len(await desk.history("line")) == 3
    desk.change("line.yaml", "Zal ik een nummer geven?", "Zal ik een nummer voor je zoeken?")
    assert await desk.publish() == 0
    await publish_commands.go_back(settings, "line", "1", wish, None, desk.said.append)
    assert await desk.publish(ask=lambda: "ja") == 0
    await publish_commands.go_back(settings, "line", "1", wish, None, desk.said.append)
    assert await desk.publish("line") == 0


async def test_after_a_restart_new_flows_count_at_once_and_changed_ones_wait(
    desk: Desk, pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    desk.change("monthly-checkin.yaml", "Slecht", "Niet zo goed")
    new = LINE.replace("flow: line", "flow: other").replace("[lijn]", "[anders]")
    (desk.folder / "other.yaml").write_text(new)
    await desk.stage.close()
    with caplog.at_level(logging.WARNING):
        await desk.stage.open()
    assert "changed scripts wait for `achterdehand publish`: monthly-checkin" in caplog.text
    await pair.sam.tap("Slecht")
    await ends_it(pair.sam)
    await pair.sam.write("anders")
    await pair.sam.sees("Wil je een nummer?")


async def test_one_flow_is_published_and_the_rest_waits(desk: Desk, pair: Pair) -> None:
    desk.change("monthly-checkin.yaml", "Slecht", "Niet zo goed")
    desk.change("line.yaml", "Wil je een nummer?", "Zal ik een nummer geven?")
    assert await desk.publish("line") == 0
    assert len(await desk.history("line")) == 2
    assert len(await desk.history("monthly-checkin")) == 1
    with pytest.raises(Refused, match="'nergens' bestaat niet"):
        await desk.publish("nergens")


async def test_a_script_that_was_taken_away_begins_no_more_and_can_come_back(desk: Desk, pair: Pair) -> None:
    for file in desk.folder.glob("line.*"):
        file.unlink()
    assert await desk.publish() == 0
    assert "  Het gesprek is weg." in desk.said
    assert "line" not in desk.stage.running.services.book
    await publish_commands.go_back(
        desk.stage.running.settings, "line", "1", Wish("finish", "Bo", False), None, desk.said.append
    )
    await desk.stage.running.read_scripts()
    assert "line" in desk.stage.running.services.book


async def test_an_earlier_version_counts_again(desk: Desk, pair: Pair) -> None:
    await pair.sam.write("stop")
    first = (await desk.history("line"))[0]
    desk.change("line.yaml", "Wil je een nummer?", "Zal ik een nummer geven?")
    assert await desk.publish() == 0
    settings, wish = desk.stage.running.settings, Wish("finish", "Bo", False)
    await publish_commands.go_back(settings, "line", str(first["version"])[:8], wish, None, desk.said.append)
    with pytest.raises(Refused, match="geldt nu al"):
        await publish_commands.go_back(settings, "line", "0", wish, None, desk.said.append)
    with pytest.raises(Refused, match="Zo'n versie is er niet"):
        await publish_commands.go_back(settings, "line", "9", wish, None, desk.said.append)
    history = await desk.history("line")
    assert (history[0]["version"], history[0]["by"]) == (first["version"], "Bo")
    assert str(history[0]["changed"]).startswith("['Terug naar de versie van ")
    await desk.stage.running.read_scripts()
    await pair.sam.write("lijn")
    await pair.sam.sees("Wil je een nummer?")


async def test_a_running_bot_takes_it_over_by_itself_within_ten_seconds(desk: Desk) -> None:
    desk.change("line.yaml", "Wil je een nummer?", "Zal ik een nummer geven?")
    settings = desk.stage.running.settings
    await publish_commands.release_folder(settings, (), Wish("finish", None, True), None, desk.said.append)
    told = json.loads(desk.said[-1])
    version = told["published"][0]["version"]
    assert told["published"][0]["flow"] == "line"
    assert READ_EVERY <= 10
    async with asyncio.timeout(10):
        while desk.stage.running.services.book.latest("line").version != version:
            await asyncio.sleep(0.05)


async def test_nothing_different_is_said_so(desk: Desk) -> None:
    assert await desk.publish() == 0
    assert desk.said == ["Er is niets veranderd sinds de vorige keer."]


async def unreadable(desk: Desk) -> None:
    """The bot is upgraded to a program that cannot read the version of the check-in which was published."""
    of_it = flow_version.c.flow == "monthly-checkin"
    await desk.stage.write(lambda tx: tx.execute(update(flow_version).where(of_it).values(source="spec: 0")))
    await desk.stage.close()
    desk.change("monthly-checkin.yaml", "Wat wil je nog kwijt?", "Wil je nog iets vertellen?")
    await desk.stage.open()


CANNOT = "Dit gesprek lukt nu niet. Dat ligt aan mij. Ilse weet het."


@pytest.mark.parametrize("way", ["tap", "words", "a wish", "its time is over"])
async def test_a_talk_in_a_version_that_cannot_be_read_any_more_ends_and_another_begins(
    desk: Desk, pair: Pair, way: str
) -> None:
    await unreadable(desk)
    if way == "tap":
        await pair.sam.tap("Goed")
    elif way == "words":
        await pair.sam.write("mijn rooster klopt niet")
    elif way == "a wish":
        await pair.sam.write("lijn")
    else:
        await desk.stage.later(days=10)
    await pair.sam.sees(CANNOT)
    await pair.ilse.tap("Bekijken")
    shown = await pair.ilse.sees("Een gesprek is vastgelopen.")
    assert ("mijn rooster klopt niet" in shown.text) == (way == "words")
    await pair.sam.write("vraag")
    begun = await pair.sam.sees("Hoi Sam. Hoe gaat het op je werk?")
    await pair.sam.tap("Slecht", on=begun)
    await pair.sam.sees("Wil je nog iets vertellen?")


async def test_a_coach_can_close_although_the_talk_that_rested_cannot_go_on(desk: Desk, pair: Pair) -> None:
    await pair.sam.write("mijn rooster klopt niet")
    await pair.ilse.sees("Er is een nieuwe melding.")
    await pair.ilse.reply("Er is een nieuwe melding.", "Wat klopt er niet?")
    await pair.sam.sees("Ilse: Wat klopt er niet?")
    await unreadable(desk)
    await pair.ilse.tap("Gesprek sluiten")
    await pair.ilse.sees("Gesloten.")
    await pair.sam.sees("Ilse heeft het gesprek afgerond.")
    await pair.sam.sees(CANNOT)
