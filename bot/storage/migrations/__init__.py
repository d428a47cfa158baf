"""Alembic migrations. `upgrade` runs them; a test holds them equal to the tables and prints what is missing."""

HEAD = "0004"
"""The newest revision, so that an up-to-date start need not load Alembic. A test holds it equal to the scripts."""
