"""Damaged articles by the thousand: no exception, no bad offset."""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile_text import assert_aligned, assert_sound, assert_spans, hostile_texts, mutations
from hypothesis import HealthCheck, given, settings

from inference.annotator import Annotator
from inference.document import Document
from inference.normalize import shadow

SOAK_STRINGS = 100_000
QUICK_STRINGS = SOAK_STRINGS // 100


def soak(count: int, seed: int) -> None:
    for text in mutations(count, seed):
        try:
            assert_sound(Document(text))
            assert_aligned(shadow(text), len(text))
        except Exception as error:
            raise AssertionError(f"not sound: {text!r}") from error


def test_text_core_is_sound() -> None:
    soak(QUICK_STRINGS, seed=0)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_text_core_stays_sound(seed: int) -> None:
    soak(SOAK_STRINGS // 10, seed=seed + 1)


@pytest.fixture(scope="module")
def annotator(tiny_models: dict[str, Path]) -> Annotator:
    return Annotator(ner=tiny_models["ner"], themes=tiny_models["themes"], device="cpu")


def assert_annotated(annotator: Annotator, texts: list[str]) -> None:
    for text, annotation in zip(texts, annotator.annotate_many(texts), strict=True):
        assert annotation.text is text
        assert_spans(text, [(e.start, e.end) for e in annotation.entities])
        assert_spans(text, [(s.start, s.end) for s in annotation.sentences])
        for span in (*annotation.entities, *annotation.sentences):
            assert text[span.start : span.end] == span.text
        assert all(0 <= e.score <= 1 and "\u200c" not in (e.text[0], e.text[-1]) for e in annotation.entities)
        annotation.to_json().encode("utf-8")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=hostile_texts())
def test_any_text_is_annotated(annotator: Annotator, text: str) -> None:
    assert_annotated(annotator, [text])


def test_damaged_articles_are_annotated(annotator: Annotator) -> None:
    """A random model marks spans everywhere, so every kind of word becomes an edge of one."""
    assert_annotated(annotator, list(mutations(200, seed=7)))
