"""What the bot says, in the language of who reads it. Dutch is the source; locales/ holds the others.

A sentence is found by its Dutch words. `bot.po` has the bot's own, `scripts.po` those of the scripts.
A sentence without a translation is said in Dutch, and `achterdehand check` names it. Both catalogues
are read straight from their .po files, so that an edited translation needs no compile step.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

SOURCE = "nl"
"""The language of the source: it needs no catalogue."""

Domain = Literal["bot", "scripts"]

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


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
    return _PLACEHOLDER.sub(lambda match: str(values[match[1]]), text)


def find_locales() -> Path:
    """The catalogues' folder: inside the package in a wheel, beside it in a checkout. Raises TextError."""
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
    path = locales / language / "LC_MESSAGES" / f"{domain}.po"
    if not path.exists():
        return Catalog(locale=language, domain=domain)
    try:
        with path.open("rb") as file:
            return read_po(file, locale=language, domain=domain, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
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


@dataclass(frozen=True, slots=True)
class _Tongue:
    """One language of one domain."""

    forms: Mapping[str, tuple[str, ...]]
    plural: Callable[[int], int]

    @classmethod
    def of(cls, catalogue: Catalog) -> _Tongue:
        forms: dict[str, tuple[str, ...]] = {}
        for message in entries(catalogue):
            if lost := lost_placeholders(message):
                raise TextError(
                    f"the {catalogue.locale} translation of {source_of(message)[0]!r} "
                    f"and the Dutch differ in {{{min(lost)}}}"
                )
            if translated := forms_of(message):
                forms[source_of(message)[0]] = translated
        return cls(forms, gettext.c2py(catalogue.plural_expr))


_DUTCH = _Tongue({}, lambda n: int(n != 1))


@dataclass(frozen=True, slots=True)
class Texts:
    """Every catalogue in memory. Made once, by `load`, and passed down."""

    languages: tuple[str, ...]
    """The languages besides Dutch."""
    _bot: Mapping[str, _Tongue]
    _scripts: Mapping[str, _Tongue]

    @classmethod
    def load(cls, locales_folder: Path) -> Texts:
        """Read every language's catalogues. Raises TextError for one that is broken or lost a placeholder."""
        known = languages(locales_folder)

        def read(domain: Domain) -> dict[str, _Tongue]:
            return {each: _Tongue.of(read_catalogue(locales_folder, each, domain)) for each in known}

        return cls(known, read("bot"), read("scripts"))

    def say(self, language: str, dutch: str, /, **values: str | int) -> str:
        """The bot's own sentence in `language` (unknown: Dutch), filled in. TextError on wrong names."""
        forms = self._bot.get(language, _DUTCH).forms.get(dutch)
        return fill(forms[0] if forms else dutch, values)

    def plural(self, language: str, one: str, many: str, n: int, /, **values: str | int) -> str:
        """`one` or `many` by the number, in the language's own plural forms; `{n}` is the number."""
        tongue = self._bot.get(language, _DUTCH)
        forms = tongue.forms.get(one)
        if forms is None or len(forms) < 2:
            tongue, forms = _DUTCH, (one, many)
        text = forms[tongue.plural(n)]
        return fill(text, values | {"n": n} if "n" in placeholders(text) else values)

    def script(self, language: str) -> Callable[[str], str]:
        """A function from a script's Dutch text, placeholders unfilled, to `language`."""
        forms = self._scripts.get(language, _DUTCH).forms

        def translate(dutch: str) -> str:
            found = forms.get(dutch)
            return found[0] if found else dutch

        return translate
