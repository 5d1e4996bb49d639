"""Scores of who is who: the attributes of the actors that were found in an article, beside those of gold.

An attribute is a triple of actor, kind of attribute and surface, such as (حسین سلامی, ranks, سردار). An actor that
was found is the gold actor with whom it shares most names, or, where there is none, most mentions by office.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np

from inference.annotation import Actor
from inference.names import key_of
from training.articles import Article, GoldActor
from training.scoring import Score, score_of

ATTRIBUTES = tuple(field.name for field in fields(GoldActor) if field.name != "name")
"""The kinds of attributes, in the order of the scheme."""

_Keys = dict[str, frozenset[str]]
_Triples = set[tuple[int, str, str]]


@dataclass(frozen=True, slots=True)
class ActorScores:
    """Scores over actor attributes.

    Attributes:
        kinds: Score of each kind of attribute.
        micro: All kinds together.
        actors: Actors themselves: whether each has its counterpart.
        articles: Articles whose actors are annotated.
    """

    kinds: dict[str, Score]
    micro: Score
    actors: Score
    articles: int

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)


def score_actors(gold: Sequence[Article], found: Sequence[Sequence[Actor]]) -> ActorScores:
    """Score actors, for each article those found in its text. Bodies are no actors of gold and are passed over.

    Surfaces are compared without ZWNJ and blanks, with one form for each letter (ي and ی, ك and ک). Articles whose
    `actors` are None are left out, with whatever was found in them.
    """
    annotated = [
        (article.actors, actors) for article, actors in zip(gold, found, strict=True) if article.actors is not None
    ]
    index = {kind: number for number, kind in enumerate(ATTRIBUTES)}
    counts = np.zeros((len(annotated), len(ATTRIBUTES), 3))
    whole = np.zeros((len(annotated), 3))
    for row, (of_article, actors) in enumerate(annotated):
        expected = [_keys(actor, str) for actor in of_article]
        given = [_keys(actor, lambda entry: entry.text) for actor in actors if actor.kind != "body"]
        counterpart = _counterparts(expected, given)
        of_gold = _triples(enumerate(expected))
        # An actor without a counterpart gets a number that no actor of gold has.
        of_found = _triples((counterpart.get(n, -1 - n), keys) for n, keys in enumerate(given))
        for column, triples in enumerate((of_gold & of_found, of_found, of_gold)):
            for _, kind, _ in triples:
                counts[row, index[kind], column] += 1
        whole[row] = len(counterpart), len(given), len(expected)
    kinds = {kind: score_of(counts[:, number]) for kind, number in index.items()}
    return ActorScores(kinds, score_of(counts.sum(axis=1)), score_of(whole), len(annotated))


def _keys(actor: Actor | GoldActor, surface: Callable[[Any], str]) -> _Keys:
    return {kind: frozenset(key_of(surface(entry)) for entry in getattr(actor, kind)) for kind in ATTRIBUTES}


def _triples(numbered: Iterable[tuple[int, _Keys]]) -> _Triples:
    return {(number, kind, key) for number, keys in numbered for kind in ATTRIBUTES for key in keys[kind]}


def _counterparts(expected: Sequence[_Keys], given: Sequence[_Keys]) -> dict[int, int]:
    """The gold actor of each found one that has one; one to one, those that share most first."""
    shared: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for column, kind in enumerate(("names", "mentions_by_office")):
        with_key: dict[str, list[int]] = defaultdict(list)
        for number, keys in enumerate(expected):
            for key in keys[kind]:
                with_key[key].append(number)
        for number, keys in enumerate(given):
            for key in keys[kind]:
                for other in with_key[key]:
                    shared[number, other][column] += 1
    chosen: dict[int, int] = {}
    taken: set[int] = set()
    for (number, other), _ in sorted(shared.items(), key=lambda pair: ([-n for n in pair[1]], pair[0])):
        if number not in chosen and other not in taken:
            chosen[number] = other
            taken.add(other)
    return chosen
