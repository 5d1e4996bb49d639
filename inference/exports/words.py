"""The words of an annotated text, none of which reaches over the edge of a span."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise

from inference.document import Document, Word


def cut_words(text: str, edges: Iterable[int]) -> Iterator[Word]:
    """The words of `text` in order, cut where an edge falls inside one.

    Models find whole words; annotators may mark `آمریکا` in `آمریکاست`. A piece of a word has the letters of the
    original as its text, a whole word the normalised ones.
    """
    cuts = sorted(set(edges))
    for word in Document(text).words:
        inside = cuts[bisect_right(cuts, word.start) : bisect_left(cuts, word.end)]
        if not inside:
            yield word
            continue
        places = [word.start, *inside, word.end]
        for start, end in pairwise(places):
            yield Word(text[start:end], start, end)
