"""The tokenizer of a model folder, without transformers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from tokenizers import Tokenizer

from inference.errors import SokhanError

TOKENIZER_FILE = "tokenizer.json"
_NAMED_IN = ("tokenizer_config.json", "special_tokens_map.json")


class FastTokenizer(Protocol):
    """What is asked of a tokenizer; transformers' `PreTrainedTokenizerFast` is one.

    Attributes:
        backend_tokenizer: The `tokenizers.Tokenizer`.
        model_input_names: What the model takes; `token_type_ids` if it tells segments apart.
    """

    backend_tokenizer: Any
    model_input_names: Sequence[str]
    cls_token_id: int | None
    sep_token_id: int | None
    bos_token_id: int | None
    eos_token_id: int | None


class FileTokenizer:
    """A `FastTokenizer` read from `tokenizer.json`, which is used as it stands.

    Args:
        folder: A model folder. Names of special tokens are taken from its `tokenizer_config.json` or
            `special_tokens_map.json`, where there is one.
        segments: How many segments the model tells apart, which decides where no file names the inputs.

    Raises:
        ValueError: If a file can't be read as what it should be.
    """

    def __init__(self, folder: Path, segments: int) -> None:
        try:
            self.backend_tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        except Exception as error:  # the Rust library raises nothing narrower
            raise ValueError(f"{TOKENIZER_FILE}: {error}") from error
        named: dict[str, Any] = {}
        for name in reversed(_NAMED_IN):
            if (folder / name).is_file():
                named |= json.loads((folder / name).read_text(encoding="utf-8"))
        inputs = ["input_ids", "attention_mask", *(["token_type_ids"] if segments > 1 else [])]
        self.model_input_names: Sequence[str] = named.get("model_input_names") or inputs
        self.cls_token_id = self._id(named.get("cls_token"))
        self.sep_token_id = self._id(named.get("sep_token"))
        self.bos_token_id = self._id(named.get("bos_token"))
        self.eos_token_id = self._id(named.get("eos_token"))
        ends = self.backend_tokenizer.encode("").ids
        if not named and len(ends) > 1:
            # What the tokenizer itself puts around an input.
            self.cls_token_id, self.sep_token_id = ends[0], ends[-1]

    def _id(self, token: Any) -> int | None:
        """Id of a special token, which older files describe in an object."""
        content = token.get("content") if isinstance(token, dict) else token
        return self.backend_tokenizer.token_to_id(content) if isinstance(content, str) else None


def plain_backend(tokenizer: FastTokenizer) -> Any:
    """The Rust tokenizer without truncation or padding of its own, which would cut texts silently."""
    backend = tokenizer.backend_tokenizer
    backend.no_truncation()
    backend.no_padding()
    return backend


def special_ids(tokenizer: FastTokenizer) -> tuple[int, int]:
    """Ids of the tokens that open and close an input.

    Raises:
        SokhanError: If there are none.
    """
    first, last = tokenizer.cls_token_id, tokenizer.sep_token_id
    first = tokenizer.bos_token_id if first is None else first
    last = tokenizer.eos_token_id if last is None else last
    if first is None or last is None:
        raise SokhanError("the tokenizer has no CLS and SEP token; an encoder such as BERT is needed")
    return first, last
