"""The verbs of the command line that let scripts count: publish what is in the folder, look back, and go back."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from bot import commands
from bot.authoring import check, part, publish, releasing
from bot.authoring.releasing import Change, NotComplete, Running, Standing, Taken
from bot.caseload import numbers as numbering
from bot.commands import Refused
from bot.settings import PREFIX, Settings
from bot.storage import flow_versions
from bot.storage.connection import Connection
from bot.storage.flow_versions import AWAY, Publication
from bot.storage.opened import Storage
from bot.texts import find_locales
from bot.world import real_world
from flows.engine.problems import Problem
from flows.engine.reader import read_flow
from scheduler.calendar import Calendar

LONGEST_NAME = 64
"""What the table holds of who published."""
SHOWN_HASH = 8
LEAST_OF_A_HASH = 4
CHOICES: tuple[tuple[Running, str], ...] = (
    ("finish", "Zij maken het gesprek af zoals het was."),
    ("move", "Zij gaan verder in het nieuwe gesprek, bij dezelfde stap. Is de stap weg, dan maken zij het af."),
    ("restart", "Zij beginnen opnieuw. Begint een gesprek met woorden van de deelnemer, dan maken zij het af."),
)
NUMBERS = "numbers"
"""The phone numbers, as somebody types them; `numbers.yaml` is as good."""
DATABASE = "achterdehand.db"
NOTHING_DONE = "Er is niets gepubliceerd."
WHEN = "Dat gebeurt op het eerstvolgende uur voor vragen: niet 's nachts, in het weekend of op een feestdag."
"""As Calendar.next_contact_time has it."""
_WHY_LEFT = {
    "finish": "",
    "move": "die stap is weg, of vraagt nu iets anders.",
    "restart": "de assistent begint dat gesprek niet uit zichzelf.",
}
_NOW = {"changed": "die stap is nu anders", "other": "die stap vraagt nu iets anders", "removed": "die stap is nu weg"}

Out = Callable[[str], None]
Ask = Callable[[], str | None]
"""The next line that somebody types; None when there is no more."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants to publish: what becomes of open talks (None: ask), in whose name, told as JSON or not."""

    running: Running | None
    by: str | None
    as_json: bool
    sure: bool = False
    """Also a text that somebody set back may count again."""


async def release_folder(settings: Settings, names: Sequence[str], wish: Wish, ask: Ask | None, out: Out) -> int:
    """Publish what is different in the folder, or of these names alone. Returns 1 when nothing may be published yet.

    `ask` is None where nobody can be asked: then what must be chosen must be given. Raises Refused for an unknown
    name, and where no bot runs.
    """
    _must_be_here(settings)
    folder, locales, today = settings.scripts, find_locales(settings.locales), real_world().now().date()
    names = [numbering.FILE if name == NUMBERS else name for name in names]

    async def work(storage: Storage) -> int:
        async with storage.db.read() as conn:
            published = {name: one.source for name, one in (await flow_versions.newest(conn)).items()}
        if names:
            found: Sequence[Problem] = part.problems(names, folder, locales, today, published)
        else:
            found = check.found([folder], locales, today).problems
        if found:
            return _refused(found, wish, out)
        texts = publish.read_folder(folder).texts()
        known = {*texts, *published}
        if wrong := [name for name in names if name not in known]:
            raise Refused(f"Het gesprek '{wrong[0]}' bestaat niet. Wel: {', '.join(sorted(known))}.")
        async with storage.db.read() as conn:
            made = await releasing.differences(conn, texts, names)
            undone = [] if names or wish.sure else await releasing.undone(conn, made)
        if undone and not _wants_undone(undone, wish, ask, out):
            return 1
        return await _release(storage, made, names, wish, ask, out)

    return await commands.with_storage(settings, work)


def _must_be_here(settings: Settings) -> None:
    """Raises Refused where no bot ever ran: then there is nothing to publish to, and opening it would make it."""
    if settings.database_url is None:
        here = (settings.data / DATABASE).exists()
    else:
        here = settings.key is not None or settings.master_key_file.exists()
    if not here:
        raise Refused(f"Hier draait geen bot. Typ dit in de map van de bot, of zet {PREFIX}DATA.")


