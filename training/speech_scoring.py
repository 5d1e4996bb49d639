"""Scores of reported speech, sentence by sentence: kind, cues, content, addressees and nested speakers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from inference.annotation import Annotation, Entity, Span
from inference.document import Document
from inference.quotations import open_quotations
from inference.reported_speech import Reported, read_speech
from training.articles import Article, GoldSpeech, Piece
from training.scoring import Score, score_of

CONTENT_OVERLAP = 0.8
"""Shared characters of all characters of both from which contents count as the same; as in GenderGapTracker."""

_NESTED_OVERLAP = 0.5
_PARTS = ("kind", "cue", "content", "content_overlap", "addressee", "nested")

SpeechByPlace = Mapping[tuple[int, int], Reported]
"""How each sentence that reports speech does so, by its start and end."""


@dataclass(frozen=True, slots=True)
class SpeechScores:
    """Scores of reported speech.

    Attributes:
        kind: Sentences that report speech, right if they do so in the right kind.
        cue: Cue pieces with exact borders.
        content: Content pieces with exact borders.
        content_overlap: Sentences with content, right if it shares `CONTENT_OVERLAP` of its characters.
        addressee: Addressees with exact borders.
        nested: Nested speakers, by the place of what they say: right if contents overlap by half.
        articles: Articles whose speech is annotated.
    """

    kind: Score
    cue: Score
    content: Score
    content_overlap: Score
    addressee: Score
    nested: Score
    articles: int

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)


def speech_of(annotation: Annotation) -> dict[tuple[int, int], Reported]:
    """The reported speech, sentence by sentence, that the statements of an annotation are made of."""
    speakers: list[int | None] = [None] * len(annotation.sentences)
    for statement in annotation.statements:
        for number in statement.sentences:
            speakers[number] = statement.actor
    return by_place(Document(annotation.text), annotation.entities, speakers)


def by_place(
    document: Document, entities: Sequence[Entity], speakers: Sequence[str | int | None]
) -> dict[tuple[int, int], Reported]:
    """How the sentences of an article report speech, given who says each; by their places."""
    said = read_speech(document, entities, speakers, open_quotations(document))
    return {(span.start, span.end): one for span, one in zip(document.sentences, said, strict=True) if one}


def has_speech(article: Article) -> bool:
    """Whether it is annotated how the article's sentences report speech: wherever somebody speaks."""
    if article.actors is None or article.sentences is None:
        return False
    return all(sentence.speech is not None for sentence in article.sentences if sentence.speaker is not None)


def score_speech(gold: Sequence[Article], found: Sequence[SpeechByPlace]) -> SpeechScores:
    """Score reported speech, for each article what was found in its sentences. Whose words they are is not asked.

    Articles whose speech is not annotated are left out, with whatever was found in them.
    """
    annotated = [(article, reports) for article, reports in zip(gold, found, strict=True) if has_speech(article)]
    counts = np.zeros((len(annotated), len(_PARTS), 3))
    for row, (article, reports) in enumerate(annotated):
        expected = {(s.start, s.end): s.speech for s in article.sentences or () if s.speech is not None}
        for place in expected.keys() | reports.keys():
            counts[row] += list(_counts(expected.get(place), reports.get(place)))
    scores = {part: score_of(counts[:, number]) for number, part in enumerate(_PARTS)}
    return SpeechScores(**scores, articles=len(annotated))


def _counts(gold: GoldSpeech | None, found: Reported | None) -> Iterator[tuple[int, int, int]]:
    """Right, found and gold of each of `_PARTS` in one sentence."""
    same_kind = gold is not None and found is not None and gold.kind == found.kind
    yield same_kind, found is not None, gold is not None
    content = (gold.content if gold else (), found.content if found else ())
    yield _exact(gold.cue if gold else (), found.cue if found else ())
    yield _exact(*content)
    yield _overlap(*content) >= CONTENT_OVERLAP, bool(content[1]), bool(content[0])
    yield _exact(gold.addressee if gold else (), found.addressees if found else ())
    theirs, ours = gold.nested if gold else (), found.nested if found else ()
    right = sum(any(_overlap(one.content, own.content) >= _NESTED_OVERLAP for own in ours) for _, one in theirs)
    yield min(right, len(ours)), len(ours), len(theirs)


def _exact(gold: Iterable[Piece], found: Iterable[Span]) -> tuple[int, int, int]:
    wanted = {(piece.start, piece.end) for piece in gold}
    given = {(span.start, span.end) for span in found}
    return len(wanted & given), len(given), len(wanted)


def _overlap(gold: Iterable[Piece], found: Iterable[Span]) -> float:
    """Shared characters of all characters of both."""
    one = {place for piece in gold for place in range(piece.start, piece.end)}
    other = {place for span in found for place in range(span.start, span.end)}
    return len(one & other) / len(one | other) if one | other else 0.0
