"""Documents of a job: one record a JSONL line, Parquet row or `.txt` file, good or bad."""

from __future__ import annotations

import base64
import codecs
import datetime
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from inference.batch.inputs import Input, parquet_file
from inference.errors import SokhanError, nearest
from inference.textfile import decode

DEFAULT_ID = "id"

_ROWS_AT_ONCE = 256
_TYPES = {dict: "an object", list: "an array", bool: "a boolean", int: "a number", float: "a number", str: "a string"}
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@dataclass(frozen=True, slots=True)
class Fields:
    """Names of the fields, or columns, that are read.

    Attributes:
        text: The text.
        title: The title, if it is a field of its own.
        id: The id; a document may lack it.
    """

    text: str = "text"
    title: str | None = None
    id: str = DEFAULT_ID


@dataclass(frozen=True, slots=True)
class Record:
    """A document as it was read.

    Attributes:
        id: Its id, or `origin` where it has none.
        origin: Where it stands: `file:line`, `file:row` (both from 1), or the path of a `.txt` file.
        text: What is annotated: the text, with the title as first line; `None` if there is none.
        source: All other fields, as JSON values.
        error: Why it can't be annotated.
    """

    id: str
    origin: str
    text: str | None
    source: dict[str, Any]
    error: str | None = None


_Reader = Callable[[], Record]


def read(inputs: Sequence[Input], fields: Fields, skip: int = 0) -> Iterator[Record]:
    """The documents of all inputs in order, without the first `skip`. A bad one is a record with an error.

    Raises:
        SokhanError: If a Parquet file lacks a column, or is broken.
    """
    unread = chain.from_iterable(_unread(found, fields) for found in inputs)
    for reader in islice(unread, skip, None):
        yield reader()


def _unread(found: Input, fields: Fields) -> Iterator[_Reader]:
    if found.kind == "txt":
        return (partial(_from_file, path) for path in found.files)
    return (_unread_lines if found.kind == "jsonl" else _unread_rows)(found.files[0], fields)


def _from_file(path: Path) -> Record:
    try:
        text = decode(str(path), path.read_bytes())
    except SokhanError as error:
        return _bad(str(path), str(error))
    return Record(str(path), str(path), text, {})


def _unread_lines(path: Path, fields: Fields) -> Iterator[_Reader]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            content = (line.removeprefix(codecs.BOM_UTF8) if number == 1 else line).strip()
            if content:
                yield partial(_from_line, f"{path}:{number}", content, fields)


def _from_line(origin: str, line: bytes, fields: Fields) -> Record:
    try:
        value = _plain(json.loads(line.decode("utf-8", "surrogatepass")))
    except UnicodeDecodeError as error:
        return _bad(origin, f"the line is not UTF-8 (byte {error.start + 1})")
    except json.JSONDecodeError as error:
        return _bad(origin, f"the line is not JSON: {error.msg} (column {error.colno})")
    except ValueError as error:  # a number of thousands of digits
        return _bad(origin, f"the line can't be read: {error}")
    except RecursionError:
        return _bad(origin, "the line is nested too deep")
    if not isinstance(value, dict):
        return _bad(origin, f"the line is {_type_name(value)}, not an object")
    return _from_values(origin, value, fields)


def _unread_rows(path: Path, fields: Fields) -> Iterator[_Reader]:
    file = parquet_file(path)
    _check_columns(path, file.schema_arrow, fields)
    number = 0
    try:
        for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE):
            microseconds = _in_microseconds(batch)
            for index in range(len(batch)):
                number += 1
                yield partial(_from_row, f"{path}:{number}", microseconds, index, fields)
    except (pa.ArrowException, OSError) as error:
        raise SokhanError(f"{path} is broken after row {number}: {str(error).splitlines()[0]}") from error


def _check_columns(path: Path, schema: pa.Schema, fields: Fields) -> None:
    """A column that is missing or of the wrong type would make every row an error."""
    needed = [
        fields.text,
        *([fields.title] if fields.title else []),
        *([fields.id] if fields.id != DEFAULT_ID else []),
    ]
    for name in needed:
        if name not in schema.names:
            raise SokhanError(f"{path} has no column '{name}'{nearest(name, schema.names)}")
    kind = schema.field(fields.text).type
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    strings = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_null)
    if not any(is_kind(kind) for is_kind in strings):
        raise SokhanError(f"column '{fields.text}' of {path} has the type {kind}, not string")


def _in_microseconds(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Python's times know no nanoseconds, and a column that has some could not be read at all."""
    columns = []
    for column in batch.columns:
        kind = column.type
        if pa.types.is_timestamp(kind) and kind.unit == "ns":
            column = column.cast(pa.timestamp("us", kind.tz), safe=False)
        elif pa.types.is_duration(kind) and kind.unit == "ns":
            column = column.cast(pa.duration("us"), safe=False)
        elif pa.types.is_time(kind) and kind == pa.time64("ns"):
            column = column.cast(pa.time64("us"), safe=False)
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _from_row(origin: str, batch: pa.RecordBatch, index: int, fields: Fields) -> Record:
    try:
        values = _plain(batch.slice(index, 1).to_pylist()[0])
    except (ValueError, OverflowError) as error:  # bytes that are not UTF-8, a date after the year 9999
        return _bad(origin, f"the row can't be read: {error}")
    return _from_values(origin, values, fields)


def _from_values(origin: str, values: Mapping[str, Any], fields: Fields) -> Record:
    source = dict(values)
    text = source.pop(fields.text) if isinstance(values.get(fields.text), str) else None
    given = values.get(fields.id)
    has_id = isinstance(given, str | int) and not isinstance(given, bool) and given != ""
    if has_id:
        del source[fields.id]
    document_id = str(given) if has_id else origin
    title = values.get(fields.title) if fields.title else None
    error = None
    if given not in (None, "") and not has_id:
        error = f"its id, field '{fields.id}', is {_type_name(given)}, neither a string nor a whole number"
    elif fields.text not in values:
        error = f"it has no text: there is no field '{fields.text}'{nearest(fields.text, values)}"
    elif text is None:
        wrong = values[fields.text]
        error = "it has no text" if wrong is None else "its text is not a string"
        error += f": field '{fields.text}' is {_type_name(wrong)}"
    elif title is not None and not isinstance(title, str):
        error = f"its title is not a string: field '{fields.title}' is {_type_name(title)}"
    elif title:
        text = " ".join(title.splitlines()) + "\n" + text
    return Record(document_id, origin, None if text is None else _paired(text), source, error)


def _bad(origin: str, error: str) -> Record:
    return Record(origin, origin, None, {}, error)


def _type_name(value: object) -> str:
    return _TYPES.get(type(value), "null")


def _paired(text: str) -> str:
    """Two surrogates that make one character become it, as they would for any reader of our rows."""
    if not _PAIR.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _plain(value: Any) -> Any:
    """A value that JSON can express: times in ISO 8601, bytes in base64, decimals as strings, NaN as null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)
