"""The command line. Each command is one verb of bot.app or bot.authoring; a problem is one sentence and exit code 2."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Coroutine, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot import app, commands, handover_commands, settings, showcase
from bot.authoring import check as checking
from bot.authoring import extract as extracting
from bot.authoring import simulate as simulating
from bot.authoring.publish import NoGoodScripts
from bot.caseload.handbook import HandbookProblem
from bot.settings import Settings, SettingsProblem
from bot.storage import backup
from bot.storage.errors import BackupProblem, MasterKeyProblem, StorageError
from bot.texts import TextError, Texts, find_locales
from scheduler.calendar import Calendar

TIMES = ("due", "at", "raised", "made", "offered", "in_force", "done", "care_from")
"""What holds an instant in what the commands tell."""
WRONG = 2
"""Exit code for a missing setting, an unknown person, a database that cannot be used."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code: 0 well, 1 problems found in scripts, 2 cannot be done."""
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.do(chosen, settings.load()))
    except (SettingsProblem, commands.Refused, NoGoodScripts, HandbookProblem, TextError) as problem:
        print(problem, file=sys.stderr)
        return WRONG
    except StorageError as problem:
        print(f"{str(problem or type(problem).__doc__).rstrip('.')}. {_look_at(problem)}".rstrip(), file=sys.stderr)
        return WRONG
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left; nothing more to flush
        return 0


def _look_at(problem: StorageError) -> str:
    """Which settings say where the thing is that cannot be used."""
    if isinstance(problem, BackupProblem):
        return ""
    names = ("KEY_FILE", "KEY") if isinstance(problem, MasterKeyProblem) else ("DATABASE_URL", "DATA")
    return "Look at " + " and ".join(settings.PREFIX + name for name in names) + "."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="achterdehand", description="Aftercare by chat, with the same coach.")
    known = parser.add_subparsers(required=True, metavar="command")

    def command(name: str, do: Any, about: str) -> argparse.ArgumentParser:
        made = known.add_parser(name, help=about, description=about)
        made.set_defaults(do=do)
        return made

    command("run", _run, "Run the bot until SIGTERM.")
    demo = command("demo", _demo, "Run the bot on a stand-in for Telegram, with three phones in your browser.")
    demo.add_argument("--port", type=int, default=8000, help="port of the page (0: any free one)")

    add = command("add", _add, "Add somebody and make their invitation.")
    add.add_argument("role", choices=("coach", "participant", "employer", "admin"))
    add.add_argument("--name", required=True)
    add.add_argument("--coach", type=int, metavar="ID", help="the participant's own coach")
    add.add_argument("--participant", type=int, metavar="ID", help="whose contact person at work an employer is")
    add.add_argument("--company", default="", metavar="NAME", help="where that is; of an employer")
    add.add_argument("--placement", type=int, metavar="ID", help="which one, if the participant has more")
    add.add_argument("--language", default="nl", help="nl or en")
    add.add_argument("--json", action="store_true")

    plan = command("plan", _plan, "Plan one contact by hand.")
    plan.add_argument("--participant", type=int, required=True, metavar="ID")
    plan.add_argument("--flow", required=True)
    plan.add_argument("--at", type=_local_time, metavar="2026-12-01T10:00", help="local time; without it: now")
    plan.add_argument("--json", action="store_true")

    show = command("show", _show, "Show what is known of a participant.")
    show.add_argument("what", choices=("participant",))
    show.add_argument("id", type=int)
    show.add_argument("--json", action="store_true")

    erase = command("erase", _erase, "Erase a participant and all that is known of them, for good.")
    erase.add_argument("what", choices=("participant",))
    erase.add_argument("id", type=int)
    erase.add_argument("--name", required=True, help="as it is known, so that nobody is erased by a wrong number")

    handover = command("handover", None, "A handover as a file: write it, or make it the draft.")
    verbs = handover.add_subparsers(required=True, metavar="verb")
    export = verbs.add_parser("export", help="Write the version in force, else the one in the making, as YAML.")
    export.set_defaults(do=_export)
    export.add_argument("--participant", type=int, required=True, metavar="ID")
    export.add_argument("--placement", type=int, metavar="ID", help="which one, if the participant has more")
    export.add_argument("--out", type=Path, metavar="FILE", help="a new file; without it: standard output")
    bring_in = verbs.add_parser("import", help="Make the handover in a file the draft; offered to nobody yet.")
    bring_in.set_defaults(do=_bring_in)
    bring_in.add_argument("file", type=Path, metavar="FILE")
    bring_in.add_argument("--json", action="store_true")

    check = command("check", _check, "Check scripts, talk tests and translations.")
    check.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    check.add_argument("--json", action="store_true")

    simulate = command("simulate", _simulate, "Play a flow in the terminal.")
    simulate.add_argument("flow")

    command("extract", _extract, "Update the catalogues for translators.")

    command("rotate-key", _rotate, "Make a new master key; the bot must not be running.")
    backing_up = command("backup", _backup, "Write a verified back-up of the database.")
    backing_up.add_argument("to", type=Path, metavar="FILE")
    restoring = command("restore", _restore, "Put a back-up in the place of an absent database, verified.")
    restoring.add_argument("source", type=Path, metavar="FILE")
    return parser


def _local_time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"write a time like 2026-12-01T10:00, not {text!r}") from None
    return at if at.tzinfo else at.replace(second=0, microsecond=0)


def _wait(work: Coroutine[Any, Any, int]) -> int:
    return asyncio.run(work)


