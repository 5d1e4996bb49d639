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
from annotation_cases import EVERYTHING, annotations
from hostile_text import mutations
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from inference import Annotation, Annotator, SokhanError, annotate

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((resources.files("inference") / "annotation.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
TEXT = EVERYTHING.text
LINE, SECOND = (sentence.start for sentence in EVERYTHING.sentences[1:])


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
