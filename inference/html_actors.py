"""Who's who in the page: a card an actor with rank, office, stance bar and whom the stance is towards."""

from __future__ import annotations

from collections.abc import Iterator

from inference.annotation import Annotation, Attested, Relation
from inference.cast import Places, Role, by_stance, cast_of, facts, relations_by_stance, stance_places
from inference.glossary import ACTOR_FACTS, ACTOR_KINDS, STANCES, number
from inference.html_markup import badge, color_class, evidence, isolated, joined, sentence_link


def cards(annotation: Annotation) -> Iterator[str]:
    """The cards, those who speak first; the others follow under a heading of their own."""
    roles, places = cast_of(annotation), Places(annotation)
    speaking = [role for role in roles.values() if role.statements]
    silent = [role for role in roles.values() if not role.statements]
    if speaking:
        yield '<ol class="actors">'
        for role in speaking:
            yield from _card(role, places)
        yield "</ol>"
    if silent:
        yield '<h3>از ایشان سخنی نقل نشده است</h3><ol class="actors silent">'
        for role in silent:
            yield from _card(role, places)
        yield "</ol>"


def _card(role: Role, places: Places) -> Iterator[str]:
    actor = role.actor
    yield f'<li class="actor {color_class(role)}" id="a{role.number}">'
    made = f" · {number(role.statements)} گفته" if role.statements else ""
    yield (
        f'<p class="who">{badge(role)} <strong>{isolated(actor.name)}</strong>'
        f' <span class="what">{ACTOR_KINDS[actor.kind]}{made}</span></p>'
    )
    rows = [(ACTOR_FACTS[field], joined(_form(form, places) for form in forms)) for field, forms in facts(actor)]
    if rows:
        yield '<dl class="facts">'
        for title, forms in rows:
            yield f"<div><dt>{title}</dt> <dd>{forms}</dd></div>"
        yield "</dl>"
    if role.statements:
        yield from _stance(role)
    yield "</li>"


def _form(form: Attested, places: Places) -> str:
    link = evidence(form.text, places.of(form.spans))
    return f"{link} ({number(len(form.spans))})" if len(form.spans) > 1 else link


def _stance(role: Role) -> Iterator[str]:
    counts = by_stance(role.counts)
    cells = [sentence_link(place, stance) for stance, found in counts.items() for place in found]
    if cells:
        told = " · ".join(f"{STANCES[stance]} {number(len(found))}" for stance, found in counts.items())
        yield f'<p class="bar"><span class="cells">{"".join(cells)}</span><span class="counts">{told}</span></p>'
    if role.relations:
        yield '<ul class="relations">'
        for stance, relations in relations_by_stance(role):
            targets = joined(map(_target, relations))
            yield f'<li><span class="{stance}">{STANCES[stance]}</span> درباره {targets}</li>'
        yield "</ul>"


def _target(relation: Relation) -> str:
    places = joined(map(sentence_link, stance_places(relation)))
    return f'{isolated(relation.target)} <span class="where">({places})</span>'
