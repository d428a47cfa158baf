"""What texts and conditions may name besides answers: fixed lists, one meaning each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "word", "list", "truth", "date", "clock", "duration", "text"]


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
    "bot": Placeholder("de naam van deze assistent", "de assistent"),
}

FACTS: Mapping[str, Kind] = {
    "placement.contract_ends_in": "duration",
    "placement.started_ago": "duration",
}
"""Names for conditions that come from the caseload, with their kind."""

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
    "school": "school of opleiding",
    "agreements": "de afspraken",
    "call": "wil gebeld worden",
    "joining": "meedoen of niet",
    "other": "iets anders",
}
"""What a flag can be about, with the words a coach reads."""
