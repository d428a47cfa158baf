"""The problems that only the tools for authors find, beside those of the handbook; the others are the engine's."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.caseload import catalogue as handbook
from flows.engine import problems
from flows.engine.catalogue import Entry
from flows.engine.problems import Place, Problem
from flows.safety import catalogue as safety

CATALOGUE: Mapping[str, Entry] = {
    **handbook.OWN,
    **safety.OWN,
    "no-such-path": Entry("'{path}' bestaat niet.", "Noem een gesprek of een map met gesprekken."),
    "no-talk-test": Entry(
        "Het gesprek '{flow}' heeft geen oefengesprek.", "Schrijf er een in {talks}. In GIDS.md staat hoe."
    ),
    "branch-not-walked": Entry(
        "Geen oefengesprek komt hier: {branch}.", "Voeg in {talks} een oefengesprek toe dat hier langs gaat."
    ),
    "other-meaning": Entry("'{key}' betekent hier niet '{label}'.", "Je kunt kiezen uit: {meanings}."),
    "hard-word": Entry("'{word}' is een moeilijk woord.", "Zeg bijvoorbeeld: {simpler}."),
    "long-word": Entry(
        "'{word}' is een lang woord: {length} letters.",
        "Neem een korter woord, of zet het in words.yaml bij 'allowed' als iedereen het kent.",
    ),
    "unknown-abbreviation": Entry(
        "De afkorting '{short}' kent niet iedereen.",
        "Schrijf het woord uit, of zet de afkorting in words.yaml bij 'abbreviations'.",
    ),
    "talk-without-flow": Entry(
        "Bij dit oefengesprek hoort geen gesprek.", "Geef het bestand dezelfde naam als het gesprek: {wanted}."
    ),
    "talk-unknown-key": Entry("'{wrong}' kennen we hier niet.", "Hier kan staan: {allowed}."),
    "talk-missing-key": Entry("Hier ontbreekt '{key}'.", "Voeg een regel '{key}: …' toe."),
    "talk-wrong-value": Entry("Hier staat iets anders dan we verwachten.", "We verwachten {wanted}."),
    "talk-fails": Entry("In '{talk}' gaat het hier anders: {found}", "Verander het gesprek of het oefengesprek."),
    "missing-translation": Entry(
        "Deze tekst is niet vertaald naar '{language}': '{text}'",
        "Typ eerst 'achterdehand extract'. Vul hem dan in, in {file}.",
    ),
    "file-name": Entry(
        "Dit gesprek heet '{flow}', maar het bestand heet anders.",
        "Noem het bestand {wanted}, of verander de naam bij 'flow'.",
    ),
    "language-not-offered": Entry(
        "De taal '{language}' ({name}) is nog niet te kiezen. Zinnen over gevaar, meedoen en delen zonder vertaling: "
        "{count}.",
        "Vertaal die eerst. Ze staan hieronder.",
    ),
    "language-unfinished": Entry(
        "De taal '{language}' ({name}) is nog niet af. Zinnen zonder vertaling: {count}.",
        "Vul ze in. Zolang leest iemand die zinnen in het Nederlands.",
    ),
    "lost-placeholder": Entry(
        "In de vertaling en in het Nederlands staat niet hetzelfde tussen accolades: {names}.",
        "Zet in allebei dezelfde woorden tussen accolades.",
    ),
    "unreadable-translations": Entry("Het bestand met vertalingen is niet te lezen.", "Kijk na: {error}"),
}


def problem(code: str, place: Place, *, wrong: str = "", known: Collection[str] = (), **details: object) -> Problem:
    """The problem `code` at `place`, its words filled in; `wrong` is a misspelt name among the `known` ones."""
    allowed = ", ".join(known)
    return problems.problem(code, place, known=known, wrong=wrong, catalogue=CATALOGUE, allowed=allowed, **details)
