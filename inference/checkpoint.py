"""Model folders: where the bundled ones are, how one is loaded, what identifies it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from inference.backends.backend import Backend, UnsupportedModelError
from inference.backends.choice import load_backend
from inference.batching import Array, padded
from inference.calibration import CALIBRATION_FILE, Calibration, load_calibration
from inference.errors import SokhanError
from inference.tokenizer import TOKENIZER_FILE, FastTokenizer, FileTokenizer

Task = Literal["ner", "themes"]

SETTINGS_FILE = "sokhan.json"
_CONFIG_FILE, _WEIGHTS_FILE = "config.json", "model.safetensors"
_HEAD = {"ner": "ForTokenClassification", "themes": "ForSequenceClassification"}
_FILES = (_CONFIG_FILE, _WEIGHTS_FILE, TOKENIZER_FILE)
_HASHED = (*_FILES, SETTINGS_FILE, CALIBRATION_FILE)


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
    """A model ready to run.

    Attributes:
        backend: What computes it.
        tokenizer: What it reads.
        outputs: What its outputs mean, in order.
        pad_id: Token that fills up a batch.
        settings: How it wants to be fed and read.
        device: Where it runs.
        sha256: Hash of its files.
        calibration: Of its scores, if it has one.
    """

    backend: Backend
    tokenizer: FastTokenizer
    outputs: tuple[str, ...]
    pad_id: int
    settings: ModelSettings
    device: str
    sha256: str
    calibration: Calibration | None = None

    def scores(self, ids: Sequence[Sequence[int]], type_ids: Sequence[Sequence[int]] | None = None) -> Array:
        """What the backend says of inputs, special tokens included, and of their segments; see `Backend`."""
        return self.backend(padded(ids, self.pad_id, type_ids))


def bundled(name: Task) -> Path:
    """Folder of a model that came with the package, installed or in a checkout."""
    here = Path(__file__).resolve().parent
    for folder in (here / "models" / name, here.parent / "models" / name):
        if (folder / "config.json").is_file():
            return folder
    raise SokhanError(f"there is no bundled model '{name}'; name a model folder instead")


def load(
    folder: str | Path, task: Task, device: str = "auto", backend: str = "auto", threads: int | None = None
) -> LoadedModel:
    """Load a checkpoint from a local folder; never touches the network.

    Args:
        folder: A Hugging Face checkpoint (`config.json`, `model.safetensors`, `tokenizer.json`).
        task: What the model is for.
        device: `auto`, `cpu`, `cuda`, `cuda:1`, `mps` (untested). `auto` takes CUDA where there is one,
            in bfloat16, or float16 where bfloat16 is not native.
        backend: What computes it, one of `inference.backends.choice.BACKENDS`.
        threads: CPU threads; by default as many as the process may use.

    Raises:
        SokhanError: If the folder is not such a checkpoint, or device or backend are not to be had.
    """
    path = Path(folder)
    settings, calibration = _settings(path, task), load_calibration(path)
    for name in _FILES:
        if not (path / name).is_file():
            raise SokhanError(f"{path} is no model folder: {name} is missing")
    try:
        config = _config(path)
        tokenizer = FileTokenizer(path, config.get("type_vocab_size", 1))
        typed = "token_type_ids" in tokenizer.model_input_names
        runs, place = load_backend(path, config, task == "themes", typed, device, backend, threads)
    except (ValueError, UnsupportedModelError) as error:
        raise SokhanError(f"{path} can't be loaded as a {task} model: {error}") from error
    trained = config.get("architectures") or []
    if not any(name.endswith(_HEAD[task]) for name in trained):
        reason = f"it is a {', '.join(trained) or 'nameless model'}"
        raise SokhanError(f"{path} can't be loaded as a {task} model (…{_HEAD[task]}): {reason}")
    pad_id = config.get("pad_token_id") or 0
    return LoadedModel(runs, tokenizer, _outputs(config), pad_id, settings, place, model_hash(path), calibration)


def _config(path: Path) -> dict[str, Any]:
    try:
        config = json.loads((path / _CONFIG_FILE).read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{_CONFIG_FILE} is not readable: {error}") from error
    if not isinstance(config, dict):
        raise ValueError(f"{_CONFIG_FILE} is not an object")
    return config


def _outputs(config: dict[str, Any]) -> tuple[str, ...]:
    """Names of the outputs in order; transformers has two without a name as its default."""
    names = config.get("id2label") or {"0": "LABEL_0", "1": "LABEL_1"}
    return tuple(str(names[number]) for number in sorted(names, key=int))


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


def model_hash(folder: Path) -> str:
    """SHA-256 over the files that decide what a model says."""
    digest = hashlib.sha256()
    for name in _HASHED:
        path = folder / name
        if path.is_file():
            digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
