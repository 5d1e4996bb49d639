"""The pre-training run: text, tokenizer, rows, model, loop, snapshot."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn.functional import cross_entropy
from tqdm import tqdm
from transformers import ModernBertConfig, ModernBertForMaskedLM, PreTrainedTokenizerFast

from inference.errors import SokhanError
from training.checkpoints import (
    checkpoint_folder,
    complete_checkpoints,
    mark_complete,
    remove_checkpoint,
    remove_incomplete,
)
from training.config import EncoderConfig
from training.encoders import first_line, load_tokenizer, save_tokenizer
from training.pictures import draw_pretraining
from training.pretraining.card import encoder_card
from training.pretraining.masking import MaskedBatch, WholeWordMasker
from training.pretraining.packing import Rows, pack, packed_attention, read_lines, sequences
from training.pretraining.schedule import Schedule
from training.pretraining.tokenizer import train_tokenizer

_HELD_OUT_ROWS = 256
_STATE = "state.json"
_METRICS = "metrics.jsonl"
_OPTIMIZERS = "optimizers.pt"
_FACTS = "pretraining.json"


def pretrain(config: EncoderConfig, run: Path) -> Path:
    """Pre-train an encoder, from the newest complete checkpoint on if there is one.

    Returns:
        The folder of the finished checkpoint, weights in float16.
    """
    run.mkdir(parents=True, exist_ok=True)
    remove_incomplete(run)
    tokenizer = _tokenizer(config, run)
    rows = _rows(config, run, tokenizer)
    trainer = _Pretrainer(config, run, tokenizer, rows)
    trainer.resume()
    trainer.train()
    draw_pretraining(run / _METRICS, run / "loss.png")
    return trainer.snapshot(run / "model")


def _tokenizer(config: EncoderConfig, run: Path) -> PreTrainedTokenizerFast:
    folder = run / "tokenizer"
    if not (folder / "tokenizer.json").exists():
        if config.start:
            made = load_tokenizer(config.start)
        else:
            print(f"training a tokenizer of {config.tokenizer.vocab_size} pieces on {config.data.text}")
            made = train_tokenizer(
                read_lines(config.data.text), config.tokenizer.vocab_size, config.model.max_positions
            )
        part = folder.with_name("tokenizer.part")
        save_tokenizer(made, part)
        part.replace(folder)
    return PreTrainedTokenizerFast.from_pretrained(folder)


def _rows(config: EncoderConfig, run: Path, tokenizer: PreTrainedTokenizerFast) -> Rows:
    """Packed rows of the text, made once and then read from the run's folder."""
    length = config.data.row_length
    path = run / f"rows-{length}.npy"
    if not path.exists():
        print(f"packing {config.data.text} into rows of {length} tokens")
        cut = sequences(read_lines(config.data.text), tokenizer, length)
        packed = pack(cut, length, tokenizer.pad_token_id)
        part = path.with_suffix(".part.npy")
        np.save(part, packed)
        part.replace(path)
    rows: Rows = np.load(path, mmap_mode="r")
    if len(rows) < 2:
        raise SokhanError(f"{config.data.text} is too short to pre-train on: {len(rows)} rows of {length} tokens")
    return rows


@dataclass
class _Progress:
    step: int = 0
    tokens: int = 0
    seconds: float = 0.0


