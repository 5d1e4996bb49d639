"""Flat tables in Parquet, for databases and data frames: a row for each thing, joined by `document` and numbers.

Numbers are places in the annotation, from 0. U+FFFD stands for lone surrogates, which Parquet can't hold. Speech
within speech and the summary, which can be counted from the tables, are in the JSON form only.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from inference.annotation import Actor, Annotation, Span, Theme
from inference.escaping import all_encodable
from inference.exports import Documents
from inference.marking import mentions_by_sentence, statement_by_sentence

Row = dict[str, Any]

_TEXT, _NUMBER, _SCORE = pa.string(), pa.int64(), pa.float64()
_TEXTS, _NUMBERS, _SCORES = pa.list_(_TEXT), pa.list_(_NUMBER), pa.list_(_SCORE)
_SPAN = {"start": _NUMBER, "end": _NUMBER, "text": _TEXT}
_THEMES = {"stance": _TEXT, "themes": _TEXTS, "theme_scores": _SCORES}

# The places of an actor's forms, and what a row calls each.
_ATTRIBUTES = {
    "names": "name",
    "ranks": "rank",
    "positions": "position",
    "organizations": "organization",
    "countries": "country",
    "mentions_by_office": "mention_by_office",
}


def _spans_of(name: str) -> dict[str, pa.DataType]:
    return {f"{name}_starts": _NUMBERS, f"{name}_ends": _NUMBERS, f"{name}_texts": _TEXTS}


SCHEMAS: Mapping[str, pa.Schema] = {
    name: pa.schema({"document": _TEXT, **columns})
    for name, columns in {
        "documents": {"text": _TEXT, "warnings": _TEXTS},
        "entities": {"entity": _NUMBER, "sentence": _NUMBER, "label": _TEXT, **_SPAN, "score": _SCORE},
        "sentences": {
            "sentence": _NUMBER,
            "statement": _NUMBER,
            "speaker": _TEXT,
            **_SPAN,
            **_THEMES,
        },
        "statements": {
            "statement": _NUMBER,
            "actor": _NUMBER,
            "speaker": _TEXT,
            "kind": _TEXT,
            **_SPAN,
            **_THEMES,
            "sentences": _NUMBERS,
            **{f"mention_{name}": kind for name, kind in _SPAN.items()},
            **_spans_of("cue"),
            **_spans_of("content"),
            **_spans_of("addressee"),
        },
        "actors": {"actor": _NUMBER, "name": _TEXT, "kind": _TEXT, "attribute": _TEXT, "form": _TEXT, **_SPAN},
    }.items()
}
"""Columns of each table. A row of `actors` is one place that proves one attribute of an actor."""


def to_tables(documents: Documents) -> dict[str, pa.Table]:
    """The tables by name; all are there, with or without rows."""
    tables = {}
    for table, schema in SCHEMAS.items():
        rows = [
            {"document": name, **row} for name, annotation in documents.items() for row in _ROWS[table](annotation)
        ]
        columns = {field.name: [all_encodable(row[field.name]) for row in rows] for field in schema}
        tables[table] = pa.table(columns, schema=schema)
    return tables


def to_parquet(documents: Documents) -> dict[str, bytes]:
    """The files by name, `documents.parquet` and so on."""
    files = {}
    for name, table in to_tables(documents).items():
        file = io.BytesIO()
        pq.write_table(table, file, compression="zstd")
        files[f"{name}.parquet"] = file.getvalue()
    return files


def _document(annotation: Annotation) -> Iterator[Row]:
    yield {"text": annotation.text, "warnings": list(annotation.warnings)}


def _entities(annotation: Annotation) -> Iterator[Row]:
    sentence_of = {
        mention.start: number
        for number, (_, mentions) in enumerate(mentions_by_sentence(annotation))
        for mention in mentions
    }
    for number, entity in enumerate(annotation.entities):
        yield {
            "entity": number,
            "sentence": sentence_of.get(entity.start),
            "label": entity.label,
            "start": entity.start,
            "end": entity.end,
            "text": entity.text,
            "score": entity.score,
        }


def _sentences(annotation: Annotation) -> Iterator[Row]:
    statement_of = statement_by_sentence(annotation)
    for number, sentence in enumerate(annotation.sentences):
        yield {
            "sentence": number,
            "statement": statement_of[number],
            "speaker": sentence.speaker,
            "start": sentence.start,
            "end": sentence.end,
            "text": sentence.text,
            **_themes(sentence.stance, sentence.themes),
        }


def _statements(annotation: Annotation) -> Iterator[Row]:
    for number, statement in enumerate(annotation.statements):
        mention = statement.mention
        yield {
            "statement": number,
            "actor": statement.actor,
            "speaker": statement.speaker,
            "kind": statement.kind,
            "start": statement.start,
            "end": statement.end,
            "text": annotation.text[statement.start : statement.end],
            **_themes(statement.stance, statement.themes),
            "sentences": list(statement.sentences),
            "mention_start": mention and mention.start,
            "mention_end": mention and mention.end,
            "mention_text": mention and mention.text,
            **_pieces("cue", statement.cue),
            **_pieces("content", statement.content),
            **_pieces("addressee", statement.addressees),
        }


def _actors(annotation: Annotation) -> Iterator[Row]:
    for number, actor in enumerate(annotation.actors):
        places = list(_places(actor)) or [(None, None, None)]  # an actor is never missing from the table
        for attribute, form, span in places:
            yield {
                "actor": number,
                "name": actor.name,
                "kind": actor.kind,
                "attribute": attribute,
                "form": form,
                "start": span and span.start,
                "end": span and span.end,
                "text": span and span.text,
            }


_ROWS: Mapping[str, Callable[[Annotation], Iterator[Row]]] = {
    "documents": _document,
    "entities": _entities,
    "sentences": _sentences,
    "statements": _statements,
    "actors": _actors,
}


def _places(actor: Actor) -> Iterator[tuple[str | None, str | None, Span | None]]:
    for field, attribute in _ATTRIBUTES.items():
        for form in getattr(actor, field):
            for span in form.spans:
                yield attribute, form.text, span
    for span in actor.references:
        yield "reference", span.text, span


def _themes(stance: str, themes: Sequence[Theme]) -> Row:
    return {
        "stance": stance,
        "themes": [theme.name for theme in themes],
        "theme_scores": [theme.score for theme in themes],
    }


def _pieces(name: str, spans: Sequence[Span]) -> Row:
    return {
        f"{name}_starts": [span.start for span in spans],
        f"{name}_ends": [span.end for span in spans],
        f"{name}_texts": [span.text for span in spans],
    }
