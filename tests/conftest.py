"""Fixtures for the whole suite live in tests/support."""

from __future__ import annotations

import gc

import pytest
from hypothesis import settings

pytest_plugins = ["tests.support.databases"]

# What is red must be about the change, so the suite tries the same examples each time; `make soak` looks for new ones.
settings.register_profile("suite", derandomize=True)
settings.register_profile("explore")
settings.load_profile("suite")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What all tests are made of stays: looking through it again and again took a tenth of their time."""
    gc.collect()
    gc.freeze()
