"""Who's who as the views show it: the actors numbered, those who speak first, each with its stances."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from inference.annotation import Actor, Annotation, Attested, Relation, Span, StanceCounts
from inference.glossary import STANCES
from inference.labels import Stance

COLORS = 8
"""Colours that tell speakers apart; from the ninth on they come again, which is why everyone has a number too."""


@dataclass(frozen=True, slots=True)
class Role:
    """An actor in the view.

    Attributes:
        number: 1 for the first in the view; it stands wherever the actor speaks.
        actor: The actor.
        color: 1 to `COLORS` for those who speak, else 0.
        statements: How many statements the actor makes.
        counts: Their sentences by stance.
        relations: Towards whom the actor takes a stance; those without one are left out.
    """

    number: int
    actor: Actor
    color: int
    statements: int
    counts: StanceCounts
    relations: tuple[Relation, ...]


def cast_of(annotation: Annotation) -> dict[int, Role]:
    """The roles by the actor's place in `annotation.actors`, in the order in which they are shown."""
    statements = [0] * len(annotation.actors)
    for statement in annotation.statements:
        statements[statement.actor] += 1
    counts = {one.actor: one.counts for one in annotation.summary.actors}
    relations: dict[int, list[Relation]] = {}
    for relation in annotation.summary.relations:
        if relation.counts.stance != "neutral":
            relations.setdefault(relation.actor, []).append(relation)
    order = sorted(range(len(annotation.actors)), key=lambda place: not statements[place])
    return {
        place: Role(
            number=index + 1,
            actor=annotation.actors[place],
            color=index % COLORS + 1 if statements[place] else 0,
            statements=statements[place],
            counts=counts.get(place, StanceCounts()),
            relations=tuple(relations.get(place, ())),
        )
        for index, place in enumerate(order)
    }


def by_stance(counts: StanceCounts) -> dict[Stance, tuple[int, ...]]:
    """The sentences of each stance that there is, in the order of the views."""
    return {stance: found for stance in STANCES if (found := getattr(counts, stance))}


def relations_by_stance(role: Role) -> Iterator[tuple[Stance, list[Relation]]]:
    """Towards whom the actor takes each stance."""
    for stance in STANCES:
        found = [relation for relation in role.relations if relation.counts.stance == stance]
        if found:
            yield stance, found


def stance_places(relation: Relation) -> list[int]:
    """The sentences that prove a relation: those with a stance, in order."""
    found = by_stance(relation.counts)
    return sorted(place for stance in found if stance != "neutral" for place in found[stance])


def facts(actor: Actor) -> Iterator[tuple[str, tuple[Attested, ...]]]:
    """What is known of an actor: field of `Actor` and forms, without what the name says already."""
    for field in ("ranks", "positions", "organizations", "countries", "names", "mentions_by_office"):
        forms: tuple[Attested, ...] = getattr(actor, field)
        told = tuple(form for form in forms if form.text != actor.name)
        if told:
            yield field, told
    if actor.references:
        yield "references", _by_form(actor.references)


def _by_form(references: Iterable[Span]) -> tuple[Attested, ...]:
    spans: dict[str, list[Span]] = {}
    for span in references:
        spans.setdefault(" ".join(span.text.split()), []).append(span)
    return tuple(Attested(text, tuple(found)) for text, found in spans.items())


class Places:
    """Numbers of the sentences in which things stand."""

    def __init__(self, annotation: Annotation) -> None:
        self._sentences = annotation.sentences
        self._starts = [sentence.start for sentence in annotation.sentences]

    def of(self, spans: Iterable[Span]) -> list[int]:
        """Places in `annotation.sentences` where the spans begin, each once, in order."""
        found = set()
        for span in spans:
            place = bisect_right(self._starts, span.start) - 1
            if place >= 0 and span.start < self._sentences[place].end:
                found.add(place)
        return sorted(found)
