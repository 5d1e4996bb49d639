"""From which score on a theme is carried: one threshold for all, and one of its own for a theme often seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from inference.labels import SIDES, side

OWN_SUPPORT = 20
"""Gold sentences that a theme must have for a threshold of its own: fewer would choose one by chance."""

_THRESHOLDS = np.arange(2, 37) / 40
_AS_GOOD = 0.005
# The F1 of a single theme rests on few sentences: one of 20 more or less moves it by this much.
_AS_GOOD_ALONE = 0.02

Gold = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float32]


def common_threshold(gold: Gold, scores: Scores, names: Sequence[str]) -> tuple[float, float]:
    """The best value of `sides_and_themes` and the common threshold that gives it, from `(sentences, themes)`."""
    return _middle_of_best([sides_and_themes(gold, scores >= t, names) for t in _THRESHOLDS], _AS_GOOD)


def own_thresholds(gold: Gold, scores: Scores, names: Sequence[str]) -> dict[str, float]:
    """For each theme with at least `OWN_SUPPORT` gold sentences the threshold that is best for its F1."""
    return {
        name: _middle_of_best([_f1(gold[:, n], scores[:, n] >= t) for t in _THRESHOLDS], _AS_GOOD_ALONE)[1]
        for n, name in enumerate(names)
        if gold[:, n].sum() >= OWN_SUPPORT
    }


def sides_and_themes(gold: Gold, carried: Gold, names: Sequence[str]) -> float:
    """Mean of the F1 of the sides and the micro F1 of the themes: both the coarse and the fine reading count."""
    sides = [[side(name) == wanted for name in names] for wanted in SIDES]
    per_side = [
        _f1(gold[:, columns].any(axis=1), carried[:, columns].any(axis=1)) for columns in sides if any(columns)
    ]
    return float(np.mean([*per_side, _f1(gold, carried)]))


def _middle_of_best(values: Sequence[float], as_good: float) -> tuple[float, float]:
    """The middle threshold, with its value, of those as good as the best, which a few articles more would move."""
    best = [number for number, value in enumerate(values) if value >= max(values) - as_good]
    middle = best[len(best) // 2]
    return values[middle], round(float(_THRESHOLDS[middle]), 3)


def _f1(gold: Gold, carried: Gold) -> float:
    hits = int((gold & carried).sum())
    total = int(gold.sum() + carried.sum())
    return 2 * hits / total if total else 0.0
