"""Stances of an article: of each actor, and of each actor towards the countries and bodies that they speak of."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from inference.annotation import (
    Actor,
    ActorStance,
    Entity,
    Relation,
    Sentence,
    StanceCounts,
    Statement,
    Summary,
)
from inference.labels import Stance
from inference.normalize import ZWNJ, fold

_TARGETS = ("LOC", "ORG")


def summarize(
    actors: Sequence[Actor],
    statements: Iterable[Statement],
    sentences: Sequence[Sentence],
    entities: Sequence[Entity],
) -> Summary:
    """Count the stances of all that is said.

    Args:
        actors: Who is who.
        statements: What they say; their numbers refer to `actors` and `sentences`.
        sentences: All sentences with their themes.
        entities: All mentions. One is a target where it stands in what is said, and is neither the speaker's own
            country or organization nor the speaker.
    """
    said: dict[int, dict[Stance, list[int]]] = defaultdict(lambda: defaultdict(list))
    towards: dict[tuple[int, str, str], dict[Stance, list[int]]] = defaultdict(lambda: defaultdict(list))
    shown: dict[tuple[int, str, str], str] = {}
    targets = [entity for entity in entities if entity.label in _TARGETS]
    starts = [entity.start for entity in targets]
    for statement in statements:
        home = _home(actors[statement.actor])
        pieces = statement.content
        for number in statement.sentences:
            sentence = sentences[number]
            said[statement.actor][sentence.stance].append(number)
            for entity in targets[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]:
                name = folded(entity.text)
                if name in home or not any(p.start <= entity.start and entity.end <= p.end for p in pieces):
                    continue
                key = (statement.actor, name, entity.label)
                shown.setdefault(key, entity.text)
                found = towards[key][sentence.stance]
                if not found or found[-1] != number:
                    found.append(number)
    return Summary(
        tuple(ActorStance(actor, _counts(stances)) for actor, stances in sorted(said.items())),
        tuple(
            Relation(key[0], shown[key], key[2], _counts(stances))
            for key, stances in sorted(towards.items(), key=lambda item: (item[0][0], _first(item[1])))
        ),
    )


def folded(text: str) -> str:
    """A name in one spelling: `رژیم صهیونيستی` and `رژیم صهیونیستی` are the same."""
    return " ".join(fold(text).text.replace(ZWNJ, " ").split())


def _home(actor: Actor) -> set[str]:
    """What an actor is or belongs to."""
    forms = (*actor.names, *actor.organizations, *actor.countries, *actor.mentions_by_office)
    return {folded(actor.name), *(folded(form.text) for form in forms)}


def _counts(stances: Mapping[Stance, Sequence[int]]) -> StanceCounts:
    return StanceCounts(**{stance: tuple(numbers) for stance, numbers in stances.items()})


def _first(stances: Mapping[Stance, Sequence[int]]) -> int:
    return min(numbers[0] for numbers in stances.values())
