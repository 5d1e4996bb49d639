"""Articles that tell the same in the same words, although their texts differ somewhere.

The measure is containment of word shingles (Broder, "On the resemblance and containment of documents", 1997).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from inference.normalize import ZWNJ, fold

SHINGLE = 5
"""Words of a shingle: longer than set phrases of agencies, short enough to survive editing."""

NEAR = 0.2
"""Share of the shorter article's shingles from which on two articles are near-duplicates. Articles that were written
apart share below 0.05."""

_COMMON = 20
"""Shingles in more articles than this are set phrases and tell nothing."""


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Two texts, by their places in what was asked, and the share of the shorter one's shingles in the other."""

    first: int
    second: int
    containment: float


def near_duplicates(texts: Sequence[str]) -> Iterator[NearDuplicate]:
    """All pairs of texts from `NEAR` on, in the order of the second one. Time grows with shared shingles only."""
    seen: defaultdict[int, list[int]] = defaultdict(list)
    sizes: list[int] = []
    for number, text in enumerate(texts):
        shingles = {hash(shingle) for shingle in shingles_of(words_of(text), SHINGLE)}
        sizes.append(len(shingles))
        shared: Counter[int] = Counter()
        for shingle in shingles:
            if len(seen[shingle]) <= _COMMON:
                shared.update(seen[shingle])
                seen[shingle].append(number)
        for other, count in sorted(shared.items()):
            containment = count / min(sizes[other], sizes[number])
            if containment >= NEAR:
                yield NearDuplicate(other, number, containment)


def words_of(text: str) -> list[str]:
    """Words in one spelling, without punctuation: `همکاری‌ها` and `همکاريها` are the same."""
    plain = fold(text).text.replace(ZWNJ, "")
    return "".join(letter if letter.isalnum() else " " for letter in plain).split()


def shingles_of(words: Sequence[str], size: int) -> Iterable[tuple[str, ...]]:
    """Every run of `size` words."""
    return zip(*(words[offset:] for offset in range(size)), strict=False)
