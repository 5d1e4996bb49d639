"""Stances of an article: of each actor, and of each actor towards the countries and bodies that they speak of."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from inference.actors import own_keys
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
from inference.names import key_of

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
    own: dict[int, set[str]] = {}
    targets = [entity for entity in entities if entity.label in _TARGETS]
    starts = [entity.start for entity in targets]
    for statement in statements:
        actor = statement.actor
        if actor not in own:
            own[actor] = own_keys(actors[actor])
        begins = [piece.start for piece in statement.content]
        for number in statement.sentences:
            sentence = sentences[number]
            stance = sentence.stance
            said[actor][stance].append(number)
            for entity in targets[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]:
                piece = bisect_right(begins, entity.start) - 1
                if piece < 0 or entity.end > statement.content[piece].end:
                    continue
                name = key_of(entity.text)
                if name in own[actor]:
                    continue
                key = (actor, name, entity.label)
                shown.setdefault(key, entity.text)
                found = towards[key][stance]
                if not found or found[-1] != number:
                    found.append(number)
    return Summary(
        tuple(ActorStance(actor, _counts(stances)) for actor, stances in sorted(said.items())),
        tuple(
            Relation(key[0], shown[key], key[2], _counts(stances))
            for key, stances in sorted(towards.items(), key=lambda item: (item[0][0], _first(item[1])))
        ),
    )


def _counts(stances: Mapping[Stance, Sequence[int]]) -> StanceCounts:
    return StanceCounts(**{stance: tuple(numbers) for stance, numbers in stances.items()})


def _first(stances: Mapping[Stance, Sequence[int]]) -> int:
    return min(numbers[0] for numbers in stances.values())
