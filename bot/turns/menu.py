"""The commands that Telegram shows beside the field where one types: for each role those that it can use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.texts import N_, SOURCE, Texts

COMMANDS = {
    "participant": (
        ("menu", N_("kies waar het over gaat")),
        ("overzicht", N_("alles wat je kunt bekijken")),
        ("afspraken", N_("wat is afgesproken")),
        ("wanneer", N_("wanneer je van mij hoort")),
        ("pauze", N_("een tijd geen vragen")),
        ("taal", N_("een andere taal")),
        ("stop", N_("stoppen met een gesprek, of met de vragen")),
        ("sos", N_("nu hulp nodig")),
        ("help", N_("wat je kunt typen")),
    ),
    "coach": (
        ("meldingen", N_("open meldingen en je deelnemers")),
        ("overdracht", N_("afspraken vastleggen met een deelnemer")),
        ("taken", N_("wat je nog te doen hebt")),
        ("verwijzing", N_("noteer andere hulp, ik vraag er later naar")),
        ("ladder", N_("waar een deelnemer nu staat")),
        ("sos", N_("wie je belt bij gevaar")),
        ("help", N_("wat je kunt typen")),
    ),
    "employer": (("afspraken", N_("lees wat er is afgesproken")), ("sos", N_("wie u belt bij gevaar"))),
}
"""By role: the word without its slash, and what it does. An admin has none."""


@dataclass(frozen=True, slots=True)
class Menu:
    """`chat`: whose it is; None: everybody's who has none of their own. `language`: its readers'; "" for all others."""

    commands: tuple[tuple[str, str], ...]
    chat: int | None = None
    language: str = ""


def for_everybody(texts: Texts) -> Iterator[Menu]:
    """What everybody sees who has no menu of their own, in each language: a participant's."""
    yield Menu(_said(texts, SOURCE, "participant"))
    for language in texts.languages:
        yield Menu(_said(texts, language, "participant"), language=language)


def of_one(texts: Texts, role: str, language: str, chat: int) -> Menu:
    """The menu of one coach or employer."""
    return Menu(_said(texts, language, role), chat)


def _said(texts: Texts, language: str, role: str) -> tuple[tuple[str, str], ...]:
    return tuple((word, texts.say(language, what)) for word, what in COMMANDS[role])
