"""Learning rate and masking over the course of pre-training."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule:
    """Warm-up, constant, linear decay (`WSD`, Hu et al. 2024, MiniCPM), in tokens.

    While the rate is constant a run may be given more tokens: the constant part just lasts longer.

    Attributes:
        total: Tokens to see in all.
        warmup: Tokens of the linear rise.
        decay_share: Last part of the run in which the rate falls.
        final: Factor at the end.
        mask_start: Share of words masked until the decay begins.
        mask_end: Share at the end.
        start: Tokens that the encoder had seen before this run.
    """

    total: int
    warmup: int
    decay_share: float
    final: float
    mask_start: float
    mask_end: float
    start: int = 0

    @property
    def decay_start(self) -> int:
        """Tokens seen when the decay begins."""
        return round(self.total * (1 - self.decay_share))

    def rate(self, tokens: int) -> float:
        """Factor on the peak learning rate after `tokens` tokens."""
        if tokens - self.start < self.warmup:
            return (tokens - self.start + 1) / (self.warmup + 1)
        return 1 - (1 - self.final) * self._decayed(tokens)

    def masking(self, tokens: int) -> float:
        """Share of words to mask after `tokens` tokens."""
        return self.mask_start + (self.mask_end - self.mask_start) * self._decayed(tokens)

    def _decayed(self, tokens: int) -> float:
        span = max(1, self.total - self.decay_start)
        return min(1.0, max(0.0, (tokens - self.decay_start) / span))
