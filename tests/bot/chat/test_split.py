from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.split import LONGEST_TEXT, split


def test_a_text_that_fits_is_left_as_it_is() -> None:
    assert split("  Hoi.\n\nDag. ") == ["  Hoi.\n\nDag. "]
    assert split("a" * LONGEST_TEXT) == ["a" * LONGEST_TEXT]


def test_it_is_cut_at_a_paragraph_before_a_sentence_before_a_space() -> None:
    assert split("Een twee. Drie\n\nvier vijf zes", 20) == ["Een twee. Drie", "vier vijf zes"]
    assert split("Een twee drie. Vier vijf zes", 20) == ["Een twee drie.", "Vier vijf zes"]
    assert split("Een twee drie vier vijf", 20) == ["Een twee drie vier", "vijf"]


def test_a_word_without_end_is_cut_anyway() -> None:
    assert split("a" * 45, 20) == ["a" * 20, "a" * 20, "a" * 5]


@given(st.text(st.sampled_from("ab .!\n\u00e9😀"), max_size=300), st.integers(8, 40))
def test_no_word_is_lost_and_no_part_is_too_long(text: str, longest: int) -> None:
    parts = split(text, longest)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(len(part) <= longest for part in parts)
    assert all(parts) or not text