def _out(data: dict[str, Any], as_json: bool) -> int:
    if as_json:
        print(json.dumps(data, ensure_ascii=False))
        return 0
    _tell(data, "")
    return 0


def _tell(data: dict[str, Any], indent: str) -> None:
    """Each value on a line of its own; of a list each member on one line, with what is listed in it beneath."""
    for name, value in data.items():
        if not isinstance(value, list):
            print(f"{indent}{name}: {_shown(name, value)}")
            continue
        print(f"{indent}{name}:")
        for one in value:
            lists = {key: said for key, said in one.items() if isinstance(said, list) and said}
            shown = {key: _shown(key, said) for key, said in one.items() if said not in (None, [], {}, "")}
            print(f"{indent}  " + ", ".join(f"{key} {said}" for key, said in shown.items() if key not in lists))
            _tell(lists, f"{indent}    ")


def _shown(name: str, value: Any) -> str:
    """A value for people to read: times on the clock here, a person as `Ilse (1)`."""
    match value:
        case {"person": number, "name": who}:
            return f"{who} ({number})"
        case dict():
            return " ".join(f"{key} {_shown(key, said)}" for key, said in value.items() if said is not None)
        case str() if name in TIMES:
            return _clock(value)
    return "none" if value is None else str(value)


def _clock(value: str) -> str:
    """An instant on the clock here; what is no instant stays as it is."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    return f"{Calendar().local(at):%Y-%m-%d %H:%M}" if at.tzinfo else value


def _run(chosen: argparse.Namespace, found: Settings) -> int:
    return _wait(app.run(found))


def _demo(chosen: argparse.Namespace, found: Settings) -> int:
    return _wait(showcase.demo(found, chosen.port))


def _add(chosen: argparse.Namespace, found: Settings) -> int:
    async def work() -> int:
        made = await _made(chosen, found)
        if chosen.json or made["link"]:
            _out(made, chosen.json)
        else:
            _out({"person": made["person"], "code": made["code"]}, as_json=False)
            print(commands.NO_LINK)
        if not chosen.json:
            commands.draw(made["link"])
        return 0

    return _wait(work())


async def _made(chosen: argparse.Namespace, found: Settings) -> dict[str, Any]:
    """Whoever is added: an employer belongs to a participant's placement, everybody else stands alone."""
    of_work = (chosen.participant, chosen.company, chosen.placement)
    if chosen.role != "employer":
        if any(of_work):
            raise commands.Refused("--participant, --company and --placement are for an employer.")
        return await commands.add_person(found, chosen.role, chosen.name, chosen.coach, chosen.language)
    if chosen.participant is None or chosen.coach is not None:
        raise commands.Refused("An employer is a participant's contact person at work: add --participant ID.")
    return await handover_commands.add_employer(
        found, chosen.name, chosen.participant, chosen.company, chosen.placement, chosen.language
    )


def _export(chosen: argparse.Namespace, found: Settings) -> int:
    async def work() -> int:
        text = await handover_commands.export(found, chosen.participant, chosen.placement)
        if chosen.out is None:
            print(text, end="")
        else:
            handover_commands.save(text, chosen.out)
        return 0

    return _wait(work())


def _bring_in(chosen: argparse.Namespace, found: Settings) -> int:
    async def work() -> int:
        brought = await handover_commands.bring_in(found, chosen.file)
        if brought.problems:
            checking.tell(brought.problems, chosen.json, print)
            return 1
        _out(brought.made, chosen.json)
        if not chosen.json:
            print("Nobody is told of it yet: in the chat the coach taps «Laat lezen» under /overdracht.")
        return 0

    return _wait(work())


def _plan(chosen: argparse.Namespace, found: Settings) -> int:
    async def work() -> int:
        return _out(await commands.plan(found, chosen.participant, chosen.flow, chosen.at), chosen.json)

    return _wait(work())


def _show(chosen: argparse.Namespace, found: Settings) -> int:
    async def work() -> int:
        return _out(await commands.show(found, chosen.id), chosen.json)

    return _wait(work())


def _erase(chosen: argparse.Namespace, found: Settings) -> int:
    async def work() -> int:
        return _out(await commands.erase(found, chosen.id, chosen.name), as_json=False)

    return _wait(work())


def _rotate(chosen: argparse.Namespace, found: Settings) -> int:
    async def work() -> int:
        _out(await commands.rotate_key(found), as_json=False)
        print(commands.KEEP_THE_KEY)
        return 0

    return _wait(work())


def _check(chosen: argparse.Namespace, found: Settings) -> int:
    paths = chosen.paths or [app.scripts_folder(found)]
    return checking.check(paths, find_locales(), chosen.json, print)


def _simulate(chosen: argparse.Namespace, found: Settings) -> int:
    return simulating.simulate(chosen.flow, app.scripts_folder(found), _line, print, Texts.load(find_locales()))


def _line() -> str | None:
    """The next line of standard input; None at its end."""
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None


def _extract(chosen: argparse.Namespace, found: Settings) -> int:
    return extracting.extract(Path(app.__file__).parent, app.scripts_folder(found), find_locales(), print)


def _backup(chosen: argparse.Namespace, found: Settings) -> int:
    backup.backup(found.database, chosen.to)
    print(f"Written and verified: {chosen.to}")
    return 0


def _restore(chosen: argparse.Namespace, found: Settings) -> int:
    aside = backup.restore(chosen.source, found.database)
    print("Restored and verified." + (f" What was there before is in {aside}." if aside else ""))
    print(commands.ERASE_AGAIN)
    return 0


if __name__ == "__main__":
    sys.exit(main())
