"""Viterbi against the enumeration of all valid paths."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.decoding import Array, BioDecoder
from inference.errors import SokhanError
from inference.labels import bio_tags, spans_to_tags, tags_of, tags_to_spans

TAGS = bio_tags(["X", "Y"])
LATTICES = st.lists(
    st.lists(st.sampled_from([-9.0, -4.0, -3.5, -2.0, -1.0, -0.5, -0.1, 0.0]), min_size=5, max_size=5), max_size=6
).map(lambda rows: np.array(rows, dtype=np.float32).reshape(-1, 5))


def is_valid(tags: list[str]) -> bool:
    return all(
        not tag.startswith("I-") or before in (f"B-{tag[2:]}", tag)
        for before, tag in zip(["O", *tags], tags, strict=False)
    )


def total(scores: Array, path: tuple[int, ...] | list[int]) -> float:
    return float(sum(scores[word, tag] for word, tag in enumerate(path)))


def best_by_enumeration(scores: Array, tags: list[str]) -> float:
    paths = itertools.product(range(len(tags)), repeat=len(scores))
    return max(total(scores, path) for path in paths if is_valid([tags[tag] for tag in path]))


@settings(max_examples=150, deadline=None)
@given(st.lists(LATTICES, max_size=5))
def test_equal_to_enumeration(lattices: list[Array]) -> None:
    for scores, path in zip(lattices, BioDecoder(TAGS)(lattices), strict=True):
        assert len(path) == len(scores)
        assert is_valid([TAGS[tag] for tag in path])
        assert total(scores, path) == pytest.approx(best_by_enumeration(scores, TAGS), abs=1e-4)


@pytest.mark.parametrize(
    "tags",
    [["I-X", "B-X", "O"], ["B-Y", "O", "I-X", "B-X", "I-Y"], ["O", "B-X"], ["O"], ["O", "B-X", "B-Y", "I-Y"]],
)
def test_any_order_of_labels(tags: list[str]) -> None:
    chance = np.random.default_rng(0)
    lattices = [
        chance.normal(size=(size, len(tags))).astype(np.float32) for size in (0, 1, 2, 3, 4, 5) for _ in range(8)
    ]
    for scores, path in zip(lattices, BioDecoder(tags)(lattices), strict=True):
        assert is_valid([tags[tag] for tag in path])
        assert total(scores, path) == pytest.approx(best_by_enumeration(scores, tags), abs=1e-4)


def test_a_broken_span_is_mended_not_dropped() -> None:
    # Word by word the best would be O I-X I-X, which is no span.
    scores = np.log(np.array([[0.6, 0.35, 0.05], [0.1, 0.2, 0.7], [0.1, 0.1, 0.8]], dtype=np.float32))
    assert BioDecoder(["O", "B-X", "I-X"])([scores]) == [[1, 2, 2]]


def test_sentences_do_not_disturb_each_other() -> None:
    chance = np.random.default_rng(1)
    lattices = [chance.normal(size=(size, 5)).astype(np.float32) for size in chance.integers(0, 50, size=300)]
    decode = BioDecoder(TAGS)
    assert decode(lattices) == [decode([one])[0] for one in lattices]


def test_one_endless_sentence() -> None:
    scores = np.random.default_rng(2).normal(size=(300_000, 13)).astype(np.float32)
    tags = bio_tags(["A", "B", "C", "D", "E", "F"])
    begun = time.process_time()
    (path,) = BioDecoder(tags)([scores])
    assert is_valid([tags[tag] for tag in path])
    assert time.process_time() - begun < 30


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 2), st.sampled_from("XY")), max_size=6))
def test_tags_and_spans_are_two_forms_of_one_thing(made: list[tuple[int, int, str]]) -> None:
    spans, position = [], 0
    for length, gap, label in made:
        spans.append((position + gap, position + gap + length, label))
        position += gap + length
    assert tags_to_spans(spans_to_tags(position, spans)) == spans


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["O", "PER"], "'PER'"),
        (["O", "I-PER"], "no 'B-PER'"),
        (["B-PER", "I-PER"], "no label 'O'"),
        (["LABEL_0", "LABEL_1"], "'LABEL_0'"),
        (["O", "B-"], "'B-'"),
    ],
)
def test_labels_that_are_no_iob2_set(labels: list[str], message: str) -> None:
    with pytest.raises(SokhanError, match=message):
        tags_of(labels)
