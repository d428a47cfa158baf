"""The command line: each command is a verb of bot.life, bot.commands or bot.authoring; a problem is exit code 2."""

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

from bot import commands, handover_commands, life, publish_commands, settings, showcase
from bot.authoring import check as checking
from bot.authoring import diagram as drawing
from bot.authoring import extract as extracting
from bot.authoring import simulate as simulating
from bot.authoring.publish import NoGoodScripts
from bot.caseload.handbook import HandbookProblem
from bot.settings import Settings, SettingsProblem
from bot.storage import backup
from bot.storage.errors import BackupProblem, MasterKeyProblem, StorageError
from bot.texts import TextError, Texts, find_locales
from bot.usage import Parser
from bot.world import real_world
from flows import safety
from scheduler.calendar import Calendar

TIMES = ("due", "at", "raised", "made", "offered", "in_force", "done", "care_from")
"""What holds an instant in what the commands tell."""
DANGER = {"red": "rood", "violence": "geweld", "orange": "oranje", "none": "niets"}
"""The levels of the look for danger, as an admin reads them."""
WRONG = 2
"""Exit code for a missing setting, an unknown person, a database that cannot be used."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code: 0 well, 1 problems found in scripts, 2 cannot be done."""
    chosen, unknown = _parser().parse_known_args(arguments)
    if unknown:
        chosen.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
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
    parser = Parser(prog="achterdehand", description="Aftercare by chat, with the same coach.")
    known = parser.add_subparsers(required=True, metavar="command")

    def command(name: str, do: Any, about: str, *, dutch: bool = False) -> Parser:
        """A verb; one that people who write scripts type speaks Dutch."""
        made = known.add_parser(name, help=about, description=about, dutch=dutch)
        made.set_defaults(do=do, parser=made)
        return made

    command("run", _run, "Run the bot until SIGTERM.")
    demo = command("demo", _demo, "Run the bot on a stand-in for Telegram, with three phones in your browser.")
    demo.add_argument("--port", type=int, default=8000, help="port of the page (0: any free one)")
    demo.add_argument("--data", type=Path, metavar="FOLDER", help="a new folder for its data, to practise publishing")

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

    deputy = command("deputy", _deputy, "Say which coach also hears of danger among a coach's participants.")
    deputy.add_argument("--coach", type=int, required=True, metavar="ID")
    who = deputy.add_mutually_exclusive_group(required=True)
    who.add_argument("--deputy", type=int, metavar="ID", help="another coach")
    who.add_argument("--none", action="store_true", help="nobody any more")
    deputy.add_argument("--json", action="store_true")

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

    check = command("check", _check, "Kijk gesprekken, oefengesprekken en vertalingen na.", dutch=True)
    check.add_argument("paths", nargs="*", type=Path, metavar="PLAATS", help="een bestand of map; zonder: alles")
    check.add_argument("--json", action="store_true", help="als JSON, voor een ander programma")

    looking = command("safety", _safety, "Laat zien of een bericht op gevaar lijkt.", dutch=True)
    looking.add_argument("texts", nargs="+", metavar="BERICHT", help="het bericht; -: elke regel die binnenkomt")
    looking.add_argument("--lang", default="nl", choices=safety.languages(), help="de taal die het eerst telt")
    looking.add_argument("--json", action="store_true", help="als JSON, voor een ander programma")

    simulate = command("simulate", _simulate, "Voer een gesprek hier in het venster.", dutch=True)
    simulate.add_argument("flow", metavar="GESPREK")
    simulate.add_argument("--record", metavar="NAAM", help="bewaar wat je speelt als oefengesprek met deze naam")

    diagram = command("diagram", _diagram, "Teken een gesprek, als SVG-plaatje.", dutch=True)
    diagram.add_argument("flow", metavar="GESPREK")
    diagram.add_argument("--mermaid", action="store_true", help="als Mermaid-tekst; daar is geen Graphviz voor nodig")
    diagram.add_argument("--out", type=Path, metavar="BESTAND", help="het plaatje; zonder: GESPREK.svg in deze map")

    publish = command("publish", _publish, "Laat gelden wat in de map staat, en vertel wat er verandert.", dutch=True)
    publish.add_argument("flows", nargs="*", metavar="GESPREK", help="alleen deze (numbers: de nummers); zonder: alles")
    publish.add_argument("--yes", dest="sure", action="store_true", help="ook een tekst die iemand heeft teruggezet")
    _how_to_release(publish)

    versions = command("versions", _versions, "Laat zien wat er gepubliceerd is, of ga terug.", dutch=True)
    versions.add_argument("flow", nargs="?", metavar="GESPREK")
    versions.add_argument("--back", metavar="N|CODE", help="zoveel versies terug, of de versie met deze code")
    _how_to_release(versions)

    command("extract", _extract, "Zet nieuwe zinnen klaar om te vertalen.", dutch=True)

    command("rotate-key", _rotate, "Make a new master key; the bot must not be running.")
    backing_up = command("backup", _backup, "Write a verified back-up of the database.")
    backing_up.add_argument("to", type=Path, metavar="FILE")
    restoring = command("restore", _restore, "Put a back-up in the place of the database; the bot must not run.")
    restoring.add_argument("source", type=Path, metavar="FILE")
    return parser


