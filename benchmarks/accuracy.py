"""Public corpora in their own labels: the bundled encoder beside a CRF and beside the same encoder untrained.

    python benchmarks/accuracy.py                    every corpus of configs/bench
    python benchmarks/accuracy.py peyma --json peyma.json

Each model learns from the corpus's train part and is scored on its dev part: strict F1, all labels, micro, with 95 %
bootstrap intervals over sentences. Nothing is chosen on dev. Published figures are on test parts, by models of 110M
parameters and more: they are not comparable line by line.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from crf import crf_predictions
from rich.console import Console
from rich.table import Table
from transformers import AutoConfig, AutoModelForMaskedLM

from inference.annotation import Entity
from inference.errors import SokhanError
from inference.textfile import write_whole
from training.articles import Article
from training.checkpoints import runs_root
from training.config import NerConfig
from training.config_file import load_config
from training.data import load_articles
from training.encoders import load_tokenizer, save_tokenizer
from training.finetune import finetune, run_name
from training.predicting import predict
from training.scoring import Score, score_entities

CONFIGS = Path(__file__).resolve().parent.parent / "configs" / "bench"
PUBLISHED = {
    "peyma": "FaBERT 91.4, ParsBERT 91.2",
    "arman": "ParsBERT 83.2, Stanza 80.1",
    "parstwiner": "FaBERT 82.2, ParsBERT 81.1",
}
"""As reported by the papers of FaBERT and ParsTwiNER and the pages of Stanza and ParsNER."""

Predictor = Callable[[NerConfig, Sequence[Article], Sequence[Article]], list[list[Entity]]]


def by_encoder(config: NerConfig, train: Sequence[Article], dev: Sequence[Article]) -> list[list[Entity]]:
    """Fine-tuned as the configuration says; a finished run is used again."""
    folder = finetune(config, runs_root() / run_name(config))
    return predict(folder, dev).entities or []


def by_untrained_encoder(config: NerConfig, train: Sequence[Article], dev: Sequence[Article]) -> list[list[Entity]]:
    """The same with random weights."""
    with tempfile.TemporaryDirectory() as folder:
        torch.manual_seed(config.seed)
        shape = AutoConfig.from_pretrained(config.model.encoder)
        AutoModelForMaskedLM.from_config(shape).save_pretrained(folder)
        save_tokenizer(load_tokenizer(Path(config.model.encoder)), Path(folder))
        untrained = config.model.model_copy(update={"encoder": folder})
        run = Path(folder) / "run"
        return predict(finetune(config.model_copy(update={"model": untrained}), run), dev).entities or []


def by_crf(config: NerConfig, train: Sequence[Article], dev: Sequence[Article]) -> list[list[Entity]]:
    """The CRF of `benchmarks.crf`."""
    return crf_predictions(train, dev)


MODELS: dict[str, Predictor] = {
    "bundled encoder": by_encoder,
    "same, random weights": by_untrained_encoder,
    "CRF": by_crf,
}


def measure(corpus: str) -> dict[str, Any]:
    """Scores of every model on a corpus, by model: `micro` and `labels`, each with interval and support."""
    config = load_config(CONFIGS / f"{corpus}.yaml", [])
    assert isinstance(config, NerConfig)
    train, dev = load_articles(config.data.train), load_articles(config.data.dev)
    measured: dict[str, Any] = {}
    for name, predictions in MODELS.items():
        began = time.monotonic()
        scores = score_entities(dev, predictions(config, train, dev))
        labels = {label: _plain(score) for label, score in scores.labels.items()}
        seconds = round(time.monotonic() - began)
        measured[name] = {"micro": _plain(scores.micro), "labels": labels, "seconds": seconds}
    return measured


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    known = sorted(file.stem for file in CONFIGS.glob("*.yaml"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", metavar="CORPUS", help=f"of {', '.join(known)}; by default all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all scores there")
    options = parser.parse_args(arguments)
    for corpus in options.corpora:
        if corpus not in known:
            parser.error(f"unknown corpus '{corpus}'; there are {', '.join(known)}")
    try:
        results = {corpus: measure(corpus) for corpus in options.corpora or known}
    except SokhanError as error:
        print(f"sokhan: {error}", file=sys.stderr)
        return 2
    table = Table("F1 on dev", *MODELS, "published, on test,\nnot comparable line by line")
    for corpus, measured in results.items():
        cells = [_cell(measured[name]["micro"]) for name in MODELS]
        table.add_row(corpus, *cells, PUBLISHED.get(corpus, ""))
    Console().print(table)
    if options.json:
        write_whole(options.json, json.dumps(results, ensure_ascii=False, indent=2).encode() + b"\n")
    return 0


def _plain(score: Score) -> dict[str, Any]:
    return {"f1": score.f1, "interval": list(score.interval), "support": score.support}


def _cell(score: dict[str, Any]) -> str:
    low, high = score["interval"]
    return f"{100 * score['f1']:.1f} ({100 * low:.1f}-{100 * high:.1f})"


if __name__ == "__main__":
    sys.exit(main())
