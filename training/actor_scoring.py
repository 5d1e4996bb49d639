"""Scores of who is who: the attributes of the actors that were found in an article, beside those of gold.

An attribute is a triple of actor, kind of attribute and surface, such as (حسین سلامی, ranks, سردار). An actor that
was found is the gold actor with whom it shares most names, or, where there is none, most mentions by office.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from inference.annotation import Actor
from inference.names import key_of
from training.articles import Article, GoldActor

ATTRIBUTES = tuple(field.name for field in fields(GoldActor) if field.name != "name")
"""The kinds of attributes, in the order of the scheme."""

_Keys = dict[str, frozenset[str]]
_Triples = set[tuple[int, str, str]]


@dataclass(frozen=True, slots=True)
class ActorScore:
    """Precision, recall and F1 of attributes, 0 to 1; 0 where there is nothing to divide by.

    Attributes:
        precision: Share of what was found that is right.
        recall: Share of gold that was found.
        f1: Their harmonic mean.
        support: How many there are in gold.
        predicted: How many were found.
        correct: How many of them are right.
    """

    precision: float
    recall: float
    f1: float
    support: int
    predicted: int
    correct: int


@dataclass(frozen=True, slots=True)
class ActorScores:
    """Scores over actor attributes.

    Attributes:
        kinds: Score of each kind of attribute.
        micro: All kinds together.
        actors: Actors themselves: whether each has its counterpart.
        articles: Articles whose actors are annotated.
    """

    kinds: dict[str, ActorScore]
    micro: ActorScore
    actors: ActorScore
    articles: int

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)


def score_actors(gold: Sequence[Article], found: Sequence[Sequence[Actor]]) -> ActorScores:
    """Score actors, for each article those found in its text. Bodies are no actors of gold and are passed over.

    Surfaces are compared without ZWNJ and blanks, with one form for each letter (ي and ی, ك and ک). Articles whose
    `actors` are None are left out, with whatever was found in them.
    """
    totals: dict[str, list[int]] = {kind: [0, 0, 0] for kind in (*ATTRIBUTES, "actors")}
    articles = 0
    for article, actors in zip(gold, found, strict=True):
        if article.actors is None:
            continue
        articles += 1
        expected = [_keys(actor, str) for actor in article.actors]
        given = [_keys(actor, lambda entry: entry.text) for actor in actors if actor.kind != "body"]
        counterpart = _counterparts(expected, given)
        of_gold = _triples(enumerate(expected))
        # An actor without a counterpart gets a number that no actor of gold has.
        of_found = _triples((counterpart.get(n, -1 - n), keys) for n, keys in enumerate(given))
        for column, triples in enumerate((of_gold & of_found, of_found, of_gold)):
            for _, kind, _ in triples:
                totals[kind][column] += 1
        for column, number in enumerate((len(counterpart), len(given), len(expected))):
            totals["actors"][column] += number
    kinds = {kind: _score(*totals[kind]) for kind in ATTRIBUTES}
    micro = _score(*(sum(totals[kind][column] for kind in ATTRIBUTES) for column in range(3)))
    return ActorScores(kinds, micro, _score(*totals["actors"]), articles)


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


def _score(correct: int, predicted: int, support: int) -> ActorScore:
    def ratio(part: int, whole: int) -> float:
        return part / whole if whole else 0.0

    return ActorScore(
        ratio(correct, predicted),
        ratio(correct, support),
        ratio(2 * correct, predicted + support),
        support,
        predicted,
        correct,
    )
