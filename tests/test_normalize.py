"""The normalised shadow: what it says, and that every character knows its place."""

from __future__ import annotations

import time

import pytest
from hostile_text import assert_aligned, hostile_texts
from hypothesis import example, given, settings

from inference.normalize import fold, fold_text, shadow


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("دولت جمهوري اسلامي", "دولت جمهوری اسلامی"),
        ("كشور", "کشور"),
        ("۱۲ ٣٤ 56", "12 34 56"),
        ("سَلامٌ", "سلام"),
        ("سـلام", "سلام"),
        ("\u200fسلام\u200e", "سلام"),
        ("می\u200cخواهد", "می\u200cخواهد"),
        ("الف\u00a0ب", "الف ب"),
        ("الف\u200bب", "الف ب"),
        ("آب", "آب"),
        ("قرآن", "قرآن"),
        ("هٔ", "ه"),
        ("ﺳﻼﻡ", "سلام"),
        ("ﻻ\u064e", "لا"),
        ("ﷲ", "الله"),
        ("ﷺ", "ﷺ"),
        ("❤\ufe0f", "❤"),
        ("می&zwnj;شود&nbsp;<b>الف</b>", "می\u200cشود  الف "),
        ("\ud800", "\ufffd"),
        ("", ""),
    ],
)
def test_fold(text: str, expected: str) -> None:
    assert fold(text).text == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("گروهک های تروریستی", "گروهک\u200cهای تروریستی"),
        ("می خواهد", "می\u200cخواهد"),
        ("نمیدانم چه میگفت", "نمی\u200cدانم چه می\u200cگفت"),
        ("سلام ،خوبی", "سلام، خوبی"),
        ("به طول ۹متر", "به طول 9 متر"),
        ("“ گروهک های تروریستی ”", '"گروهک\u200cهای تروریستی"'),
        ("ڈاکتر می رود", "ڈاکتر می\u200cرود"),
    ],
)
def test_spacing_is_mended(text: str, expected: str) -> None:
    assert shadow(text).text == expected


def test_alignment_leads_back_to_the_original() -> None:
    text = "سَردار می خواهد ."
    made = shadow(text)
    sources = [text[start:end] for start, end in zip(made.starts, made.ends, strict=True)]
    assert sources == ["سَ", "ر", "د", "ا", "ر", " ", "م", "ی", " ", "خ", "و", "ا", "ه", "د", "."]
    assert made.text == "سردار می\u200cخواهد."


def test_put_in_characters_have_no_length() -> None:
    made = shadow("سلام،خوبی")
    assert made.text == "سلام، خوبی"
    assert (made.starts[5], made.ends[5]) == (5, 5)


@settings(max_examples=300, deadline=None)
@given(hostile_texts())
@example("\u0958\u0301")
@example("ﻻ" * 201)
@example("\u200c\u064b ها")
@example("مﲑود")  # ZWNJ would fall between the two letters of one character
def test_alignment_is_monotone(text: str) -> None:
    assert_aligned(fold(text), len(text))
    assert fold_text(text) == fold(text).text
    assert_aligned(shadow(text), len(text))


@settings(max_examples=200, deadline=None)
@given(hostile_texts())
def test_only_spacing_changes_after_folding(text: str) -> None:
    def letters(of: str) -> str:
        return "".join(of.replace("\u200c", "").split())

    assert letters(shadow(text).text) == letters(fold(text).text)


@pytest.mark.parametrize(
    "unit",
    [
        "ا\u064b\u0650",
        "\u064b\u0316",
        "\u200d\u064e",
        "<a",
        "&#1",
        "ا\u200d",
        ".",
        "http://",
        '"',
        "می ",
        "ﻻ",
        "۱,",
        "<b>",
    ],
)
def test_hostile_rows_take_linear_time(unit: str) -> None:
    text = "ا" + unit * (200_000 // len(unit))
    begun = time.process_time()
    shadow(text)
    # Linear takes a second or two; quadratic would take minutes.
    assert time.process_time() - begun < 20
