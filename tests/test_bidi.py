"""Right-to-left text for terminals that do no bidi: as it is seen from left to right."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.bidi import Run, visual_lines, width_of
from inference.visible import visible


def lines_of(text: str, width: int = 60) -> list[str]:
    return ["".join(run.text for run in line) for line in visual_lines([Run(text)], width)]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("سلام دنیا", "ﺎﯿﻧﺩ ﻡﻼﺳ"),
        ("گروه ISIS گفت", "ﺖﻔﮔ ISIS ﻩﻭﺮﮔ"),
        ("در ۱۴۰۲/۰۳/۱۲ بود", "ﺩﻮﺑ ۱۴۰۲/۰۳/۱۲ ﺭﺩ"),
        ("(سپاه)", "(ﻩﺎﭙﺳ)"),
        ("«سپاه»", "«ﻩﺎﭙﺳ»"),
        ("[سپاه·سازمان]", "[ﻥﺎﻣﺯﺎﺳ·ﻩﺎﭙﺳ]"),
        ("می\u200cشود", "ﺩﻮﺷﯽﻣ"),
        ("كتابٌ", "ﺏٌﺎﺘﻛ"),
        ("الله", "ﻪﻠﻟﺍ"),
        ("", ""),
        ("   ", ""),
        ("a\u0378 \U0010ffff", "a\u0378 \U0010ffff"),
    ],
)
def test_seen_from_left_to_right(text: str, seen: str) -> None:
    assert lines_of(text) == [seen]


def test_lines_are_cut_in_reading_order() -> None:
    assert lines_of("یک دو سه چهار", 6) == ["ﻭﺩ ﮏﯾ", "ﻪﺳ", "ﺭﺎﻬﭼ"]


def test_word_longer_than_the_line_is_cut() -> None:
    assert [len(line) for line in lines_of("ددددددد", 3)] == [3, 3, 1]


def test_level_is_resolved_before_the_line_is_cut() -> None:
    # A number behind a Latin word belongs to it, also where it opens the next line.
    assert lines_of("یک model 12", 8) == ["model ﮏﯾ", "12"]
    assert lines_of("یک model ab cd", 8) == ["model ﮏﯾ", "ab cd"]


def test_styles_travel_with_their_letters() -> None:
    (line,) = visual_lines([Run("یک ", "1"), Run("دو", "2"), Run(" (سه)", "3")], 60)
    assert line == [Run("(ﻪﺳ) ", "3"), Run("ﻭﺩ", "2"), Run(" ﮏﯾ", "1")]


@given(st.text(alphabet="ابپتجچدرزسشصطعفقکگلمنوهی آ", max_size=80), st.integers(1, 30))
def test_no_letter_is_lost_or_moved(text: str, width: int) -> None:
    lines = lines_of(text, width)
    assert all(len(line) <= width for line in lines)
    read = "".join(line[::-1] for line in lines)
    assert unicodedata.normalize("NFKC", read).replace(" ", "") == text.replace(" ", "")


@given(st.lists(st.tuples(st.text(max_size=20), st.sampled_from(["", "1"])), max_size=5), st.integers(2, 30))
def test_any_text_is_laid_out(parts: list[tuple[str, str]], width: int) -> None:
    for line in visual_lines([Run(visible(text), style) for text, style in parts], width):
        assert width_of(line) <= width
        assert all(run.style in ("", "1") for run in line)
