"""The words of the tables as the page shows them, in Dutch. An unknown word is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.demo.page.panel import Snapshot

LEVEL = {"soon": "kan even wachten", "today": "vandaag lezen", "urgent": "nu lezen"}
TOPIC = {
    "agreements": "afspraken",
    "call": "wil gebeld worden",
    "danger": "gevaar",
    "failure": "er ging iets mis",
    "health": "energie",
    "help": "vraagt om hulp",
    "message": "bericht",
    "other": "iets anders",
    "silence": "geen antwoord",
    "talk": "gesprek",
    "unreachable": "niet bereikbaar",
    "work": "werk",
}
ALERT = {"raised": "nieuw", "taken": "opgepakt", "answered": "beantwoord", "closed": "afgesloten"}
MOMENT = {"planned": "gepland", "held": "wacht even", "done": "gedaan"}
OUTCOME = {"fired": "verstuurd", "missed": "gemist", "cancelled": "vervallen"}
OUTBOUND = {
    "new": "in de wachtrij",
    "sending": "onderweg",
    "sent": "verstuurd",
    "failed": "niet gelukt",
    "veiled": "achter een knop",
}
MEDIA = {"voice": "spraakbericht", "photo": "foto", "video": "video", "sticker": "sticker", "document": "bestand"}
REASON = {
    "blocked": "heeft de bot geblokkeerd",
    "declined": "wil niet meedoen",
    "has not joined yet": "nog niet aangemeld",
    "in a talk": "er loopt al een gesprek",
    "no contact hour left before its best-before": "geen tijd meer binnen de afgesproken uren",
    "not reachable": "niet bereikbaar op Telegram",
    "not this person": "iemand anders had zich aangemeld",
    "past its best-before": "te laat om nog zinvol te zijn",
    "quiet hours": "niet buiten de afgesproken uren",
    "takes no contact: declined": "wil niet meedoen",
    "takes no contact: stopped": "is gestopt",
}


def labelled(snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot as JSON values: times as ISO text, and beside each word of a table its Dutch label."""
    return {
        "now": snapshot["now"].isoformat(),
        "alerts": [_row(row, level=LEVEL, topic=TOPIC, state=ALERT) for row in snapshot["alerts"]],
        "moments": [_row(row, state=MOMENT, outcome=OUTCOME, reason=REASON) for row in snapshot["moments"]],
        "outbox": [_row(row, state=OUTBOUND, media=MEDIA, reason=REASON) for row in snapshot["outbox"]],
        "inbox": snapshot["inbox"],
    }


def _row(row: Mapping[str, Any], **words: Mapping[str, str]) -> dict[str, Any]:
    plain = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in row.items()}
    labels = {f"{key}_label": label.get(row[key] or "", row[key] or "") for key, label in words.items()}
    return plain | labels
