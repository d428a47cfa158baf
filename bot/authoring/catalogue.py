"""The problems that only the tools for authors find; those of the script language are the engine's."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flows.engine.catalogue import Entry
from flows.engine.matching import nearest
from flows.engine.problems import Place, Problem
from flows.engine.texts import fill

CATALOGUE: Mapping[str, Entry] = {
    "no-such-path": Entry("'{path}' bestaat niet.", "Noem een gesprek of een map met gesprekken."),
    "no-talk-test": Entry(
        "Het gesprek '{flow}' heeft geen oefengesprek.", "Schrijf er een in {talks}. In GIDS.md staat hoe."
    ),
    "branch-not-walked": Entry(
        "Geen oefengesprek komt hier: {branch}.", "Voeg in {talks} een oefengesprek toe dat hier langs gaat."
    ),
    "talk-without-flow": Entry(
        "Bij dit oefengesprek hoort geen gesprek.", "Geef het bestand dezelfde naam als het gesprek: {wanted}."
    ),
    "talk-unknown-key": Entry("'{wrong}' kennen we hier niet.", "Hier kan staan: {allowed}."),
    "talk-missing-key": Entry("Hier ontbreekt '{key}'.", "Voeg een regel '{key}: …' toe."),
    "talk-wrong-value": Entry("Hier staat iets anders dan we verwachten.", "We verwachten {wanted}."),
    "talk-fails": Entry("In '{talk}' gaat het hier anders: {found}", "Verander het gesprek of het oefengesprek."),
    "missing-translation": Entry("Deze tekst is niet vertaald naar '{language}': '{text}'", "Vul hem in, in {file}."),
    "lost-placeholder": Entry(
        "In de vertaling en in het Nederlands staat niet hetzelfde tussen accolades: {names}.",
        "Zet in allebei dezelfde woorden tussen accolades.",
    ),
    "unreadable-translations": Entry("Het bestand met vertalingen is niet te lezen.", "Kijk na: {error}"),
}


def problem(code: str, place: Place, *, wrong: str = "", known: Collection[str] = (), **details: object) -> Problem:
    """The problem `code` at `place`, its words filled in; `wrong` is a misspelt name among the `known` ones."""
    entry = CATALOGUE[code]
    words = {name: str(value) for name, value in {**details, "wrong": wrong, "allowed": ", ".join(known)}.items()}
    return Problem(
        code=code,
        message=fill(entry.sentence, words.get),
        file=place.file,
        line=place.line,
        column=place.column,
        way_out=fill(entry.way_out, words.get),
        nearest=nearest(wrong, known) if wrong else None,
    )
