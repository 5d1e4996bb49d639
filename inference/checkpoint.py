"""Model folders: where the bundled ones are, how one is loaded, what identifies it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors import SafetensorError
from transformers import (
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)
from transformers.utils import logging as transformers_logging

from inference.calibration import CALIBRATION_FILE, Calibration, load_calibration
from inference.errors import SokhanError, nearest

Task = Literal["ner", "themes"]

SETTINGS_FILE = "sokhan.json"
_AUTO = {"ner": AutoModelForTokenClassification, "themes": AutoModelForSequenceClassification}
_HEAD = {"ner": "ForTokenClassification", "themes": "ForSequenceClassification"}
_HASHED = ("config.json", "model.safetensors", "tokenizer.json", SETTINGS_FILE, CALIBRATION_FILE)


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """How a model wants to be fed and read, stored beside its weights as `sokhan.json`.

    Attributes:
        task: `ner` or `themes`.
        max_length: Longest input in tokens, special ones included.
        overlap: Tokens that neighbouring windows share (`ner`).
        context: Whether the second segment holds title and previous sentence (`themes`).
        threshold: A theme is carried from this score on (`themes`).
        thresholds: Thresholds of single themes that differ from `threshold`.
    """

    task: Task
    max_length: int = 192
    overlap: int = 64
    context: bool = True
    threshold: float = 0.5
    thresholds: dict[str, float] | None = None

    def save(self, folder: Path) -> None:
        """Write the settings into a model folder."""
        (folder / SETTINGS_FILE).write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model ready to run, with its tokenizer, settings, hash of its files, and calibration if it has one."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerFast
    settings: ModelSettings
    device: torch.device
    sha256: str
    calibration: Calibration | None = None


def bundled(name: Task) -> Path:
    """Folder of a model that came with the package, installed or in a checkout."""
    here = Path(__file__).resolve().parent
    for folder in (here / "models" / name, here.parent / "models" / name):
        if (folder / "config.json").is_file():
            return folder
    raise SokhanError(f"there is no bundled model '{name}'; name a model folder instead")


def load(folder: str | Path, task: Task, device: str = "auto") -> LoadedModel:
    """Load a checkpoint from a local folder; never touches the network.

    Args:
        folder: A Hugging Face checkpoint (`config.json`, `model.safetensors`, `tokenizer.json`).
        task: What the model is for.
        device: `auto`, `cpu`, `cuda`, `cuda:1`, `mps` (untested). `auto` takes CUDA where there is one,
            in bfloat16, or float16 where bfloat16 is not native. On a CPU weights are float32.

    Raises:
        SokhanError: If the folder is not such a checkpoint or the device is not there.
    """
    path = Path(folder)
    settings, calibration = _settings(path, task), load_calibration(path)
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        if not (path / name).is_file():
            raise SokhanError(f"{path} is no model folder: {name} is missing")
    place = choose_device(device)
    try:
        with _quiet_transformers():
            tokenizer = AutoTokenizer.from_pretrained(path, local_files_only=True)
            # Files are float16, which CPUs compute four times slower than float32.
            model, report = _AUTO[task].from_pretrained(
                path, dtype=_dtype(place), local_files_only=True, output_loading_info=True
            )
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        reason = str(error).strip().splitlines()
        raise SokhanError(f"{path} can't be loaded as a {task} model: {reason[0] if reason else error!r}") from error
    _require_head(path, task, model, report["missing_keys"])
    return LoadedModel(model.eval().to(place), tokenizer, settings, place, model_hash(path), calibration)


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


def _require_head(path: Path, task: Task, model: PreTrainedModel, missing: Iterable[str]) -> None:
    """A head that the file lacks would be made of random numbers; one trained for another task fits by chance."""
    trained = model.config.architectures or []
    absent = sorted(missing)
    if absent or not any(name.endswith(_HEAD[task]) for name in trained):
        reason = f"its weights lack {absent[0]}" if absent else f"it is a {', '.join(trained) or 'nameless model'}"
        raise SokhanError(f"{path} can't be loaded as a {task} model (…{_HEAD[task]}): {reason}")


def _settings(path: Path, task: Task) -> ModelSettings:
    if not path.is_dir():
        raise SokhanError(f"there is no model folder {path}")
    file = path / SETTINGS_FILE
    if not file.is_file():
        return ModelSettings(task)
    try:
        values: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        settings = ModelSettings(**values)
    except (ValueError, TypeError) as error:
        raise SokhanError(f"{file} is not readable: {error}") from error
    if settings.task != task:
        raise SokhanError(f"{path} is a '{settings.task}' model, not a '{task}' model")
    return settings


def choose_device(name: str) -> torch.device:
    """The device of that name; `auto` is CUDA where there is one, else the CPU."""
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


def model_hash(folder: Path) -> str:
    """SHA-256 over the files that decide what a model says."""
    digest = hashlib.sha256()
    for name in _HASHED:
        path = folder / name
        if path.is_file():
            digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