def _how_to_release(parser: argparse.ArgumentParser) -> None:
    """What becomes of people who are in a talk that changes, and who publishes."""
    running = parser.add_mutually_exclusive_group()
    for name, words in publish_commands.CHOICES:
        running.add_argument(f"--{name}", dest="running", action="store_const", const=name, help=words)
    parser.add_argument("--by", metavar="NAAM", help="wie publiceert; zonder: wie hier is ingelogd")
    parser.add_argument("--json", action="store_true", help="als JSON, voor een ander programma")


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
    return _wait(life.run(found))


def _demo(chosen: argparse.Namespace, found: Settings) -> int:
    return _wait(showcase.demo(found, chosen.port, chosen.data))


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


def _deputy(chosen: argparse.Namespace, found: Settings) -> int:
    async def work() -> int:
        return _out(await commands.deputy(found, chosen.coach, chosen.deputy), chosen.json)

    return _wait(work())


def _rotate(chosen: argparse.Namespace, found: Settings) -> int:
    async def work() -> int:
        _out(await commands.rotate_key(found), as_json=False)
        print(commands.KEEP_THE_KEY)
        return 0

    return _wait(work())


def _check(chosen: argparse.Namespace, found: Settings) -> int:
    paths = chosen.paths or [found.scripts]
    today = Calendar().local(real_world().now()).date()
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return checking.check(paths, find_locales(found.locales), chosen.json, print, today=today, colour=colour)


def _safety(chosen: argparse.Namespace, found: Settings) -> int:
    texts = sys.stdin.read().splitlines() if chosen.texts == ["-"] else chosen.texts
    looked = commands.look_for_danger(texts, chosen.lang)
    if chosen.json:
        print(json.dumps(looked, ensure_ascii=False))
        return 0
    for one in looked:
        how = "" if one["level"] == "none" else f", {'zeker' if one['certain'] else 'niet zeker'} ({one['entry']})"
        print(f"{DANGER[one['level']]}{how}: {one['text']}")
    return 0


def _simulate(chosen: argparse.Namespace, found: Settings) -> int:
    texts = Texts.load(find_locales(found.locales))
    return simulating.simulate(chosen.flow, found.scripts, _line, print, texts, record=chosen.record)


def _diagram(chosen: argparse.Namespace, found: Settings) -> int:
    return drawing.draw(chosen.flow, found.scripts, chosen.mermaid, chosen.out, print)


def _publish(chosen: argparse.Namespace, found: Settings) -> int:
    return _wait(publish_commands.release_folder(found, chosen.flows, _wish(chosen), _asking(), print))


def _versions(chosen: argparse.Namespace, found: Settings) -> int:
    if chosen.back is None:
        return _wait(publish_commands.versions(found, chosen.flow, chosen.json, print))
    if chosen.flow is None:
        raise commands.Refused("Noem het gesprek: achterdehand versions GESPREK --back 1.")
    return _wait(publish_commands.go_back(found, chosen.flow, chosen.back, _wish(chosen), _asking(), print))


def _wish(chosen: argparse.Namespace) -> publish_commands.Wish:
    return publish_commands.Wish(chosen.running, chosen.by, chosen.json, getattr(chosen, "sure", False))


def _asking() -> publish_commands.Ask | None:
    """How somebody is asked who sits at a terminal; None when nobody does."""
    return _line if sys.stdin.isatty() else None


def _line() -> str | None:
    """The next line of standard input; None at its end."""
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None


def _extract(chosen: argparse.Namespace, found: Settings) -> int:
    return extracting.extract(Path(__file__).parent, found.scripts, find_locales(found.locales), print)


def _backup(chosen: argparse.Namespace, found: Settings) -> int:
    backup.backup(found.database, chosen.to)
    print(f"Written and verified: {chosen.to}")
    return 0


def _restore(chosen: argparse.Namespace, found: Settings) -> int:
    aside = backup.restore(chosen.source, found.database, found.data)
    former = ", ".join(map(str, aside))
    print("Restored and verified." + (f" What was there before is in {former}." if former else ""))
    print(commands.ERASE_AGAIN)
    return 0


if __name__ == "__main__":
    sys.exit(main())
