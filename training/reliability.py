"""How far scores are from probabilities: expected calibration error and reliability diagram.

In ten bins of equal width, as Guo et al. 2017, "On calibration of modern neural networks".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt

from training.picture_style import COLOURS, GREY, finish

_BINS = 10


@dataclass(frozen=True, slots=True)
class Reliability:
    """Scores and how often they were right, bin by bin; empty bins are left out.

    Attributes:
        scores: Mean score of each bin.
        right: Share of each bin that is right.
        counts: How many scores are in each bin.
    """

    scores: tuple[float, ...]
    right: tuple[float, ...]
    counts: tuple[int, ...]

    @property
    def error(self) -> float:
        """Expected calibration error, 0 to 1: mean distance of score and share right, weighted by the counts."""
        gaps = np.abs(np.array(self.scores) - np.array(self.right))
        return float(np.average(gaps, weights=self.counts)) if self.counts else 0.0

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return {"expected_calibration_error": self.error, **asdict(self)}


def reliability(scores: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> Reliability:
    """Lay scores beside what became of them, both `(scores,)`."""
    bins = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    counts = np.bincount(bins, minlength=_BINS)
    filled = np.flatnonzero(counts)
    means = [np.bincount(bins, values, _BINS)[filled] / counts[filled] for values in (scores, right)]
    return Reliability(tuple(means[0].tolist()), tuple(means[1].tolist()), tuple(counts[filled].tolist()))


def draw_reliability(panels: Mapping[str, Mapping[str, Reliability]], title: str, to: Path) -> None:
    """Reliability diagrams as PNG, one panel for each kind of score; below, how many scores there are of each height.

    Args:
        panels: For each panel, by its title, the lines by their names.
        title: Of the whole picture.
        to: The file.
    """
    figure, axes = plt.subplots(
        2,
        len(panels),
        figsize=(5 * len(panels), 6),
        sharex=True,
        squeeze=False,
        height_ratios=(3, 1),
        layout="constrained",
    )
    for (name, lines), (upper, lower) in zip(panels.items(), axes.T, strict=True):
        upper.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle=":")
        for colour, (line, found) in zip(COLOURS, lines.items(), strict=False):
            label = f"{line}: ECE {100 * found.error:.1f} %"
            upper.plot(found.scores, found.right, color=colour, marker="o", label=label, clip_on=False)
            lower.plot(found.scores, found.counts, color=colour, marker="o", linewidth=1, clip_on=False)
        upper.set(xlim=(0, 1), ylim=(0, 1), ylabel="share that is right", title=name)
        upper.legend(frameon=False)
        lower.set(yscale="log", xlabel="score", ylabel="how many")
    figure.suptitle(title)
    finish(figure, to)
