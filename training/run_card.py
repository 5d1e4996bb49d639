"""The run card: everything that decided the result of a run, and the result."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import torch

from inference import __version__
from training.config import FineTuningConfig, TrainConfig
from training.data import Sourced, data_hash
from training.encoders import FoundEncoder
from training.formats import Article
from training.trainer import resolve_precision

_PACKAGES = ("torch", "transformers", "tokenizers", "datasets", "accelerate", "hazm", "numpy", "seqeval")


def run_card(
    config: FineTuningConfig,
    sha256: str,
    encoder: FoundEncoder,
    parameters: int,
    settings: TrainConfig,
    train: Sequence[Sourced],
    dev: Sequence[Article],
    scores: dict[str, Any],
    score: float,
    seconds: float,
) -> dict[str, Any]:
    """Plain values for `run.json`.

    Args:
        sha256: Hash of the finished model.
        parameters: Numbers that it has learned, its head's included.
        settings: The training settings really used, the fallback's if it was taken.
        scores: Dev scores with intervals.
        score: The dev score that chooses between runs, as it chose the checkpoint.
        seconds: Wall-clock time of this call; a resumed run counts from its last start.
    """
    return {
        "task": config.task,
        "seed": config.seed,
        "encoder": {
            "configured": config.model.encoder,
            "used": encoder.name,
            "origin": encoder.origin,
            "fallback_because": encoder.reason,
            "parameters": parameters,
        },
        "train_settings": settings.model_dump(mode="json") | {"precision": resolve_precision(settings.precision)},
        "data": {
            "train": _data([article for sourced in train for article in sourced.articles])
            | {"sources": [_source(sourced) for sourced in train]},
            "dev": _data(dev) | {"sources": [str(source.path) for source in config.data.dev]},
        },
        "model_sha256": sha256,
        "dev_score": score,
        "dev_scores": scores,
        "seconds": round(seconds, 1),
        "device": _device(),
        "versions": {"sokhan": __version__, "python": platform.python_version()} | _versions(),
    }


def _source(sourced: Sourced) -> dict[str, Any]:
    source = sourced.source
    name = f"{source.path} ({source.split})" if source.split else str(source.path)
    return {"name": name, "weight": source.weight, "terms": source.terms} | _counts(sourced.articles)


def _data(articles: Sequence[Article]) -> dict[str, Any]:
    return _counts(articles) | {"sha256": data_hash(articles)}


def _counts(articles: Sequence[Article]) -> dict[str, Any]:
    return {
        "articles": len(articles),
        "entities": sum(len(article.entities or ()) for article in articles),
        "sentences": sum(len(article.sentences or ()) for article in articles),
    }


def _device() -> str:
    if torch.cuda.is_available():
        return f"{torch.cuda.device_count()} x {torch.cuda.get_device_name(0)}"
    return f"CPU ({platform.machine()}), {torch.get_num_threads()} threads"


def _versions() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