class _Pretrainer:
    def __init__(self, config: EncoderConfig, run: Path, tokenizer: PreTrainedTokenizerFast, rows: Rows) -> None:
        torch.manual_seed(config.seed)
        self.config, self.run, self.tokenizer = config, run, tokenizer
        held_out = min(_HELD_OUT_ROWS, len(rows) // 2)
        self.held_out, self.rows = rows[:held_out], rows[held_out:]
        self.masker = WholeWordMasker(tokenizer)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        shape = _model_config(config, tokenizer)
        # On rows as short as ours a CPU computes plain attention a fifth faster than the fused kernel's backward.
        shape._attn_implementation = "sdpa" if self.device.type == "cuda" else "eager"
        self.model = ModernBertForMaskedLM(shape)
        self.progress = _begin(self.model, config.start) if config.start else _Progress()
        self.model.to(self.device)
        self.encoder: Callable[..., Any] = self.model.model
        self.hidden_loss: Callable[..., torch.Tensor] = self._hidden_loss
        if config.train.compile:
            self.encoder = torch.compile(self.encoder, dynamic=False)
            self.hidden_loss = torch.compile(self.hidden_loss, dynamic=True)
        self.optimizers = _optimizers(self.model, config)
        budget = config.train.tokens
        self.schedule = Schedule(
            total=budget,
            warmup=min(config.optimizer.warmup_tokens, (budget - self.progress.tokens) // 10),
            decay_share=config.optimizer.decay_share,
            final=config.optimizer.final_rate,
            mask_start=config.train.mask_start,
            mask_end=config.train.mask_end,
            start=self.progress.tokens,
        )
        self.batch_rows = max(1, config.train.batch_tokens // config.data.row_length)

    def resume(self) -> None:
        """Go on from the newest complete checkpoint, or, when the budget has grown since, from the
        newest one whose learning rate had not yet begun to fall."""
        for folder in reversed(complete_checkpoints(self.run)):
            state = json.loads((folder / _STATE).read_text())
            if state["decayed"] and state["budget"] != self.schedule.total:
                continue
            saved = torch.load(folder / _OPTIMIZERS, map_location=self.device, weights_only=True)
            self.model.load_state_dict(saved["model"])
            for optimizer, values in zip(self.optimizers, saved["optimizers"], strict=True):
                optimizer.load_state_dict(values)
            self.progress = _Progress(state["step"], state["tokens"], state["seconds"])
            print(f"resuming after {state['tokens'] / 1e6:.2f}M tokens from {folder}")
            return

    def train(self) -> None:
        saved_at = time.monotonic()
        minutes = self.config.train.minutes
        stop_at = time.monotonic() + minutes * 60 if minutes else float("inf")
        bar = tqdm(total=self.schedule.total, initial=self.progress.tokens, unit="tok", unit_scale=True, disable=None)
        losses: list[float] = []
        for rows in self._batches():
            began = time.monotonic()
            losses.append(self._step(rows))
            self.progress.step += 1
            self.progress.tokens += rows.size
            self.progress.seconds += time.monotonic() - began
            bar.update(rows.size)
            if self.progress.step % self.config.train.log_every == 0:
                bar.set_postfix(loss=f"{np.mean(losses):.3f}")
                self._log(float(np.mean(losses)))
                losses = []
            if time.monotonic() - saved_at > self.config.train.checkpoint_minutes * 60:
                self._save()
                saved_at = time.monotonic()
            if time.monotonic() > stop_at:
                break
        bar.close()
        self._log(float(np.mean(losses)) if losses else None, held_out=self._held_out_loss())
        self._save()

    def _batches(self) -> Iterator[Rows]:
        """The batches still to come: every row once an epoch, in an order that only the seed decides."""
        per_epoch = max(1, len(self.rows) // self.batch_rows)
        while self.progress.tokens < self.schedule.total:
            epoch, within = divmod(self.progress.step, per_epoch)
            order = np.random.default_rng((self.config.seed, epoch)).permutation(len(self.rows))
            for index in islice(range(per_epoch), within, None):
                if self.progress.tokens >= self.schedule.total:
                    return
                chosen = order[index * self.batch_rows : (index + 1) * self.batch_rows]
                yield np.asarray(self.rows[np.sort(chosen)])

    def _step(self, rows: Rows) -> float:
        tokens = self.progress.tokens
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * self.schedule.rate(tokens)
        batch = self.masker(rows, self.schedule.masking(tokens), (self.config.seed, self.progress.step))
        loss = self._loss(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad()
        return loss.item()

    def _loss(self, batch: MaskedBatch) -> torch.Tensor:
        ids = batch.input_ids.to(self.device)
        attention = packed_attention(
            ids, self.tokenizer.cls_token_id, self.tokenizer.pad_token_id, self.model.config.sliding_window
        )
        precision = self.config.train.precision
        with torch.autocast(self.device.type, torch.bfloat16, enabled=precision == "bf16"):
            hidden = self.encoder(input_ids=ids, attention_mask=attention).last_hidden_state
            # The vocabulary is the dearest product of a small model: only for what was hidden.
            hidden = hidden.flatten(0, 1)[batch.places.to(self.device)]
            return self.hidden_loss(hidden, batch.targets.to(self.device))

    def _hidden_loss(self, hidden: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Mean loss over hidden tokens, from the encoder's vectors of them, `(hidden, features)`."""
        logits = self.model.decoder(self.model.head(hidden))
        return cross_entropy(logits.float(), targets)

    @torch.no_grad()
    def _held_out_loss(self) -> float:
        self.model.eval()
        losses = [
            self._loss(self.masker(self.held_out[start : start + self.batch_rows], 0.15, (0, start))).item()
            for start in range(0, len(self.held_out) - self.batch_rows + 1, self.batch_rows)
        ]
        self.model.train()
        return float(np.mean(losses)) if losses else float("nan")

    def _log(self, loss: float | None, **more: float) -> None:
        record = {**vars(self.progress), "loss": loss, **more}
        with (self.run / _METRICS).open("a") as file:
            file.write(json.dumps(record) + "\n")

    def _save(self) -> None:
        folder = checkpoint_folder(self.run, self.progress.step)
        if folder in complete_checkpoints(self.run):
            return
        folder.mkdir(exist_ok=True)
        torch.save(
            {"model": self.model.state_dict(), "optimizers": [o.state_dict() for o in self.optimizers]},
            folder / _OPTIMIZERS,
        )
        decayed = self.progress.tokens > self.schedule.decay_start
        state = {**vars(self.progress), "decayed": decayed, "budget": self.schedule.total}
        (folder / _STATE).write_text(json.dumps(state))
        mark_complete(folder)
        self._prune(decayed)

    def _prune(self, decayed: bool) -> None:
        """Keep the two newest, and the last one of the constant part: a larger budget starts there."""
        older = complete_checkpoints(self.run)[:-2]
        states = [json.loads((folder / _STATE).read_text()) for folder in older]
        constant = [folder for folder, state in zip(older, states, strict=True) if not state["decayed"]]
        keep = constant[-1:] if decayed else []
        for folder in older:
            if folder not in keep:
                remove_checkpoint(folder)

    def snapshot(self, folder: Path) -> Path:
        """Write weights (float16), config and tokenizer as a checkpoint for plain `transformers`."""
        part = folder.with_name(folder.name + f".part{os.getpid()}")
        half = ModernBertForMaskedLM(self.model.config).half()
        half.load_state_dict({name: value.half() for name, value in self.model.state_dict().items()})
        half.save_pretrained(part)
        save_tokenizer(self.tokenizer, part)
        card: dict[str, Any] = {
            **vars(self.progress),
            "parameters": sum(p.numel() for p in self.model.parameters()),
            "held_out_loss": self._held_out_loss(),
            "text": self.config.data.text.name,
            "text_sha256": hashlib.sha256(self.config.data.text.read_bytes()).hexdigest(),
            "seed": self.config.seed,
        }
        (part / _FACTS).write_text(json.dumps(card, indent=2) + "\n")
        (part / "README.md").write_text(encoder_card(self.config, card), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        return part.replace(folder)


def _begin(model: ModernBertForMaskedLM, start: Path) -> _Progress:
    """Give `model` the weights of the encoder in `start`; returns how far that one came."""
    try:
        seen = json.loads((start / _FACTS).read_text(encoding="utf-8"))
        progress = _Progress(seen["step"], seen["tokens"], seen["seconds"])
        weights = ModernBertForMaskedLM.from_pretrained(start, dtype=torch.float32, local_files_only=True)
        model.load_state_dict(weights.state_dict())
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise SokhanError(
            f"start: {start} is no encoder of this shape from a run of ours ({first_line(error)})"
        ) from error
    return progress


def _model_config(config: EncoderConfig, tokenizer: PreTrainedTokenizerFast) -> ModernBertConfig:
    shape = config.model
    return ModernBertConfig(
        vocab_size=len(tokenizer),
        hidden_size=shape.hidden_size,
        intermediate_size=shape.intermediate_size,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        max_position_embeddings=shape.max_positions,
        local_attention=shape.local_attention,
        classifier_pooling="mean",
        pad_token_id=tokenizer.pad_token_id,
        cls_token_id=tokenizer.cls_token_id,
        sep_token_id=tokenizer.sep_token_id,
        bos_token_id=tokenizer.cls_token_id,
        eos_token_id=tokenizer.sep_token_id,
    )


def _optimizers(model: ModernBertForMaskedLM, config: EncoderConfig) -> list[torch.optim.Optimizer]:
    """Muon (Jordan 2024) for the matrices of the layers, AdamW for embeddings, norms and head."""
    rates = config.optimizer
    matrices: list[torch.nn.Parameter] = []
    rest: list[torch.nn.Parameter] = []
    for name, parameter in model.named_parameters():
        (matrices if parameter.ndim == 2 and ".layers." in name else rest).append(parameter)
    made: list[torch.optim.Optimizer] = [
        torch.optim.Muon(matrices, lr=rates.muon_rate, momentum=0.95, weight_decay=rates.muon_decay),
        torch.optim.AdamW(rest, lr=rates.adam_rate, betas=(0.9, 0.98), weight_decay=0.0),
    ]
    for optimizer in made:
        for group in optimizer.param_groups:
            group["peak"] = group["lr"]
    return made
