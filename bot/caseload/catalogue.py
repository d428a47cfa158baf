"""The problems that only the checklist, the rhythms and the numbers can have; the others are the engine's."""

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
    "coach-prepares": Entry(
        "Dit doet de coach; de deelnemer bereidt er niets mee voor.", "Haal 'prepares' weg, of schrijf 'by: bot'."
    ),
    "coach-has-flow": Entry(
        "Dit doet de coach; daar hoort geen gesprek bij.", "Haal 'flow' weg, of schrijf 'by: bot'."
    ),
    "contact-without-time": Entry("Hier staat niet wanneer.", "Voeg 'every', 'after' of 'before_end' toe."),
    "never-comes": Entry(
        "'{kind}' komt nooit: steeds is er een paar dagen ervoor of erna al een andere vraag.",
        "Kies een ander 'every' of 'first', of haal een van de twee weg.",
    ),
    "bad-number": Entry("'{value}' is geen telefoonnummer.", "Gebruik cijfers, spaties en streepjes."),
    "bad-day": Entry("'{value}' is geen dag die geweest is.", "Schrijf jaar, maand en dag, zoals 2026-11-22."),
    "number-unsure": Entry(
        "Het nummer van {name} is nog niet zeker.", "Bel het eerst zelf. Klopt het? Schrijf dan 'sure: H'."
    ),
    "number-old": Entry("Nakijken: het nummer van {name}. {when}", "{how} Zet dan de dag bij 'verified_on'."),
    "unknown-number": Entry("Het nummer '{wrong}' kennen we niet.", "Zet het in numbers.yaml, met waar het staat."),
    "only-with-every": Entry("'{key}' werkt alleen samen met 'every'.", "Voeg 'every' toe, of schrijf 'after'."),
}

CATALOGUE: Mapping[str, Entry] = {**catalogue.CATALOGUE, **OWN}
