"""The passages that a report shows: a few for each count, the likeliest, with the place where they stand."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from inference.annotation import Theme
from inference.labels import SIDES, Stance, side
from inference.names import key_of
from inference.report.calendar import Axis
from inference.report.counting import Counts, Target, article_month
from inference.report.merging import identity
from inference.report.reading import Article, Sentence

PASSAGE_CHARACTERS = 600
"""A longer sentence is cut here for showing; its offsets stay those of the whole."""

_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence with its place.

    Attributes:
        document: Id of the document.
        origin: Where the document stood.
        month: Month of the document.
        start: First code point in the `text` of the document's row.
        end: One past the last.
        text: The sentence, cut at `PASSAGE_CHARACTERS`.
        themes: What it carries.
        stance: Of these themes.
        speaker: Number of the actor who says it; None where the article speaks.
    """

    document: str
    origin: str
    month: str
    start: int
    end: int
    text: str
    themes: tuple[Theme, ...]
    stance: Stance
    speaker: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is shown and so needs passages.

    Attributes:
        actors: Numbers of actors whose themes are shown.
        relations: Actor and target of relations that are shown.
        axis: Periods of the timeline.
        each: Passages for each theme of an actor, each stance of a relation, each side of a period.
    """

    actors: Collection[int]
    relations: Collection[tuple[int, Target]]
    axis: Axis
    each: int


class Best(Generic[_Key]):
    """The passages of the highest scores for each key, the earlier one where two are equal; none twice."""

    def __init__(self, each: int) -> None:
        self._each = each
        self._kept: dict[_Key, list[tuple[float, int, Passage]]] = defaultdict(list)
        self._seen = 0

    def offer(self, key: _Key, score: float, passage: Passage) -> None:
        """Keep a passage if it is one of the best; offered later, it yields to an equal one."""
        self._seen += 1
        kept = self._kept[key]
        if any(other.text == passage.text for _, _, other in kept):  # agencies carry each other's news
            return
        entry = (score, -self._seen, passage)
        if len(kept) < self._each:
            heapq.heappush(kept, entry)
        elif self._each and entry[:2] > kept[0][:2]:
            heapq.heapreplace(kept, entry)

    def items(self) -> Iterator[tuple[_Key, list[Passage]]]:
        """Every key with its passages, in the order of their first ones."""
        return ((key, self[key]) for key in self._kept)

    def __getitem__(self, key: _Key) -> list[Passage]:
        """The passages of a key, the best first."""
        kept = self._kept.get(key, [])
        return [passage for _, _, passage in sorted(kept, key=lambda entry: entry[:2], reverse=True)]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Passages by actor and theme, by actor, target and stance, and by period and side."""

    themes: Best[tuple[int, str]]
    relations: Best[tuple[int, Target, Stance]]
    periods: Best[tuple[str, str]]


def collect(articles: Iterable[Article], counts: Counts, date_field: str, wanted: Wanted) -> Evidence:
    """Read the articles once more for the passages. Kept are at most `wanted.each` for each count that is shown."""
    evidence = Evidence(Best(wanted.each), Best(wanted.each), Best(wanted.each))
    for article in articles:
        if article.error is None:
            passages = list(_passages(article, counts, article_month(article, date_field)))
            for passage, sentence in zip(passages, article.sentences, strict=True):
                _offer(evidence, passage, sentence, wanted)
            _offer_relations(evidence, article, counts, passages, wanted)
    return evidence


def _passages(article: Article, counts: Counts, month: str) -> Iterator[Passage]:
    numbers: dict[int | None, int] = {}
    for sentence in article.sentences:
        if sentence.actor is not None and sentence.actor not in numbers:
            numbers[sentence.actor] = counts.numbers[identity(article.actors[sentence.actor])]
        cut = len(sentence.text) > PASSAGE_CHARACTERS
        text = sentence.text[:PASSAGE_CHARACTERS] + "…" if cut else sentence.text
        yield Passage(
            article.id,
            article.origin,
            month,
            sentence.start,
            sentence.end,
            text,
            sentence.themes,
            sentence.stance,
            numbers.get(sentence.actor),
        )


def _offer(evidence: Evidence, passage: Passage, sentence: Sentence, wanted: Wanted) -> None:
    if passage.speaker is not None and passage.speaker in wanted.actors:
        for theme in sentence.themes:
            evidence.themes.offer((passage.speaker, theme.name), theme.score, passage)
    period = wanted.axis.period(passage.month)
    for one in SIDES:
        score = max((theme.score for theme in sentence.themes if side(theme.name) == one), default=None)
        if score is not None:
            evidence.periods.offer((period, one), score, passage)


def _offer_relations(
    evidence: Evidence, article: Article, counts: Counts, passages: list[Passage], wanted: Wanted
) -> None:
    for relation in article.relations:
        target = Target(key_of(relation.target), relation.label)
        actor = counts.numbers.get(identity(article.actors[relation.actor]))
        if actor is None or (actor, target) not in wanted.relations:
            continue
        for number, stance in relation.sentences:
            score = max((theme.score for theme in passages[number].themes), default=0.0)
            evidence.relations.offer((actor, target, stance), score, passages[number])
