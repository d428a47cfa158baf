"""The words of the tables as the page shows them, in Dutch. An unknown word is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.demo.page.panel import Snapshot
from flows.engine.facts import TOPICS

LEVEL = {
    "good": "goed nieuws",
    "soon": "kan even wachten",
    "today": "vandaag lezen",
    "urgent": "nu lezen",
    "danger": "gevaar",
}
TOPIC = {
    **TOPICS,
    "danger": "gevaar",
    "employer": "bericht van de werkgever",
    "failure": "er ging iets mis",
    "handover": "de overdracht",
    "help": "vraagt om hulp",
    "message": "bericht",
    "refused": "bericht kwam niet aan",
    "reply": "antwoord",
    "silence": "geen antwoord",
    "talk": "gesprek",
    "unreachable": "niet bereikbaar",
    "worry": "zorgen",
}
"""Those of the scripts, in the words a coach reads, and those of the bot itself."""
ALERT = {"raised": "nieuw", "taken": "opgepakt", "answered": "beantwoord", "closed": "afgesloten"}
KIND = {
    "asked": "nu gevraagd",
    "call": "telefoontje",
    "checkin": "check-in",
    "closing": "eindgesprek",
    "closing_prepare": "het eindgesprek voorbereiden",
    "contract_end": "vraag over het contract",
    "contract_talk": "gesprek over het contract",
    "employer_call": "telefoontje met de werkgever",
    "evaluation": "samen terugkijken",
    "first_weeks": "de eerste weken",
    "goodbye": "afscheid",
    "ladder": "waar iemand nu staat",
    "ladder_coach": "de participatieladder",
    "law_analysis": "bij ziekte: de probleemanalyse",
    "law_benefit": "bij ziekte: melden bij UWV",
    "law_doctor": "bij ziekte: de bedrijfsarts",
    "law_end": "bij ziekte: het laatste verslag",
    "law_evaluate": "bij ziekte: kijken of het plan klopt",
    "law_plan": "bij ziekte: het plan van aanpak",
    "law_report": "bij ziekte: 42 weken",
    "law_two_years": "bij ziekte: na twee jaar",
    "law_year": "bij ziekte: na een jaar",
    "referral_after": "vraag over andere hulp",
    "return_day": "na de eerste dag terug",
    "return_eve": "vlak voor de eerste dag terug",
    "return_prepare": "het terugkomgesprek voorbereiden",
    "return_talk": "terugkomgesprek",
    "search_checkin": "op weg naar werk",
    "sick_checkin": "hoe het gaat bij ziekte",
    "talk": "gesprek met de coach",
    "visit": "bezoek op het werk",
}
"""The kinds of contact, those of flows/handover/rhythms.yaml among them."""
MOMENT = {"planned": "gepland", "held": "wacht even", "done": "gedaan"}
OUTCOME = {"fired": "verstuurd", "missed": "gemist", "cancelled": "vervallen"}
TRACK = {"work": "aan het werk", "search": "op weg naar werk"}
HANDOVER = {
    "draft": "de afspraken zijn een concept",
    "offered": "de afspraken worden gelezen",
    "in_force": "de afspraken gelden",
}
PLACEMENT = {"open": "loopt", "ended": "voorbij"}
TASK = {"open": "te doen", "done": "gedaan", "dropped": "vervallen"}
OUTBOUND = {
    "new": "in de wachtrij",
    "sending": "onderweg",
    "sent": "verstuurd",
    "failed": "niet gelukt",
    "veiled": "achter een knop",
}
MEDIA = {"voice": "spraakbericht", "photo": "foto", "video": "video", "sticker": "sticker", "document": "bestand"}
REASON = {
    "asked anew": "op een ander tijdstip",
    "another one came too late": "een ander contact kwam te laat",
    "blocked": "heeft de bot geblokkeerd",
    "contact as before": "weer zoals het was",
    "contact less often": "minder vaak contact",
    "declined": "wil niet meedoen",
    "has not joined yet": "nog niet aangemeld",
    "is better": "weer beter",
    "is ill": "ziek",
    "in a talk": "er loopt al een gesprek",
    "in a talk for too long": "er liep te lang een ander gesprek",
    "new agreement": "er zijn nieuwe afspraken",
    "nightly check": "opnieuw gepland",
    "no coach": "heeft geen coach",
    "no contact hour left before its best-before": "geen tijd meer binnen de afgesproken uren",
    "no pause any more": "de pauze is voorbij",
    "no such script": "dat gesprek bestaat niet meer",
    "nobody there": "de gegevens van deze persoon zijn gewist",
    "not for this person": "dat gesprek is voor iemand anders",
    "not needed any more": "niet meer nodig",
    "not reachable": "niet bereikbaar op Telegram",
    "not this person": "iemand anders had zich aangemeld",
    "one that came too late is asked again": "wat te laat kwam, wordt opnieuw gevraagd",
    "only the back-up line": "alleen nog achter de hand",
    "outside office hours": "niet buiten kantooruren",
    "paused": "pauze",
    "past its best-before": "te laat om nog zinvol te zijn",
    "planned anew": "opnieuw gepland",
    "quiet hours": "niet buiten de afgesproken uren",
    "stopped": "is gestopt",
    "takes no contact: backup": "alleen nog achter de hand",
    "takes no contact: closed": "de nazorg is voorbij",
    "takes no contact: declined": "wil niet meedoen",
    "takes no contact: invited": "nog niet aangemeld",
    "takes no contact: joined": "nog geen keuze om mee te doen",
    "takes no contact: stopped": "is gestopt",
    "takes part": "doet mee",
    "the aftercare ended": "de nazorg is voorbij",
    "the aftercare goes on": "de nazorg gaat door",
    "the job ended": "de baan is gestopt",
    "the work changed": "het werk is veranderd",
}


def labelled(snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot as JSON values: times as ISO text, and beside each word of a table its Dutch label."""
    return {
        "now": snapshot["now"].isoformat(),
        "alerts": [_row(row, level=LEVEL, topic=TOPIC, state=ALERT) for row in snapshot["alerts"]],
        "placements": [_row(row, track=TRACK, handover=HANDOVER, state=PLACEMENT) for row in snapshot["placements"]],
        "tasks": [_row(row, kind=KIND, state=TASK) for row in snapshot["tasks"]],
        "moments": [_row(row, kind=KIND, state=MOMENT, outcome=OUTCOME, reason=REASON) for row in snapshot["moments"]],
        "outbox": [_row(row, state=OUTBOUND, media=MEDIA, reason=REASON) for row in snapshot["outbox"]],
        "inbox": snapshot["inbox"],
    }


def _row(row: Mapping[str, Any], **words: Mapping[str, str]) -> dict[str, Any]:
    plain = {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()}
    labels = {f"{key}_label": label.get(row[key] or "", row[key] or "") for key, label in words.items()}
    return plain | labels
