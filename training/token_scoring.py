"""Scores of token corpora as seqeval counts them: IOB2 tags, strict mode (Nakayama 2018)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from seqeval.metrics.v1 import precision_recall_fscore_support
from seqeval.scheme import IOB2

from inference.annotation import Entity
from inference.labels import spans_to_tags
from training.articles import Article
from training.scoring import in_scheme_order

Place = tuple[int, int]


def score_tokens(gold: Sequence[Article], predicted: Sequence[Sequence[Entity]]) -> dict[str, Any]:
    """Precision, recall, F1 and support of each label and of all (`micro`), over articles that come in tokens.

    A token in which a prediction or a gold mention begins or ends is cut there, so that a border inside a token
    is as wrong here as it is in characters: the figures are those of `training.scoring.score_entities`.
    """
    expected, found = [], []
    for article, entities in zip(gold, predicted, strict=True):
        if article.tokens is None or article.entities is None:
            continue
        of_gold = [(span.start, span.end, span.label) for span in article.entities]
        of_model = [(entity.start, entity.end, entity.label) for entity in entities]
        pieces = _cut(article.tokens, {border for start, end, _ in of_gold + of_model for border in (start, end)})
        expected.append(_tags(pieces, of_gold))
        found.append(_tags(pieces, of_model))
    labels = in_scheme_order({tag[2:] for tags in expected + found for tag in tags if tag != "O"})
    scores = {label: {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 0} for label in ("micro", *labels)}
    if not labels:
        return {"micro": scores["micro"], "labels": {}}
    options = {"scheme": IOB2, "zero_division": 0}
    of_labels = precision_recall_fscore_support(expected, found, average=None, **options)
    # seqeval orders labels by name.
    for number, label in enumerate(sorted(labels)):
        scores[label] = _named(*(float(values[number]) for values in of_labels))
    micro = precision_recall_fscore_support(expected, found, average="micro", **options)
    scores["micro"] = _named(*(float(value) for value in micro))
    return {"micro": scores["micro"], "labels": {label: scores[label] for label in labels}}


def _named(precision: float, recall: float, f1: float, support: float) -> dict[str, float]:
    return {"precision": precision, "recall": recall, "f1": f1, "support": int(support)}


def _cut(tokens: Sequence[Place], borders: set[int]) -> list[Place]:
    """Tokens, cut at the borders that fall inside them."""
    pieces: list[Place] = []
    for start, end in tokens:
        cuts = [start, *sorted(border for border in borders if start < border < end), end]
        pieces += pairwise(cuts)
    return pieces


def _tags(pieces: Sequence[Place], spans: Sequence[tuple[int, int, str]]) -> list[str]:
    """IOB2 tags of pieces; no span has a border inside one."""
    in_pieces = []
    for start, end, label in spans:
        inside = [number for number, piece in enumerate(pieces) if start <= piece[0] and piece[1] <= end]
        in_pieces.append((inside[0], inside[-1] + 1, label))
    return spans_to_tags(len(pieces), in_pieces)
