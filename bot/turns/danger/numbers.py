"""The numbers, in the few words that fit the moment. They hold for who writes, and for somebody they write about."""

from __future__ import annotations

from bot.storage.people import Person
from bot.turns.turn import Turn

RED, VIOLENCE = "red", "violence"
"""Levels of a finding that mean danger: of dying by one's own hand, or by somebody else's."""


def to_call(turn: Turn, reader: Person | str, level: str) -> str:
    """Whom to call, as two or three lines."""
    if level == VIOLENCE:
        return turn.say(
            reader,
            "Bij gevaar: bel nu 112.\n"
            "Hulp bij geweld of bedreiging: bel Veilig Thuis, 0800-2000. Dat kan dag en nacht, gratis.\n"
            "Gaat het om iemand anders? Bel dan dezelfde nummers.",
        )
    return turn.say(
        reader,
        "Bij gevaar: bel nu 112.\n"
        "Bij gedachten aan zelfdoding: bel 113. Dat kan dag en nacht, gratis en anoniem.\n"
        "Gaat het om iemand anders? Bel dan dezelfde nummers.",
    )


def do_not_wait(turn: Turn, reader: Person, level: str) -> str:
    if level == VIOLENCE:
        return turn.say(reader, "Wacht niet op antwoord: bel 112 of Veilig Thuis.")
    return turn.say(reader, "Wacht niet op antwoord: bel 112 of 113.")


def shortly(turn: Turn, reader: Person) -> str:
    """The line under everything that is said while somebody may be in danger."""
    return turn.say(reader, "Bij gevaar: bel 112. Bij gedachten aan zelfdoding: bel 113.")


def to_an_employer(turn: Turn, reader: Person) -> str:
    return turn.say(
        reader,
        "Is er nu gevaar? Bel 112. Denkt u of denkt iemand anders aan zelfdoding? Bel 113.\n"
        "Bij geweld thuis: bel Veilig Thuis, 0800-2000.\n"
        "Ik ben een automatische assistent, geen noodhulp.",
    )


def to_a_coach(turn: Turn, reader: Person) -> str:
    return turn.say(
        reader,
        "Gaat dit over gevaar? Bel bij acuut gevaar 112. Overleg met een collega, of bel 113.\n"
        "Bij geweld thuis: Veilig Thuis, 0800-2000. Ik let mee op zulke woorden, maar ik zie niet alles.",
    )


def to_anybody(turn: Turn, language: Person | str) -> str:
    """For who is nobody's participant."""
    return turn.say(
        language,
        "Is er nu gevaar? Bel 112. Denk je aan zelfdoding? Bel 113. Dat kan dag en nacht.\n"
        "Bij geweld thuis: bel Veilig Thuis, 0800-2000.\n"
        "Ik ben een automatische assistent, geen noodhulp. Hier leest niemand mee.",
    )
