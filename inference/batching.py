"""Batches by token budget: inputs of like length together, so that little is padding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from transformers import PreTrainedModel

TOKENS_A_BATCH = 4096
"""Padded tokens of a batch: enough to fill two cores, little enough to stay in their cache."""


def budget_batches(lengths: Sequence[int], budget: int = TOKENS_A_BATCH) -> Iterator[list[int]]:
    """Indices of inputs in batches of at most `budget` padded tokens, or one input that is longer."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if batch and lengths[index] * (len(batch) + 1) > budget:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def pad(rows: Sequence[Sequence[int]], value: int) -> torch.Tensor:
    """Stack rows of unequal length to `(rows, longest)`, filled up with `value`."""
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[value] * (longest - len(row))] for row in rows], dtype=torch.long)


@torch.inference_mode()
def forward(
    model: PreTrainedModel, ids: Sequence[Sequence[int]], type_ids: Sequence[Sequence[int]] | None = None
) -> torch.Tensor:
    """Logits of a batch on the CPU in float32: `(batch, tokens, labels)` or `(batch, labels)`."""
    device = model.device
    inputs = {
        "input_ids": pad(ids, model.config.pad_token_id or 0).to(device),
        "attention_mask": pad([[1] * len(row) for row in ids], 0).to(device),
    }
    if type_ids is not None:
        inputs["token_type_ids"] = pad(type_ids, 0).to(device)
    logits: torch.Tensor = model(**inputs).logits
    return logits.float().cpu()
