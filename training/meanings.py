"""What the labels of another corpus may mean in our scheme, and which tags that allows each word.

A corpus that marks persons says neither whether they speak nor what rank they have: its `PER` may be `SPEAKER` or
`PERSON`, its `O` may be `RANK`. A word's allowed tags are bits of one number, as examples and batches carry them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile

import torch
from torch import Tensor

from inference.errors import SokhanError, nearest
from inference.labels import OUTSIDE, bio_tags

Meanings = Mapping[str, Sequence[str]]
"""Labels of ours (or `O`) by label of the corpus (or `O`)."""


class AllowedTags:
    """Allowed tags of words annotated in the labels of a corpus.

    Args:
        labels: Labels of our model; tags are `bio_tags` of them.
        means: What each of the corpus's labels, and `O`, may mean. One of ours that is not named means itself, `O`
            means `O`.
        leading: What all words but the last of a mention may be besides, where the corpus takes titles or common
            nouns into a name: `{"PER": ["O", "RANK"]}`.
        around: How many unmarked words on either side of a mention may belong to it, where our names are longer:
            `{"ORG": 3}`.

    Raises:
        SokhanError: If a meaning is no label of ours; names the nearest one.
    """

    def __init__(
        self,
        labels: Sequence[str],
        means: Meanings | None = None,
        leading: Meanings | None = None,
        around: Mapping[str, int] | None = None,
    ) -> None:
        self._bit = {tag: 1 << number for number, tag in enumerate(bio_tags(labels))}
        self._means = {label: [label] for label in (OUTSIDE, *labels)} | {
            k: list(v) for k, v in (means or {}).items()
        }
        self._leading = {label: list(others) for label, others in (leading or {}).items()}
        self._around = dict(around or {})
        for meant in (*self._means.values(), *self._leading.values()):
            for label in meant:
                if label != OUTSIDE and label not in labels:
                    raise SokhanError(f"unknown label '{label}' in what labels mean{nearest(label, labels)}")

    @property
    def known(self) -> tuple[str, ...]:
        """Labels that a corpus may have."""
        return tuple(label for label in self._means if label != OUTSIDE)

    def __call__(self, words: int, spans: Iterable[tuple[int, int, str]]) -> list[int]:
        """Allowed tags of each word, as bits.

        Args:
            words: How many there are.
            spans: Mentions `(first, last + 1, label)` in words, in labels of the corpus.
        """
        allowed = [self._tags(("B", "I"), self._means[OUTSIDE])] * words
        mentions = list(spans)
        for first, end, label in mentions:
            begins, continues = (self._tags((prefix,), self._means[label]) for prefix in "BI")
            led = self._tags(("B", "I"), self._leading.get(label, ()))
            for word in range(first, end):
                allowed[word] = begins if word == first or led else 0
                allowed[word] |= continues if word > first else 0
                allowed[word] |= led if word < end - 1 else 0
        self._widen(allowed, mentions)
        return allowed

    def _widen(self, allowed: list[int], mentions: Sequence[tuple[int, int, str]]) -> None:
        """Let mentions reach over the unmarked words around them."""
        marked = {word for first, end, _ in mentions for word in range(first, end)}
        for first, end, label in mentions:
            begins, continues = (self._tags((prefix,), self._means[label]) for prefix in "BI")
            reach = self._around.get(label, 0)
            for word in takewhile(lambda word: word not in marked, range(first - 1, max(-1, first - 1 - reach), -1)):
                allowed[word] |= begins | continues
                allowed[first] |= continues
            for word in takewhile(lambda word: word not in marked, range(end, min(len(allowed), end + reach))):
                allowed[word] |= continues

    def _tags(self, prefixes: Sequence[str], labels: Sequence[str]) -> int:
        tags = {OUTSIDE if label == OUTSIDE else f"{prefix}-{label}" for label in labels for prefix in prefixes}
        return sum(self._bit[tag] for tag in tags)


def unpacked(bits: Tensor, tags: int) -> Tensor:
    """Which of the tags each number allows: `(…)` to `(…, tags)`."""
    return (bits[..., None] >> torch.arange(tags, device=bits.device)) & 1 == 1
