"""Annotations that the tests of the views and of the JSON form share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import get_args

from hostile_text import hostile_texts
from hypothesis import strategies as st

from inference.annotation import (
    Actor,
    ActorStance,
    Annotation,
    Attested,
    Entity,
    Kind,
    Nested,
    Relation,
    Sentence,
    Span,
    StanceCounts,
    Statement,
    Summary,
    Theme,
)
from inference.labels import ENTITY_LABELS, THEMES


def span_at(text: str, start: int, end: int) -> Span:
    return Span(start, end, text[start:end])


def span_of(text: str, words: str, begin: int = 0) -> Span:
    """The first such words from a place on."""
    start = text.index(words, begin)
    return span_at(text, start, start + len(words))


def entities_of(text: str, mentions: Iterable[tuple[str, str]], score: float) -> tuple[Entity, ...]:
    """Entities with these texts and labels, one after the other."""
    found: list[Entity] = []
    for words, label in mentions:
        span = span_of(text, words, found[-1].end if found else 0)
        found.append(Entity(span.start, span.end, label, words, score))
    return tuple(found)


def sentence_of(text: str, part: str, *themes: Theme, speaker: str | None = None) -> Sentence:
    span = span_of(text, part)
    return Sentence(span.start, span.end, part, themes, speaker)


def mentioned() -> Annotation:
    """Mentions and themes only."""
    title = "سردار رستمی با کریمی دیدار کرد"
    quote = "سردار سرتیپ حسین رستمی، فرمانده کل سپاه گفت: با ارتش پاکستان همکاری می‌کنیم."
    threat = "رستمی افزود: به تجاوز پاسخ می‌دهیم."
    text = f"{title}\n{quote} {threat}"
    mentions = [
        ("سردار", "RANK"),
        ("رستمی", "PERSON"),
        ("کریمی", "PERSON"),
        ("سردار سرتیپ", "RANK"),
        ("حسین رستمی", "SPEAKER"),
        ("فرمانده کل", "POSITION"),
        ("سپاه", "ORG"),
        ("ارتش پاکستان", "ORG"),
        ("رستمی", "SPEAKER"),
    ]
    return Annotation(
        text,
        entities_of(text, mentions, 0.9),
        (
            sentence_of(text, title),
            sentence_of(text, quote, Theme("cooperation.defense", 0.91), speaker="حسین رستمی"),
            sentence_of(text, threat, Theme("threat.warning", 0.8), Theme("cooperation.unity", 0.6), speaker="رستمی"),
        ),
        warnings=("a doubt",),
    )


def spoken() -> Annotation:
    """Who says what, with speech within the speech."""
    title = "دیدار با کریمی"
    first = "سردار رستمی به وزیر گفت: با ایران همکاری می‌کنیم."
    second = "کرملین گفته که جنگ نمی‌خواهد."
    third = "وی افزود: پاسخ می‌دهیم."
    fourth = "سخنگوی دولت گفت: آرامیم."
    text = "\n".join([title, f"{first} {second}", third, fourth])
    cooperation, warning = Theme("cooperation.defense", 0.91), Theme("threat.warning", 0.8)

    def span(words: str, inside: str = text) -> Span:
        return span_of(text, words, text.index(inside))

    def form(words: str) -> Attested:
        return Attested(words, (span(words),))

    def statement(part: Span, number: int, name: str, *sentences: int) -> Statement:
        return Statement(part.start, part.end, number, name, "direct", sentences=sentences)

    told = span(f"{first} {second}")
    sentences = (
        sentence_of(text, title),
        sentence_of(text, first, cooperation, speaker="رستمی"),
        sentence_of(text, second, speaker="رستمی"),
        sentence_of(text, third, warning, speaker="رستمی"),
        sentence_of(text, fourth, speaker="سخنگوی دولت"),
    )
    mentions = [
        ("کریمی", "PERSON"),
        ("سردار", "RANK"),
        ("رستمی", "SPEAKER"),
        ("وزیر", "POSITION"),
        ("ایران", "LOC"),
        ("کرملین", "ORG"),
    ]
    return Annotation(
        text,
        entities_of(text, mentions, 0.87),
        sentences,
        (
            Actor("کریمی", "person", names=(form("کریمی"),)),
            Actor(
                "رستمی", "person", names=(form("رستمی"),), ranks=(form("سردار"),), references=(span("وی", third),) * 2
            ),
            Actor("سخنگوی دولت", "office", positions=(form("سخنگوی"),), organizations=(form("دولت"),)),
        ),
        (
            replace(
                statement(told, 1, "رستمی", 1, 2),
                kind="mixed",
                mention=span("سردار رستمی"),
                cue=(span("گفت"),),
                content=(span("با ایران همکاری می‌کنیم"), span(second)),
                themes=(cooperation,),
                addressees=(span("وزیر"),),
                nested=(Nested(span("کرملین"), "indirect", cue=(span("گفته"),), content=(span("جنگ نمی‌خواهد"),)),),
            ),
            replace(
                statement(span(third), 1, "رستمی", 3),
                mention=span("وی", third),
                cue=(span("افزود"),),
                content=(span("پاسخ می‌دهیم"),),
                themes=(warning,),
            ),
            statement(span(fourth), 2, "سخنگوی دولت", 4),
        ),
        Summary(
            (
                ActorStance(1, StanceCounts(cooperative=(1,), threatening=(3,), neutral=(2,))),
                ActorStance(2, StanceCounts(neutral=(4,))),
            ),
            (
                Relation(1, "ایران", "LOC", StanceCounts(cooperative=(1,), neutral=(2,))),
                Relation(1, "کرملین", "ORG", StanceCounts(neutral=(2,))),
            ),
        ),
    )


def hostile(payload: str) -> Annotation:
    """An annotation with the payload wherever a text, a label or a name can stand."""
    size = len(payload)
    entity = Entity(0, size, payload, payload, 0.9)
    person = Entity(size + 1, 2 * size + 1, "SPEAKER", payload, 0.9)
    first = f"{payload} {payload} {payload} {payload}"
    text = f"{first} {payload}"
    themes = (Theme(payload, 0.9),)
    sentences = (
        Sentence(0, len(first), first, themes, payload),
        Sentence(len(first) + 1, len(text), payload, themes, payload),
    )
    at = [Span(n * (size + 1), n * (size + 1) + size, payload) for n in range(5)]
    form = (Attested(payload, (at[0],)), Attested(f"{payload} {payload}", (at[1], at[4])))
    speaker = Actor(payload, "person", form, form, form, form, form, form, references=(at[1],))
    silent = Actor(payload, "office", ranks=form)
    statement = Statement(
        0,
        len(first),
        actor=0,
        speaker=payload,
        kind="mixed",
        mention=at[0],
        cue=(at[1],),
        content=(Span(2 * size + 2, len(first), first[2 * size + 2 :]),),
        sentences=(0,),
        themes=themes,
        addressees=(at[1],),
        nested=(Nested(at[2], "direct", cue=(at[3],), content=(at[3],)),),
    )
    counts = StanceCounts(cooperative=(0,), threatening=(0,), mixed=(0,), neutral=(0,))
    summary = Summary((ActorStance(0, counts),), (Relation(0, payload, payload, counts),))
    return Annotation(text, (entity, person), sentences, (speaker, silent), (statement,), summary, (payload,))


_TEXT = "سردار سلامی با 😀 منیر دیدار کرد\nوی به منیر گفت: او گفته است می\u200cآییم. مرز امن است."
_LINE = _TEXT.index("وی")
_SECOND = _TEXT.index("مرز")
_OTHERS = span_at(_TEXT, _TEXT.index("او گفته"), _SECOND - 2)
EVERYTHING = Annotation(
    text=_TEXT,
    entities=(Entity(0, 5, "RANK", "سردار", 0.75), Entity(6, 11, "PERSON", "سلامی", 0.9999)),
    sentences=(
        Sentence(0, _LINE - 1, _TEXT[: _LINE - 1]),
        Sentence(_LINE, _SECOND - 1, _TEXT[_LINE : _SECOND - 1], (Theme("threat.warning", 1.0),), "سلامی"),
        Sentence(_SECOND, len(_TEXT), _TEXT[_SECOND:], (Theme("cooperation.unity", 0.5),), "سلامی"),
    ),
    actors=(
        Actor(
            name="سلامی",
            kind="person",
            names=(Attested("سلامی", (span_at(_TEXT, 6, 11),)),),
            ranks=(Attested("سردار", (span_at(_TEXT, 0, 5),)),),
            positions=(Attested("سردار", (span_at(_TEXT, 0, 5),)),),
            organizations=(Attested("سردار", (span_at(_TEXT, 0, 5),)),),
            countries=(Attested("سردار", (span_at(_TEXT, 0, 5),)),),
            mentions_by_office=(Attested("سردار", (span_at(_TEXT, 0, 5),)),),
            references=(span_at(_TEXT, _LINE, _LINE + 2),),
        ),
    ),
    statements=(
        Statement(
            start=_LINE,
            end=len(_TEXT),
            actor=0,
            speaker="سلامی",
            kind="direct",
            mention=span_at(_TEXT, _LINE, _LINE + 2),
            cue=(span_at(_TEXT, _TEXT.index("گفت"), _TEXT.index("گفت") + 3),),
            content=(_OTHERS, span_at(_TEXT, _SECOND, len(_TEXT) - 1)),
            sentences=(1, 2),
            themes=(Theme("threat.warning", 1.0), Theme("cooperation.unity", 0.5)),
            addressees=(span_at(_TEXT, _TEXT.rindex("منیر"), _TEXT.rindex("منیر") + 4),),
            nested=(
                Nested(
                    span_at(_TEXT, _OTHERS.start, _OTHERS.start + 2),
                    "indirect",
                    (span_at(_TEXT, _OTHERS.start + 3, _OTHERS.start + 11),),
                    (span_at(_TEXT, _OTHERS.start + 12, _OTHERS.end),),
                ),
            ),
        ),
    ),
    summary=Summary(
        (ActorStance(0, StanceCounts(cooperative=(2,), threatening=(1,))),),
        (Relation(0, "ایران", "LOC", StanceCounts(neutral=(0,), mixed=(1,))),),
    ),
    warnings=("the text may be Arabic",),
)
"""Every key of the JSON form has a value."""


@st.composite
def annotations(draw: st.DrawFn, rounded: bool = True) -> Annotation:
    """Any annotation of a dirty text that the dataclasses allow; `rounded`: scores have four decimals."""
    text = draw(hostile_texts())
    places = st.integers(0, len(text))
    spans = st.tuples(places, places).map(lambda ends: span_at(text, min(ends), max(ends)))
    few_spans = st.lists(spans, max_size=2).map(tuple)
    scores = st.integers(0, 10_000).map(lambda n: n / 10_000) if rounded else st.floats(0, 1)
    themes = st.lists(st.builds(Theme, st.sampled_from(THEMES) | st.text(max_size=5), scores), max_size=3).map(tuple)

    def disjoint() -> list[Span]:
        cuts = sorted(draw(st.lists(places, max_size=6)))
        return [span_at(text, start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=False)]

    labels = st.sampled_from(ENTITY_LABELS) | st.text(max_size=5)
    entities = tuple(Entity(s.start, s.end, draw(labels), s.text, draw(scores)) for s in disjoint())
    attested = st.lists(st.builds(Attested, st.text(max_size=5), few_spans), max_size=2).map(tuple)
    actor = st.builds(
        Actor,
        name=st.text(max_size=5),
        kind=st.sampled_from(("person", "office", "body")),
        names=attested,
        ranks=attested,
        positions=attested,
        organizations=attested,
        countries=attested,
        mentions_by_office=attested,
        references=few_spans,
    )
    actors = tuple(draw(st.lists(actor, max_size=2)))
    names = st.none() | st.sampled_from([one.name for one in actors] or [""])
    sentences = tuple(Sentence(s.start, s.end, s.text, draw(themes), draw(names)) for s in disjoint())
    if not actors:
        return Annotation(text, entities, sentences, warnings=tuple(draw(st.lists(st.text(max_size=5), max_size=1))))

    numbers = st.lists(st.integers(0, len(sentences) - 1), max_size=3).map(tuple) if sentences else st.just(())
    who = st.integers(0, len(actors) - 1)
    kinds = st.sampled_from(get_args(Kind))
    nested = st.lists(st.builds(Nested, spans, kinds, few_spans, few_spans), max_size=1).map(tuple)
    statements = []
    for place in disjoint():
        actor_number = draw(who)
        statements.append(
            Statement(
                start=place.start,
                end=place.end,
                actor=actor_number,
                speaker=actors[actor_number].name,
                kind=draw(kinds),
                mention=draw(st.none() | spans),
                cue=draw(few_spans),
                content=draw(few_spans),
                sentences=draw(numbers),
                themes=draw(themes),
                addressees=draw(few_spans),
                nested=draw(nested),
            )
        )
    counts = st.builds(StanceCounts, numbers, numbers, numbers, numbers)
    summary = Summary(
        tuple(draw(st.lists(st.builds(ActorStance, who, counts), max_size=2))),
        tuple(draw(st.lists(st.builds(Relation, who, st.text(max_size=5), labels, counts), max_size=2))),
    )
    return Annotation(text, entities, sentences, actors, tuple(statements), summary)
