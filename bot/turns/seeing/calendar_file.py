"""Planned contacts as a calendar file (RFC 5545). It leaves the chat: no names, only that there is contact."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar as File
from icalendar import Event

from bot.storage.moments import Moment
from scheduler.calendar import ONE_DAY, Calendar

NAME = "contact.ics"
MADE_BY = "-//Contact//NL"
TAKES = timedelta(minutes=15)
"""About how long the assistant's questions take."""


def of(ahead: Iterable[Moment], calendar: Calendar, title: str, now: datetime) -> bytes:
    """A file with one entry per contact, called `title`. The same contact keeps its entry when it is sent again.

    The assistant comes at a time; a coach calls or visits somewhere on that day, so that is a whole day.
    """
    file = File()
    file.add("prodid", MADE_BY)
    file.add("version", "2.0")
    for one in ahead:
        event, due_at = Event(), max(one.due_at, now)
        event.add("uid", _uid(one))
        event.add("sequence", one.fence)
        event.add("dtstamp", now)
        event.add("summary", title)
        event.add("transp", "TRANSPARENT")
        if one.done_by == "bot":
            event.add("dtstart", due_at)
            event.add("dtend", due_at + TAKES)
        else:
            day = calendar.local(due_at).date()
            event.add("dtstart", day)
            event.add("dtend", day + ONE_DAY)
        file.add_component(event)
    return bytes(file.to_ical())


def _uid(one: Moment) -> str:
    """Always the same for this contact, and nothing can be read from it."""
    return hashlib.sha256(f"{one.person_id}/{one.flow}/{one.slot}/{one.id}".encode()).hexdigest()[:32]
