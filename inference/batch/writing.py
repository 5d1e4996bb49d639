"""Parts: files of rows as JSONL or Parquet, each whole or not there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from inference.batch.rows import Row, parquet_schema, to_json
from inference.escaping import all_encodable
from inference.whole_file import whole_file

Format = Literal["jsonl", "parquet"]
Write = Callable[[Sequence[Row]], None]

PART_NAME = re.compile(r"part-\d{5,}\.(jsonl|parquet)")
_ROW_GROUP_BYTES = 64 << 20


def part_name(number: int, kind: Format) -> str:
    """Name of a part, from 0; names sort in the order of the documents."""
    return f"part-{number:05d}.{kind}"


@contextmanager
def part(path: Path, kind: Format, models: Iterable[str]) -> Iterator[Write]:
    """A function that appends rows to a part; the part appears under its name when the block ends well."""
    with whole_file(path) as file, _jsonl(file) if kind == "jsonl" else _parquet(file, models) as write:
        yield write


@contextmanager
def _jsonl(file: BinaryIO) -> Iterator[Write]:
    def write(rows: Sequence[Row]) -> None:
        for row in rows:
            file.write(to_json(row) + b"\n")

    yield write


@contextmanager
def _parquet(file: BinaryIO, models: Iterable[str]) -> Iterator[Write]:
    schema = parquet_schema(models)
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        pending: list[pa.RecordBatch] = []

        def flush() -> None:
            writer.write_table(pa.Table.from_batches(pending, schema))
            pending.clear()

        def write(rows: Sequence[Row]) -> None:
            pending.append(_record_batch(rows, schema))
            # Row groups are read as wholes: large enough to be quick, small enough for memory.
            if sum(batch.nbytes for batch in pending) >= _ROW_GROUP_BYTES:
                flush()

        yield write
        if pending:
            flush()


def _record_batch(rows: Sequence[Row], schema: pa.Schema) -> pa.RecordBatch:
    flat = [{**row, "source": to_json(row["source"]).decode()} for row in rows]
    try:
        return pa.RecordBatch.from_pylist(flat, schema)
    except UnicodeEncodeError:
        # Parquet's strings can't hold lone surrogates.
        return pa.RecordBatch.from_pylist(all_encodable(flat), schema)
