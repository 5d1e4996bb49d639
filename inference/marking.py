"""The text cut at all that is found in it, mentions and speech: what every view begins with."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from typing import Generic, Literal, TypeVar

from inference.annotation import Annotation, Entity, Nested, Sentence, Span, Statement

Part = Literal["source", "cue", "addressee", "content"]
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Voice:
    """Speech within a statement.

    Attributes:
        number: Place in `Statement.nested`.
        nested: The speech.
        part: What of it; None for what stands between its parts.
    """

    number: int
    nested: Nested
    part: Part | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence in which nothing begins or ends.

    Attributes:
        text: The stretch, as it stands in the article.
        mention: The mention that it is.
        part: What part of a statement it is.
        voice: The speech within the statement that it belongs to.
    """

    text: str
    mention: Entity | None = None
    part: Part | None = None
    voice: Voice | None = None


class Speech:
    """Where the parts of a statement stand; of parts within each other the innermost counts."""

    def __init__(self, statement: Statement) -> None:
        self._parts = _Layer(_parts(statement.mention, statement.cue, statement.addressees, statement.content))
        self._voices = _Layer(_voices(statement.nested))

    def cuts(self, start: int, end: int) -> list[int]:
        """Where something begins or ends between `start` and `end`, in order."""
        return sorted({*self._parts.cuts(start, end), *self._voices.cuts(start, end)})

    def part_at(self, place: int) -> Part | None:
        """The part that covers a character."""
        return self._parts.at(place)

    def voice_at(self, place: int) -> Voice | None:
        """The speech within the speech that covers a character."""
        return self._voices.at(place)


def mentions_by_sentence(annotation: Annotation) -> Iterator[tuple[Sentence, list[Entity]]]:
    """Each sentence with its mentions, in linear time. A mention belongs where it begins."""
    place = 0
    entities = annotation.entities
    for sentence in annotation.sentences:
        mentions = []
        while place < len(entities) and entities[place].start < sentence.end:
            if entities[place].start >= sentence.start:
                mentions.append(entities[place])
            place += 1
        yield sentence, mentions


def statement_by_sentence(annotation: Annotation) -> list[int | None]:
    """For each sentence the number of the statement that it belongs to."""
    found: list[int | None] = [None] * len(annotation.sentences)
    for number, statement in enumerate(annotation.statements):
        for place in statement.sentences:
            found[place] = number
    return found


def pieces(sentence: Sentence, mentions: Sequence[Entity], speech: Speech | None = None) -> Iterator[Piece]:
    """The text of a sentence in pieces. Joined they are the sentence.

    Mentions stay in one piece: a part of speech that begins or ends inside a mention does so at its end.
    """
    position = sentence.start
    for mention in mentions:
        yield from _between(sentence, position, mention.start, speech)
        end = min(mention.end, sentence.end)
        yield _piece(sentence, mention.start, end, speech, mention)
        position = end
    yield from _between(sentence, position, sentence.end, speech)


def _between(sentence: Sentence, start: int, end: int, speech: Speech | None) -> Iterator[Piece]:
    cuts = speech.cuts(start, end) if speech else []
    for first, last in zip([start, *cuts], [*cuts, end], strict=True):
        if first < last:
            yield _piece(sentence, first, last, speech, None)


def _piece(sentence: Sentence, start: int, end: int, speech: Speech | None, mention: Entity | None) -> Piece:
    text = sentence.text[start - sentence.start : end - sentence.start]
    if speech is None:
        return Piece(text, mention)
    return Piece(text, mention, speech.part_at(start), speech.voice_at(start))


class _Layer(Generic[Value]):
    """Disjoint stretches of text with a value each, made of stretches that may lie within each other."""

    def __init__(self, stretches: Iterable[tuple[int, int, Value]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._values: list[Value] = []
        coming = sorted(((start, end, value) for start, end, value in stretches if start < end), key=lambda s: s[0])
        bounds = sorted({bound for start, end, _ in coming for bound in (start, end)})
        # Innermost on top: the last to begin, and of those the first to end; what has ended is dropped once on top.
        open_ones: list[tuple[int, int, int, Value]] = []
        pushed = 0
        for first, last in pairwise(bounds):
            while pushed < len(coming) and coming[pushed][0] == first:
                start, end, value = coming[pushed]
                heappush(open_ones, (-start, end, -pushed, value))
                pushed += 1
            while open_ones and open_ones[0][1] <= first:
                heappop(open_ones)
            if open_ones:
                self._starts.append(first)
                self._ends.append(last)
                self._values.append(open_ones[0][3])

    def cuts(self, start: int, end: int) -> list[int]:
        """Where a stretch begins or ends between `start` and `end`."""
        return [
            bound
            for bounds in (self._starts, self._ends)
            for bound in bounds[bisect_right(bounds, start) : bisect_left(bounds, end)]
        ]

    def at(self, place: int) -> Value | None:
        """The value that covers a character."""
        index = bisect_right(self._starts, place) - 1
        return self._values[index] if index >= 0 and place < self._ends[index] else None


def _parts(
    source: Span | None, cue: Sequence[Span], addressees: Sequence[Span], content: Sequence[Span]
) -> Iterator[tuple[int, int, Part]]:
    if source is not None:
        yield source.start, source.end, "source"
    for span in cue:
        yield span.start, span.end, "cue"
    for span in addressees:
        yield span.start, span.end, "addressee"
    for span in content:
        yield span.start, span.end, "content"


def _voices(nested: Sequence[Nested]) -> Iterator[tuple[int, int, Voice]]:
    for number, one in enumerate(nested):
        parts = list(_parts(one.speaker, one.cue, (), one.content))
        yield min(start for start, _, _ in parts), max(end for _, end, _ in parts), Voice(number, one, None)
        for start, end, part in parts:
            yield start, end, Voice(number, one, part)
