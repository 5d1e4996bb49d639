"""A batch job from its inputs to its last part; killed at any moment, it goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from tqdm import tqdm

from inference import __version__
from inference.batch.annotating import Engine, annotate_batches
from inference.batch.ids import SeenIds
from inference.batch.inputs import Input, fingerprints
from inference.batch.manifest import JobKey, Manifest, Part
from inference.batch.output import IDS_FILE, clear, locked, prepared
from inference.batch.reading import Fields, Record, read
from inference.batch.rows import Row
from inference.batch.writing import Format, part, part_name


class ErrorLimitError(Exception):
    """There are more error rows than were allowed; the parts before are whole and recorded."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to do.

    Attributes:
        inputs: Files and folders, in order.
        out: The output folder.
        fields: Names of the fields to read.
        format: Format of the parts.
        part_size: Documents of a part, the last one excepted.
        batch_size: Documents that are annotated together; parts end a batch.
        max_errors: Error rows to bear, `None` for any number.
        restart: Delete what an earlier job left in `out`.
        min_score: Entities and themes with a lower score are left out by the engine.
    """

    inputs: tuple[Input, ...]
    out: Path
    fields: Fields = field(default_factory=Fields)
    format: Format = "jsonl"
    part_size: int = 1000
    batch_size: int = 32
    max_errors: int | None = None
    restart: bool = False
    min_score: float = 0.0

    @property
    def options(self) -> dict[str, str | float | None]:
        """The options that decide what is written."""
        return {
            "--format": self.format,
            "--part-size": self.part_size,
            "--text-field": self.fields.text,
            "--title-field": self.fields.title,
            "--id-field": self.fields.id,
            # 0 leaves nothing out, as in jobs begun before the option was there.
            "--min-score": self.min_score or None,
        }


def run_job(job: Job, make_engine: Callable[[], Engine], check_stop: Callable[[], None]) -> Manifest:
    """Do what is left of a job. Shows a progress bar on a terminal.

    Args:
        job: What to do.
        make_engine: Loads the models, once the folder is known to be free.
        check_stop: Called at moments good for stopping; may raise what it likes, and is not caught.

    Returns:
        The finished manifest.

    Raises:
        SokhanError: If the folder is taken or holds another job, or an input can't be read.
        ErrorLimitError: If there are more than `job.max_errors` error rows.
    """
    with locked(job.out):
        inputs = tuple(fingerprints(job.inputs, check_stop))
        engine = make_engine()
        if job.restart:
            clear(job.out)
        key = JobKey(__version__, dict(engine.model_hashes), inputs, job.options)
        manifest = prepared(job.out, key)
        if manifest.errors:
            _check_errors(job, manifest.errors, f"among the {len(manifest.parts)} parts already written")
        if manifest.finished:
            return manifest
        expected = sum(entry.documents for entry in inputs)
        with tqdm(desc="annotating", total=expected, initial=manifest.documents, unit="doc", disable=None) as bar:
            return _Run(job, engine, manifest, check_stop, bar).finish()


class _Run:
    def __init__(
        self, job: Job, engine: Engine, manifest: Manifest, check_stop: Callable[[], None], bar: tqdm[Any]
    ) -> None:
        self._job, self._engine, self._manifest, self._bar = job, engine, manifest, bar
        self._check_stop = check_stop
        self._ids = SeenIds(job.out / IDS_FILE, manifest.documents)
        self._errors = manifest.errors

    def finish(self) -> Manifest:
        job = self._job
        records = self._ids.check(read(job.inputs, job.fields, skip=self._manifest.documents))
        rows = annotate_batches(self._engine, _batches(records, job.part_size, job.batch_size))
        while (first := self._next(rows)) is not None:
            self._write_part(first, rows)
        self._record(finished=True)
        return self._manifest

    def _write_part(self, first: list[Row], following: Iterator[list[Row]]) -> None:
        """Write a part of `first` and as many of the following batches as it holds, then record it."""
        job = self._job
        name = part_name(len(self._manifest.parts), job.format)
        ids: list[str] = []
        errors_before = self._errors
        with part(job.out / name, job.format, self._engine.model_hashes) as write:
            rows: list[Row] | None = first
            while rows is not None:
                self._count_errors(rows)
                write(rows)
                ids += [row["id"] for row in rows]
                self._bar.update(len(rows))
                rows = self._next(following) if len(ids) < job.part_size else None
        self._ids.save(ids)
        size = (job.out / name).stat().st_size
        self._record(Part(name, size, len(ids), self._errors - errors_before))

    def _next(self, rows: Iterator[list[Row]]) -> list[Row] | None:
        self._check_stop()
        return next(rows, None)

    def _record(self, done: Part | None = None, finished: bool = False) -> None:
        parts = (*self._manifest.parts, *([done] if done else []))
        self._manifest = replace(self._manifest, parts=parts, finished=finished)
        self._manifest.save(self._job.out)

    def _count_errors(self, rows: list[Row]) -> None:
        for row in rows:
            if row["error"] is not None:
                self._errors += 1
                _check_errors(self._job, self._errors, f"{row['origin']}: {row['error']}")


def _check_errors(job: Job, errors: int, last: str) -> None:
    if job.max_errors is not None and errors > job.max_errors:
        raise ErrorLimitError(f"stopped at error row {errors}, --max-errors is {job.max_errors}; the last is {last}")


def _batches(records: Iterable[Record], part_size: int, batch_size: int) -> Iterator[list[Record]]:
    """Batches of records, none across two parts: a resumed job sees the same ones as an unbroken one."""
    iterator = iter(records)
    while True:
        for start in range(0, part_size, batch_size):
            batch = list(islice(iterator, min(batch_size, part_size - start)))
            if not batch:
                return
            yield batch
