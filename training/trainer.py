"""`transformers.Trainer`, scored on dev the way articles are served, with checkpoints that survive a kill."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import torch
from datasets import Dataset
from transformers import (
    EarlyStoppingCallback,
    PreTrainedModel,
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)
from transformers.trainer_utils import EvalLoopOutput

from inference.textfile import write_whole
from training.checkpoints import checkpoint_folder, mark_complete
from training.config import TrainConfig
from training.examples import Collator
from training.processes import process_count
from training.sampling import LengthGroupedSampler

BEST = "score"
"""Dev metric that chooses the checkpoint."""

METRICS_FILE = "metrics.jsonl"

Score = Callable[[PreTrainedModel], dict[str, float]]
Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


class ServedTrainer(Trainer):
    """Evaluates through the very code that serves: windows, stitching, decoding."""

    def __init__(self, *args: Any, score: Score, loss: Loss, **more: Any) -> None:
        super().__init__(*args, **more)
        self._score = score
        self._loss = loss
        # The loss is a mean over each batch: the trainer must divide it by the batches of a step.
        self.model_accepts_loss_kwargs = False

    def compute_loss(
        self, model: PreTrainedModel, inputs: dict[str, Any], return_outputs: bool = False, **_: Any
    ) -> Any:
        """The task's loss of a batch."""
        labels = inputs.pop("labels")
        outputs = model(**inputs)
        loss = self._loss(outputs.logits, labels)
        return (loss, outputs) if return_outputs else loss

    def _get_train_sampler(self, train_dataset: Dataset | None = None) -> LengthGroupedSampler:
        examples = self.train_dataset if train_dataset is None else train_dataset
        lengths = [len(ids) for ids in examples["input_ids"]]
        return LengthGroupedSampler(lengths, self.args.train_batch_size, self.args.seed, examples["weight"])

    def evaluation_loop(self, *args: Any, **more: Any) -> EvalLoopOutput:
        """Dev loss from the examples, and the scores of the served model; `eval_score` chooses.

        They join here, before early stopping looks at the metrics.
        """
        output = super().evaluation_loop(*args, **more)
        model = self.accelerator.unwrap_model(self.model)
        was_training = model.training
        model.eval()
        scores = self._score(model)
        model.train(was_training)
        output.metrics.update({f"eval_{name}": value for name, value in scores.items()})
        if self.is_world_process_zero():
            told = " ".join(f"{name} {value:.3f}" for name, value in scores.items())
            print(f"epoch {self.state.epoch:.2f}: loss {output.metrics['eval_loss']:.4f} {told}", flush=True)
        return output


class CompleteCheckpoints(TrainerCallback):
    """Marks a checkpoint when all of it is on disk, and keeps the metrics so far in a file.

    The metrics are written from the trainer's history, which a checkpoint carries: after a kill the file
    goes on as if nothing had happened.
    """

    def __init__(self, run: Path) -> None:
        self._run = run

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        if state.is_world_process_zero:
            mark_complete(checkpoint_folder(self._run, state.global_step))

    def on_log(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        if state.is_world_process_zero:
            lines = (json.dumps(record) for record in state.log_history)
            write_whole(self._run / METRICS_FILE, "".join(f"{line}\n" for line in lines).encode())


def make_trainer(
    model: PreTrainedModel,
    train: Dataset,
    dev: Dataset,
    collator: Collator,
    score: Score,
    loss: Loss,
    settings: TrainConfig,
    seed: int,
    run: Path,
) -> ServedTrainer:
    """A trainer for `settings`, writing its checkpoints into `run`.

    Args:
        train: Inputs with `labels` and `weight`, how often an epoch sees each.
        dev: Inputs with `labels`.
        score: Scores of a model on dev, as it would be served.
        loss: Loss from logits and labels of a batch.
    """
    inputs_a_step = settings.batch_size * settings.accumulation * process_count()
    epoch = LengthGroupedSampler([1] * len(train), settings.batch_size, seed, train["weight"])
    steps_per_epoch = max(1, -(-len(epoch) // inputs_a_step))
    every = max(1, steps_per_epoch // settings.evaluations_per_epoch)
    precision = resolve_precision(settings.precision)
    arguments = TrainingArguments(
        output_dir=str(run),
        num_train_epochs=settings.epochs,
        per_device_train_batch_size=settings.batch_size,
        per_device_eval_batch_size=settings.batch_size,
        gradient_accumulation_steps=settings.accumulation,
        learning_rate=settings.learning_rate,
        weight_decay=settings.weight_decay,
        warmup_steps=int(settings.warmup_share * steps_per_epoch * settings.epochs),
        lr_scheduler_type="linear",
        bf16=precision == "bf16",
        fp16=precision == "fp16",
        eval_strategy="steps",
        eval_steps=every,
        save_strategy="steps",
        save_steps=every,
        save_total_limit=2,
        load_best_model_at_end=settings.keep == "best",
        metric_for_best_model=f"eval_{BEST}",
        greater_is_better=True,
        restore_callback_states_from_checkpoint=True,
        logging_steps=max(1, every // 10),
        disable_tqdm=not progress_visible(),
        remove_unused_columns=False,
        prediction_loss_only=True,
        use_cpu=not torch.cuda.is_available(),
        dataloader_pin_memory=torch.cuda.is_available(),
        seed=seed,
        data_seed=seed,
        report_to=[],
    )
    stopping = [EarlyStoppingCallback(settings.patience)] if settings.keep == "best" else []
    trainer = ServedTrainer(
        model=model,
        args=arguments,
        train_dataset=train,
        eval_dataset=dev,
        data_collator=collator,
        score=score,
        loss=loss,
        callbacks=[CompleteCheckpoints(run), *stopping],
    )
    trainer.remove_callback(PrinterCallback)
    return trainer


def resolve_precision(wanted: str) -> Literal["bf16", "fp16", "fp32"]:
    """`auto` as what this machine computes natively."""
    if wanted != "auto":
        return wanted  # type: ignore[return-value]
    if torch.cuda.is_available():
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"
    native = torch.cpu.get_capabilities()
    return "bf16" if native.get("avx512_bf16") or native.get("amx_bf16") else "fp32"


def progress_visible() -> bool:
    """Whether progress bars go to a terminal."""
    return sys.stderr.isatty()
