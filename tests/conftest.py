"""Fixtures for the whole suite live in tests/support."""

from __future__ import annotations

import gc

import pytest

pytest_plugins = ["tests.support.databases"]


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What all tests are made of stays: looking through it again and again took a tenth of their time."""
    gc.collect()
    gc.freeze()
