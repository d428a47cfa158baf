"""What the bot says, in the language of who reads it. Dutch is the source; locales/ holds the others.

A sentence is found by its Dutch words. `bot.po` has the bot's own, `scripts.po` those of the scripts.
A sentence without a translation is said in Dutch, and `achterdehand check` names it. Both catalogues
are read straight from their .po files, so that an edited translation needs no compile step.

What is put into a sentence may run the other way than the sentence (a Latin name in Arabic, Arabic words that a
Dutch coach reads). It is isolated then, by the marks that Unicode has for it (UAX #9), so that nothing jumps.
"""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal

from flows.engine.events import Choice
from flows.engine.texts import APART, END, alone, apart, put

SOURCE = "nl"
"""The language of the source: it needs no catalogue."""

Domain = Literal["bot", "scripts"]

NATIONAL = {"en": "en_GB"}
"""Which country's way of writing days and lists a language gets, where Babel's own choice is far from here."""
LEFT_TO_RIGHT = "\u2066"
"""Begins a part that runs from left to right whatever stands in it; END ends it."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_WESTERN = re.compile(r"(?<![\w/])/[a-z]+|\+?\d[\d -]{3,}\d")
"""What always runs from left to right: a command, and a phone number in several parts."""


class TextError(Exception):
    """A text cannot be said or read as it stands: the message tells which text and why."""


def N_(dutch: str) -> str:  # noqa: N802 - the name that gettext tools know for "translate this later"
    """Mark a Dutch sentence that is said elsewhere, so that the extractor finds it. Returns it unchanged."""
    return dutch


def placeholders(text: str) -> frozenset[str]:
    """The names between braces in `text`."""
    return frozenset(_PLACEHOLDER.findall(text))


def fill(text: str, values: Mapping[str, str | int]) -> str:
    """Put each value in the place of its `{name}`; a brace inside a value stays as it is.

    Raises TextError when the names in the text and the given names are not the same.
    """
    asked = placeholders(text)
    if missing := asked - values.keys():
        raise TextError(f"no value for {{{min(missing)}}} in: {text}")
    if unknown := values.keys() - asked:
        raise TextError(f"the text has no {{{min(unknown)}}}: {text}")
    return _PLACEHOLDER.sub(lambda match: put(match, str(values[match[1]])), text)


# ---- what Babel knows of a language


@lru_cache
def locale_of(language: str) -> Locale:
    """How this language writes days, numbers and lists; one that Babel does not know writes as Dutch does."""
    try:
        return Locale.parse(NATIONAL.get(language, language))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(SOURCE)


@lru_cache
def own_name(language: str) -> str:
    """What a language calls itself: «Nederlands», «Türkçe», «العربية»."""
    try:
        name = Locale.parse(language).get_display_name() or language
    except (UnknownLocaleError, ValueError):
        return language
    return name[0].upper() + name[1:]


def right_to_left(language: str) -> bool:
    return locale_of(language).character_order == "right-to-left"


def listed(names: Sequence[str], language: str) -> str:
    """«jou, Ilse en Karin», with the commas and the last word of the language."""
    parts = [f"{APART}{name}{END}" for name in names] if right_to_left(language) else [apart(name) for name in names]
    return format_list(parts, locale=locale_of(language))


def number(value: float, language: str) -> str:
    """«1.200», «24,5»: a number as the language writes it, with the digits 0-9."""
    return format_decimal(value, locale=locale_of(language))


def capitals(text: str, language: str) -> str:
    """In capitals; Turkish has a dot on its capital i too."""
    return (text.replace("i", "İ") if language in ("tr", "az") else text).upper()


def marked(text: str) -> str:
    """A sentence that runs from right to left, with marks round what is put in and round what runs the other way.

    What has a line to itself gets none: a line finds its own direction, and would lose it inside the marks.
    """
    text = _WESTERN.sub(lambda found: f"{LEFT_TO_RIGHT}{found[0]}{END}", text)
    return _PLACEHOLDER.sub(lambda found: found[0] if alone(found) else f"{APART}{found[0]}{END}", text)


# ---- the catalogues


def find_locales(own: Path | None = None) -> Path:
    """The catalogues' folder: the one that was set, else inside the package in a wheel, beside it in a checkout.

    Raises TextError when there is none.
    """
    if own is not None:
        return own
    package = Path(__file__).parent
    for folder in (package / "locales", package.parent / "locales"):
        if folder.is_dir():
            return folder
    raise TextError(f"no folder with translations in {package} or beside it")


def languages(locales: Path) -> tuple[str, ...]:
    """The languages that have a folder, besides Dutch, in order."""
    return tuple(sorted(folder.parent.name for folder in locales.glob("*/LC_MESSAGES")))


def read_catalogue(locales: Path, language: str, domain: Domain) -> Catalog:
    """The catalogue as its file has it; an absent file is an empty one. Raises TextError when unreadable."""
    path, written = _file(locales, language, domain)
    return _catalogue(path, written, language, domain)


def _file(locales: Path, language: str, domain: Domain) -> tuple[Path, bytes]:
    path = locales / language / "LC_MESSAGES" / f"{domain}.po"
    return path, path.read_bytes() if path.exists() else b""


def _catalogue(path: Path, written: bytes, language: str, domain: Domain) -> Catalog:
    if not written:
        return Catalog(locale=language, domain=domain)
    try:
        return read_po(io.BytesIO(written), locale=language, domain=domain, abort_invalid=True)
    except (PoFileError, ValueError) as error:  # not UTF-8, or a folder that is called pt-BR instead of pt_BR
        raise TextError(f"{path} is not a catalogue: {error}") from error


def source_of(message: Message) -> tuple[str, ...]:
    """The Dutch of an entry: one sentence, or singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def forms_of(message: Message) -> tuple[str, ...]:
    """The translation of an entry, one text per plural form; empty while it is missing or only a guess."""
    forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return forms if not message.fuzzy and forms and all(forms) else ()


