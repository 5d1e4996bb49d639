"""The JSON form: what is written follows the published schema, is read back exactly, and wrong input is told."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hostile_text import hostile_texts, mutations
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from inference import Annotation, Annotator, SokhanError, annotate
from inference.annotation import (
    Actor,
    ActorStance,
    Attested,
    Entity,
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

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((resources.files("inference") / "annotation.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
KINDS = ("direct", "indirect", "mixed")
SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def span(text: str, start: int, end: int) -> Span:
    return Span(start, end, text[start:end])


TEXT = "سردار سلامی با 😀 منیر دیدار کرد\nوی به منیر گفت: او گفته است می\u200cآییم. مرز امن است."
LINE = TEXT.index("وی")
SECOND = TEXT.index("مرز")
OTHERS = span(TEXT, TEXT.index("او گفته"), SECOND - 2)
EVERYTHING = Annotation(
    text=TEXT,
    entities=(Entity(0, 5, "RANK", "سردار", 0.75), Entity(6, 11, "PERSON", "سلامی", 0.9999)),
    sentences=(
        Sentence(0, LINE - 1, TEXT[: LINE - 1]),
        Sentence(LINE, SECOND - 1, TEXT[LINE : SECOND - 1], (Theme("threat.warning", 1.0),), "سلامی"),
        Sentence(SECOND, len(TEXT), TEXT[SECOND:], (Theme("cooperation.unity", 0.5),), "سلامی"),
    ),
    actors=(
        Actor(
            name="سلامی",
            kind="person",
            names=(Attested("سلامی", (span(TEXT, 6, 11),)),),
            ranks=(Attested("سردار", (span(TEXT, 0, 5),)),),
            positions=(Attested("سردار", (span(TEXT, 0, 5),)),),
            organizations=(Attested("سردار", (span(TEXT, 0, 5),)),),
            countries=(Attested("سردار", (span(TEXT, 0, 5),)),),
            mentions_by_office=(Attested("سردار", (span(TEXT, 0, 5),)),),
            references=(span(TEXT, LINE, LINE + 2),),
        ),
    ),
    statements=(
        Statement(
            start=LINE,
            end=len(TEXT),
            actor=0,
            speaker="سلامی",
            kind="direct",
            mention=span(TEXT, LINE, LINE + 2),
            cue=(span(TEXT, TEXT.index("گفت"), TEXT.index("گفت") + 3),),
            content=(OTHERS, span(TEXT, SECOND, len(TEXT) - 1)),
            sentences=(1, 2),
            themes=(Theme("threat.warning", 1.0), Theme("cooperation.unity", 0.5)),
            addressees=(span(TEXT, TEXT.rindex("منیر"), TEXT.rindex("منیر") + 4),),
            nested=(
                Nested(
                    span(TEXT, OTHERS.start, OTHERS.start + 2),
                    "indirect",
                    (span(TEXT, OTHERS.start + 3, OTHERS.start + 11),),
                    (span(TEXT, OTHERS.start + 12, OTHERS.end),),
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


@st.composite
def annotations(draw: st.DrawFn, rounded: bool = True) -> Annotation:
    """Any annotation of a dirty text that the dataclasses allow; `rounded`: scores have four decimals."""
    text = draw(hostile_texts())
    places = st.integers(0, len(text))
    spans = st.tuples(places, places).map(lambda ends: span(text, min(ends), max(ends)))
    few_spans = st.lists(spans, max_size=2).map(tuple)
    scores = st.integers(0, 10_000).map(lambda n: n / 10_000) if rounded else st.floats(0, 1)
    themes = st.lists(st.builds(Theme, st.sampled_from(THEMES) | st.text(max_size=5), scores), max_size=3).map(tuple)

    def disjoint() -> list[Span]:
        cuts = sorted(draw(st.lists(places, max_size=6)))
        return [span(text, start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=False)]

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
    kinds = st.sampled_from(KINDS)
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


def assert_follows_schema(annotation: Annotation) -> None:
    """Plain values and JSON text of an annotation are valid and are read back as they were written."""
    written = annotation.to_dict()
    VALIDATOR.validate(written)
    assert Annotation.from_dict(written).to_dict() == written
    if not SURROGATE_PAIR.search(annotation.text):
        assert Annotation.from_json(annotation.to_json()).to_dict() == written


def test_the_schema_is_one_and_describes_every_key() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    for kind in (SCHEMA, *SCHEMA["$defs"].values()):
        if kind.get("type") == "object":
            assert kind["additionalProperties"] is False
            assert kind["required"] == list(kind["properties"])
            assert all(value["description"] for value in kind["properties"].values())


@settings(max_examples=60, deadline=None)
@given(annotations())
def test_any_annotation_follows_the_schema_and_comes_back_equal(annotation: Annotation) -> None:
    assert_follows_schema(annotation)
    assert Annotation.from_dict(annotation.to_dict()) == annotation


@settings(max_examples=30, deadline=None)
@given(annotations(rounded=False))
def test_scores_come_back_with_four_decimals(annotation: Annotation) -> None:
    assert_follows_schema(annotation)


def test_every_part_comes_back() -> None:
    assert Annotation.from_json(EVERYTHING.to_json(indent=1)) == EVERYTHING
    assert_follows_schema(EVERYTHING)


def test_what_models_say_follows_the_schema(tiny_models: dict[str, Path]) -> None:
    annotator = Annotator(tiny_models["ner"], tiny_models["themes"], "cpu")
    for annotation in annotator.annotate_many(["", "\ud800 گفت", *mutations(6, seed=3)]):
        assert_follows_schema(annotation)


def test_the_seed_article_follows_the_schema() -> None:
    annotation = annotate((ROOT / "seeds" / "seed.txt").read_text(encoding="utf-8"))
    assert annotation.entities
    assert_follows_schema(annotation)


def places(value: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Path, container and key of every value in plain values."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        here = f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}".lstrip(".")
        yield here, value, key
        if isinstance(inner, dict | list):
            yield from places(inner, here)


def test_a_missing_key_is_named() -> None:
    written = EVERYTHING.to_dict()
    for path, container, key in places(written):
        if isinstance(container, dict):
            kept = dict(container)
            del container[key]
            with pytest.raises(SokhanError, match=f"^{re.escape(path)} is missing; there is "):
                Annotation.from_dict(written)
            container.clear()
            container |= kept
    Annotation.from_dict(written)


@pytest.mark.parametrize("wrong", [None, True, -1, 10**30, 1.5, float("nan"), "?", [], {}])
def test_what_the_schema_forbids_is_refused_with_its_path(wrong: Any) -> None:
    written = EVERYTHING.to_dict()
    refused = 0
    for path, container, key in places(written):
        kept = container[key]
        container[key] = wrong
        if isinstance(wrong, float) or not VALIDATOR.is_valid(written):  # the schema can't forbid NaN
            with pytest.raises(SokhanError) as told:
                Annotation.from_dict(written)
            assert re.match(rf"{re.escape(path)}[ .\[]", str(told.value)), (path, str(told.value))
            assert len(str(told.value)) < 300
            refused += 1
        container[key] = kept
    assert refused > 50


def test_a_number_too_long_to_be_written_out_is_refused() -> None:
    with pytest.raises(SokhanError, match=r"^entities\[0\]\.end is a number that is far too big, not a whole number"):
        Annotation.from_dict(changed(entities__0__end=10**6000))


def changed(**values: Any) -> dict[str, Any]:
    """`EVERYTHING` with other values; `statements__0__actor=1` is `statements[0].actor`."""
    written = copy.deepcopy(EVERYTHING.to_dict())
    for path, value in values.items():
        *steps, last = [int(step) if step.isdigit() else step for step in path.split("__")]
        container: Any = written
        for step in steps:
            container = container[step]
        container[last] = value
    return written


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"entities__1__end": 10_000}, rf"^entities\[1\]\.end is 10000, not a whole number from 6 to {len(TEXT)}$"),
        (
            {"statements__0__cue__0__start": -1},
            rf"^statements\[0\]\.cue\[0\]\.start is -1, .* from 0 to {len(TEXT)}$",
        ),
        ({"statements__0__end": 3}, rf"^statements\[0\]\.end is 3, not a whole number from {LINE} to"),
        ({"entities__0__text": "سرهنگ"}, r"^entities\[0\]\.text is 'سرهنگ', but text\[0:5\] is 'سردار'$"),
        ({"text": f"\n{TEXT}"}, r"^entities\[0\]\.text is 'سردار', but text\[0:5\] is '\\nسردا'$"),
        ({"sentences__1__start": 0, "sentences__1__text": TEXT[: SECOND - 1]}, r"^sentences\[1\]\.start is 0, but"),
        (
            {"sentences__0__stance": "mixed"},
            r"^sentences\[0\]\.stance is 'mixed', but by its themes it is 'neutral'$",
        ),
        (
            {"statements__0__stance": "neutral"},
            r"^statements\[0\]\.stance is 'neutral', but by its themes .* 'mixed'$",
        ),
        (
            {"summary__actors__0__stance": "neutral"},
            r"^summary\.actors\[0\]\.stance is 'neutral', but by its sentences",
        ),
        ({"statements__0__actor": 1}, r"^statements\[0\]\.actor is 1, not the number of one of the 1 actors, "),
        ({"statements__0__sentences__1": 3}, r"^statements\[0\]\.sentences\[1\] is 3, .* the 3 sentences, "),
        ({"summary__relations__0__mixed__0": 3}, r"^summary\.relations\[0\]\.mixed\[0\] is 3, "),
        ({"statements__0__speaker": "منیر"}, r"^statements\[0\]\.speaker .* the name of actors\[0\] is 'سلامی'$"),
        (
            {"statements__0__nested__0__kind": "indirct"},
            r"nested\[0\]\.kind is 'indirct'; did you mean 'indirect'\?$",
        ),
        ({"actors__0__kind": "xyz"}, r"^actors\[0\]\.kind is 'xyz'; valid are: person, office, body$"),
        ({"entities__0__score": 1.01}, r"^entities\[0\]\.score is 1\.01, not a number from 0 to 1$"),
        ({"schema_version": 3}, r"^schema_version is 3; this version of Sokhan reads 1 and 2$"),
    ],
)
def test_contradictions_are_told(values: dict[str, Any], told: str) -> None:
    with pytest.raises(SokhanError, match=told):
        Annotation.from_dict(changed(**values))


@pytest.mark.parametrize(
    "text", ["", "سلام", '{"text": ', "[" * 200_000, "[]", "3", "null", '{"schema_version": NaN}']
)
def test_text_that_is_no_annotation_is_refused(text: str) -> None:
    with pytest.raises(SokhanError):
        Annotation.from_json(text)


def test_version_1_is_read() -> None:
    new = EVERYTHING.to_dict()
    old = {key: new[key] for key in ("text", "entities", "sentences", "warnings")}
    annotation = Annotation.from_dict({"schema_version": 1, **old})
    assert annotation == Annotation(TEXT, EVERYTHING.entities, EVERYTHING.sentences, warnings=EVERYTHING.warnings)
    assert annotation.to_dict()["schema_version"] == 2


def test_rows_of_batch_are_read_as_they_are() -> None:
    row = {"id": "17", **EVERYTHING.to_dict(), "origin": "news.jsonl:17", "source": {}, "models": {}, "error": None}
    assert Annotation.from_dict(row) == EVERYTHING
    with pytest.raises(SokhanError, match=r"^entities is null, not a list$"):
        Annotation.from_dict(row | {"entities": None, "error": "not UTF-8"})


def test_the_documented_example_is_true() -> None:
    seed = (ROOT / "seeds" / "seed.txt").read_text(encoding="utf-8")
    documented = (ROOT / "docs" / "output.md").read_text(encoding="utf-8")
    parts = {**SCHEMA["properties"], "nested": SCHEMA["$defs"]["statement"]["properties"]["nested"]}
    shown = set()
    for block in re.findall(r"```json\n(.*?)```", documented, re.S):
        part = json.loads(block)
        text = part.get("text", seed)
        Draft202012Validator({"properties": parts, "additionalProperties": False, "$defs": SCHEMA["$defs"]}).validate(
            part
        )
        for _, container, key in places(part):
            if key == "start" and "text" in container:
                assert text[container["start"] : container["end"]] == container["text"]
        shown |= part.keys()
    assert shown >= {"entities", "sentences", "actors", "statements", "nested", "summary"}
    keys = set(SCHEMA["properties"]) | {
        key for kind in SCHEMA["$defs"].values() for key in kind.get("properties", {}) if key != "spans"
    }
    assert not {key for key in keys if f"`{key}`" not in documented}
