"""Where the bot can be told to die: the names that it calls its failpoint with, in the order of a message's way."""

POINTS = (
    "before-keep",  # fetched, not yet on disk
    "after-keep",  # on disk, not yet confirmed to Telegram
    "before-commit",
    "after-commit",
    "before-send",  # claimed in the outbox, not yet with Telegram
    "after-send",  # with Telegram, not yet marked as sent: the one place where a message may be doubled
    "moment-claimed",
)
