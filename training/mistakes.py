"""Where a model was wrong: each mistake with its kind and its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from inference.annotation import Entity
from training.articles import Article, GoldSpan
from training.predicting import Predictions

Kind = Literal["missed", "spurious", "wrong label", "wrong border"]
KINDS: tuple[Kind, ...] = ("missed", "spurious", "wrong label", "wrong border")


@dataclass(frozen=True, slots=True)
class EntityMistake:
    """A mention that gold and prediction see differently.

    Attributes:
        article: Number of the article.
        kind: `missed` (gold only), `spurious` (prediction only), `wrong label` (same place) or `wrong border`
            (they overlap; the label may differ too).
        gold: The gold mention, unless spurious.
        predicted: The predicted mention, unless missed.
        expressible: Whether our words can express the gold mention at all.
    """

    article: int
    kind: Kind
    gold: GoldSpan | None
    predicted: Entity | None
    expressible: bool = True


@dataclass(frozen=True, slots=True)
class ThemeMistake:
    """A sentence with themes missed or put in.

    Attributes:
        article: Number of the article.
        start: First character of the sentence.
        end: One past the last character.
        missed: Gold themes that were not predicted.
        spurious: Predicted themes that are not gold.
        matched: Whether the gold sentence is one of ours.
    """

    article: int
    start: int
    end: int
    missed: tuple[str, ...]
    spurious: tuple[str, ...]
    matched: bool = True


def entity_mistakes(articles: Sequence[Article], predictions: Predictions) -> Iterator[EntityMistake]:
    """Mistakes in annotated articles, in the order of the text."""
    beyond_words = {(number, span.start, span.end) for number, span in predictions.inexpressible}
    for number, (article, found) in enumerate(zip(articles, predictions.entities or (), strict=True)):
        if article.entities is None:
            continue
        places = {(span.start, span.end, span.label) for span in article.entities}
        left = [e for e in found if (e.start, e.end, e.label) not in places]
        right = {(e.start, e.end, e.label) for e in found}
        mistakes = []
        for span in article.entities:
            if (span.start, span.end, span.label) in right:
                continue
            other = _partner(span, left)
            if other:
                left.remove(other)
            kind: Kind = "missed"
            if other:
                kind = "wrong label" if (other.start, other.end) == (span.start, span.end) else "wrong border"
            expressible = (number, span.start, span.end) not in beyond_words
            mistakes.append(EntityMistake(number, kind, span, other, expressible))
        mistakes += [EntityMistake(number, "spurious", None, entity) for entity in left]
        yield from sorted(mistakes, key=_start)


def theme_mistakes(articles: Sequence[Article], predictions: Predictions) -> Iterator[ThemeMistake]:
    """Annotated sentences whose themes differ, in the order of the text."""
    unmatched = {(number, sentence.start) for number, sentence in predictions.unmatched}
    for number, (article, found) in enumerate(zip(articles, predictions.themes or (), strict=True)):
        for sentence, names in zip(article.sentences or (), found, strict=True):
            if sentence.themes is None:
                continue
            missed = tuple(theme for theme in sentence.themes if theme not in names)
            spurious = tuple(name for name in names if name not in sentence.themes)
            if missed or spurious:
                matched = (number, sentence.start) not in unmatched
                yield ThemeMistake(number, sentence.start, sentence.end, missed, spurious, matched)


def _partner(span: GoldSpan, candidates: Sequence[Entity]) -> Entity | None:
    """The prediction that shares most characters with a gold mention."""
    shared = [(min(e.end, span.end) - max(e.start, span.start), e) for e in candidates]
    most, entity = max(shared, key=lambda pair: pair[0], default=(0, None))
    return entity if most > 0 else None


def _start(mistake: EntityMistake) -> int:
    starts = [spot.start for spot in (mistake.gold, mistake.predicted) if spot]
    return min(starts)
