"""Scores of attribution: the speaker of each sentence, and statements as runs of sentences.

Overlap as in the evaluation of the GenderGapTracker (Asr et al., PLoS ONE 2021): a found statement matches a gold one
if what they share is at least so large a part of what they cover together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from training.articles import Article
from training.checking import letters
from training.scoring import Estimate, Score, estimate, score_of

OVERLAPS = (0.3, 0.8)


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of text and whose words it reports; None where the article speaks."""

    start: int
    end: int
    speaker: str | None


@dataclass(frozen=True, slots=True)
class SpeakerScores:
    """Scores of attribution.

    Attributes:
        sentences: Share of gold sentences with the right speaker, or rightly none.
        spoken: The same among sentences that have a speaker.
        statements: Score of statements by least overlap.
        sources: Share of matched statements with the right speaker, by least overlap.
        support: How many gold sentences there are.
        spoken_support: How many of them have a speaker.
        articles: Articles whose sentences are annotated.
    """

    sentences: Estimate
    spoken: Estimate
    statements: dict[float, Score]
    sources: dict[float, Estimate]
    support: int
    spoken_support: int
    articles: int

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)


def score_speakers(gold: Sequence[Article], found: Sequence[Sequence[Said]]) -> SpeakerScores:
    """Score the speakers of sentences and the statements that follow from them.

    Args:
        gold: Articles with the speaker of every sentence. Statements are maximal runs of consecutive sentences of one
            line with the same speaker, in gold and in what was found alike. Articles whose `sentences` are None are
            left out, with whatever was found in them.
        found: For each article its sentences, in order. A gold sentence that is none of them counts as wrong.
    """
    annotated = [
        (article, [Said(s.start, s.end, s.speaker) for s in article.sentences], said)
        for article, said in zip(gold, found, strict=True)
        if article.sentences is not None
    ]
    sentences = np.zeros((len(annotated), 2))
    spoken = np.zeros((len(annotated), 2))
    matched = np.zeros((len(OVERLAPS), len(annotated), 3))
    sources = np.zeros((len(OVERLAPS), len(annotated), 2))
    for row, (article, expected, said) in enumerate(annotated):
        by_place = {(one.start, one.end): one for one in said}
        for one in expected:
            other = by_place.get((one.start, one.end))
            right = other is not None and same_speaker(other.speaker, one.speaker, article)
            sentences[row] += right, 1
            spoken[row] += (right, 1) if one.speaker is not None else (0, 0)
        runs = list(statements(expected, article.text)), list(statements(said, article.text))
        for number, overlap in enumerate(OVERLAPS):
            pairs = _matched(*runs, overlap)
            matched[number, row] = len(pairs), len(runs[1]), len(runs[0])
            right_ones = sum(same_speaker(b.speaker, a.speaker, article) for a, b in pairs)
            sources[number, row] = right_ones, len(pairs)
    return SpeakerScores(
        estimate(sentences),
        estimate(spoken),
        {overlap: score_of(matched[number]) for number, overlap in enumerate(OVERLAPS)},
        {overlap: estimate(sources[number]) for number, overlap in enumerate(OVERLAPS)},
        int(sentences[:, 1].sum()),
        int(spoken[:, 1].sum()),
        len(annotated),
    )


def statements(sentences: Sequence[Said], text: str) -> Iterator[Said]:
    """Maximal runs of consecutive sentences of one line with the same speaker."""
    run: Said | None = None
    for sentence in sentences:
        if run and run.speaker == sentence.speaker and "\n" not in text[run.end : sentence.start]:
            run = Said(run.start, sentence.end, run.speaker)
            continue
        if run and run.speaker is not None:
            yield run
        run = sentence
    if run and run.speaker is not None:
        yield run


def same_speaker(found: str | None, gold: str | None, article: Article) -> bool:
    """Whether both are nobody, or the found one is, in one spelling, a name or office of the gold actor.

    Where the article's actors aren't annotated, a name is the same as a fuller form of it.
    """
    if found is None or gold is None:
        return found is gold
    ours, theirs = letters(found), letters(gold)
    if ours == theirs:
        return True
    if article.actors is None:
        return bool(ours and theirs) and (ours.endswith(theirs) or theirs.endswith(ours))
    for actor in article.actors:
        known = {letters(name) for name in (actor.name, *actor.names, *actor.mentions_by_office)}
        if theirs in known and ours in known:
            return True
    return False


def _matched(gold: Sequence[Said], found: Sequence[Said], least: float) -> list[tuple[Said, Said]]:
    """One-to-one pairs that overlap enough, the closest first."""
    close = []
    for a, one in enumerate(gold):
        for b, other in enumerate(found):
            shared = min(one.end, other.end) - max(one.start, other.start)
            union = max(one.end, other.end) - min(one.start, other.start)
            if shared > 0 and shared / union >= least:
                close.append((shared / union, a, b))
    taken: tuple[set[int], set[int]] = set(), set()
    pairs = []
    for _, a, b in sorted(close, reverse=True):
        if a not in taken[0] and b not in taken[1]:
            taken[0].add(a)
            taken[1].add(b)
            pairs.append((gold[a], found[b]))
    return pairs
