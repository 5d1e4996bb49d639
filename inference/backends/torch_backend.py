"""Models with torch and transformers: on a GPU, for models that no other backend knows, and in training."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import torch
from safetensors import SafetensorError
from transformers import AutoModelForSequenceClassification, AutoModelForTokenClassification, PreTrainedModel
from transformers.utils import logging as transformers_logging

from inference.backends.backend import UnsupportedModelError
from inference.batching import Array, Batch
from inference.errors import SokhanError, nearest

# Enough to hide what each call costs, little enough for the memory of any machine.
_TOKENS_A_BATCH = 4096


class TorchBackend:
    """A classifier of transformers.

    Args:
        model: On whatever device it is.
        pooled: Whether an input has one set of outputs (probabilities each) or each token (one tag of several).
        bf16: Whether a float32 model computes its matrix products in bfloat16.
    """

    def __init__(self, model: PreTrainedModel, pooled: bool, bf16: bool = False) -> None:
        self.name = "torch-bf16" if bf16 else "torch"
        self.tokens_a_batch = _TOKENS_A_BATCH
        self.model = model
        self._pooled = pooled
        self._bf16 = bf16

    @torch.inference_mode()
    def __call__(self, batch: Batch) -> Array:
        """Scores of a batch; see `Backend`."""
        device = self.model.device
        inputs = {
            "input_ids": torch.from_numpy(batch.input_ids).to(device),
            "attention_mask": torch.from_numpy(batch.attention_mask).to(device),
        }
        if batch.token_type_ids is not None:
            inputs["token_type_ids"] = torch.from_numpy(batch.token_type_ids).to(device)
        with torch.autocast(device.type, torch.bfloat16) if self._bf16 else nullcontext():
            logits: torch.Tensor = self.model(**inputs).logits
        logits = logits.float().cpu()
        scores = torch.sigmoid(logits) if self._pooled else torch.log_softmax(logits, dim=-1)
        array: Array = scores.numpy()
        return array


def load_torch(folder: Path, pooled: bool, device: torch.device, bf16: bool) -> TorchBackend:
    """A checkpoint of transformers, on a device.

    Raises:
        UnsupportedModelError: If the folder holds no classifier of that kind.
    """
    auto = AutoModelForSequenceClassification if pooled else AutoModelForTokenClassification
    try:
        with _quiet_transformers():
            # Files are float16, which CPUs compute four times slower than float32.
            model, report = auto.from_pretrained(
                folder, dtype=_dtype(device), local_files_only=True, output_loading_info=True
            )
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        reason = str(error).strip().splitlines()
        raise UnsupportedModelError(reason[0] if reason else repr(error)) from error
    missing = sorted(report["missing_keys"])
    if missing:
        # A head that the file lacks would be made of random numbers.
        raise UnsupportedModelError(f"its weights lack {missing[0]}")
    return TorchBackend(model.eval().to(device), pooled, bf16)


def choose_device(name: str) -> torch.device:
    """The device of that name; `auto` is CUDA where there is one, else the CPU.

    Raises:
        SokhanError: If there is none.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise SokhanError(f"unknown device '{name}'{nearest(name, ['auto', 'cpu', 'cuda', 'mps'])}") from error
    available = {
        "cpu": True,
        "cuda": torch.cuda.is_available() and (device.index or 0) < torch.cuda.device_count(),
        "mps": torch.backends.mps.is_available(),
    }
    if not available.get(device.type, False):
        raise SokhanError(f"device '{name}' is not available on this machine; use 'auto' or 'cpu'")
    return device


def _dtype(device: torch.device) -> torch.dtype:
    if device.type != "cuda":
        return torch.float32
    native = torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.bfloat16 if native else torch.float16


@contextmanager
def _quiet_transformers() -> Iterator[None]:
    """What transformers would print about a checkpoint is told by our errors, in a sentence."""
    verbosity, bars = transformers_logging.get_verbosity(), transformers_logging.is_progress_bar_enabled()
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        transformers_logging.set_verbosity(verbosity)
        if bars:
            transformers_logging.enable_progress_bar()