def _refused(found: Sequence[Problem], wish: Wish, out: Out) -> int:
    if wish.as_json:
        out(json.dumps({"published": [], "problems": [asdict(one) for one in found]}, ensure_ascii=False))
    else:
        check.tell(found, False, out)
        out(NOTHING_DONE)
    return 1


def _wants_undone(undone: Sequence[str], wish: Wish, ask: Ask | None, out: Out) -> bool:
    """Whether a text that somebody set back is to count again."""
    if wish.as_json:
        out(json.dumps({"published": [], "undone": [*undone]}, ensure_ascii=False))
        return False
    for name in undone:
        out(f"{name} is teruggezet naar een eerdere versie. In de map staat nog de tekst van daarvoor.")
    if ask is not None:
        out("Wil je die tekst toch publiceren? Typ ja of nee.")
        if (ask() or "").strip().casefold() in ("ja", "j"):
            return True
    else:
        out("Verbeter de tekst in de map, noem alleen de gesprekken die mee mogen, of zet --yes erachter.")
    out(NOTHING_DONE)
    return False


async def go_back(settings: Settings, name: str, to: str, wish: Wish, ask: Ask | None, out: Out) -> int:
    """Let an earlier version of `name` count again: `to` is how many versions back, or (the beginning of) its hash.

    Raises Refused when there is no such version, or this program cannot read it any more, and where no bot runs.
    """
    _must_be_here(settings)
    name = numbering.FILE if name == NUMBERS else name

    async def work(storage: Storage) -> int:
        async with storage.db.read() as conn:
            lines = await flow_versions.history(conn, name)
            wanted = _wanted(name, lines, to)
            stored = await flow_versions.versions(conn, [name])
            current = (await flow_versions.newest(conn)).get(name)
            made = next(one for one in stored if one.version == wanted.version)
            if name != numbering.FILE and read_flow(made.source, name)[0] is None:
                raise Refused("Die versie past niet meer bij dit programma. Kies een latere.")
        if current is not None and current.version == made.version:
            raise Refused("Die versie geldt nu al.")
        return await _release(storage, [releasing.back_to(made, current, _clock(wanted.at))], [name], wish, ask, out)

    return await commands.with_storage(settings, work)


async def versions(settings: Settings, name: str | None, as_json: bool, out: Out) -> int:
    """Tell what was published, when, by whom and what became different: of one flow or of all, newest first.

    Raises Refused where no bot runs.
    """
    _must_be_here(settings)
    name = numbering.FILE if name == NUMBERS else name

    async def work(storage: Storage) -> int:
        async with storage.db.read() as conn:
            lines = await flow_versions.history(conn, name)
        if name is not None and not lines:
            raise Refused(f"Van '{name}' is nog niets gepubliceerd.")
        if as_json:
            out(json.dumps([_as_data(one) for one in lines], ensure_ascii=False))
            return 0
        back: dict[str, int] = {}
        for one in lines:
            number = back.setdefault(one.flow, 0)
            back[one.flow] += 1
            out(_line(one, number))
            for said in one.changed.splitlines():
                out(f"        {said}")
        return 0

    return await commands.with_storage(settings, work)


async def _release(
    storage: Storage, made: list[Change], names: Sequence[str], wish: Wish, ask: Ask | None, out: Out
) -> int:
    async with storage.db.read() as conn:
        try:
            await releasing.check_complete(conn, made)
        except NotComplete as problem:
            raise Refused(str(problem)) from None
        wants_more = wish.running not in (None, "finish")
        others = await releasing.left_alone(conn, made, names) if wants_more else []
        stands = await releasing.standing(conn, storage.keyring, [*made, *others])
    tell = (lambda _: None) if wish.as_json else out
    _tell_changes(made, tell)
    _tell_standing(stands, tell)
    running = wish.running or _asked(stands, None if wish.as_json else ask, tell)
    if running is None:
        tell(NOTHING_DONE)
        if wish.as_json:
            out(
                json.dumps({**_told([], stands, None, 0), "choices": [name for name, _ in CHOICES]}, ensure_ascii=False)
            )
        return 1
    by, now = (wish.by or getpass.getuser())[:LONGEST_NAME], real_world().now()

    async def write(tx: Connection) -> Taken:
        return await releasing.release(tx, storage.keyring, made, by, now, running, others)

    taken = await storage.db.write(write) if made or stands else Taken(0, 0)
    if wish.as_json:
        out(json.dumps(_told(made, stands, running, taken.people), ensure_ascii=False))
        return 0
    for said in (*_published(made), *_went(taken, running)):
        out(said)
    return 0


