"""Rows of the output: an annotation, or the reason why there is none, with what came along."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from inference.annotation import SCHEMA_VERSION, Annotation
from inference.batch.reading import Record

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


def annotated_row(record: Record, annotation: Annotation, models: Mapping[str, str]) -> Row:
    """The row of a document that was annotated: the fields of `Annotation.to_dict()` and ours."""
    return {"id": record.id, **annotation.to_dict(), **_trailing(record, models, None)}


def error_row(record: Record, error: str, models: Mapping[str, str]) -> Row:
    """The row of a document that was not annotated: same fields, but none found, and the reason."""
    nothing = {"entities": None, "sentences": None, "warnings": None}
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
