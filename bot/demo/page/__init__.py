"""The demo page: three phones, a clock that can be moved, and what the bot keeps in its books meanwhile."""
