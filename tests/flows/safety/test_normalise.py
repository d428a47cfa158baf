"""One spelling per word, whatever was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.safety.normalise import plain, single


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Ik WIL Dood", "ik wil dood"),
        ("suïcide", "suicide"),
        ("m'n leven", "mijn leven"),
        ("m’n leven", "mijn leven"),
        ("dooooood", "dood"),
        ("niiiiet", "niiet"),
        ("z3lfm00rd", "zelfmoord"),
        ("d00d", "dood"),
        ("k*ll", "kll"),
        ("z e l f m o o r d", "zelfmoord"),
        ("d.o.o.d", "dood"),
        ("d-o-o-d gaan", "dood gaan"),
        ("2x per dag om 17:00", "2x per dag om 17 00"),
        ("9712AB", "9712ab"),
        ("kga nie meer", "ik ga niet meer"),
        ("🔪🔪 doei", "🔪 🔪 doei"),
        ("⚰️", "⚰"),
        ("👍🏽", "👍"),
        ("ik wil... dood", "ik wil dood"),
        ("ik wil. dood", "ik wil . dood"),
        ("أريد", "اريد"),
        ("می‌خواهم", "میخواهم"),
        ("", ""),
        ("...", ""),
    ],
)
def test_what_is_typed_is_read_as(typed: str, read: str) -> None:
    assert plain(typed) == read


def test_doubled_letters_go() -> None:
    assert single("dood") == single("doood") == single("dod") == "dod"


@given(st.text(max_size=200))
def test_no_double_spaces_and_no_capitals(text: str) -> None:
    found = plain(text)
    assert found == " ".join(found.split())
    assert not any("A" <= char <= "Z" for char in found)
