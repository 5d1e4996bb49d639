"""Quotations that go over several sentences, as of a message or of a post that is given whole."""

from __future__ import annotations

import re

from inference.document import Document

_MARKS = re.compile("[«“»”]")
_OPENING = "«“"
_OPENS = re.compile(r"[\W_]*?[«“]")
_INTRODUCES = re.compile(r":\W*$")
_END = 100
"""A colon stands within so many characters of a sentence's end."""
_LONGEST = 80
"""A quotation with more sentences has lost its closing mark."""


def open_quotations(document: Document) -> dict[int, int]:
    """Quotations that end in a later sentence than the one to which they belong.

    A quotation belongs to the sentence in which it opens, or, where it opens a sentence, to the one before if that
    ends with a colon. One that is nowhere closed is none: the mark was lost, and nobody knows where it stood.

    Returns:
        For the number of such a sentence that of the sentence in which its quotation ends.
    """
    texts = [document.text[span.start : span.end] for span in document.sentences]
    found: dict[int, int] = {}
    number = 0
    while number < len(texts):
        depth = _depth(texts[number], 0)
        ahead = texts[number + 1] if number + 1 < len(texts) else ""
        introduced = not depth and bool(_INTRODUCES.search(texts[number][-_END:]) and _OPENS.match(ahead))
        end = _end(texts, number + 1, depth) if depth or introduced else None
        if end is not None:
            found[number] = number = end
        number += 1
    return found


def _end(texts: list[str], first: int, depth: int) -> int | None:
    for number in range(first, min(first + _LONGEST, len(texts))):
        depth = _depth(texts[number], depth)
        if depth == 0:
            return number
    return None


def _depth(text: str, depth: int) -> int:
    """Quotations that are open behind a text, `depth` of them before it."""
    for mark in _MARKS.findall(text):
        depth = depth + 1 if mark in _OPENING else max(depth - 1, 0)
    return depth
