"""What texts and conditions may name besides answers: fixed lists, one meaning each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "word", "list", "truth", "date", "clock", "duration", "text"]


KIND_WORDS: Mapping[Kind, str] = {
    "number": "een getal",
    "word": "een keuze",
    "list": "een lijst met keuzes",
    "truth": "ja of nee",
    "date": "een datum",
    "clock": "een tijd",
    "duration": "een duur",
    "text": "een tekst",
}
"""Each kind in words, for an author."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`meaning` is for the author's guide; `otherwise` stands in (translated) when the value is not known."""

    meaning: str
    otherwise: str


PLACEHOLDERS: Mapping[str, Placeholder] = {
    "name": Placeholder("de voornaam van wie dit leest", "daar"),
    "coach": Placeholder("de naam van de eigen coach", "je coach"),
    "deputy": Placeholder("de naam van de vervanger, als de coach weg is", "je coach"),
    "employer": Placeholder("de naam van het bedrijf", "je werkgever"),
    "organisation": Placeholder("de naam van de organisatie", "je organisatie"),
    "next_moment": Placeholder("de dag van het volgende contactmoment, in woorden", "een andere dag"),
    "participant": Placeholder("de deelnemer over wie dit gaat, in een gesprek met een coach", "deze deelnemer"),
    "item": Placeholder("het onderdeel van de overdracht dat nu aan de beurt is", "dit onderdeel"),
    "item_usual": Placeholder(
        "wie dit onderdeel meestal doet, wanneer jullie er weer naar kijken en of de werkgever het mag zien",
        "Dit gaat zoals altijd.",
    ),
    "item_ask": Placeholder("de vraag die in de lijst bij dit onderdeel staat", "Wat spreken jullie af?"),
    "agreed_by": Placeholder("wie dit contact heeft afgesproken, zoals: jou, Ilse en Karin", "jou en je coach"),
    "paused_until": Placeholder("tot welke dag er pauze is", "een andere dag"),
    "backup_until": Placeholder("tot wanneer achter de hand is afgesproken", "een dag die je coach je vertelt"),
    "contract_end": Placeholder("de laatste dag van het contract", "een dag die ik niet weet"),
    "sick.call": Placeholder("wie iemand belt bij ziekte, zoals afgesproken bij de overdracht", "je baas"),
    "sick.before": Placeholder("voor hoe laat iemand dan belt", "je werk begint"),
    "sick.number": Placeholder("op welk nummer", "het nummer van je werk"),
    "sick.reachable": Placeholder("wanneer iemand die dag zelf bereikbaar is", "zoals jullie dat afspreken"),
    "sick.since": Placeholder("de eerste ziektedag", "een dag die ik niet weet"),
    "sick.back": Placeholder("de eerste dag weer aan het werk", "binnenkort"),
    "sick.remind_at": Placeholder("wanneer het bericht komt dat iemand helpt te bellen", "op tijd"),
    "office": Placeholder("hoe de organisatie te bereiken is als de coach er niet meer is", "Bel je organisatie"),
    "asked_for": Placeholder("het gesprek waar iemand om vroeg, bij zijn titel", "iets anders"),
    "referral": Placeholder("bij wie iemand hulp zoekt, volgens de verwijzing van de coach", "hulp van iemand anders"),
    "bot": Placeholder("de naam van deze assistent", "de assistent"),
}

NUMBER_UNKNOWN = "vraag het je coach"
"""Stands in (translated) for a phone number that is not in the list."""

FACTS: Mapping[str, Kind] = {
    "placement.contract_ends_in": "duration",
    "placement.started_ago": "duration",
    "track": "word",
    "has_employer": "truth",
    "gets_questions": "truth",
    "asked_for.nearly": "truth",
    "last_time_ago": "duration",
    "item.employer_may_see": "truth",
    "domain": "word",
    "referral.last_time": "truth",
    "sick.agreed": "truth",
    "sick.now": "truth",
    "sick.recent": "truth",
    "sick.can_remind": "truth",
}
"""Names for conditions that come from the caseload, with their kind. An answer of the same name goes before it."""

FACT_KEYS: Mapping[str, tuple[str, ...]] = {
    "track": ("work", "search"),
    "domain": ("colleagues", "sleep", "money", "home", "substances", "around"),
}
"""What a fact that is a word can be."""

OptionList = Literal["rhythms", "who", "choices", "languages"]
OPTIONS: Mapping[str, str] = {
    "rhythms": "de contactritmes",
    "who": "wie iets kan doen",
    "choices": "de keuzes bij het onderdeel van de overdracht dat nu aan de beurt is",
    "languages": "de talen die de assistent spreekt",
}
"""Lists of buttons that come from outside the scripts (`choice: {from: rhythms}`), with what they hold."""

TOPICS: Mapping[str, str] = {
    "work": "het werk",
    "people": "collega's of de baas",
    "tasks": "de taken",
    "hours": "tijden en uren",
    "contract": "het contract",
    "money": "geld",
    "travel": "de reis",
    "home": "thuis",
    "health": "hoe het gaat",
    "sick": "ziek of beter",
    "school": "school of opleiding",
    "agreements": "de afspraken",
    "call": "wil gebeld worden",
    "joining": "meedoen of niet",
    "late": "te laat komen",
    "leave": "vrij vragen",
    "practice": "een oefendag",
    "pattern": "een oud patroon",
    "referral": "andere hulp",
    "good_news": "goed nieuws",
    "other": "iets anders",
}
"""What a flag can be about, with the words a coach reads."""
