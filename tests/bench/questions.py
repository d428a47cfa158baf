"""The five-question check-in that everybody in the bench asks, word for word the script in bench-checkin.yaml."""

from __future__ import annotations

START = "meten"
"""What a person types to begin."""

QUESTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Hoe gaat het op je werk?", ("Slecht", "Niet zo goed", "Gaat wel", "Goed", "Heel goed")),
    ("Wat ging er goed?", ()),
    ("Hoe gaat het met je collega's?", ("Goed", "Kan beter", "Niet goed")),
    ("Wil je nog iets vertellen?", ()),
    ("Zal je coach je bellen?", ("Ja", "Nee")),
)
"""Each question with its buttons; none: any text answers it."""

REPLIES = ("Goed", "Ik was elke dag op tijd.", "Kan beter", "Het was druk deze week.", "Nee")
BYE = "Dank je wel."

TURNS = len(QUESTIONS) + 1


def keyboard(number: int) -> dict[str, object] | None:
    """The buttons of a question as the Bot API wants them."""
    labels = QUESTIONS[number][1]
    rows = [[{"text": label, "callback_data": f"{number}:{at}"}] for at, label in enumerate(labels)]
    return {"inline_keyboard": rows} if rows else None


def expected() -> tuple[tuple[str, str], ...]:
    """What a person types, and what the bot then says, turn by turn."""
    said = [question for question, _ in QUESTIONS] + [BYE]
    return tuple(zip((START, *REPLIES), said, strict=True))
