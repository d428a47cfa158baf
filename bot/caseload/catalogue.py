"""The problems that only the checklist and the rhythms can have; the others are the engine's."""

from __future__ import annotations

from collections.abc import Mapping

from flows.engine import catalogue
from flows.engine.catalogue import Entry

OWN: Mapping[str, Entry] = {
    "missing-file": Entry("Het bestand '{file}' ontbreekt.", "Zet het terug in deze map."),
    "bad-key": Entry(
        "'{name}' kan hier geen naam zijn.",
        "Gebruik hooguit {limit} tekens: kleine letters{joint}, met een letter voorop.",
    ),
    "bad-period": Entry(
        "'{value}' is geen tijdsduur.", "Schrijf bijvoorbeeld '3 dagen', '4 weken', '2 maanden' of '1 jaar'."
    ),
    "title-too-long": Entry("De titel '{title}' is {length} tekens.", "Gebruik er hooguit {limit}."),
    "no-placeholder": Entry("'{braced}' wordt hier niet ingevuld.", "Schrijf deze tekst zonder accolades."),
    "kind-twice": Entry("'kind: {kind}' staat ook bij '{first}'.", "Haal een van de twee weg."),
    "choices-of-text": Entry("Bij 'kind: {kind}' horen geen keuzes.", "Haal 'choices' weg, of schrijf 'kind: text'."),
    "coach-has-flow": Entry(
        "Dit doet de coach; daar hoort geen gesprek bij.", "Haal 'flow' weg, of schrijf 'by: bot'."
    ),
    "contact-without-time": Entry("Hier staat niet wanneer.", "Voeg 'every', 'after' of 'before_end' toe."),
    "never-comes": Entry(
        "'{kind}' komt nooit: steeds is er een paar dagen ervoor of erna al een andere vraag.",
        "Kies een ander 'every' of 'first', of haal een van de twee weg.",
    ),
    "only-with-every": Entry("'{key}' werkt alleen samen met 'every'.", "Voeg 'every' toe, of schrijf 'after'."),
}

CATALOGUE: Mapping[str, Entry] = {**catalogue.CATALOGUE, **OWN}
