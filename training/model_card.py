"""The model card: what the model is, what it learned from, how well it does, with the Hub's metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from inference.labels import SIDES
from training.config import FineTuningConfig
from training.config_file import dump_config
from training.scoring import Score

_PIPELINE = {"ner": "token-classification", "themes": "text-classification"}
_WHAT = {
    "ner": "finds speakers, persons, ranks, positions, organizations and places in Persian news",
    "themes": "gives each sentence of Persian news its themes of cooperation and threat",
}


def model_card(config: FineTuningConfig, card: dict[str, Any], scores: Mapping[str, Score]) -> str:
    """Markdown of the model's `README.md`.

    Args:
        card: The run card.
        scores: Of each label, theme, side and average, on dev.
    """
    metadata = {
        "language": "fa",
        "license": "apache-2.0",
        "library_name": "transformers",
        "pipeline_tag": _PIPELINE[config.task],
        "tags": ["persian", "news", config.task],
        "model-index": [{"name": config.name, "results": [_result(config, scores)]}],
    }
    train, dev = card["data"]["train"], card["data"]["dev"]
    table = "\n".join(
        f"| {name} | {100 * score.precision:.1f} | {100 * score.recall:.1f} | {100 * score.f1:.1f} "
        f"| {100 * score.interval[0]:.1f} to {100 * score.interval[1]:.1f} | {score.support} |"
        for name, score in scores.items()
    )
    settings = card["train_settings"]
    return f"""---
{yaml.safe_dump(metadata, sort_keys=False).strip()}
---

# {config.name}

A model of Sokhan that {_WHAT[config.task]}.

- Encoder: `{card["encoder"]["used"]}`, {card["encoder"]["parameters"] / 1e6:.1f}M parameters with its head
- Learned from {train["articles"]} articles ({train["sentences"]} sentences, {train["entities"]} mentions), see
  Sources
- Chosen on {dev["articles"]} articles ({dev["sentences"]} sentences, {dev["entities"]} mentions), which decided
  {_DECIDED[config.task]}
- AdamW, learning rate {settings["learning_rate"]:g}, batch {settings["batch_size"]},
  at most {settings["epochs"]} epochs, seed {card["seed"]}; weights in {config.model.weights}

## How it was trained

`python -m training.run config.yaml` with this as `config.yaml`:

```yaml
{dump_config(config).strip()}
```

Training data have SHA-256 `{train["sha256"][:16]}…`, dev `{dev["sha256"][:16]}…`.

## Sources

The weights are under Apache-2.0. What they learned from has terms of its own; texts of third parties are not
redistributed. docs/corpora.md tells where each is found. An epoch sees an article as often as its source weighs.

| source | articles | mentions | weight | terms |
| --- | --- | --- | --- | --- |
{_sources(train["sources"])}

## Scores on dev

{_METRIC[config.task]}
Intervals: 95 % bootstrap over articles. Dev chose the checkpoint, so these figures are a little too kind.

| | precision | recall | F1 | 95 % | support |
| --- | --- | --- | --- | --- | --- |
{table}

## Use

```python
from inference import Annotator

Annotator({config.task}="path/to/this/folder").annotate(text)
```

The folder loads in plain `transformers` as well. `sokhan.json` says how long inputs may be and how they are built.
"""


def _result(config: FineTuningConfig, scores: Mapping[str, Score]) -> dict[str, Any]:
    """The averages over labels, in the form of the Hub's `model-index`."""
    averages = ("micro",) if config.task == "ner" else (*SIDES, "micro")
    return {
        "task": {"type": _PIPELINE[config.task]},
        "dataset": {"name": ", ".join(str(source.path) for source in config.data.dev), "type": "dev"},
        "metrics": [
            {"type": "f1", "name": f"F1, {name}", "value": round(100 * scores[name].f1, 1)}
            for name in averages
            if name in scores
        ],
    }


def _sources(sources: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(
        f"| `{one['name']}` | {one['articles']} | {one['entities'] or ''} | {one['weight']:g} "
        f"| {one['terms'] or 'not stated'} |"
        for one in sources
    )


_DECIDED = {
    "ner": "early stopping and the best checkpoint",
    "themes": "early stopping and best checkpoint (see `calibration` for the threshold)",
}

_METRIC = {
    "ner": "Strict entity F1: exact offsets and label; micro over labels.",
    "themes": "F1 of each theme over sentences; a side holds where any of its themes does.",
}
