"""Who speaks in an article: one entry a person, with what stands next to the name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inference.annotation import Annotation, Entity
from inference.marking import mentions_by_sentence

_NAMES = ("SPEAKER", "PERSON")
_OF_AN_OFFICE = ("ORG", "LOC")
# What may part a name from its rank or office: blanks and the honorifics that the scheme leaves unmarked.
_GAP = re.compile(r"[\s\u200b-\u200f]*(?:(?:حاج|شهید|آقای|خانم|دکتر|مهندس)\s+)*")
_GAP_OR_COMMA = re.compile(rf"(?:{_GAP.pattern})(?:[،,]\s*)?")


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person who speaks.

    Attributes:
        name: The fullest form of the name in the article.
        ranks: Distinct ranks that stand next to the name, in order of appearance.
        positions: Distinct offices next to the name.
        organizations: Distinct organizations of these offices.
        places: Distinct countries and other places of these offices.
        sentences: Places, in `annotation.sentences`, of the sentences where the person speaks.
    """

    name: str
    ranks: tuple[str, ...]
    positions: tuple[str, ...]
    organizations: tuple[str, ...]
    places: tuple[str, ...]
    sentences: tuple[int, ...]

    @property
    def attributes(self) -> dict[str, tuple[str, ...]]:
        """What is known of the person, by entity label."""
        return {"RANK": self.ranks, "POSITION": self.positions, "ORG": self.organizations, "LOC": self.places}


def speakers(annotation: Annotation) -> tuple[Speaker, ...]:
    """The persons with a `SPEAKER` mention, in order of their first one.

    A family name counts as the one longer name of the article that ends with it, and as itself where there
    are several. Ranks and offices are taken from every mention of the person, speaking or not.
    """
    entities = annotation.entities
    full = _full_names(_folded(e.text) for e in entities if e.label in _NAMES)
    beside: dict[str, list[Entity]] = defaultdict(list)
    for place, entity in enumerate(entities):
        if entity.label in _NAMES:
            name = full[_folded(entity.text)]
            beside[name] += _before(annotation.text, entities, place)
            beside[name] += _after(annotation.text, entities, place)
    spoken: dict[str, list[int]] = defaultdict(list)
    for number, (_, mentions) in enumerate(mentions_by_sentence(annotation)):
        for name in dict.fromkeys(full[_folded(e.text)] for e in mentions if e.label == "SPEAKER"):
            spoken[name].append(number)
    return tuple(
        Speaker(
            name,
            ranks=_distinct(beside[name], "RANK"),
            positions=_distinct(beside[name], "POSITION"),
            organizations=_distinct(beside[name], "ORG"),
            places=_distinct(beside[name], "LOC"),
            sentences=tuple(numbers),
        )
        for name, numbers in spoken.items()
    )


def _folded(text: str) -> str:
    return " ".join(text.split())


def _full_names(names: Iterable[str]) -> dict[str, str]:
    """For each name the fullest form that it can only stand for."""
    distinct = dict.fromkeys(names)
    ending_with: dict[str, list[str]] = defaultdict(list)
    for name in distinct:
        words = name.split()
        for first in range(len(words)):
            ending_with[" ".join(words[first:])].append(name)
    full = {}
    for name in distinct:
        longest = max(ending_with[name], key=len)
        certain = all(longest == other or longest.endswith(f" {other}") for other in ending_with[name])
        full[name] = longest if certain else name
    return full


def _before(text: str, entities: Sequence[Entity], place: int) -> list[Entity]:
    """Ranks and offices that lead up to a name: `POSITION ORG RANK name`.

    An office behind another name belongs to that name; then the ranks alone are ours.
    """
    ranks: list[Entity] = []
    office: list[Entity] = []
    pending: list[Entity] = []  # organizations and places whose office has not been met
    follower = entities[place]
    for at in range(place - 1, -1, -1):
        entity = entities[at]
        if not _GAP.fullmatch(text, entity.end, follower.start):
            break
        if entity.label in _NAMES:
            return ranks
        if entity.label == "RANK" and not office and not pending:
            ranks.insert(0, entity)
        elif entity.label == "POSITION":
            office = [entity, *pending, *office]
            pending = []
        elif entity.label in _OF_AN_OFFICE:
            pending.insert(0, entity)
        else:
            break
        follower = entity
    return ranks + office


def _after(text: str, entities: Sequence[Entity], place: int) -> list[Entity]:
    """Offices that follow a name: `name، POSITION ORG`."""
    office: list[Entity] = []
    leader = entities[place]
    for at in range(place + 1, len(entities)):
        entity = entities[at]
        gap = _GAP_OR_COMMA if entity.label == "POSITION" else _GAP
        fits = entity.label == "POSITION" or (entity.label in _OF_AN_OFFICE and office)
        if not fits or not gap.fullmatch(text, leader.end, entity.start):
            break
        office.append(entity)
        leader = entity
    return office


def _distinct(entities: Iterable[Entity], label: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_folded(entity.text) for entity in entities if entity.label == label))