def lost_placeholders(message: Message) -> frozenset[str]:
    """Names that stand in the Dutch or in a translation, but not in both. A plural may spare its `{n}`."""
    wanted = frozenset().union(*map(placeholders, source_of(message)))
    spare = frozenset({"n"}) if len(source_of(message)) > 1 else frozenset()
    return frozenset().union(*((wanted ^ placeholders(form)) - spare for form in forms_of(message)))


def entries(catalogue: Catalog) -> Iterator[Message]:
    """Every sentence of a catalogue, without its header."""
    return (message for message in catalogue if message.id)


@dataclass(frozen=True, slots=True, eq=False)
class _Tongue:
    """One language of one domain. Equal to itself alone, so that what is made with it can be kept by it."""

    forms: Mapping[str, tuple[str, ...]]
    plural: Callable[[int], int]

    def say(self, dutch: str) -> str:
        """A sentence, placeholders unfilled; Dutch while nobody has translated it."""
        found = self.forms.get(dutch)
        return found[0] if found else dutch

    @classmethod
    def of(cls, catalogue: Catalog) -> _Tongue:
        forms: dict[str, tuple[str, ...]] = {}
        as_said = marked if right_to_left(str(catalogue.locale)) else str
        for message in catalogue.obsolete.values():  # said no more by the newest script, and still by an older version
            if not lost_placeholders(message) and (translated := forms_of(message)):
                forms[source_of(message)[0]] = tuple(map(as_said, translated))
        for message in entries(catalogue):
            if lost := lost_placeholders(message):
                raise TextError(
                    f"the {catalogue.locale} translation of {source_of(message)[0]!r} "
                    f"and the Dutch differ in {{{min(lost)}}}"
                )
            if translated := forms_of(message):
                forms[source_of(message)[0]] = tuple(map(as_said, translated))
        return cls(forms, gettext.c2py(catalogue.plural_expr))


@lru_cache(maxsize=64)
def _tongue(path: Path, written: bytes, language: str, domain: Domain) -> _Tongue:
    """Kept, because with every publication all are looked at again, and few have changed."""
    return _Tongue.of(_catalogue(path, written, language, domain))


_DUTCH = _Tongue({}, lambda n: int(n != 1))

Vital = Mapping[Domain, Collection[str]]
"""Dutch sentences without which a language is not offered: those about danger, taking part and sharing."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Every catalogue in memory. Made once, by `load`, and passed down."""

    languages: tuple[str, ...]
    """The languages besides Dutch."""
    offered: tuple[Choice, ...]
    """The languages that people can choose, Dutch first: by their code, under their own name."""
    _bot: Mapping[str, _Tongue]
    _scripts: Mapping[str, _Tongue]

    @classmethod
    def load(cls, locales_folder: Path, vital: Vital | None = None) -> Texts:
        """Read every language's catalogues. Raises TextError for one that is broken or lost a placeholder.

        A language is offered when every `vital` sentence is said in it.
        """
        known = languages(locales_folder)

        def read(domain: Domain) -> dict[str, _Tongue]:
            return {each: _tongue(*_file(locales_folder, each, domain), each, domain) for each in known}

        bot, scripts, vital = read("bot"), read("scripts"), vital or {}
        whole = [
            each
            for each in known
            if bot[each].forms.keys() >= set(vital.get("bot", ()))
            and scripts[each].forms.keys() >= set(vital.get("scripts", ()))
        ]
        return cls(known, tuple(Choice(each, own_name(each)) for each in (SOURCE, *whole)), bot, scripts)

    def say(self, language: str, dutch: str, /, **values: str | int) -> str:
        """The bot's own sentence in `language` (unknown: Dutch), filled in. TextError on wrong names."""
        return fill(self._bot.get(language, _DUTCH).say(dutch), values)

    def plural(self, language: str, one: str, many: str, n: int, /, **values: str | int) -> str:
        """`one` or `many` by the number, in the language's own plural forms; `{n}` is the number as it is written."""
        tongue = self._bot.get(language, _DUTCH)
        forms = tongue.forms.get(one)
        if forms is None or len(forms) < 2:
            tongue, forms = _DUTCH, (one, many)
        text = forms[tongue.plural(n)]
        return fill(text, values | {"n": number(n, language)} if "n" in placeholders(text) else values)

    def script(self, language: str) -> Callable[[str], str]:
        """A function from a script's Dutch text, placeholders unfilled, to `language`: the same one each time."""
        return self._scripts.get(language, _DUTCH).say
