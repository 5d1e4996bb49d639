"""Viterbi over the BIO lattice: the best tags that are valid, on words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_FORBIDDEN = -1e9

Array = npt.NDArray[np.float32]


class BioDecoder:
    """Decodes scores of words into valid IOB2 tags.

    Viterbi 1967 over a lattice in which `I-X` only follows `B-X` or `I-X`; all allowed steps weigh the
    same, so the result is the likeliest valid tag sequence under independent words.
    """

    def __init__(self, tags: Sequence[str]) -> None:
        self.tags = list(tags)
        self._step = np.array([[_step(before, after) for after in tags] for before in tags], dtype=np.float32)
        self._first = np.array([_step("O", tag) for tag in tags], dtype=np.float32)

    def __call__(self, log_scores: Sequence[Array]) -> list[list[int]]:
        """Best tags of several sentences at once.

        Args:
            log_scores: For each sentence `(words, tags)`, log-probabilities.

        Returns:
            For each sentence the index of a tag for each word.
        """
        by_length = sorted(range(len(log_scores)), key=lambda index: len(log_scores[index]))
        decoded: list[list[int]] = [[] for _ in log_scores]
        for start in range(0, len(by_length), _SENTENCES_AT_ONCE):
            chosen = by_length[start : start + _SENTENCES_AT_ONCE]
            for index, path in zip(chosen, self._decode([log_scores[i] for i in chosen]), strict=True):
                decoded[index] = path
        return decoded

    def _decode(self, sentences: list[Array]) -> list[list[int]]:
        longest = max(map(len, sentences))
        if longest == 0:
            return [[] for _ in sentences]
        count, tags = len(sentences), len(self.tags)
        scores = np.zeros((count, longest, tags), dtype=np.float32)
        for index, sentence in enumerate(sentences):
            scores[index, : len(sentence)] = sentence
        lengths = np.array([len(sentence) for sentence in sentences])
        best = scores[:, 0] + self._first
        final = best.copy()
        came_from = np.zeros((longest, count, tags), dtype=np.int32)
        for position in range(1, longest):
            through = best[:, :, None] + self._step
            came_from[position] = through.argmax(axis=1)
            best = through.max(axis=1) + scores[:, position]
            final = np.where((lengths > position)[:, None], best, final)
        return [
            _walk_back(came_from[:, index], int(final[index].argmax()), length)
            for index, length in enumerate(lengths)
        ]


_SENTENCES_AT_ONCE = 256


def _walk_back(came_from: npt.NDArray[np.int32], last: int, length: int) -> list[int]:
    path: list[int] = []
    tag = last
    for position in range(length - 1, -1, -1):
        path.append(tag)
        tag = int(came_from[position, tag])
    return path[::-1]


def _step(before: str, after: str) -> float:
    prefix, _, label = after.partition("-")
    return 0.0 if prefix != "I" or before in (f"B-{label}", f"I-{label}") else _FORBIDDEN
