"""Scores of entities and themes: precision, recall, F1, macro, stance, with bootstrap intervals.

Strict: a mention is right only with exact character offsets and label. Intervals are 95 % percentile bootstrap
intervals (Efron 1979) over articles, because the sentences of one article are not independent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.annotation import Entity
from inference.labels import ENTITY_LABELS, SIDES, THEMES, side, stance
from training.articles import Article

MACRO_SUPPORT = 20
"""Gold sentences that a theme must have to count in the macro average: fewer say too little."""

_RESAMPLES = 1000
_SEED = 20
_PERCENTILES = (2.5, 97.5)

Counts = npt.NDArray[np.float64]
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 of one label, 0 to 1; 0 where there is nothing to divide by.

    Attributes:
        precision: Share of what was predicted that is right.
        recall: Share of gold that was found.
        f1: Their harmonic mean.
        support: How many there are in gold.
        predicted: How many were predicted.
        correct: How many of them are right.
        interval: 95 % interval of F1.
    """

    precision: float
    recall: float
    f1: float
    support: int
    predicted: int
    correct: int
    interval: Interval


@dataclass(frozen=True, slots=True)
class Estimate:
    """A single figure from 0 to 1 with its 95 % interval."""

    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class EntityScores:
    """Strict entity scores.

    Attributes:
        labels: Score of every label that is in gold or was predicted, in the scheme's order.
        micro: All labels together.
        articles: Articles whose entities are annotated.
    """

    labels: dict[str, Score]
    micro: Score
    articles: int

    @property
    def by_name(self) -> dict[str, Score]:
        """The labels, then `micro`."""
        return {**self.labels, "micro": self.micro}

    @property
    def choice(self) -> float:
        """What chooses between models: micro F1."""
        return self.micro.f1

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ThemeScores:
    """Theme scores over annotated sentences.

    Attributes:
        themes: Score of every theme, those of the scheme first.
        sides: Score of `cooperation` and `threat`: whether a sentence carries any of the side.
        micro: All themes together.
        macro: Mean F1 of the themes in `macro_themes`; None if there are none.
        macro_themes: Themes with at least `MACRO_SUPPORT` gold sentences.
        stance: Share of sentences with the right stance.
        sentences: Sentences counted.
        articles: Articles with such sentences.
    """

    themes: dict[str, Score]
    sides: dict[str, Score]
    micro: Score
    macro: Estimate | None
    macro_themes: tuple[str, ...]
    stance: Estimate
    sentences: int
    articles: int

    @property
    def by_name(self) -> dict[str, Score]:
        """The themes, then the sides and `micro`."""
        return {**self.themes, **self.sides, "micro": self.micro}

    @property
    def choice(self) -> float:
        """What chooses between models: mean F1 of the sides and of all themes, so that both readings count."""
        every = [score.f1 for score in (*self.sides.values(), self.micro)]
        return sum(every) / len(every)

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)


def score_entities(gold: Sequence[Article], predicted: Sequence[Sequence[Entity]]) -> EntityScores:
    """Score predicted mentions, for each article those found in its text.

    Articles whose `entities` are None are left out, with whatever was predicted in them.
    """
    annotated = [
        (
            {(span.start, span.end, span.label) for span in article.entities},
            {(e.start, e.end, e.label) for e in found},
        )
        for article, found in zip(gold, predicted, strict=True)
        if article.entities is not None
    ]
    labels = in_scheme_order({label for pair in annotated for spans in pair for _, _, label in spans})
    index = {label: number for number, label in enumerate(labels)}
    counts = np.zeros((len(annotated), len(labels), 3))
    for row, (expected, found) in enumerate(annotated):
        for column, spans in enumerate((expected & found, found, expected)):
            for _, _, label in spans:
                counts[row, index[label], column] += 1
    resampled = _resample(counts)
    return EntityScores(
        {label: _score(counts[:, number], resampled[:, number]) for label, number in index.items()},
        _score(counts.sum(axis=1), resampled.sum(axis=1)),
        len(annotated),
    )


