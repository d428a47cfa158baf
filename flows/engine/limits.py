"""Every limit of the engine, by name. At a limit a script is refused, or a run ends with outcome `failed`."""

from __future__ import annotations

from datetime import timedelta

SCRIPT_BYTES = 256 * 1024
SCRIPT_DEPTH = 12
"""Mappings and lists inside each other; a real script needs six."""

STEPS_PER_TURN = 250
TURNS_PER_RUN = 250
FLOW_DEPTH = 5
"""Flows that run inside each other, the first included."""

TEXT_UNITS = 4096
"""Telegram's limit for one message, in UTF-16 code units (Bot API, sendMessage)."""
LABEL_LENGTH = 30
"""Characters on a button that a small phone still shows."""
NAME_LENGTH = 64
TOPIC_LENGTH = 24
SENTENCE_WORDS = 15
WORD_LETTERS = 12
CONDITION_LENGTH = 500

CHOICES = (2, 6)
SEVERAL = (2, 8)
SCALE_POINTS = (2, 11)

ANSWER_LENGTH = 4096
SHOWN_LENGTH = 300
"""Characters of one filled-in value; the rest is cut, so that an answer cannot blow up the next text."""

OFFER_HUMAN_AT = 2
"""Misses in a row after which the person is offered the coach."""
MATCH_SCORE = 85.0
MATCH_GAP = 10.0
"""rapidfuzz's fuzz.ratio: how near typed words must be to a label, and how much nearer than to the next."""

SHORT_MESSAGE = 6
"""Words up to which a message may be only a wish for another talk, typed with a slip."""

LONGEST_WAIT = timedelta(days=366)
