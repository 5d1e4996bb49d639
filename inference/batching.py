"""Batches by token budget: inputs of like length together, so that little is padding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs of a model, all `(batch, tokens)`.

    Attributes:
        input_ids: Tokens, filled up behind.
        attention_mask: 1 for a token, 0 for filling.
        token_type_ids: Segments; None for a model that knows none.
    """

    input_ids: Ids
    attention_mask: Ids
    token_type_ids: Ids | None = None


def budget_batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Indices of inputs in batches of at most `budget` padded tokens, or one input that is longer."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if batch and lengths[index] * (len(batch) + 1) > budget:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def pad(rows: Sequence[Sequence[int]], value: int) -> Ids:
    """Stack rows of unequal length to `(rows, longest)`, filled up with `value`."""
    stacked = np.full((len(rows), max(map(len, rows))), value, dtype=np.int64)
    for place, row in zip(stacked, rows, strict=True):
        place[: len(row)] = row
    return stacked


def padded(ids: Sequence[Sequence[int]], pad_id: int, type_ids: Sequence[Sequence[int]] | None = None) -> Batch:
    """Inputs of unequal length, and their segments, as one batch."""
    input_ids = pad(ids, pad_id)
    lengths = np.array([len(row) for row in ids])
    mask = (np.arange(input_ids.shape[1]) < lengths[:, None]).astype(np.int64)
    return Batch(input_ids, mask, None if type_ids is None else pad(type_ids, 0))
