"""A document: the caller's text untouched, its sentences and words, each with exact offsets."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from inference.normalize import ZWNJ, Shadow, shadow

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
# The sentence tokenizer knows blank and newline only. One character for one, so that offsets hold.
_BLANKS_TO_SPACE = {ord(c): " " for c in "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"} | {
    ord(c): " " for c in "\u2008\u2009\u200a\u200b\u202f\u205f\u3000\x1c\x1d\x1e\x1f"
}
_ZERO_WIDTH_SPACE = "\u200b"
_VISIBLE = re.compile(r"[^\s\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# Letters, digits, marks and ZWNJ make a word; every other visible character is one by itself.
_WORD = re.compile(rf"[\w{ZWNJ}]+|[^\w\s{ZWNJ}]")

MAX_WORD_CHARACTERS = 100
"""A longer word is cut into pieces, so that any word fits into any window."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the normalised text and where it stands in the original.

    Attributes:
        text: The normalised form, which models read.
        start: First character in the document.
        end: One past the last character in the document.
    """

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SentenceSpan:
    """A sentence: its place, its normalised text, its words.

    Attributes:
        start: First character in the document.
        end: One past the last character.
        line: Number of its line among the lines that have text, from 0.
        normalized: The normalised text, which models read.
        words: Words in order, disjoint.
    """

    start: int
    end: int
    line: int
    normalized: str
    words: tuple[Word, ...]


class Document:
    """A text with its sentences and words.

    >>> document = Document("سردار سلامی گفت:امنيت ما.")
    >>> [word.text for word in document.sentences[0].words][:3]
    ['سردار', 'سلامی', 'گفت']
    """

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def sentences(self) -> tuple[SentenceSpan, ...]:
        """The sentences. Every line with text has at least one, the title being the first."""
        return tuple(_sentence(self.text, start, end, line) for start, end, line in sentence_offsets(self.text))

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The words of all sentences."""
        return tuple(word for sentence in self.sentences for word in sentence.words)


def sentence_offsets(text: str) -> Iterator[tuple[int, int, int]]:
    """`(start, end, line)` of every sentence: lines first, then hazm's sentence tokenizer inside a line."""
    line_number = 0
    for match in _LINE.finditer(text):
        line = match[0].translate(_BLANKS_TO_SPACE)
        found = False
        position = 0
        for sentence in _sentence_tokenizer().tokenize(line):
            # hazm gives the sentences back verbatim; should it ever not, the rest of the line is one.
            at = line.find(sentence, position)
            at, length = (at, len(sentence)) if at >= 0 else (position, len(line) - position)
            start, end = _trimmed(text, match.start() + at, match.start() + at + length)
            position = at + length
            if _VISIBLE.search(text, start, end):
                found = True
                yield start, end, line_number
        line_number += found


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without blanks at the edges."""
    while start < end and (text[start].isspace() or text[start] == _ZERO_WIDTH_SPACE):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] == _ZERO_WIDTH_SPACE):
        end -= 1
    return start, end


def _sentence(text: str, start: int, end: int, line: int) -> SentenceSpan:
    normalized = shadow(text[start:end])
    return SentenceSpan(start, end, line, normalized.text.strip(), tuple(_words(normalized, start)))


def _words(normalized: Shadow, offset: int) -> Iterator[Word]:
    for match in _WORD.finditer(normalized.text):
        first, last = match.span()
        while first < last and normalized.text[first] == ZWNJ:
            first += 1
        while first < last and normalized.text[last - 1] == ZWNJ:
            last -= 1
        for cut in range(first, last, MAX_WORD_CHARACTERS):
            until = min(cut + MAX_WORD_CHARACTERS, last)
            # Characters that were made from one (a ligature) must not fall into two words.
            start, end = normalized.starts[cut], normalized.ends[until - 1]
            if start < end and (cut == first or start >= normalized.ends[cut - 1]):
                yield Word(normalized.text[cut:until], offset + start, offset + end)


_lock = threading.Lock()


@cache
def _make_sentence_tokenizer() -> Any:
    from hazm import SentenceTokenizer  # heavy: imports all of hazm

    return SentenceTokenizer()


def _sentence_tokenizer() -> Any:
    with _lock:
        return _make_sentence_tokenizer()
