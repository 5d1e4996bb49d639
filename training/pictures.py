"""Pictures of a run: curves, scores by label, confusion."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt

from training.picture_style import BLUE, GREY, ORANGE, finish
from training.scoring import Score
from training.trainer import BEST


def draw_curves(metrics: Path, to: Path) -> None:
    """Loss in training and on dev, and the dev score, over epochs; `metrics` is a run's `metrics.jsonl`."""
    records = [json.loads(line) for line in metrics.read_text(encoding="utf-8").splitlines()]
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    left.plot(*_series(records, "loss"), color=BLUE, label="train")
    left.plot(*_series(records, "eval_loss"), color=ORANGE, marker="o", label="dev")
    left.set(xlabel="epoch", ylabel="loss", title="Loss")
    left.legend(frameon=False)
    epochs, scores = _series(records, f"eval_{BEST}")
    right.plot(epochs, [100 * score for score in scores], color=ORANGE, marker="o")
    right.set(xlabel="epoch", ylabel="F1", title="Dev score that chooses the checkpoint")
    finish(figure, to)


def draw_pretraining(metrics: Path, to: Path) -> None:
    """Loss over tokens, in training and on held-out rows; `metrics` is a run's `metrics.jsonl`.

    Where a run went back to an older checkpoint, what it had seen beyond is left out.
    """
    records: list[dict[str, Any]] = []
    for line in metrics.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        while records and records[-1]["tokens"] >= record["tokens"]:
            records.pop()
        records.append(record)
    figure, axis = plt.subplots(figsize=(8, 4), layout="constrained")
    for key, colour, name in (("loss", BLUE, "train, masked words"), ("held_out", ORANGE, "held out, 15 % masked")):
        chosen = [record for record in records if record.get(key) is not None]
        tokens = [record["tokens"] / 1e6 for record in chosen]
        axis.plot(tokens, [record[key] for record in chosen], color=colour, label=name,
                  marker="o" if key == "held_out" else None)  # fmt: skip
    axis.set(xlabel="tokens seen, millions", ylabel="loss", title="Pre-training")
    axis.legend(frameon=False)
    finish(figure, to)


def draw_scores(scores: Mapping[str, Score], title: str, to: Path) -> None:
    """F1 by label with 95 % intervals and support."""
    figure, axis = plt.subplots(figsize=(8, 0.45 * len(scores) + 1.4), layout="constrained")
    places = np.arange(len(scores))[::-1]
    f1 = np.array([100 * score.f1 for score in scores.values()])
    axis.barh(places, f1, color=BLUE, height=0.62)
    for place, score, value in zip(places, scores.values(), f1, strict=True):
        low, high = score.interval
        axis.plot([100 * low, 100 * high], [place, place], color=GREY, linewidth=1.6)
        axis.text(101, place, f"{value:.1f}  (n={score.support})", va="center", fontsize=9)
    axis.set_yticks(places, list(scores))
    axis.set(xlim=(0, 122), xlabel="F1, line: 95 % bootstrap interval", title=title)
    axis.set_xticks(range(0, 101, 20))
    finish(figure, to)


def draw_confusion(names: Sequence[str], counts: npt.NDArray[np.int64], title: str, to: Path) -> None:
    """A confusion matrix, `(gold, predicted)`, shaded by the share of the row."""
    size = 0.62 * len(names) + 2
    figure, axis = plt.subplots(figsize=(size, size), layout="constrained")
    share = counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    axis.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.argwhere(counts):
        dark = share[row, column] > 0.5
        axis.text(column, row, str(counts[row, column]), ha="center", va="center", fontsize=8,
                  color="white" if dark else "black")  # fmt: skip
    axis.set_xticks(range(len(names)), names, rotation=60, ha="right")
    axis.set_yticks(range(len(names)), names)
    axis.set(xlabel="predicted", ylabel="gold", title=title)
    finish(figure, to)


def _series(records: Sequence[dict[str, Any]], key: str) -> tuple[list[float], list[float]]:
    chosen = [record for record in records if key in record]
    return [record["epoch"] for record in chosen], [record[key] for record in chosen]
