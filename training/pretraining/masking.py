"""Whole-word masking for masked language modelling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from transformers import PreTrainedTokenizerFast

# Devlin et al. 2019: of the chosen tokens 80 % become [MASK], 10 % another piece, 10 % stay.
_TO_MASK, _TO_RANDOM = 0.8, 0.9


@dataclass(frozen=True)
class MaskedBatch:
    """Tokens with some hidden, and what was hidden.

    Attributes:
        input_ids: `(batch, tokens)`.
        places: `(hidden,)`, indices into the flattened batch.
        targets: `(hidden,)`, the pieces that stood there.
    """

    input_ids: torch.Tensor
    places: torch.Tensor
    targets: torch.Tensor


class WholeWordMasker:
    """Hides all pieces of a word or none; special tokens never."""

    def __init__(self, tokenizer: PreTrainedTokenizerFast) -> None:
        pieces = tokenizer.convert_ids_to_tokens(list(range(len(tokenizer))))
        self._begins_word = np.array([not piece.startswith("##") for piece in pieces])
        self._special = np.zeros(len(tokenizer), dtype=bool)
        self._special[tokenizer.all_special_ids] = True
        self._ordinary = np.flatnonzero(~self._special)
        self._mask_id = tokenizer.mask_token_id

    def __call__(self, rows: npt.NDArray[np.uint16], share: float, seed: tuple[int, ...]) -> MaskedBatch:
        """Hide about `share` of the words; the same `seed` hides the same ones."""
        random = np.random.default_rng(seed)
        ids = rows.astype(np.int64)
        word = self._begins_word[ids].cumsum(axis=1)
        chosen_words = random.random((ids.shape[0], ids.shape[1] + 1)) < share
        hidden = np.take_along_axis(chosen_words, word, axis=1) & ~self._special[ids]
        kind = random.random(ids.shape)
        shown = ids.copy()
        shown[hidden & (kind < _TO_MASK)] = self._mask_id
        swapped = hidden & (kind >= _TO_MASK) & (kind < _TO_RANDOM)
        shown[swapped] = random.choice(self._ordinary, int(swapped.sum()))
        places = np.flatnonzero(hidden)
        return MaskedBatch(
            torch.from_numpy(shown), torch.from_numpy(places), torch.from_numpy(ids.reshape(-1)[places])
        )
