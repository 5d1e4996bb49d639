"""The pre-trained encoder: found in a folder, the Hugging Face cache or on the Hub, or replaced by the fallback."""

from __future__ import annotations

import json
import os
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from huggingface_hub import constants, hf_hub_download
from huggingface_hub.errors import EntryNotFoundError, LocalEntryNotFoundError
from transformers import AutoTokenizer, PreTrainedModel, PreTrainedTokenizerFast

from inference.errors import SokhanError
from training.config import FallbackConfig, ModelConfig

PROBE_SECONDS = 3.0
"""A dead endpoint is noticed after this long; huggingface_hub alone would retry for 23 s."""

_WEIGHTS = ("model.safetensors", "pytorch_model.bin")
_TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt")
_UNIGRAM = ("sentencepiece.bpe.model", "spiece.model")


@dataclass(frozen=True, slots=True)
class FoundEncoder:
    """Where an encoder lies and how it came to be chosen.

    Attributes:
        folder: Local folder of the checkpoint.
        name: The name in the configuration.
        origin: `folder`, `cache` or `hub`.
        fallback: The fallback's settings if it was taken, with the reason in `reason`.
        reason: Why the configured encoder could not be had.
    """

    folder: Path
    name: str
    origin: str
    fallback: FallbackConfig | None = None
    reason: str | None = None


def find_encoder(config: ModelConfig) -> FoundEncoder:
    """Find `config.encoder`, else `config.fallback`.

    Raises:
        SokhanError: If neither can be had; it says what to do.
    """
    try:
        return _find(config.encoder)
    except SokhanError as error:
        if config.fallback is None:
            raise SokhanError(
                f"{error}; put the checkpoint into a local folder and name that as model.encoder, "
                "or set model.fallback"
            ) from error
        reason = str(error)
    try:
        found = _find(config.fallback.encoder)
    except SokhanError as error:
        raise SokhanError(f"{reason}; nor can the fallback be had: {error}") from error
    return FoundEncoder(found.folder, found.name, found.origin, config.fallback, reason)


def _find(name: str) -> FoundEncoder:
    folder = Path(name)
    if folder.is_dir():
        _require_weights(folder)
        return FoundEncoder(folder, name, "folder")
    if name.count("/") != 1 or name.startswith(("/", ".", "models/")):
        raise SokhanError(f"there is no encoder folder {name}")
    cached = _fetch(name, local_only=True)
    if cached is not None:
        return FoundEncoder(cached, name, "cache")
    _probe(name)
    fetched = _fetch(name, local_only=False)
    if fetched is None:
        raise SokhanError(f"{name} has no config.json and weights on {constants.ENDPOINT}")
    return FoundEncoder(fetched, name, "hub")


def _require_weights(folder: Path) -> None:
    missing = [n for n in ("config.json",) if not (folder / n).is_file()]
    if not any((folder / weights).is_file() for weights in _WEIGHTS):
        missing.append(" or ".join(_WEIGHTS))
    if missing:
        raise SokhanError(f"{folder} is no encoder: {', '.join(missing)} is missing")


def _fetch(name: str, local_only: bool) -> Path | None:
    """The snapshot folder of a Hub repository; None if config or weights can't be had."""

    def one(file: str) -> Path | None:
        try:
            return Path(hf_hub_download(name, file, local_files_only=local_only))
        except (EntryNotFoundError, LocalEntryNotFoundError):
            return None

    try:
        config = one("config.json")
        weights = config and (one(_WEIGHTS[0]) or one(_WEIGHTS[1]))
        if config is None or weights is None:
            return None
        found = [one(file) for file in _TOKENIZER]
        if not found[0] and not found[-1]:
            for file in _UNIGRAM:
                one(file)
    except Exception as error:  # the HTTP client under huggingface_hub changes with its versions
        raise SokhanError(f"fetching {name} failed: {first_line(error)}") from error
    return config.parent


def _probe(name: str) -> None:
    """One request that may take `PROBE_SECONDS` in all, name look-up included."""
    if constants.HF_HUB_OFFLINE:
        raise SokhanError(f"{name} is not in the Hugging Face cache, and HF_HUB_OFFLINE is set")
    answers: list[int | Exception] = []

    def ask() -> None:
        url = f"{constants.ENDPOINT}/{name}/resolve/main/config.json"
        token = os.environ.get("HF_TOKEN")
        request = urllib.request.Request(url, method="HEAD")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=PROBE_SECONDS) as response:
                answers.append(response.status)
        except urllib.error.HTTPError as error:
            answers.append(error.code)
        except (OSError, ValueError) as error:
            # A time-out that ends a moment before ours is the same silence.
            if not isinstance(getattr(error, "reason", error), TimeoutError):
                answers.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(PROBE_SECONDS)
    if not answers:
        raise SokhanError(f"{name} is not here, and {constants.ENDPOINT} did not answer in {PROBE_SECONDS:g} s")
    answer = answers[0]
    if isinstance(answer, Exception):
        raise SokhanError(f"{name} is not here, and {constants.ENDPOINT} can't be reached: {first_line(answer)}")
    if answer >= 400:
        raise SokhanError(f"{constants.ENDPOINT} answers {answer} for {name}")


def first_line(error: Exception) -> str:
    """What an error of a library says, cut to one line."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def load_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    """The fast tokenizer of an encoder folder."""
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise SokhanError(f"the tokenizer in {folder} can't be loaded: {first_line(error)}") from error
    if not tokenizer.is_fast:
        raise SokhanError(f"the tokenizer in {folder} has no fast form (tokenizer.json)")
    return tokenizer


def load_classifier(
    folder: Path, auto: Callable[..., PreTrainedModel], labels: tuple[str, ...], problem: str | None
) -> PreTrainedModel:
    """An encoder with a new classification head, in float32.

    Weights in `pytorch_model.bin` are unpickled with `weights_only`, and no conversion is asked of the Hub.
    """
    os.environ["DISABLE_SAFETENSORS_CONVERSION"] = "1"
    try:
        return auto(
            folder,
            id2label=dict(enumerate(labels)),
            label2id={label: index for index, label in enumerate(labels)},
            dtype=torch.float32,
            local_files_only=True,
            **({"problem_type": problem} if problem else {}),
        )
    except Exception as error:  # unpickling, missing files, shapes: each library has its own
        raise SokhanError(f"the encoder in {folder} can't be loaded: {first_line(error)}") from error


def longest_input(model: PreTrainedModel) -> int:
    """Tokens that the model's positions allow, special ones included."""
    config = model.config
    longest: int = getattr(config, "max_position_embeddings", 0) or 1_000_000
    # RoBERTa's kind counts positions from the padding index on.
    shifted = config.model_type in ("roberta", "xlm-roberta", "camembert")
    return longest - config.pad_token_id - 1 if shifted else longest


def save_tokenizer(tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Save a tokenizer so that transformers 4.57 and 5 load it alike.

    Its class becomes `PreTrainedTokenizerFast`, which keeps `tokenizer.json` as it is: model-specific
    classes put their own normaliser in, and version 5's own class is unknown to 4.57.
    """
    tokenizer.save_pretrained(folder)
    path = folder / "tokenizer_config.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    settings["tokenizer_class"] = "PreTrainedTokenizerFast"
    settings["model_input_names"] = list(tokenizer.model_input_names)
    for passing in ("backend", "is_local", "local_files_only"):  # how it was loaded, not what it is
        settings.pop(passing, None)
    path.write_text(json.dumps(settings, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
