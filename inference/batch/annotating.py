"""The step between reading and writing: batches of records in, batches of rows out.

Another engine, faster or elsewhere, takes this step's place by having the two members of `Engine`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from inference.annotation import Annotation
from inference.batch.reading import Record
from inference.batch.rows import Row, annotated_row, error_row


class Engine(Protocol):
    """What annotates; `inference.Annotator` is one."""

    @property
    def model_hashes(self) -> Mapping[str, str]:
        """SHA-256 of each model, by its name."""

    def annotate_many(self, texts: Sequence[str], /) -> list[Annotation]:
        """Annotations in the order of the texts; if one text can't be annotated, it may raise."""


def annotate_batches(engine: Engine, batches: Iterable[Sequence[Record]]) -> Iterator[list[Row]]:
    """Rows of each batch, one a record, in order. A document on which the engine raises gives an error row."""
    for batch in batches:
        sound = [record for record in batch if record.error is None]
        outcomes = iter(_outcomes(engine, [record.text or "" for record in sound]))
        yield [
            _row(record, next(outcomes) if record.error is None else None, engine.model_hashes) for record in batch
        ]


def _outcomes(engine: Engine, texts: list[str]) -> list[Annotation | Exception]:
    """What became of each text: all together, or, if that raises, one by one."""
    try:
        return [*engine.annotate_many(texts)] if texts else []
    except Exception as error:
        if len(texts) == 1:
            return [error]
        return [outcome for text in texts for outcome in _outcomes(engine, [text])]


def _row(record: Record, outcome: Annotation | Exception | None, models: Mapping[str, str]) -> Row:
    if isinstance(outcome, Annotation):
        return annotated_row(record, outcome, models)
    if record.error is not None:
        return error_row(record, record.error, models)
    message = str(outcome).strip().splitlines()
    reason = f"annotating it failed: {type(outcome).__name__}" + (f": {message[0]}" if message else "")
    return error_row(record, reason, models)
