"""Configuration as typed objects: every key is declared and explained here; nothing else reads a raw dict."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from inference.labels import ENTITY_LABELS, THEMES
from training.augmentation import ALL_DIRT, Dirt


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DataSource(_Section):
    """Annotated articles: one file, or a folder of `.jsonl` files."""

    path: Path
    """JSONL (ours, or `tokens`/`ner_tags`) or CoNLL columns; see docs/format.md."""
    split: Literal["train", "dev"] | None = None
    """Part of a folder that has a `split.json`; without it, all of it."""


class TrainSource(DataSource):
    """Articles to learn from, whose labels may be those of another scheme."""

    means: dict[str, tuple[str, ...]] = {}
    """Entities only: what each label of the corpus, and `O`, may mean in ours: `PER: [SPEAKER, PERSON]`,
    `O: [O, RANK]`, `DAT: [O]`. Labels of ours that are not named mean themselves, `O` means `O`."""
    leading: dict[str, tuple[str, ...]] = {}
    """Entities only: what all words but the last of a mention may be besides: `PER: [O, RANK]` where the corpus takes
    titles into names, `LOC: [O]` where it takes in `استان`."""
    around: dict[str, Annotated[int, Field(ge=0)]] = {}
    """Entities only: how many unmarked words on either side of a mention may belong to it: `ORG: 3` where our names
    take in the sub-body or the parent."""
    weight: float = Field(1.0, gt=0)
    """How often an epoch sees each input of this source: 2 is twice, 0.25 a quarter of them, others each epoch."""
    terms: str | None = None
    """What its owners allow, for the model card."""


class DirtConfig(_Section):
    """Dirty variants that take the place of clean articles in training; see `training.augmentation`."""

    share: float = Field(ge=0, le=1)
    """Probability that an article becomes dirty."""
    kinds: tuple[Dirt, ...] = Field(ALL_DIRT, min_length=1)
    """What may be done to it; an article gets some of them at once."""


class DataConfig(_Section):
    """What to learn from, and what decides when to stop and which checkpoint is best."""

    train: tuple[TrainSource, ...] = Field(min_length=1)
    dev: tuple[DataSource, ...] = Field(min_length=1)
    calibration: tuple[DataSource, ...] | None = Field(None, min_length=1)
    """What decides the threshold of a theme classifier; by default `dev`."""
    dirt: DirtConfig | None = None
    """Whether to learn from dirty spelling as well; by default only from the articles as they are."""


class FallbackConfig(_Section):
    """The encoder taken when `model.encoder` can't be had, with the settings that suit it."""

    encoder: str
    learning_rate: float = Field(gt=0)
    epochs: int = Field(ge=1)
    batch_size: int = Field(ge=1)


class ModelConfig(_Section):
    """The pre-trained encoder under the classifier."""

    encoder: str = "HooshvareLab/bert-fa-base-uncased"
    """A local folder, else a name on the Hugging Face Hub (its cache is looked at first)."""
    fallback: FallbackConfig | None = None
    """`null` makes a missing encoder an error."""
    weights: Literal["float16", "float32"] = "float32"
    """Precision of the saved weights."""


class WindowConfig(_Section):
    """What a token classifier reads at once, in tokens."""

    max_length: int = Field(192, ge=8)
    overlap: int = Field(64, ge=0)
    """Tokens that neighbouring windows share; each word is decided where it has most context."""


class PairConfig(_Section):
    """What a sentence classifier reads at once, in tokens."""

    max_length: int = Field(192, ge=8)
    context: bool = True
    """Whether the title and the previous sentence are the second segment."""


class TrainConfig(_Section):
    """Optimisation: AdamW, linear warm-up, linear to zero."""

    learning_rate: float = Field(3e-5, gt=0)
    epochs: int = Field(5, ge=1)
    batch_size: int = Field(16, ge=1)
    """Windows or sentences a step and device."""
    accumulation: int = Field(1, ge=1)
    """Batches whose gradients are added up before a step."""
    weight_decay: float = Field(0.01, ge=0)
    warmup_share: float = Field(0.1, ge=0, lt=1)
    """Share of the steps in which the rate rises."""
    evaluations_per_epoch: int = Field(1, ge=1)
    """How often dev is scored and a checkpoint saved."""
    patience: int = Field(3, ge=1)
    """Evaluations without a better score after which training stops."""
    keep: Literal["best", "last"] = "best"
    """The checkpoint that becomes the model; `last` also trains to the end, whatever dev says."""
    precision: Literal["auto", "bf16", "fp16", "fp32"] = "auto"
    """`auto`: bfloat16 where CPU or GPU compute in it, else float16 on a GPU and float32 on a CPU."""


class _FineTuning(_Section):
    name: str = Field(pattern=r"^[\w.-]+$")
    """Beginning of the run's folder name."""
    seed: int = Field(1, ge=0)
    model: ModelConfig = ModelConfig()
    data: DataConfig
    train: TrainConfig = TrainConfig()


class NerConfig(_FineTuning):
    """A token classifier for entities."""

    task: Literal["ner"]
    labels: tuple[str, ...] = Field(ENTITY_LABELS, min_length=1)
    windows: WindowConfig = WindowConfig()

    @model_validator(mode="after")
    def _overlap_fits(self) -> NerConfig:
        if self.windows.overlap > self.windows.max_length // 2:
            raise ValueError("windows.overlap must be at most half of windows.max_length")
        return self


class ThemesConfig(_FineTuning):
    """A multi-label sentence classifier."""

    task: Literal["themes"]
    labels: tuple[str, ...] = Field(THEMES, min_length=1)
    speech: bool = False
    """Whether the model also learns which sentences have a speaker, as one more output behind the themes; it tells
    reports of what was said from what was done."""
    side_weight: float = Field(0.0, ge=0)
    """Weight of the loss of the sides, cooperation and threat, beside that of the themes; see `side_loss`."""
    windows: PairConfig = PairConfig()


FineTuningConfig = NerConfig | ThemesConfig


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
    start: Path | None = None
    """A pre-trained encoder of this shape to go on from: its tokenizer, its weights, the tokens that it has seen. The
    rates rise anew."""
    data: PretrainingText
    tokenizer: TokenizerConfig = TokenizerConfig()
    model: EncoderShape = EncoderShape()
    optimizer: PretrainingOptimizer = PretrainingOptimizer()
    train: PretrainingBudget


Config = NerConfig | ThemesConfig | EncoderConfig
