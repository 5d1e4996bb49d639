"""Who is who in an article: persons by their names, ranks and offices, and offices that are never named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from types import MappingProxyType

from inference.annotation import Actor, Attested, Entity, Span
from inference.apposition import offices_beside, ranks_beside
from inference.document import Document
from inference.holders import holders_of
from inference.names import aliases_of, is_latin, key_of, persons_of
from inference.offices import Office, offices_in

_NAMES = ("SPEAKER", "PERSON")
_KIND_OF = {"POSITION": "positions", "ORG": "organizations", "LOC": "countries"}


@dataclass(frozen=True, slots=True)
class Cast:
    """The actors of an article.

    Attributes:
        actors: Persons and offices in order of their first mention, then bodies that speak.
        of_mention: For the number of an entity, if it is a name or an office, the number of its actor.
    """

    actors: tuple[Actor, ...] = ()
    of_mention: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))

    def with_speech(self, bodies: Iterable[Sequence[Span]], references: Mapping[int, Sequence[Span]]) -> Cast:
        """With who speaks without a name or an office.

        Args:
            bodies: For each body that speaks where it stands, at least once, in order; the bodies come behind the
                other actors.
            references: For the number of an actor, a body's too, the pronouns and the like that mean them.
        """
        actors = [*self.actors, *(_body(places) for places in bodies)]
        for number, places in references.items():
            actors[number] = replace(actors[number], references=tuple(places))
        return replace(self, actors=tuple(actors))

    def without_silent_offices(self, speaking: Collection[int]) -> tuple[tuple[Actor, ...], dict[int, int]]:
        """The actors without the offices that are not among these numbers, and for who stays the new number."""
        kept = [n for n, actor in enumerate(self.actors) if actor.kind != "office" or n in speaking]
        return tuple(self.actors[n] for n in kept), {number: place for place, number in enumerate(kept)}


def _body(places: Sequence[Span]) -> Actor:
    return Actor(_fullest(place.text for place in places), "body", names=_attested(places))


def _fullest(names: Iterable[str]) -> str:
    """The longest name, in the article's own letters if there is one."""
    return max(names, key=lambda name: (not is_latin(name), len(name)))


def own_keys(actor: Actor) -> set[str]:
    """Keys of what an actor is called and belongs to: names, organizations, countries, mentions by office."""
    forms = (*actor.names, *actor.organizations, *actor.countries, *actor.mentions_by_office)
    return {key_of(actor.name), *(key_of(form.text) for form in forms)}


def find_actors(document: Document, entities: Sequence[Entity]) -> Cast:
    """Persons with their ranks and offices, and the offices that no person of the article is said to hold.

    Args:
        document: The article.
        entities: Its mentions in order, disjoint.

    Returns:
        Actors without references, and whose each name and office is.
    """
    text = document.text
    named = [number for number, entity in enumerate(entities) if entity.label in _NAMES]
    aliases = aliases_of(text, entities)
    own = [number for number in named if number not in aliases]
    persons = dict(zip(own, persons_of([entities[number].text for number in own]), strict=True))
    persons |= {number: persons[aliases[number]] for number in named if aliases.get(number) in persons}
    offices = list(offices_in(text, entities))
    ranks: dict[int, list[int]] = defaultdict(list)
    for person, number in ranks_beside(text, entities, persons):
        ranks[person].append(number)
    beside = offices_beside(text, entities, offices, persons)
    return _cast(text, entities, persons, ranks, offices, holders_of(document, entities, persons, offices, beside))


def _cast(
    text: str,
    entities: Sequence[Entity],
    persons: Mapping[int, int],
    ranks: Mapping[int, Sequence[int]],
    offices: Sequence[Office],
    holders: Mapping[int, int],
) -> Cast:
    found: dict[int, dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    of_mention = dict(persons)
    for office in offices:
        for number in range(office.first, office.last + 1):
            if entities[number].label == "POSITION":
                of_mention[number] = holders[office.first]
    for number in sorted(of_mention):
        found[of_mention[number]]  # actors come in the order of their first mention
    for number, person in sorted(persons.items()):
        found[person]["names"].append(_span(entities[number]))
    for person, its in ranks.items():
        found[person]["ranks"] = [_span(entities[rank]) for rank in its]
    for office in offices:
        spans = found[holders[office.first]]
        for entity in entities[office.first : office.last + 1]:
            spans[_KIND_OF[entity.label]].append(_span(entity))
        mention = Span(office.start, office.end, text[office.start : office.end])
        # A bare `نویسنده` or `این نماینده` says what the person is, but means nobody by itself.
        bare = office.first == office.last and (office.pointed or len(mention.text.split()) == 1)
        if not bare or "names" not in spans:
            spans["mentions_by_office"].append(mention)
    numbers = {actor: place for place, actor in enumerate(found)}
    actors = tuple(_actor(spans) for spans in found.values())
    return Cast(actors, MappingProxyType({mention: numbers[actor] for mention, actor in of_mention.items()}))


def _span(entity: Entity) -> Span:
    return Span(entity.start, entity.end, entity.text)


def _actor(spans: Mapping[str, Sequence[Span]]) -> Actor:
    forms = defaultdict(tuple, {kind: _attested(found) for kind, found in spans.items()})
    names = forms["names"] or forms["mentions_by_office"]
    return Actor(
        _fullest(form.text for form in names),
        "person" if forms["names"] else "office",
        forms["names"],
        forms["ranks"],
        forms["positions"],
        forms["organizations"],
        forms["countries"],
        forms["mentions_by_office"],
    )


def _attested(spans: Iterable[Span]) -> tuple[Attested, ...]:
    """The forms of distinct places, in order of their first place."""
    forms: dict[str, list[Span]] = defaultdict(list)
    for span in sorted(spans, key=attrgetter("start")):
        forms[" ".join(span.text.split())].append(span)
    return tuple(Attested(form, tuple(found)) for form, found in forms.items())
