"""Windows: documents of any length as model inputs, and one decision a word out of overlapping ones.

Training and serving use these same windows. A window holds whole sentences and as many as fit, so that a
sentence is read in its document. Neighbours overlap, and each word is decided in the window that shows
most around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inference.document import Document, SentenceSpan
from inference.errors import SokhanError
from inference.tokenizer import FastTokenizer, plain_backend, special_ids

DROPPED = -1
"""Place of a word of which the tokenizer leaves nothing: it is kept, and gets `O`."""


@dataclass(frozen=True, slots=True)
class WindowSize:
    """How much a model reads at once, in tokens.

    Attributes:
        max_length: Longest input, special tokens included.
        overlap: At most so much of a window is shown again in the next one, as context.
    """

    max_length: int
    overlap: int

    def __post_init__(self) -> None:
        if self.max_length < 8:
            raise SokhanError(f"windows.max_length is {self.max_length}; at least 8 are needed")
        if not 0 <= self.overlap <= self.max_length // 2:
            raise SokhanError(
                f"windows.overlap is {self.overlap}; it must lie between 0 and half of max_length ({self.max_length})"
            )


@dataclass(frozen=True, slots=True)
class Window:
    """One model input.

    Attributes:
        input_ids: Tokens, special ones included.
        words: Numbers of the document's words that are decided here.
        places: For each of `words`, the place of its first token in `input_ids`, or `DROPPED`.
    """

    input_ids: list[int]
    words: list[int]
    places: list[int]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a part of one that is longer than a window: words `first` to `last`."""

    first: int
    last: int
    size: int
    begins_line: bool

    @property
    def cost(self) -> int:
        """Tokens that it takes in a window, with the separator before a line."""
        return self.size + self.begins_line


class Windower:
    """Cuts documents into windows for one tokenizer. Safe for threads."""

    def __init__(self, tokenizer: FastTokenizer, size: WindowSize) -> None:
        self.size = size
        self._backend = plain_backend(tokenizer)
        self._cls, self._sep = special_ids(tokenizer)
        self._budget = size.max_length - 2

    def __call__(self, document: Document) -> list[Window]:
        """The windows of a document; together they decide each of `document.words` once."""
        pieces = self._pieces(document)
        units = self._units(document.sentences, pieces)
        return self._assemble(pieces, _runs(units, self._budget, self.size.overlap))

    def _pieces(self, document: Document) -> list[list[int]]:
        """Token ids of each word; of a word with more than half a window, only so many are read."""
        batch = [[word.text for word in sentence.words] for sentence in document.sentences]
        pieces: list[list[int]] = []
        for words, encoding in zip(
            batch, self._backend.encode_batch(batch, is_pretokenized=True, add_special_tokens=False), strict=True
        ):
            of_words: list[list[int]] = [[] for _ in words]
            for token, word in zip(encoding.ids, encoding.word_ids, strict=True):
                if word is not None and len(of_words[word]) < self._budget // 2:
                    of_words[word].append(token)
            pieces += of_words
        return pieces

    def _units(self, sentences: Sequence[SentenceSpan], pieces: list[list[int]]) -> list[_Unit]:
        units: list[_Unit] = []
        word = 0
        line = -1
        for sentence in sentences:
            last = word + len(sentence.words)
            total = sum(map(len, pieces[word:last]))
            # Parts of half an overlap, so that a window can show again what it needs of the one before.
            limit = self.size.overlap // 2 if total >= self._budget and self.size.overlap > 1 else self._budget - 1
            while word < last:
                first, size = word, 0
                while word < last and (word == first or size + len(pieces[word]) <= limit):
                    size += len(pieces[word])
                    word += 1
                units.append(_Unit(first, word, size, sentence.line != line))
                line = sentence.line
        return units

    def _assemble(self, pieces: list[list[int]], runs: list[list[_Unit]]) -> list[Window]:
        inputs: list[list[int]] = []
        shown: list[list[tuple[int, int]]] = []
        for run in runs:
            ids = [self._cls]
            places: list[tuple[int, int]] = []
            for unit in run:
                if unit.begins_line and unit is not run[0]:
                    ids.append(self._sep)
                for word in range(unit.first, unit.last):
                    places.append((word, len(ids) if pieces[word] else DROPPED))
                    ids += pieces[word]
            inputs.append([*ids, self._sep])
            shown.append(places)
        owner = _owners(runs, len(pieces))
        windows = []
        for number, (ids, places) in enumerate(zip(inputs, shown, strict=True)):
            decided = [(word, place) for word, place in places if owner[word] == number]
            windows.append(Window(ids, [word for word, _ in decided], [place for _, place in decided]))
        return windows


def _runs(units: list[_Unit], budget: int, overlap: int) -> list[list[_Unit]]:
    """Consecutive units that fit a window; each run begins with up to `overlap` tokens of the run before."""
    runs: list[list[_Unit]] = []
    first = 0
    while first < len(units):
        after, used = first + 1, units[first].size
        while after < len(units) and used + units[after].cost <= budget:
            used += units[after].cost
            after += 1
        runs.append(units[first:after])
        if after == len(units):
            break
        start, shared = after, 0
        room = min(overlap, budget - units[after].cost)
        while start - 1 > first and shared + units[start - 1].cost <= room:
            start -= 1
            shared += units[start].cost
        first = start
    return runs


def _owners(runs: list[list[_Unit]], words: int) -> list[int]:
    """For each word the window that shows most on its poorer side; a document's edge hides nothing."""
    owner = [0] * words
    best = [-1.0] * words
    for number, run in enumerate(runs):
        left_open = number == 0
        right_open = number == len(runs) - 1
        low, high = run[0].first, run[-1].last
        for word in range(low, high):
            before = float("inf") if left_open else word - low
            behind = float("inf") if right_open else high - 1 - word
            context = min(before, behind)
            if context > best[word]:
                best[word], owner[word] = context, number
    return owner
