"""The problems that only the lists of safety words can have; the others are the engine's."""

from __future__ import annotations

from collections.abc import Mapping

from flows.engine import catalogue
from flows.engine.catalogue import Entry

OWN: Mapping[str, Entry] = {
    "no-such-list": Entry("Het bestand '{file}' ontbreekt.", "Zet het terug in deze map."),
    "unknown-meaning": Entry(
        "De groep '{wrong}' staat niet onder 'meanings'.", "Voeg de groep toe, of kies een andere naam."
    ),
    "words-not-found": Entry("Deze regel vindt dit bericht niet: '{text}'", "Verander 'say' of 'all', of het bericht."),
    "acts-too-soon": Entry(
        "Op dit bericht handelt de assistent meteen: '{text}'", "Zet in 'unless' of 'asks_if' waarom dat niet moet."
    ),
    "not-reviewed": Entry(
        "{count} regels zijn nog niet nagekeken.",
        "Laat iemand van 113 of een crisisdienst ze lezen, en zet erbij wie het was en wanneer.",
    ),
    "half-reviewed": Entry(
        "Bij nagekeken horen een naam en een dag.", "Schrijf 'reviewed_by' en 'reviewed_on', bijvoorbeeld 2026-12-01."
    ),
}

CATALOGUE: Mapping[str, Entry] = {**catalogue.CATALOGUE, **OWN}
