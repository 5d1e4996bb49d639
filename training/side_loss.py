"""Loss of the sides of a sentence, cooperation and threat, from the logits of their themes."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from inference.labels import SIDES, side

_LEAST = 1e-6
"""Least probability of a side whose logarithm is taken: keeps the loss finite where all logits are far below 0."""


class SideLoss:
    """`loss(logits, labels)`: cross-entropy of "carries any theme of the side", themes being independent (noisy or).

    Which of two near themes a sentence carries is often a matter of taste, its side seldom is.
    """

    def __init__(self, themes: Sequence[str]) -> None:
        of_sides = [[n for n, theme in enumerate(themes) if side(theme) == wanted] for wanted in SIDES]
        self._columns = [torch.tensor(columns) for columns in of_sides if columns]

    def __call__(self, logits: Tensor, labels: Tensor) -> Tensor:
        """Mean over sentences and sides, a scalar.

        Args:
            logits: Of themes first, `(sentences, outputs)`; outputs behind the themes don't matter.
            labels: 1 where the sentence carries the theme, else 0, `(sentences, outputs)`.
        """
        losses = []
        for columns in self._columns:
            of_side = columns.to(logits.device)
            none = logsigmoid(-logits[:, of_side].float()).sum(dim=1)
            some = torch.log((-torch.expm1(none)).clamp(min=_LEAST))
            losses.append(-torch.where(labels[:, of_side].any(dim=1), some, none))
        return torch.stack(losses).mean()
