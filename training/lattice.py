"""Loss of a token classifier when a word may have one of several tags: an exact marginal over the BIO lattice.

The probability of a tag sequence is its score among those of all valid sequences (a linear chain with `I-X` only
after `B-X` or `I-X`, all other steps weighing the same: the chain that `inference.decoding` decodes). The loss is the
negative log of the summed probability of all sequences that the annotation allows: Tsuboi et al., "Training
conditional random fields using incomplete annotations" (COLING 2008).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

_IMPOSSIBLE = -1e6
"""Score of what can't be; small enough to vanish, large enough that differences of sums stay exact in float32."""


class BioMarginalLoss:
    """`loss(logits, allowed, words)` for tags in the order of a model's outputs.

    The first word of a row may continue a mention that began before it; borders of sentences within a row are steps
    like any other.
    """

    def __init__(self, tags: Sequence[str]) -> None:
        insides = [index for index, tag in enumerate(tags) if tag.startswith("I-")]
        self._insides = torch.tensor(insides, dtype=torch.long)
        self._begins = torch.tensor([tags.index(f"B-{tags[index][2:]}") for index in insides], dtype=torch.long)

    def __call__(self, logits: Tensor, allowed: Tensor, words: Tensor) -> Tensor:
        """Mean loss of a word.

        Args:
            logits: Scores, `(rows, longest, tags)`.
            allowed: Which tags the annotation allows, `(rows, longest, tags)`, at least one valid sequence a row.
            words: Number of words of each row, `(rows,)`, 1 or more; what lies behind them is ignored.

        Returns:
            A scalar, 0 where all of the probability is on allowed sequences.
        """
        scores = torch.log_softmax(logits.float(), dim=-1)
        permitted = scores.masked_fill(~allowed, _IMPOSSIBLE)
        both = self._log_partition(torch.cat([scores, permitted]), torch.cat([words, words]))
        every, ours = both.chunk(2)
        return (every - ours).sum() / words.sum()

    def _log_partition(self, scores: Tensor, words: Tensor) -> Tensor:
        """Log of the summed exponentials over all valid sequences, `(rows,)`: the forward algorithm."""
        insides, begins = self._insides.to(scores.device), self._begins.to(scores.device)
        reached = scores[:, 0]
        for place in range(1, scores.shape[1]):
            step = torch.logsumexp(reached, dim=1, keepdim=True).expand_as(reached)
            step = step.index_copy(1, insides, torch.logaddexp(reached[:, begins], reached[:, insides]))
            reached = torch.where((place < words)[:, None], step + scores[:, place], reached)
        return torch.logsumexp(reached, dim=1)


def at_words(values: Tensor, is_word: Tensor) -> tuple[Tensor, Tensor]:
    """Rows of words out of rows of tokens.

    Args:
        values: `(rows, tokens, …)`.
        is_word: At which tokens words stand, `(rows, tokens)`.

    Returns:
        The values at the words, moved to the front, `(rows, longest, …)`, and the number of words of each row.
    """
    words = is_word.sum(dim=1)
    order = torch.argsort(~is_word, dim=1, stable=True)[:, : max(1, int(words.max()))]
    shape = (*order.shape, *values.shape[2:])
    index = order.reshape(*order.shape, *(1 for _ in values.shape[2:])).expand(shape)
    return values.gather(1, index), words
