"""Rows of the output: an annotation, or the reason why there is none, with what came along."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from inference.annotation import Annotation
from inference.batch.reading import Record
from inference.json_form import SCHEMA_VERSION

Row = dict[str, Any]

_SCORED = pa.struct({"name": pa.string(), "score": pa.float64()})
_ENTITY = pa.struct(
    {"start": pa.int64(), "end": pa.int64(), "label": pa.string(), "text": pa.string(), "score": pa.float64()}
)
_SENTENCE = pa.struct(
    {
        "start": pa.int64(),
        "end": pa.int64(),
        "text": pa.string(),
        "themes": pa.list_(_SCORED),
        "stance": pa.string(),
        "speaker": pa.string(),
    }
)

_SPAN = pa.struct({"start": pa.int64(), "end": pa.int64(), "text": pa.string()})
_ATTESTED = pa.struct({"text": pa.string(), "spans": pa.list_(_SPAN)})
_ACTOR = pa.struct(
    {
        "name": pa.string(),
        "kind": pa.string(),
        **{
            name: pa.list_(_ATTESTED)
            for name in ("names", "ranks", "positions", "organizations", "countries", "mentions_by_office")
        },
        "references": pa.list_(_SPAN),
    }
)
_NESTED = pa.struct({"speaker": _SPAN, "kind": pa.string(), "cue": pa.list_(_SPAN), "content": pa.list_(_SPAN)})
_STATEMENT = pa.struct(
    {
        "start": pa.int64(),
        "end": pa.int64(),
        "actor": pa.int64(),
        "speaker": pa.string(),
        "kind": pa.string(),
        "mention": _SPAN,
        "cue": pa.list_(_SPAN),
        "content": pa.list_(_SPAN),
        "sentences": pa.list_(pa.int64()),
        "themes": pa.list_(_SCORED),
        "stance": pa.string(),
        "addressees": pa.list_(_SPAN),
        "nested": pa.list_(_NESTED),
    }
)
_COUNTS = {name: pa.list_(pa.int64()) for name in ("cooperative", "threatening", "mixed", "neutral")}
_SUMMARY = pa.struct(
    {
        "actors": pa.list_(pa.struct({"actor": pa.int64(), "stance": pa.string(), **_COUNTS})),
        "relations": pa.list_(
            pa.struct(
                {"actor": pa.int64(), "target": pa.string(), "label": pa.string(), "stance": pa.string(), **_COUNTS}
            )
        ),
    }
)


def annotated_row(record: Record, annotation: Annotation, models: Mapping[str, str]) -> Row:
    """The row of a document that was annotated: the fields of `Annotation.to_dict()` and ours."""
    return {"id": record.id, **annotation.to_dict(), **_trailing(record, models, None)}


def error_row(record: Record, error: str, models: Mapping[str, str]) -> Row:
    """The row of a document that was not annotated: same fields, but none found, and the reason."""
    names = ("entities", "sentences", "actors", "statements", "summary", "warnings")
    nothing = dict.fromkeys(names)
    found = {"schema_version": SCHEMA_VERSION, "text": record.text, **nothing}
    return {"id": record.id, **found, **_trailing(record, models, error)}


def _trailing(record: Record, models: Mapping[str, str], error: str | None) -> Row:
    return {"origin": record.origin, "source": record.source, "models": dict(models), "error": error}


def parquet_schema(models: Iterable[str]) -> pa.Schema:
    """Columns of a row in Parquet: those of the JSON form, with `source` as JSON text."""
    return pa.schema(
        {
            "id": pa.string(),
            "schema_version": pa.int32(),
            "text": pa.string(),
            "entities": pa.list_(_ENTITY),
            "sentences": pa.list_(_SENTENCE),
            "actors": pa.list_(_ACTOR),
            "statements": pa.list_(_STATEMENT),
            "summary": _SUMMARY,
            "warnings": pa.list_(pa.string()),
            "origin": pa.string(),
            "source": pa.string(),
            "models": pa.struct({name: pa.string() for name in models}),
            "error": pa.string(),
        }
    )


def to_json(value: Any) -> bytes:
    """JSON in UTF-8 on one line. Persian stays readable, lone surrogates are escaped."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "backslashreplace")
