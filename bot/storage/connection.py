"""The one type that callers of bot.storage hand back to it."""

from sqlalchemy.ext.asyncio import AsyncConnection

Connection = AsyncConnection
"""A connection inside a transaction; only bot.storage knows what can be done with it."""
