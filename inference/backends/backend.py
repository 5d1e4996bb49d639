"""What all backends have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # numpy is not for `sokhan --help`
    from inference.batching import Array, Batch


class Backend(Protocol):
    """A model that is ready to run. Safe for threads.

    Attributes:
        name: As it is asked for, `openvino` for example.
        tokens_a_batch: Padded tokens of a batch that it computes fastest.
    """

    name: str
    tokens_a_batch: int

    def __call__(self, batch: Batch) -> Array:
        """Scores in float32: log-probabilities of the tags `(batch, tokens, tags)` of a `ner` model, probabilities
        `(batch, outputs)` of a `themes` model."""


class UnsupportedModelError(Exception):
    """A checkpoint, told in half a sentence, that a backend can't run though another one may."""
