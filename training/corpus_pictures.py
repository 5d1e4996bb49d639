"""Pictures of a corpus: labels and themes by part, lengths of sentences and articles."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from inference.labels import ENTITY_LABELS, THEMES
from training.corpus_stats import Parts, count
from training.near_duplicates import words_of
from training.picture_style import COLOURS, finish
from training.variety import sentence_texts

_LONGEST_SENTENCE, _LONGEST_ARTICLE = 80, 600
"""Longer ones stand in the last bin."""
_BINS = 20


def draw_corpus(parts: Parts, beside: Parts, to: Path) -> None:
    """Draw what `training.corpus_stats` counts.

    Args:
        parts: Parts of the corpus; their bars stand on one another.
        beside: Other corpora, for the shape of the lengths only.
        to: The PNG file.
    """
    figure, axes = plt.subplots(2, 2, figsize=(12, 8), layout="constrained")
    for axis, names, of, title in (
        (axes[0, 0], ENTITY_LABELS, "entities", "Entities"),
        (axes[0, 1], THEMES, "themes", "Themes of sentences"),
    ):
        _draw_counts(axis, parts, names, of)
        axis.set(title=title)
    ours = {"this corpus": [article for articles in parts.values() for article in articles]}
    everything = ours | {name: list(articles) for name, articles in beside.items()}
    lengths = {name: [len(words_of(text)) for text in sentence_texts(arts)] for name, arts in everything.items()}
    _draw_shape(axes[1, 0], lengths, _LONGEST_SENTENCE)
    axes[1, 0].set(title="Words of a sentence")
    lengths = {name: [len(words_of(article.text)) for article in arts] for name, arts in everything.items()}
    _draw_shape(axes[1, 1], lengths, _LONGEST_ARTICLE)
    axes[1, 1].set(title="Words of an article")
    finish(figure, to)


def _draw_counts(axis: Axes, parts: Parts, names: tuple[str, ...], of: str) -> None:
    places = np.arange(len(names))[::-1]
    left = np.zeros(len(names))
    for (part, articles), colour in zip(parts.items(), COLOURS, strict=False):
        counts = count(articles)[of]
        widths = np.array([counts[name] for name in names])
        axis.barh(places, widths, left=left, color=colour, height=0.62, label=part)
        left += widths
    for place, total in zip(places, left, strict=True):
        axis.text(total, place, f" {total:,.0f}", va="center", fontsize=9)
    axis.set_yticks(places, names)
    axis.set_xlim(0, 1.12 * max(1, left.max()))
    axis.legend(frameon=False, loc="best")


def _draw_shape(axis: Axes, lengths: dict[str, list[int]], longest: int) -> None:
    bins = [longest * place / _BINS for place in range(_BINS + 1)]
    for (name, values), colour in zip(lengths.items(), COLOURS, strict=False):
        shares = np.full(len(values), 100 / max(1, len(values)))
        axis.hist(
            np.minimum(values, longest),
            bins,
            weights=shares,
            histtype="step",
            color=colour,
            linewidth=1.8,
            label=name,
        )
    axis.set_ylabel("%")
    axis.legend(frameon=False)
