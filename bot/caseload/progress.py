"""How far the making of a handover is: what is filled in, what comes next, what is missing before it is read."""

from __future__ import annotations

from bot.caseload.checklist import Checklist, Item
from bot.caseload.handovers import Case, Version

AT_WORK = ("employer", "supervisor", "buddy")
"""Who does these items is found at a work place: on the way to a job they are not gone through by themselves."""


def newest(case: Case) -> Version | None:
    """What the coach goes on from: the version in the making, else the one in force."""
    return case.in_making or case.in_force


def filled(case: Case) -> frozenset[str]:
    """The keys of the items about which something is agreed."""
    version = newest(case)
    return frozenset(one.item for one in version.agreements) if version else frozenset()


def in_turn(checklist: Checklist, case: Case) -> tuple[Item, ...]:
    """The items that «next» goes through, in order; the others are there to be chosen."""
    if case.proposed.track == "work":
        return checklist.items
    return tuple(item for item in checklist.items if item.who not in AT_WORK)


def next_empty(checklist: Checklist, case: Case, after: str | None = None) -> Item | None:
    """The first empty item behind `after` (from the beginning without it); None when there is none left."""
    items, done = in_turn(checklist, case), filled(case)
    behind = next((place for place, item in enumerate(items, 1) if item.key == after), 0)
    return next((item for item in items[behind:] if item.key not in done), None)


def first_empty(checklist: Checklist, case: Case, last: tuple[str, bool] | None) -> Item | None:
    """Where to go on after a while: at the `last` item if it was left off in the middle, else behind it.

    When there is none left behind it: at the first that was skipped.
    """
    key, done = last or (None, True)
    left_off = checklist.get(key) if key is not None and not done else None
    if left_off is not None and left_off.key not in filled(case):
        return left_off
    return next_empty(checklist, case, key) or next_empty(checklist, case)


def missing(checklist: Checklist, case: Case) -> tuple[Item, ...]:
    """Empty items that no handover can well do without: the contact, and with an employer how to report sick."""
    wanted = ("contact", "absence") if case.placement.employer_id is not None else ("contact",)
    done = filled(case)
    return tuple(item for item in checklist.items if item.kind in wanted and item.key not in done)
