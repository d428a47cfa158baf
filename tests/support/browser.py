"""Debian's chromium, as the tests start it."""

from __future__ import annotations

from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# `make test` installs it where it may (deploy/setup browser); elsewhere the rest of the suite still runs.
NEEDS_CHROMIUM = pytest.mark.skipif(
    not CHROMIUM.exists(), reason="The demo page needs chromium; as root: apt-get install -y chromium"
)
