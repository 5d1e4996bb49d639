"""How far two annotators of the same articles agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from inference.errors import SokhanError
from inference.labels import SIDES, side
from training.articles import Article
from training.checking import letters


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of two annotations.

    Attributes:
        articles: Articles that both annotated.
        sentences: Their sentences.
        entities: F1 of mentions with exact offsets and label; by label, and `micro` over all.
        themes: F1 of the themes of sentences; by theme and side, and `micro` over the themes.
        speakers: Share of sentences with the same speaker (or none), in one spelling.
    """

    articles: int
    sentences: int
    entities: Mapping[str, float]
    themes: Mapping[str, float]
    speakers: float


def agreement(first: Iterable[Article], second: Iterable[Article]) -> Agreement:
    """Compare two annotations of the same texts; F1 is the same whichever is taken for gold.

    Raises:
        SokhanError: If an article of the second has no counterpart, or another text or other sentences; names it.
    """
    by_id = {article.id: article for article in first}
    pairs = [(_counterpart(by_id, article), article) for article in second]
    marks = [
        {(n, s.start, s.end, s.label) for n, pair in enumerate(pairs) for s in pair[i].entities or ()} for i in (0, 1)
    ]
    themes = [
        {(n, s.start, t) for n, pair in enumerate(pairs) for s in pair[i].sentences or () for t in s.themes or ()}
        for i in (0, 1)
    ]
    sides = [{(n, start, side(theme)) for n, start, theme in found} for found in themes]
    by_theme = _by(themes, 2)
    same = [
        letters(ours.speaker or "") == letters(theirs.speaker or "")
        for one, other in pairs
        for ours, theirs in zip(one.sentences or (), other.sentences or (), strict=True)
    ]
    return Agreement(
        len(pairs),
        len(same),
        _by(marks, 3) | {"micro": _f1(*marks)},
        by_theme | {name: score for name, score in _by(sides, 2).items() if name in SIDES} | {"micro": _f1(*themes)},
        sum(same) / max(1, len(same)),
    )


def _counterpart(by_id: Mapping[str, Article], article: Article) -> Article:
    other = by_id.get(article.id)
    if other is None:
        raise SokhanError(f"{article.source}: article '{article.id}' was not annotated a first time")
    places = [[(s.start, s.end) for s in one.sentences or ()] for one in (other, article)]
    if other.text != article.text or places[0] != places[1]:
        raise SokhanError(f"{article.source}: article '{article.id}' has another text or other sentences than before")
    return other


def _by(found: Sequence[set[tuple]], column: int) -> dict[str, float]:  # type: ignore[type-arg]  # unlike tuples
    names = sorted({row[column] for rows in found for row in rows})
    return {name: _f1(*({row for row in rows if row[column] == name} for rows in found)) for name in names}


def _f1(first: set[tuple], second: set[tuple]) -> float:  # type: ignore[type-arg]  # unlike tuples
    total = len(first) + len(second)
    return 2 * len(first & second) / total if total else 1.0
