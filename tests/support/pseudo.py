"""A language that nobody speaks, made of every sentence of the bot and of the scripts.

It runs from right to left and counts as Arabic does, in six forms. Each sentence is its Dutch in other letters, a
third longer where it is no button: whatever a person reads in Latin letters then comes from no catalogue.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

import bot
import flows
from bot.authoring import sentences
from bot.authoring.extract import of_the_bot, of_the_scripts
from bot.caseload import handbook
from bot.texts import entries, source_of
from flows.engine import limits

LANGUAGE = "ar"
FORMS = "⓪①②③④⑤"
"""Stands before each plural form, so that a test sees which one was taken."""
STRETCHER = "ـ"
_LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", "ابتثجحخدذرزسشصضطظعغفقكلمنه", strict=True))
_KEPT = re.compile(r"(\{[^{}]*\}|/[a-z]+)")
"""Placeholders, and the commands, which Telegram allows in Latin letters alone."""
_APART = re.compile("[\u2066-\u2068]([^\u2069]*)\u2069")
_LATIN = re.compile("[A-Za-z]")


def said(dutch: str) -> str:
    """The Dutch words in this language."""
    whole = "".join(part if _KEPT.fullmatch(part) else _in_other_letters(part) for part in _KEPT.split(dutch))
    longer = len(whole) // 3
    if len(dutch) <= limits.LABEL_LENGTH:  # it may be a button
        longer = min(longer, limits.LABEL_LENGTH - len(whole))
    last = next((at for at in range(len(whole), 0, -1) if whole[at - 1] in _LETTERS.values()), None)
    return whole if last is None else whole[:last] + STRETCHER * longer + whole[last:]


def _in_other_letters(text: str) -> str:
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return "".join(_LETTERS.get(char.lower(), char) for char in plain)


def make(locales: Path) -> Path:
    """The catalogues of this language in the folder `locales`, made of what the bot says today."""
    scripts, own = Path(flows.__file__).parent / "scripts", Path(flows.__file__).parent / handbook.FOLDER
    write(locales, of_the_bot(Path(bot.__file__).parent))
    write(locales, of_the_scripts(sentences.drafts(scripts), own))
    return locales


def write(locales: Path, template: Catalog) -> None:
    """One catalogue: the sentences of `template`, each in this language."""
    catalogue = Catalog(locale=LANGUAGE, domain=template.domain)
    for message in entries(template):
        written = source_of(message)
        if len(written) == 1:
            catalogue.add(written[0], said(written[0]))
        else:
            catalogue.add(written, tuple(f"{mark}{said(written[-1])}" for mark in FORMS))
    folder = locales / LANGUAGE / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{template.domain}.po").open("wb") as file:
        write_po(file, catalogue)


def latin(text: str, names: frozenset[str] = frozenset()) -> Iterator[str]:
    """What stands in `text` in Latin letters: no command, and none of these `names` put in or on a line of its own."""
    for part in _APART.findall(text):
        if _LATIN.search(part) and part not in names and not _KEPT.fullmatch(part):
            yield part
    for line in _APART.sub("", text).splitlines():
        if line not in names:
            yield from re.findall("[A-Za-z]+", line)
