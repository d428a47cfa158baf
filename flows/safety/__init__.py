"""Whether a message may come from somebody in danger. Pure Python: no network, clock or database.

`look` is what the bot needs, and at its start `broken`; `problems`, `notes` and `unreviewed` are for `achterdehand
check`.
"""

from flows.safety.finding import LEVELS, Finding, Level
from flows.safety.looking import broken, languages, look
from flows.safety.reviewing import notes, problems, unreviewed

__all__ = ["LEVELS", "Finding", "Level", "broken", "languages", "look", "notes", "problems", "unreviewed"]
