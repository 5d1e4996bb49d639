"""The end of a fine-tuning run: scores, pictures, cards."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from inference.textfile import write_whole
from training.calibrating import Fitted
from training.config import FineTuningConfig, TrainConfig
from training.confusion import Confusion, entity_confusion, theme_confusion
from training.data import Sourced
from training.encoders import FoundEncoder
from training.formats import Article
from training.model_card import model_card
from training.pictures import draw_confusion, draw_curves, draw_scores
from training.predicting import Predictions, predict
from training.reliability import draw_reliability
from training.run_card import run_card
from training.score_table import print_scores
from training.scoring import EntityScores, ThemeScores, score_entities, score_themes
from training.trainer import METRICS_FILE

MODEL_FOLDER = "model"
RUN_CARD = "run.json"
"""Written last: a run that has it is finished."""


def write_report(
    config: FineTuningConfig,
    run: Path,
    encoder: FoundEncoder,
    parameters: int,
    settings: TrainConfig,
    train: Sequence[Sourced],
    dev: Sequence[Article],
    calibrated: Fitted | None,
    seconds: float,
) -> None:
    """Score the finished model on dev and write everything that a reader of the run wants, then print it."""
    predictions = predict(run / MODEL_FOLDER, dev, "cpu")
    scores = _scores(predictions, dev)
    sha256 = predictions.hashes[config.task]
    dev_scores, choice = scores.to_dict(), scores.choice
    card = run_card(config, sha256, encoder, parameters, settings, train, dev, dev_scores, choice, seconds)
    card["calibration"] = calibrated and calibrated.to_dict()
    draw_curves(run / METRICS_FILE, run / "curves.png")
    draw_scores(scores.by_name, f"{config.name} on dev", run / "scores.png")
    draw_confusion(*_confusion(config, predictions, dev), f"{config.name} on dev", run / "confusion.png")
    if calibrated is not None:
        draw_reliability({config.task: calibrated.lines}, f"{config.name}, calibrated", run / "reliability.png")
    write_whole(run / MODEL_FOLDER / "README.md", model_card(config, card, scores.by_name).encode())
    write_whole(run / RUN_CARD, json.dumps(card, ensure_ascii=False, indent=2).encode() + b"\n")
    print_scores(scores)
    print(calibrated.summary if calibrated is not None else "not calibrated: there is too little to calibrate on")
    print(f"model, cards and pictures are in {run} ({seconds:.0f} s)")


def _scores(predictions: Predictions, dev: Sequence[Article]) -> EntityScores | ThemeScores:
    if predictions.entities is not None:
        return score_entities(dev, predictions.entities)
    return score_themes(dev, predictions.themes or [])


def _confusion(config: FineTuningConfig, predictions: Predictions, dev: Sequence[Article]) -> Confusion:
    if predictions.entities is not None:
        return entity_confusion(dev, predictions.entities, config.labels)
    gold: list[Sequence[str]] = []
    found: list[Sequence[str]] = []
    for article, of_article in zip(dev, predictions.themes or (), strict=True):
        for sentence, themes in zip(article.sentences or (), of_article, strict=True):
            if sentence.themes is not None:
                gold.append(sentence.themes)
                found.append(themes)
    return theme_confusion(gold, found, config.labels)
