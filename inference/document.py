"""A document: the caller's text untouched, its sentences and words, each with exact offsets."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from inference.normalize import BLANKS_TO_SPACE, INVISIBLE, ZWNJ, Shadow, shadow

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_ZERO_WIDTH_SPACE = "\u200b"
_VISIBLE = re.compile(rf"[^\s{_ZERO_WIDTH_SPACE}{ZWNJ}{INVISIBLE}]")
# hazm's pattern takes quadratic time on a row of these; only the last one of a row can end a sentence.
_LONG_ROW = re.compile("[!.?⸮؟]{8,}")
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
        # The sentence tokenizer knows blank and newline only. One character for one, so that offsets hold.
        line = _LONG_ROW.sub(_only_last, match[0].translate(BLANKS_TO_SPACE))
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


def _only_last(row: re.Match[str]) -> str:
    return "-" * (len(row[0]) - 1) + row[0][-1]


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
        while first < last:
            cut = min(first + MAX_WORD_CHARACTERS, last)
            # Letters that were made from one character (a ligature) must not fall into two words.
            while cut < last and normalized.starts[cut] < normalized.ends[cut - 1]:
                cut += 1
            start, end = first, cut
            while start < end and normalized.text[start] == ZWNJ:
                start += 1
            while start < end and normalized.text[end - 1] == ZWNJ:
                end -= 1
            if start < end:
                text = normalized.text[start:end]
                yield Word(text, offset + normalized.starts[start], offset + normalized.ends[end - 1])
            first = cut


_lock = threading.Lock()


@cache
def _make_sentence_tokenizer() -> Any:
    from hazm import SentenceTokenizer  # heavy: imports all of hazm

    return SentenceTokenizer()


def _sentence_tokenizer() -> Any:
    with _lock:
        return _make_sentence_tokenizer()