def _tell_changes(made: Sequence[Change], out: Out) -> None:
    if not made:
        out("Er is niets veranderd sinds de vorige keer.")
    for one in made:
        out(one.name)
        for said in one.lines:
            out(f"  {said}")


def _tell_standing(stands: Sequence[Standing], out: Out) -> None:
    notable = [one for one in stands if one.now != "same"]
    if notable:
        out("")
        out("Deze mensen zitten midden in een gesprek dat verandert:")
    for one in notable:
        out(f"  {one.flow}, stap {one.step}: {_people(one.people)}; {_NOW[one.now]}")


def _asked(stands: Sequence[Standing], ask: Ask | None, out: Out) -> Running | None:
    """What becomes of open talks, as somebody chooses; None: they want to think again, or nobody can be asked."""
    if all(one.now == "same" for one in stands):
        return "finish"
    if ask is None:
        out("Kies wat er met hen gebeurt, en typ het erachter:")
        for name, words in CHOICES:
            out(f"  --{name}: {words}")
        return None
    for number, (_, words) in enumerate(CHOICES, 1):
        out(f"  {number}. {words}")
    out("Wat wil je? Typ 1, 2 of 3. Typ iets anders om nog niets te doen.")
    typed = (ask() or "").strip()
    return CHOICES[int(typed) - 1][0] if typed in ("1", "2", "3") else None


def _published(made: Sequence[Change]) -> Iterator[str]:
    if made:
        yield "Gepubliceerd. Een bot die draait neemt het binnen 10 seconden over."
    if any(one.name == numbering.FILE for one in made):
        yield "Een nieuw nummer geldt dan voor iedereen."


def _went(taken: Taken, running: Running) -> Iterator[str]:
    """What becomes of the people who are in a talk, and when."""
    if taken.people:
        verb = "gaat" if taken.people == 1 else "gaan"
        again = "begint" if taken.people == 1 else "beginnen"
        does = f"{verb} verder in het nieuwe gesprek" if running == "move" else f"{again} opnieuw"
        yield f"{_people(taken.people)} {does}. {WHEN}"
    if taken.left:
        ends = "maakt" if taken.left == 1 else "maken"
        yield f"{_people(taken.left)} {ends} het gesprek af zoals het was: {_WHY_LEFT[running]}"


def _people(count: int) -> str:
    return "1 mens" if count == 1 else f"{count} mensen"


def _told(made: Sequence[Change], stands: Sequence[Standing], running: Running | None, taken: int) -> dict[str, object]:
    return {
        "published": [
            {"flow": one.name, "version": one.version, "new": one.is_new, "changed": [*one.lines]} for one in made
        ],
        "standing": [asdict(one) for one in stands],
        "running": running,
        "taken": taken,
    }


def _wanted(name: str, lines: Sequence[Publication], to: str) -> Publication:
    """The publication that `to` means: so many back, or the beginning of its hash."""
    if to.isdecimal() and len(to) < LEAST_OF_A_HASH:
        found = lines[int(to) : int(to) + 1]
    else:
        found = [one for one in lines if len(to) >= LEAST_OF_A_HASH and one.version.startswith(to.casefold())][:1]
    if not found or found[0].version == AWAY:
        raise Refused(f"Zo'n versie is er niet. Typ 'achterdehand versions {name}' en kies er een.")
    return found[0]


def _line(one: Publication, back: int) -> str:
    number = "nu" if back == 0 else str(back)
    version = one.version[:SHOWN_HASH] or "weg"
    return f"{number:>4}  {one.flow}  {_clock(one.at)}  {one.by or 'onbekend'}  {version}"


def _as_data(one: Publication) -> dict[str, object]:
    return {
        "flow": one.flow,
        "version": one.version,
        "at": one.at.isoformat(),
        "by": one.by,
        "changed": one.changed.splitlines(),
    }


def _clock(at: datetime) -> str:
    return f"{Calendar().local(at):%d-%m-%Y %H:%M}"
