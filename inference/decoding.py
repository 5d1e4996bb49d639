"""Viterbi over the BIO lattice: the best tags that are valid, on words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from inference.batching import Array, budget_batches

_FORBIDDEN = -1e9
_WORDS_AT_ONCE = 1 << 16


class BioDecoder:
    """Decodes scores of words into valid IOB2 tags.

    Viterbi 1967 over a lattice in which `I-X` only follows `B-X` or `I-X`; all allowed steps weigh the
    same, so the result is the likeliest valid tag sequence under independent words.
    """

    def __init__(self, tags: Sequence[str]) -> None:
        self.tags = list(tags)
        self._step = np.array([[_step(before, after) for after in tags] for before in tags], dtype=np.float32)
        self._first = np.array([_step("O", tag) for tag in tags], dtype=np.float32)
        self._inside = [index for index, tag in enumerate(tags) if tag.startswith("I-")]
        self._begin = [self.tags.index(f"B-{tags[index][2:]}") for index in self._inside]

    def __call__(self, log_scores: Sequence[Array]) -> list[list[int]]:
        """Best tags of several sentences at once.

        Args:
            log_scores: For each sentence `(words, tags)`, log-probabilities.

        Returns:
            For each sentence the index of a tag for each word.
        """
        parts: list[Array] = []
        origin: list[int] = []
        for number, sentence in enumerate(log_scores):
            of_sentence = self._independent_parts(sentence)
            parts += of_sentence
            origin += [number] * len(of_sentence)
        paths: list[list[int]] = [[] for _ in parts]
        for chosen in budget_batches([len(part) for part in parts], _WORDS_AT_ONCE):
            for index, path in zip(chosen, self._decode([parts[i] for i in chosen]), strict=True):
                paths[index] = path
        decoded: list[list[int]] = [[] for _ in log_scores]
        for number, path in zip(origin, paths, strict=True):
            decoded[number] += path
        return decoded

    def _independent_parts(self, scores: Array) -> list[Array]:
        """Cut a sentence before words that no best path enters with an `I-` tag.

        Such a word gains more by its best other tag than the next word can lose by turning `I-X` into
        `B-X`. Nearly every word outside of spans is one, so that sentences of any length are decoded as
        many short rows at once.
        """
        if len(scores) == 0:
            return []
        if not self._inside:
            return list(scores[:, None])
        gain = np.delete(scores, self._inside, axis=1).max(axis=1) - scores[:, self._inside].max(axis=1)
        loss = (scores[:, self._inside] - scores[:, self._begin]).max(axis=1)
        loss_of_next = np.append(np.maximum(loss[1:], 0), 0)
        return np.split(scores, np.flatnonzero(gain[1:] >= loss_of_next[1:]) + 1)

    def _decode(self, parts: list[Array]) -> list[list[int]]:
        longest = max(map(len, parts))
        count, tags = len(parts), len(self.tags)
        scores = np.zeros((count, longest, tags), dtype=np.float32)
        for index, part in enumerate(parts):
            scores[index, : len(part)] = part
        lengths = np.array([len(part) for part in parts])
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
