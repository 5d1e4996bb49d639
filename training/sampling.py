"""The order in which examples are seen: shuffled, inputs of like length together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from torch.utils.data import Sampler

_BATCHES_SORTED_TOGETHER = 32
"""Enough that batches hold little padding, few enough that their make-up changes from epoch to epoch."""


class LengthGroupedSampler(Sampler[int]):
    """Indices of an epoch, in an order that only seed and epoch decide: a resumed run sees the same one.

    Args:
        lengths: Tokens of each example.
        batch_size: Examples of a batch; the order keeps batches of this size homogeneous.
        seed: Of the shuffle.
        weights: How often an epoch sees each example; of those with a weight of 0.25 a quarter, others each epoch.
            By default each once.
    """

    def __init__(
        self, lengths: Sequence[int], batch_size: int, seed: int, weights: Sequence[float] | None = None
    ) -> None:
        self._lengths = np.array(lengths)
        self._weights = np.ones(len(lengths)) if weights is None else np.array(weights)
        self._batch_size = batch_size
        self._seed = seed
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Called by the trainer before each epoch."""
        self._epoch = epoch

    def __len__(self) -> int:
        return len(self._seen(np.random.default_rng(0)))

    def __iter__(self) -> Iterator[int]:
        random = np.random.default_rng((self._seed, self._epoch))
        order = random.permutation(self._seen(random))
        group = self._batch_size * _BATCHES_SORTED_TOGETHER
        batches: list[npt.NDArray[np.intp]] = []
        for start in range(0, len(order), group):
            members = order[start : start + group]
            by_length = members[np.argsort(-self._lengths[members], kind="stable")]
            batches += [by_length[at : at + self._batch_size] for at in range(0, len(by_length), self._batch_size)]
        # The last batch may be short; anywhere else it would shift the borders of those behind it.
        *whole, last = batches
        for number in random.permutation(len(whole)):
            yield from whole[number].tolist()
        yield from last.tolist()

    def _seen(self, random: np.random.Generator) -> npt.NDArray[np.intp]:
        """Examples of an epoch; how many there are does not depend on chance."""
        chosen: list[npt.NDArray[np.intp]] = []
        for weight in np.unique(self._weights):
            members = np.flatnonzero(self._weights == weight)
            whole, part = divmod(float(weight), 1)
            chosen += [members] * int(whole)
            chosen.append(random.permutation(members)[: round(part * len(members))])
        return np.concatenate(chosen)