def score_themes(gold: Sequence[Article], predicted: Sequence[Sequence[Iterable[str]]]) -> ThemeScores:
    """Score predicted themes, for each article one set of names for each of its gold sentences, in order.

    Sentences whose `themes` are None are left out, with whatever was predicted for them.
    """
    rows: list[list[tuple[frozenset[str], frozenset[str]]]] = []
    for article, found in zip(gold, predicted, strict=True):
        pairs = zip(article.sentences or (), found, strict=True)
        annotated = [(frozenset(s.themes), frozenset(names)) for s, names in pairs if s.themes is not None]
        rows += [annotated] if annotated else []
    seen = {theme for row in rows for pair in row for names in pair for theme in names}
    themes = in_scheme_order({*THEMES, *seen})
    counts = np.zeros((len(rows), len(themes) + len(SIDES), 3))
    stances = np.zeros((len(rows), 2))
    for number, row in enumerate(rows):
        for expected, found_themes in row:
            expected_row, found_row = (_carried(names, themes) for names in (expected, found_themes))
            counts[number] += np.stack((expected_row & found_row, found_row, expected_row), axis=1)
            stances[number] += stance(expected) == stance(found_themes), 1
    of_counts = _resample(counts)
    scores = [_score(counts[:, number], of_counts[:, number]) for number in range(counts.shape[1])]
    macro_themes = [number for number in range(len(themes)) if scores[number].support >= MACRO_SUPPORT]
    macro = None
    if macro_themes:
        # A theme that a draw happens to lack is left out of that draw's mean.
        f1 = np.ma.masked_invalid(_f1(of_counts[:, macro_themes]))
        interval = _interval(f1.mean(axis=1).filled(np.nan))
        macro = Estimate(float(np.mean([scores[number].f1 for number in macro_themes])), interval)
    return ThemeScores(
        dict(zip(themes, scores, strict=False)),
        dict(zip(SIDES, scores[len(themes) :], strict=True)),
        _score(counts[:, : len(themes)].sum(axis=1), of_counts[:, : len(themes)].sum(axis=1)),
        macro,
        tuple(themes[number] for number in macro_themes),
        estimate(stances),
        int(stances[:, 1].sum()),
        len(rows),
    )


def score_of(counts: Counts) -> Score:
    """The score of `(articles, 3)` counts of right, predicted and gold."""
    return _score(counts, _resample(counts))


def estimate(counts: Counts) -> Estimate:
    """A share from `(articles, 2)` counts of what is right and of all."""
    right, total = counts.sum(axis=0)
    drawn = _resample(counts)
    # A draw that happens to hold nothing says nothing.
    shares = np.divide(drawn[:, 0], drawn[:, 1], out=np.full(len(drawn), np.nan), where=drawn[:, 1] > 0)
    return Estimate(_ratio(right, total), _interval(shares))


def in_scheme_order(names: Iterable[str]) -> list[str]:
    """Labels or themes as the scheme orders them; others after them, by name."""
    order = {name: number for number, name in enumerate((*ENTITY_LABELS, *THEMES))}
    return sorted(names, key=lambda name: (order.get(name, len(order)), name))


def _carried(names: frozenset[str], themes: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which themes, then which sides, a sentence carries."""
    sides = {side(name) for name in names}
    return np.array([theme in names for theme in themes] + [name in sides for name in SIDES])


def _score(counts: Counts, resampled: Counts) -> Score:
    """From `(articles, 3)` and `(resamples, 3)` counts of right, predicted and gold."""
    right, found, expected = counts.sum(axis=0)
    f1 = _ratio(2 * right, found + expected)
    interval = _interval(_f1(resampled))
    return Score(_ratio(right, found), _ratio(right, expected), f1, int(expected), int(found), int(right), interval)


def _f1(counts: Counts) -> Counts:
    """F1 of `(..., 3)` counts; not a number where there is neither gold nor prediction."""
    right, size = counts[..., 0], counts[..., 1] + counts[..., 2]
    return np.divide(2 * right, size, out=np.full(right.shape, np.nan), where=size > 0)


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0


def _interval(values: Counts) -> Interval:
    if np.isnan(values).all():
        return 0.0, 0.0
    low, high = np.nanpercentile(values, _PERCENTILES)
    return float(low), float(high)


def _resample(counts: Counts) -> Counts:
    """Sums over articles drawn with replacement: `(resamples, ...)` from `(articles, ...)` counts."""
    articles = len(counts)
    if not articles:
        return np.zeros((1, *counts.shape[1:]))
    random = np.random.default_rng(_SEED)
    drawn = (np.bincount(random.integers(articles, size=articles), minlength=articles) for _ in range(_RESAMPLES))
    weights = np.array(list(drawn), dtype=np.float32)
    sums = weights @ counts.reshape(articles, -1).astype(np.float32)
    return sums.reshape(_RESAMPLES, *counts.shape[1:]).astype(np.float64)
