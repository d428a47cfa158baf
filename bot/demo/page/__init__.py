"""The demo page: two phones, a clock that can be moved, and what the bot keeps in its books meanwhile."""
