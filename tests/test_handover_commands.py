"""The verbs of the command line about handovers: the employer's invitation, and a handover as a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import commands, handover_commands
from bot.__main__ import main
from bot.caseload import handovers
from bot.commands import Refused
from bot.settings import Settings
from bot.storage import handovers as rows
from bot.storage import placements
from bot.storage.connection import Connection
from bot.storage.opened import Storage

FILE = """\
spec: 1
participant: 2
company: Bakkerij Vos
employer: Karin
start: 2026-12-01
contract_end: 2027-06-30
hours: '24'
contact: {rhythm: monthly, weekday: dinsdag, at: 10:00, until: 2027-11-30}
agreements:
  work: {who: coach, employer: ja}
  contact: {who: coach, review: 2027-03-01, employer: ja}
  hours: {text: Van 9 tot 15 uur., who: employer, employer: ja}
  sick: {call: de planning, before: '08:30', number: 050-1234, employer: ja}
  money: {text: Sam vraagt zorgtoeslag aan.}
"""
SAM = 2
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
async def office(tmp_path: Path) -> Settings:
    """A coach and a participant."""
    found = Settings(data=tmp_path / "data")
    coach = await commands.add_person(found, "coach", "Ilse", None, "nl")
    made = await commands.add_person(found, "participant", "Sam", coach["person"], "nl")
    assert made["person"] == SAM
    return found


async def karin(office: Settings, company: str = "Bakkerij Vos", placement: int | None = None) -> dict[str, Any]:
    return await handover_commands.add_employer(office, "Karin", SAM, company, placement, "nl")


async def brought(office: Settings, tmp_path: Path, text: str = FILE) -> handover_commands.BroughtIn:
    file = tmp_path / "handover.yaml"
    file.write_text(text, "utf-8")
    return await handover_commands.bring_in(office, file)


async def a_placement(office: Settings) -> None:
    storage = await Storage.open(office)

    async def work(tx: Connection) -> None:
        await placements.make(tx, await storage.keyring.of(tx, SAM), NOW.date(), NOW, company="Tuinderij")

    await storage.db.write(work)
    await storage.close()


async def case(office: Settings, placement: int) -> handovers.Case:
    storage = await Storage.open(office)
    async with storage.db.read() as conn:
        found = await handovers.case(conn, storage.keyring, placement)
    await storage.close()
    assert found is not None
    return found


async def everybody_says_yes(office: Settings, placement: int) -> None:
    storage = await Storage.open(office)

    async def work(tx: Connection) -> None:
        found = await handovers.case(tx, storage.keyring, placement)
        assert found is not None
        await handovers.offer(tx, storage.keyring, found, NOW)
        while (found := await handovers.case(tx, storage.keyring, placement)) and found.in_making:
            who = found.in_making.next_party()
            if who is None:
                await handovers.take_effect(tx, storage.keyring, found, NOW, NOW.date())
                return
            for one, direction in found.in_making.to_decide(who):
                await rows.decide(tx, one.id, who, direction, "yes", NOW)
            await rows.accept(tx, found.in_making.handover.id, who, "yes", NOW)

    await storage.db.write(work)
    await storage.close()


# ---- the employer


async def test_an_employer_is_added_with_a_code_and_the_placement_comes_along(office: Settings) -> None:
    made = await karin(office)
    assert made["code"]
    [placement] = (await commands.show(office, SAM))["placements"]
    assert placement["employer"] == {"person": made["person"], "name": "Karin"}
    assert placement["company"] == "Bakkerij Vos"


async def test_a_second_contact_person_never_takes_the_place_of_the_first(office: Settings) -> None:
    await karin(office)
    with pytest.raises(Refused, match="Karin is the contact person"):
        await handover_commands.add_employer(office, "Bas", SAM, "", None, "nl")


async def test_with_two_placements_it_must_be_said_which(office: Settings) -> None:
    await a_placement(office)
    await a_placement(office)
    with pytest.raises(Refused, match="--placement 1 or 2"):
        await karin(office, "")
    with pytest.raises(Refused, match="There are: 1 or 2"):
        await karin(office, "", 9)
    await karin(office, "", 2)
    assert [one["employer"] is not None for one in (await commands.show(office, SAM))["placements"]] == [False, True]


async def test_another_company_is_not_written_over(office: Settings) -> None:
    await a_placement(office)
    with pytest.raises(Refused, match="Tuinderij"):
        await karin(office)


async def test_only_a_participant_has_an_employer(office: Settings) -> None:
    with pytest.raises(Refused, match="no participant with number 1"):
        await handover_commands.add_employer(office, "Karin", 1, "", None, "nl")


# ---- the file


async def test_a_file_becomes_a_draft_that_nobody_was_told_of(office: Settings, tmp_path: Path) -> None:
    await karin(office)
    found = await brought(office, tmp_path)
    assert found.problems == ()
    assert found.made == {"participant": SAM, "placement": 1, "version": 1, "state": "draft", "agreements": 5}
    making = (await case(office, 1)).in_making
    assert making is not None
    texts = {one.item: one.text for one in making.agreements}
    assert texts["sick"] == "Bel bij ziekte met de planning, voor 08:30."
    assert texts["work"].startswith("Werk bij Bakkerij Vos vanaf dinsdag 1 december 2026.")
    assert texts["contact"].startswith("Elke maand, op dinsdag, om 10:00 uur")
    assert making.decisions == {}


async def test_written_and_brought_in_again_nothing_changes(office: Settings, tmp_path: Path) -> None:
    await karin(office)
    await brought(office, tmp_path)
    before, text = await case(office, 1), await handover_commands.export(office, SAM, None)
    assert (await brought(office, tmp_path, text)).problems == ()
    assert await case(office, 1) == before
    assert await handover_commands.export(office, SAM, None) == text


async def test_what_the_file_leaves_out_is_not_in_the_draft(office: Settings, tmp_path: Path) -> None:
    await karin(office)
    await brought(office, tmp_path)
    await brought(office, tmp_path, FILE.replace("  money: {text: Sam vraagt zorgtoeslag aan.}\n", ""))
    making = (await case(office, 1)).in_making
    assert making is not None
    assert making.item("money") is None
    assert making.handover.version == 1


async def test_items_that_stay_the_same_keep_what_was_decided_and_what_counts_stays(
    office: Settings, tmp_path: Path
) -> None:
    """P9: a yes to other words is no yes; and a file changes nothing that the parties agreed."""
    await karin(office)
    await brought(office, tmp_path)
    await everybody_says_yes(office, 1)
    agreed = (await case(office, 1)).in_force
    assert agreed is not None
    assert "hours" in {one.item for one in agreed.employer_sees()}
    await brought(office, tmp_path, FILE.replace("Van 9 tot 15 uur.", "Van 9 tot 17 uur."))
    after = await case(office, 1)
    assert after.in_force == agreed
    assert after.in_making is not None
    assert after.in_making.handover.version == 2
    shown = {one.item for one in after.in_making.employer_sees()}
    assert {"work", "contact", "sick"} == shown


async def test_a_company_by_another_name_is_asked_about_again_and_the_rest_stays_shared(
    office: Settings, tmp_path: Path
) -> None:
    """P9: the consent is for the person who reads, and that is still Karin."""
    await karin(office)
    await brought(office, tmp_path)
    await everybody_says_yes(office, 1)
    found = await brought(office, tmp_path, FILE.replace("Bakkerij Vos", "Bakkerij De Vos"))
    assert found.problems == ()
    after = await case(office, 1)
    assert (after.placement.company, after.proposed.company) == ("Bakkerij Vos", "Bakkerij De Vos")
    assert after.in_force is not None
    assert after.in_making is not None
    work = after.in_force.item("work")
    assert work is not None
    assert "Bakkerij Vos" in work.text
    assert {one.item for one in after.in_making.employer_sees()} == {"contact", "hours", "sick"}
    await everybody_says_yes(office, 1)
    assert (await case(office, 1)).placement.company == "Bakkerij De Vos"


async def test_other_work_that_nobody_is_asked_about_is_told_at_its_place(office: Settings, tmp_path: Path) -> None:
    await karin(office)
    await brought(office, tmp_path)
    await everybody_says_yes(office, 1)
    other = FILE.replace("Bakkerij Vos", "Bakkerij De Vos")
    assert other.count("  work:") == 1
    lines = other.splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.startswith("  work:"))
    behind = next(number for number in range(at + 1, len(lines)) if not lines[number].startswith("   "))
    found = await brought(office, tmp_path, "".join(lines[:at] + lines[behind:]))
    assert [one.code for one in found.problems] == ["work-not-agreed"]
    after = await case(office, 1)
    assert (after.placement.company, after.in_making) == ("Bakkerij Vos", None)


@pytest.mark.parametrize(
    ("was", "becomes", "code", "line"),
    [
        ("participant: 2", "participant: 9", "no-participant", 2),
        ("participant: 2", "participant: 1", "no-participant", 2),
        ("company:", "placement: 7\ncompany:", "no-placement", 3),
        ("employer: Karin", "employer: Bas", "other-employer", 4),
    ],
)
async def test_what_the_books_do_not_know_is_told_at_its_place(
    office: Settings, tmp_path: Path, was: str, becomes: str, code: str, line: int
) -> None:
    await karin(office)
    found = await brought(office, tmp_path, FILE.replace(was, becomes, 1))
    assert [(one.code, one.line) for one in found.problems] == [(code, line)]
    assert (await case(office, 1)).in_making is None


async def test_somebody_in_the_file_is_never_brought_in_by_name_alone(office: Settings, tmp_path: Path) -> None:
    found = await brought(office, tmp_path)
    assert [one.code for one in found.problems] == ["no-employer"]
    assert "add employer --name 'Karin' --participant 2" in found.problems[0].way_out
    assert (await commands.show(office, SAM))["placements"] == []


async def test_with_two_placements_the_file_must_say_which(office: Settings, tmp_path: Path) -> None:
    await a_placement(office)
    await a_placement(office)
    text = FILE.replace("employer: Karin\n", "")
    found = await brought(office, tmp_path, text)
    assert [one.code for one in found.problems] == ["which-placement"]
    assert (await brought(office, tmp_path, text.replace("company:", "placement: 2\ncompany:"))).made["placement"] == 2


async def test_without_a_handover_there_is_nothing_to_write(office: Settings) -> None:
    with pytest.raises(Refused, match="no handover of Sam"):
        await handover_commands.export(office, SAM, None)


def test_a_file_is_only_for_its_owner_and_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "out.yaml"
    handover_commands.save("spec: 1\n", file)
    assert (file.stat().st_mode & 0o777) == 0o600
    with pytest.raises(Refused, match="cannot be written"):
        handover_commands.save("spec: 2\n", file)
    assert file.read_text() == "spec: 1\n"


# ---- as typed


@pytest.fixture
def prompt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    monkeypatch.setenv("ACHTERDEHAND_DATA", str(tmp_path / "data"))

    def types(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    types("add", "coach", "--name", "Ilse")
    types("add", "participant", "--name", "Sam", "--coach", "1")
    return types


def test_at_the_prompt_problems_are_lines_and_exit_code_1(prompt: Any, tmp_path: Path) -> None:
    file = tmp_path / "handover.yaml"
    file.write_text(FILE.replace("2026-12-01", "30 februari 2027"), "utf-8")
    code, out, _ = prompt("handover", "import", str(file))
    assert code == 1
    assert f"{file}:5:8: '30 februari 2027' is geen dag die bestaat. (bad-date)" in out


def test_at_the_prompt_an_employer_belongs_to_a_participant(prompt: Any) -> None:
    code, _, err = prompt("add", "employer", "--name", "Karin")
    assert (code, "--participant ID" in err) == (2, True)
    code, _, err = prompt("add", "coach", "--name", "Noor", "--participant", "2")
    assert (code, "for an employer" in err) == (2, True)


def test_at_the_prompt_a_handover_goes_out_and_comes_in_and_is_shown(prompt: Any, tmp_path: Path) -> None:
    file, out = tmp_path / "handover.yaml", tmp_path / "out.yaml"
    file.write_text(FILE, "utf-8")
    assert prompt("add", "employer", "--name", "Karin", "--participant", "2", "--company", "Bakkerij Vos")[0] == 0
    code, said, _ = prompt("handover", "import", str(file))
    assert (code, "Laat lezen" in said) == (0, True)
    assert prompt("handover", "export", "--participant", "2", "--out", str(out))[0] == 0
    assert prompt("handover", "import", str(out), "--json")[0] == 0
    _, said, _ = prompt("show", "participant", "2")
    assert "employer Karin (3)" in said
    assert "item hours, text Van 9 tot 15 uur., who employer" in said
