"""A fine-tuning run: data, encoder, trainer, best checkpoint, saved model, calibration, report."""

from __future__ import annotations

import hashlib
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from datasets import Dataset
from transformers import PreTrainedModel, PreTrainedTokenizerFast
from transformers.utils import logging as transformers_logging

from inference.backends.torch_backend import TorchBackend
from inference.checkpoint import LoadedModel
from inference.errors import SokhanError
from training.calibrating import calibrate
from training.checkpoints import complete_checkpoints, remove_incomplete
from training.config import FineTuningConfig, TrainConfig, TrainSource
from training.data import Sourced, load_articles, load_training, require_labels
from training.encoders import (
    FoundEncoder,
    find_encoder,
    load_classifier,
    load_tokenizer,
    longest_input,
    save_tokenizer,
)
from training.examples import Collator
from training.processes import is_main_process
from training.report import MODEL_FOLDER, RUN_CARD, write_report
from training.tasks import Task, task_of
from training.trainer import make_trainer, progress_visible


def run_name(config: FineTuningConfig) -> str:
    """Folder name of a run: `name` and a hash over config and data, so that unlike runs never mix."""
    digest = hashlib.sha256(config.model_dump_json().encode())
    for source in (*config.data.train, *config.data.dev, *(config.data.calibration or ())):
        files = sorted(source.path.glob("*.json*")) if source.path.is_dir() else [source.path]
        for file in files:
            if not file.is_file():
                raise SokhanError(f"there is no corpus {file}")
            digest.update(file.read_bytes())
    return f"{config.name}-{digest.hexdigest()[:8]}"


def finetune(config: FineTuningConfig, run: Path) -> Path:
    """Train a classifier into the folder `run`.

    Returns:
        The folder of the finished model. A run that was already finished is only reported.
    """
    folder = run / MODEL_FOLDER
    if (run / RUN_CARD).exists():
        print(f"this run is finished: {run} (--restart trains it again)")
        return folder
    _quiet_libraries()
    task = task_of(config)
    train, dev = load_training(config.data, config.seed), load_articles(config.data.dev)
    require_labels(config, train, dev)

    encoder = find_encoder(config.model)
    settings = _settings(config, encoder)
    torch.manual_seed(config.seed)
    tokenizer = load_tokenizer(encoder.folder)
    model = load_classifier(encoder.folder, task.auto.from_pretrained, task.outputs, task.problem_type)
    _require_room(config, model)

    examples = [_examples(task, sources, tokenizer) for sources in (train, [Sourced(TrainSource(path=run), dev)])]
    if not all(map(len, examples)):
        raise SokhanError(f"the train or the dev data hold nothing that is annotated for the task '{config.task}'")
    typed = "token_type_ids" in tokenizer.model_input_names
    trainer = make_trainer(
        model=model,
        train=examples[0],
        dev=examples[1],
        collator=Collator(model.config.pad_token_id or 0, typed, task.per_token),
        loss=task.loss,
        score=lambda current: task.metrics(_in_memory(current, tokenizer, task), dev),
        settings=settings,
        seed=config.seed,
        run=run,
    )
    began = time.monotonic()
    checkpoints = complete_checkpoints(run)
    if is_main_process():
        remove_incomplete(run)
        if checkpoints:
            print(f"going on from {checkpoints[-1]}")
        print(
            f"training {config.task} from {encoder.name}: "
            f"{sum(len(sourced.articles) for sourced in train)} articles, {len(examples[0])} inputs, in {run}"
        )
    trainer.train(resume_from_checkpoint=str(checkpoints[-1]) if checkpoints else None)

    if is_main_process():
        best = trainer.accelerator.unwrap_model(trainer.model).eval().cpu().float()
        _save(config, best, tokenizer, task, folder)
        calibration = load_articles(config.data.calibration) if config.data.calibration else dev
        calibrated = calibrate(folder, calibration, "cpu")
        seconds = time.monotonic() - began
        write_report(config, run, encoder, best.num_parameters(), settings, train, dev, calibrated, seconds)
    return folder


def _examples(task: Task, sources: Sequence[Sourced], tokenizer: PreTrainedTokenizerFast) -> Dataset:
    rows = [
        row | {"weight": sourced.source.weight} for sourced in sources for row in task.examples(sourced, tokenizer)
    ]
    return Dataset.from_list(rows)


def _settings(config: FineTuningConfig, encoder: FoundEncoder) -> TrainConfig:
    """The training settings, with those of the fallback if it was taken, which is said loudly."""
    if encoder.fallback is None:
        return config.train
    if is_main_process():
        _warn(config, encoder)
    changed = encoder.fallback.model_dump(include={"learning_rate", "epochs", "batch_size"})
    return config.train.model_copy(update=changed)


def _warn(config: FineTuningConfig, encoder: FoundEncoder) -> None:
    print(
        f"WARNING: {encoder.reason}.\n"
        f"WARNING: training from the fallback {encoder.name} instead of {config.model.encoder}.",
        file=sys.stderr,
    )


def _require_room(config: FineTuningConfig, model: PreTrainedModel) -> None:
    longest = longest_input(model)
    if config.windows.max_length > longest:
        raise SokhanError(
            f"windows.max_length is {config.windows.max_length}, but the encoder reads at most {longest} tokens"
        )


def _in_memory(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, task: Task) -> LoadedModel:
    backend = TorchBackend(model, pooled=not task.per_token)
    pad_id = model.config.pad_token_id or 0
    return LoadedModel(backend, tokenizer, task.outputs, pad_id, task.settings, str(model.device), sha256="")


def _save(
    config: FineTuningConfig,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    task: Task,
    folder: Path,
) -> None:
    """The model as a standard checkpoint; the folder appears whole."""
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    if config.model.weights == "float16":
        model = model.half()
    model.save_pretrained(part)
    save_tokenizer(tokenizer, part)
    task.settings.save(part)
    shutil.rmtree(folder, ignore_errors=True)
    part.replace(folder)


def _quiet_libraries() -> None:
    transformers_logging.set_verbosity_error()
    if not progress_visible():
        transformers_logging.disable_progress_bar()
        import datasets

        datasets.disable_progress_bars()
