"""Who may do what, to whom. The only place that decides it; what is not written here is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.storage.people import Person


class Action(StrEnum):
    """Everything a person can ask of the bot."""

    ANSWER = "answer"  # the open question of a run
    WRITE = "write"  # on the back-up line; an employer: to the coach
    READ = "read"  # a message that was sent to this person
    SEE_CASELOAD = "see_caseload"
    VIEW_ALERT = "view_alert"
    TAKE_ALERT = "take_alert"
    REPLY = "reply"  # as a coach, to a participant
    CLOSE_ALERT = "close_alert"
    CONFIRM_JOIN = "confirm_join"  # "this is Sam" or "this is not Sam"
    INVITE = "invite"
    DO_TASK = "do_task"  # a contact that was agreed, the end of a job or of the aftercare
    FOLLOW = "follow"  # refer to other help, and say where somebody stands on the participation ladder
    SEE_PLACEMENT = "see_placement"  # a participant's work, and how far its handover is
    READ_VIEW = "read_view"  # what this party may see of a handover
    DECIDE = "decide"  # yes or no to an agreement, to sharing it, or to a whole version
    WITHDRAW = "withdraw"  # stop sharing something, or share it again
    EDIT_HANDOVER = "edit_handover"  # fill it in, bring the employer, let it be read


class Denied(Exception):
    """This person may not do this. The person is told nothing that a stranger could learn from."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an action is done to: a participant, and who is that participant's coach now.

    Where it is about a placement also the contact person there; where it is about danger also who stands in for the
    coach.
    """

    participant_id: int
    coach_id: int | None = None
    employer_id: int | None = None
    deputy_id: int | None = None


def _own(who: Person, subject: Subject) -> bool:
    return who.id == subject.participant_id


def _own_participant(who: Person, subject: Subject) -> bool:
    return subject.coach_id == who.id


def _own_or_endangered(who: Person, subject: Subject) -> bool:
    """A deputy stands in where it is about danger, and nowhere else."""
    return _own_participant(who, subject) or subject.deputy_id == who.id


def _own_placement(who: Person, subject: Subject) -> bool:
    """Only once the coach said that this is the right person: a code may have been passed on."""
    return subject.employer_id == who.id and who.state == "active"


def _confirmed(who: Person, subject: Subject) -> bool:
    """Only once the coach said that this is the right person: their words would open whom they are about."""
    return _own(who, subject) and who.state == "active"


_STATES = {
    "participant": ("joined", "active", "declined", "backup", "stopped", "closed"),
    "coach": ("active",),
    "employer": ("joined", "active"),
}

RULES: dict[tuple[str, Action], Callable[[Person, Subject], bool]] = {
    ("participant", Action.ANSWER): _own,
    ("participant", Action.WRITE): _own,
    ("participant", Action.READ): _own,
    ("participant", Action.READ_VIEW): _own,
    ("participant", Action.DECIDE): _own,
    ("participant", Action.WITHDRAW): _own,
    ("employer", Action.WRITE): _confirmed,
    ("employer", Action.READ): _own,
    ("employer", Action.READ_VIEW): _own_placement,
    ("employer", Action.DECIDE): _own_placement,
    ("employer", Action.WITHDRAW): _own_placement,
    ("coach", Action.READ): _own,
    ("coach", Action.SEE_CASELOAD): _own_participant,
    ("coach", Action.VIEW_ALERT): _own_or_endangered,
    ("coach", Action.TAKE_ALERT): _own_or_endangered,
    ("coach", Action.REPLY): _own_or_endangered,
    ("coach", Action.CLOSE_ALERT): _own_or_endangered,
    ("coach", Action.CONFIRM_JOIN): _own_participant,
    ("coach", Action.INVITE): _own_participant,
    ("coach", Action.DO_TASK): _own_participant,
    ("coach", Action.FOLLOW): _own_participant,
    ("coach", Action.ANSWER): _own,
    ("coach", Action.SEE_PLACEMENT): _own_participant,
    ("coach", Action.EDIT_HANDOVER): _own_participant,
}


def may(who: Person | None, action: Action, subject: Subject) -> bool:
    """True when this person, in the state they are in, may do this to this subject."""
    if who is None or who.chat_id is None or who.state not in _STATES.get(who.role, ()):
        return False
    rule = RULES.get((who.role, action))
    return rule is not None and rule(who, subject)


def require(who: Person | None, action: Action, subject: Subject) -> None:
    """Raise Denied unless `may`."""
    if not may(who, action, subject):
        raise Denied(action.value)
