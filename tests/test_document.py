"""Sentences and words with exact offsets."""

from __future__ import annotations

import time

import pytest
from hostile_text import assert_sound, hostile_texts
from hypothesis import example, given, settings

from inference.document import MAX_WORD_CHARACTERS, Document


def sentences(text: str) -> list[str]:
    return [text[s.start : s.end] for s in Document(text).sentences]


def words(text: str) -> list[tuple[str, str]]:
    return [(word.text, text[word.start : word.end]) for word in Document(text).words]


def test_title_and_lines_are_sentences() -> None:
    assert sentences("تیتر خبر\n\n  جمله یک. جمله دو! آیا سه؟ چهار \n") == [
        "تیتر خبر",
        "جمله یک.",
        "جمله دو!",
        "آیا سه؟",
        "چهار",
    ]


def test_lines_are_numbered_without_empty_ones() -> None:
    assert [s.line for s in Document("یک. دو.\n \u200b\n\u200f\nسه\n").sentences] == [0, 0, 1]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\u0085", "\x0b", "\x0c"])
def test_any_line_end_ends_a_sentence(end: str) -> None:
    assert sentences(f"یک{end}دو") == ["یک", "دو"]


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u3000", "\t", "\u200b", "\u2009", "\x1f"])
def test_any_blank_parts_sentences_and_words(blank: str) -> None:
    assert sentences(f"جمله یک.{blank}جمله دو.") == ["جمله یک.", "جمله دو."]
    assert words(f"الف{blank}ب") == [("الف", "الف"), ("ب", "ب")]


def test_point_without_blank_ends_no_sentence() -> None:
    assert sentences("نسخه 3.5 در example.org است.") == ["نسخه 3.5 در example.org است."]


def test_rows_of_points() -> None:
    assert sentences("یک............ دو!!!!!!!!!!!سه") == ["یک............", "دو!!!!!!!!!!!سه"]


def test_words_keep_their_place() -> None:
    assert words("گروهک های (ايران) را\u200f.") == [
        ("گروهک\u200cهای", "گروهک های"),
        ("(", "("),
        ("ایران", "ايران"),
        (")", ")"),
        ("را", "را"),
        (".", "."),
    ]


def test_zwnj_is_inside_a_word_and_never_at_its_edge() -> None:
    assert words("\u200cمی\u200cشود\u200c الف") == [("می\u200cشود", "می\u200cشود"), ("الف", "الف")]


def test_normalized_sentence_has_no_edge_blanks() -> None:
    assert Document("\u200f  \u00a0سلام \u200f\u200b").sentences[0].normalized == "سلام"


def test_long_words_are_cut_and_nothing_is_lost() -> None:
    text = "ا" + "ﻻ" * 400
    found = Document(text).words
    assert "".join(word.text for word in found) == "ا" + "لا" * 400
    assert all(len(word.text) <= MAX_WORD_CHARACTERS + 1 for word in found)
    assert [word.start for word in found[1:]] == [word.end for word in found[:-1]]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u200b", "\u200f\u202e", "\ufeff", "\u00ad"])
def test_invisible_texts_have_no_sentences(text: str) -> None:
    assert Document(text).sentences == ()
    assert Document(text).words == ()


@settings(max_examples=400, deadline=None)
@given(hostile_texts())
@example("\u0958\u0301")
@example("\u2adc\u0301")
@example("ا\u200c" * 200)
@example("</p>")
@example("\u064b")
def test_any_text_gives_sound_spans(text: str) -> None:
    document = Document(text)
    assert_sound(document)
    assert document.text is text


@settings(max_examples=100, deadline=None)
@given(hostile_texts(), hostile_texts())
def test_lines_are_independent(first: str, second: str) -> None:
    """A line says the same wherever it stands, so long texts need no other proof than short ones."""
    alone = [(s.normalized, s.words) for s in Document(first).sentences]
    both = [(s.normalized, s.words) for s in Document(f"{first}\n{second}").sentences]
    assert both[: len(alone)] == alone


@pytest.mark.parametrize("unit", [".", "!؟", "a.", " .", "\u064b", "\u200f", "\u200c ", "(", "ا", "سلام دنیا. "])
def test_one_endless_line_takes_linear_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    begun = time.process_time()
    assert_sound(Document(text))
    # Linear takes a second or two; quadratic would take minutes.
    assert time.process_time() - begun < 20
