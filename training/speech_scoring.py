"""Scores of reported speech: cues, content, kind, addressees and nested speakers, given who says each sentence."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from inference.annotation import Entity, Span
from inference.document import Document
from inference.reported_speech import Reported, report
from training.articles import Article, GoldSentence, Piece
from training.formats import read_articles

CONTENT_OVERLAP = 0.8
"""Shared characters of all characters of both from which contents count as the same; as in GenderGapTracker."""


@dataclass(frozen=True, slots=True)
class Match:
    """Precision, recall and F1, 0 to 1; 0 where there is nothing to divide by."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class SpeechScores:
    """Scores of reported speech over sentences whose speech is annotated.

    Attributes:
        kind: Share of sentences of the right kind.
        cue: F1 of cue pieces with exact borders.
        content: F1 of content pieces with exact borders.
        content_overlap: F1 of sentences whose content shares `CONTENT_OVERLAP` of its characters.
        addressee: F1 of addressees with exact borders.
        nested: F1 of nested speakers, by the place of what they say: right if contents overlap by half.
        sentences: How many sentences there are.
    """

    kind: float
    cue: Match
    content: Match
    content_overlap: Match
    addressee: Match
    nested: Match
    sentences: int


@dataclass(frozen=True, slots=True)
class SpeechPair:
    """A sentence with gold speech and what was found in it."""

    article: Article
    sentence: GoldSentence
    found: Reported | None


def reported_pairs(articles: Sequence[Article]) -> list[SpeechPair]:
    """Gold beside what `inference.reported_speech` finds with gold entities, speakers and sentences."""
    pairs: list[SpeechPair] = []
    for article in articles:
        if article.actors is None or article.sentences is None:
            continue
        document = Document(article.text)
        entities = [
            Entity(span.start, span.end, span.label, article.text[span.start : span.end], 1.0)
            for span in article.entities or ()
        ]
        numbers = {(span.start, span.end): number for number, span in enumerate(document.sentences)}
        before: GoldSentence | None = None
        said: Reported | None = None
        for sentence in article.sentences:
            number = numbers.get((sentence.start, sentence.end))
            found = None
            if sentence.speech and number is not None:
                goes_on = before is not None and before.speaker == sentence.speaker and said is not None
                quoting = goes_on and said is not None and said.kind != "indirect"
                found = report(document, number, entities, True, quoting)
            if sentence.speech:
                pairs.append(SpeechPair(article, sentence, found))
            before, said = sentence, found
    return pairs


def score_speech(pairs: Sequence[SpeechPair]) -> SpeechScores:
    """Compare what was found with gold."""
    kinds = 0
    overlapping = found_any = 0
    counts = {name: [0, 0, 0] for name in ("cue", "content", "addressee", "nested")}
    for pair in pairs:
        gold, found = pair.sentence.speech, pair.found
        if gold is None:
            continue
        kinds += found is not None and found.kind == gold.kind
        found_any += found is not None
        overlapping += found is not None and _overlap(gold.content, found.content) >= CONTENT_OVERLAP
        for name, wanted, given in (
            ("cue", gold.cue, found.cue if found else ()),
            ("content", gold.content, found.content if found else ()),
            ("addressee", gold.addressee, found.addressees if found else ()),
        ):
            places = {(piece.start, piece.end) for piece in wanted}
            ours = {(span.start, span.end) for span in given}
            _count(counts[name], len(places & ours), len(places), len(ours))
        inner = found.nested if found else ()
        right = sum(any(_overlap(one.content, speech.content) >= 0.5 for one in inner) for _, speech in gold.nested)
        _count(counts["nested"], min(right, len(inner)), len(gold.nested), len(inner))
    matches = {name: _match(*count) for name, count in counts.items()}
    return SpeechScores(
        kinds / max(1, len(pairs)),
        matches["cue"],
        matches["content"],
        _match(overlapping, len(pairs), found_any),
        matches["addressee"],
        matches["nested"],
        len(pairs),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the scores of a corpus: `python -m training.speech_scoring seeds --split dev`."""
    parser = argparse.ArgumentParser(description="Score reported speech, given entities and speakers.")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--split", choices=("train", "dev"))
    options = parser.parse_args(arguments)
    scores = score_speech(reported_pairs(read_articles(options.corpus, options.split)))
    print(f"{scores.sentences} sentences, kind {100 * scores.kind:.1f}")
    for field in dataclasses.fields(scores):
        match = getattr(scores, field.name)
        if isinstance(match, Match):
            shares = " ".join(f"{100 * share:5.1f}" for share in (match.precision, match.recall, match.f1))
            print(f"{field.name:16} {shares} {match.support:5}")


def _count(counts: list[int], right: int, wanted: int, given: int) -> None:
    for place, number in enumerate((right, wanted, given)):
        counts[place] += number


def _match(right: int, wanted: int, given: int) -> Match:
    precision = right / given if given else 0.0
    recall = right / wanted if wanted else 0.0
    return Match(precision, recall, 2 * right / (wanted + given) if right else 0.0, wanted)


def _overlap(first: Iterable[Piece | Span], second: Iterable[Piece | Span]) -> float:
    """Shared characters of all characters of both."""
    one = {place for piece in first for place in range(piece.start, piece.end)}
    other = {place for piece in second for place in range(piece.start, piece.end)}
    return len(one & other) / len(one | other) if one | other else 0.0


if __name__ == "__main__":
    main()
