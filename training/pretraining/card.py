"""The card of a pre-trained encoder."""

from __future__ import annotations

from typing import Any

from training.config import EncoderConfig


def encoder_card(config: EncoderConfig, facts: dict[str, Any]) -> str:
    """Markdown of the encoder's `README.md`.

    Args:
        facts: `tokens`, `parameters`, `held_out_loss`, `seed`, `text`, `text_sha256` of the run.
    """
    shape = config.model
    return f"""---
language: fa
license: apache-2.0
library_name: transformers
pipeline_tag: fill-mask
tags: [persian, news, modernbert]
---

# {config.name}

A compact Persian encoder: ModernBERT, {shape.layers} layers of {shape.hidden_size}, {facts["parameters"] / 1e6:.1f}M
parameters, a WordPiece vocabulary of {config.tokenizer.vocab_size:,}. The tokenizer reads the spellings of a word
alike: with or without ZWNJ, with Arabic or Persian ي/ك and digits, with or without vowel marks.

- Learned from `{facts["text"]}` (SHA-256 `{facts["text_sha256"][:16]}…`): third parties' Persian text, mostly news,
  used for training only and not redistributed; see docs/corpora.md
- Whole-word masked language modelling, {facts["tokens"] / 1e6:.1f}M tokens seen in packed rows of
  {config.data.row_length}, seed {facts["seed"]}; Muon and AdamW, warm-up, constant, linear decay
- Loss on rows held out of training, 15 % of the words masked: {facts["held_out_loss"]:.3f}

`python -m training.run configs/encoder.yaml` trains it. It is small and knows little beyond the language of the news;
it is meant to be fine-tuned, as `models/ner` and `models/themes` are.
"""
