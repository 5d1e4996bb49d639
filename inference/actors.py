"""Who is who in an article: persons by their names, ranks and offices, and offices that are never named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from inference.annotation import Actor, Attested, Entity, Span
from inference.apposition import offices_beside, ranks_beside
from inference.document import Document
from inference.holders import holders_of
from inference.names import key_of, persons_of
from inference.offices import Office, offices_in

_NAMES = ("SPEAKER", "PERSON")
_KIND_OF = {"POSITION": "positions", "ORG": "organizations", "LOC": "countries"}


@dataclass(frozen=True, slots=True)
class Cast:
    """The actors of an article.

    Attributes:
        actors: Persons and offices in order of their first mention, then bodies that were added.
        of_mention: For the number of an entity, if it is a name or an office, the number of its actor.
    """

    actors: tuple[Actor, ...] = ()
    of_mention: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))

    def number_of(self, name: str) -> int | None:
        """The first actor that has this name, office or body, whatever its spelling."""
        key = key_of(name)
        for number, actor in enumerate(self.actors):
            if any(key_of(form.text) == key for form in (*actor.names, *actor.mentions_by_office)):
                return number
        return None

    def with_body(self, name: str, span: Span) -> Cast:
        """With a body that speaks; one that is there already gets one more proof."""
        key = key_of(name)
        bodies = (n for n, actor in enumerate(self.actors) if actor.kind == "body" and key_of(actor.name) == key)
        number = next(bodies, None)
        if number is None:
            body = Actor(name, "body", names=_attested([span]))
            return replace(self, actors=(*self.actors, body))
        known = self.actors[number]
        spans = sorted({*(s for form in known.names for s in form.spans), span}, key=lambda s: s.start)
        body = replace(known, names=_attested(spans))
        return replace(self, actors=(*self.actors[:number], body, *self.actors[number + 1 :]))

    def without_silent_offices(self, speaking: Collection[int]) -> Cast:
        """Without the offices that are not among these numbers; who stays is numbered anew, in the same order."""
        kept = [n for n, actor in enumerate(self.actors) if actor.kind != "office" or n in speaking]
        new = {number: place for place, number in enumerate(kept)}
        of_mention = {mention: new[number] for mention, number in self.of_mention.items() if number in new}
        return Cast(tuple(self.actors[n] for n in kept), MappingProxyType(of_mention))


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
    persons = dict(zip(named, persons_of([entities[number].text for number in named]), strict=True))
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
    for number, person in persons.items():
        found[person]["names"].append(_span(entities[number]))
        found[person]["ranks"] += [_span(entities[rank]) for rank in ranks.get(person, ())]
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
        max((form.text for form in names), key=len),
        "person" if forms["names"] else "office",
        forms["names"],
        forms["ranks"],
        forms["positions"],
        forms["organizations"],
        forms["countries"],
        forms["mentions_by_office"],
    )


def _attested(spans: Iterable[Span]) -> tuple[Attested, ...]:
    """The forms in order of their first place; the same place counts once."""
    forms: dict[str, list[Span]] = defaultdict(list)
    for span in sorted(set(spans), key=lambda span: span.start):
        forms[" ".join(span.text.split())].append(span)
    return tuple(Attested(form, tuple(found)) for form, found in forms.items())
