"""Configuration files as typed objects: every key is declared, read and explained here."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PretrainingText(_Section):
    """Text to learn from."""

    text: Path
    """One paragraph a line, an empty line between documents; plain or `.xz`."""
    row_length: int = Field(128, ge=8)
    """Tokens of a packed row, the longest context seen in training."""


class TokenizerConfig(_Section):
    """The WordPiece tokenizer."""

    vocab_size: int = Field(12_000, ge=100, le=65_535)
    """Pieces."""


class EncoderShape(_Section):
    """A ModernBERT."""

    layers: int = Field(6, ge=1)
    hidden_size: int = Field(256, ge=8)
    intermediate_size: int = Field(512, ge=8)
    heads: int = Field(4, ge=1)
    local_attention: int = Field(128, ge=2)
    """Tokens seen in the local layers, both sides together; every third layer sees all."""
    max_positions: int = Field(1024, ge=16)
    """`model_max_length` of the checkpoint, in tokens."""


class PretrainingOptimizer(_Section):
    """Muon on matrices, AdamW on the rest, warm-up, constant, linear decay."""

    muon_rate: float = Field(0.01, gt=0)
    muon_decay: float = Field(0.05, ge=0)
    adam_rate: float = Field(3e-3, gt=0)
    warmup_tokens: int = Field(1_600_000, ge=0)
    decay_share: float = Field(0.4, gt=0, le=1)
    """Share of the tokens, at the end, in which the rate falls."""
    final_rate: float = Field(0.02, ge=0, le=1)
    """Factor on the rates at the very end."""


class PretrainingBudget(_Section):
    """How long, how much at a time, how often to save."""

    tokens: int = Field(ge=1)
    """Tokens to see in all, padding included; a resumed run goes on to this number."""
    minutes: float | None = Field(None, gt=0)
    """Stop this call after so many minutes, wherever it is; the next call goes on."""
    batch_tokens: int = Field(8192, ge=8)
    mask_start: float = Field(0.3, gt=0, lt=1)
    """Share of words masked until the rate decays."""
    mask_end: float = Field(0.15, gt=0, lt=1)
    """Share of words masked at the end."""
    precision: Literal["bf16", "fp32"] = "bf16"
    compile: bool = False
    """`torch.compile` the encoder; needs a C++ compiler."""
    checkpoint_minutes: float = Field(3, gt=0)
    log_every: int = Field(20, ge=1)
    """Steps between two lines of `metrics.jsonl`."""


class EncoderConfig(_Section):
    """Masked-language pre-training."""

    task: Literal["encoder"]
    name: str = Field("encoder", pattern=r"^[\w.-]+$")
    """Folder of the run under the runs' root."""
    seed: int = 1
    data: PretrainingText
    tokenizer: TokenizerConfig = TokenizerConfig()
    model: EncoderShape = EncoderShape()
    optimizer: PretrainingOptimizer = PretrainingOptimizer()
    train: PretrainingBudget
