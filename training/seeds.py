"""The same run with several seeds: how much chance there is in it, and the best one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import mean, stdev

from inference.textfile import write_whole
from training.config import FineTuningConfig
from training.report import MODEL_FOLDER, RUN_CARD

BEFORE = "## Use"
"""Section of a model card before which the one on seeds stands."""


def run_seeds(config: FineTuningConfig, seeds: Sequence[int], run: Callable[[FineTuningConfig], Path]) -> Path:
    """Train with each seed and mark the run that is best on dev: its card tells of all of them.

    Args:
        config: What to train; its own seed is not used.
        seeds: Two or more.
        run: Trains one configuration, or finds it trained, and returns its folder.

    Returns:
        The folder of the best run.
    """
    folders = {seed: run(config.model_copy(update={"seed": seed})) for seed in seeds}
    scores = {seed: _score(folder) for seed, folder in folders.items()}
    best = max(scores, key=lambda seed: scores[seed])
    for seed, score in scores.items():
        print(f"seed {seed}: {100 * score:.1f}{' (best)' if seed == best else ''}  {folders[seed]}")
    print(f"mean {100 * mean(scores.values()):.1f}, deviation {100 * stdev(scores.values()):.1f}")
    _tell(folders[best], scores)
    return folders[best]


def _score(folder: Path) -> float:
    score: float = json.loads((folder / RUN_CARD).read_text(encoding="utf-8"))["dev_score"]
    return score


def _tell(folder: Path, scores: Mapping[int, float]) -> None:
    """Put the seeds into the cards of a run."""
    card = json.loads((folder / RUN_CARD).read_text(encoding="utf-8"))
    card["dev_score_of_seeds"] = {str(seed): score for seed, score in scores.items()}
    write_whole(folder / RUN_CARD, json.dumps(card, ensure_ascii=False, indent=2).encode() + b"\n")
    readme = folder / MODEL_FOLDER / "README.md"
    kept = readme.read_text(encoding="utf-8")
    begin, end = kept.find("## Seeds\n"), kept.index(BEFORE)
    every = ", ".join(f"{100 * score:.1f} with seed {seed}" for seed, score in scores.items())
    section = (
        f"## Seeds\n\nThe best of {len(scores)} seeds on dev, by the score that chose the checkpoint: {every}; "
        f"mean {100 * mean(scores.values()):.1f}, standard deviation {100 * stdev(scores.values()):.1f}.\n\n"
    )
    write_whole(readme, (kept[: begin if begin >= 0 else end] + section + kept[end:]).encode())
