"""The tables, in one module per kind of thing. Everybody imports them from here."""

from __future__ import annotations

from bot.storage.tables.agreed import acceptance, agreement, consent, handover, placement
from bot.storage.tables.columns import HOUSE, Id, Sealed, UtcTime, metadata
from bot.storage.tables.followed import estimate, referral
from bot.storage.tables.people import bond, invitation, person, person_key
from bot.storage.tables.planned import moment, task, timer
from bot.storage.tables.post import button, inbox, outbox
from bot.storage.tables.program import fact, flow_version, publication
from bot.storage.tables.sick import sickness
from bot.storage.tables.talks import alert, alert_item, answer, message, run

__all__ = [
    "HOUSE",
    "Id",
    "Sealed",
    "UtcTime",
    "acceptance",
    "agreement",
    "alert",
    "alert_item",
    "answer",
    "bond",
    "button",
    "consent",
    "estimate",
    "fact",
    "flow_version",
    "handover",
    "inbox",
    "invitation",
    "message",
    "metadata",
    "moment",
    "outbox",
    "person",
    "person_key",
    "placement",
    "publication",
    "referral",
    "run",
    "sickness",
    "task",
    "timer",
]
