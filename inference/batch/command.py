"""`sokhan batch`: the command line of a batch job."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inference.engine_options import add_engine_options, make_annotator
from inference.errors import SokhanError
from inference.visible import visible

if TYPE_CHECKING:
    from inference.annotation import Annotation
    from inference.annotator import Annotator

EXIT_ERROR_ROWS = 3
EXIT_TOO_MANY_ERRORS = 4
_SIGNALLED = 128
"""Shells report a process that signal N ended as 128 + N."""

_DESCRIPTION = """\
Annotate whole collections: JSONL (.jsonl, .ndjson), Parquet (.parquet), folders of .txt, or globs of them.
One row a document, in parts that are whole or not there. Killed, it goes on when it is run again."""
_EPILOG = "Exit code: 0 all annotated, 3 with error rows, 4 stopped by --max-errors, 2 can't work at all."


def add_parser(subparsers: Any) -> None:
    """Add `batch` to the subcommands of `sokhan`; the parsed arguments carry `run`."""
    parser = subparsers.add_parser(
        "batch", help="annotate whole collections", description=_DESCRIPTION, epilog=_EPILOG
    )
    parser.add_argument("inputs", nargs="+", metavar="IN", help="a file, a folder of .txt files, or a glob")
    parser.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="folder for the parts and the manifest"
    )
    parser.add_argument("--format", choices=("jsonl", "parquet"), default="jsonl", help="of the parts (jsonl)")
    parser.add_argument("--text-field", default="text", metavar="NAME", help="field or column of the text (text)")
    parser.add_argument("--title-field", metavar="NAME", help="field of a title, which becomes the first line")
    parser.add_argument("--id-field", default="id", metavar="NAME", help="field of the id (id); missing: file:line")
    parser.add_argument("--part-size", type=_positive, default=1000, metavar="N", help="documents of a part (1000)")
    parser.add_argument("--batch-size", type=_positive, default=32, metavar="N", help="annotated together (32)")
    parser.add_argument("--max-errors", type=_count, metavar="N", help="stop at the first error row after N")
    parser.add_argument("--restart", action="store_true", help="delete an earlier job's parts in DIR and begin anew")
    add_min_score(parser)
    add_engine_options(parser)
    parser.set_defaults(run=run)


def add_min_score(parser: argparse.ArgumentParser) -> None:
    """Add `--min-score`, which means the same to all commands that annotate."""
    parser.add_argument(
        "--min-score",
        type=_probability,
        default=0.0,
        metavar="P",
        help="leave out entities and themes with a lower score, 0 to 1 (0)",
    )


def run(args: argparse.Namespace) -> int:
    """Run the job that the arguments describe; returns the exit code.

    Raises:
        SokhanError: If the job can't be done at all.
    """
    # pyarrow and torch are loaded here, not for `sokhan --help`.
    from inference.batch.inputs import find_inputs
    from inference.batch.job import ErrorLimitError, Job, run_job
    from inference.batch.reading import Fields
    from inference.batch.signals import StoppedError, noted_signals

    def make_engine() -> Any:
        return _Choosy(make_annotator(args), args.min_score)

    try:
        job = Job(
            inputs=tuple(find_inputs(args.inputs, args.out)),
            out=args.out,
            fields=Fields(args.text_field, args.title_field, args.id_field),
            format=args.format,
            part_size=args.part_size,
            batch_size=args.batch_size,
            max_errors=args.max_errors,
            restart=args.restart,
            min_score=args.min_score,
        )
        with noted_signals() as check_stop:
            done = run_job(job, make_engine, check_stop)
    except ErrorLimitError as error:
        print(f"sokhan: {visible(str(error))}", file=sys.stderr)
        return EXIT_TOO_MANY_ERRORS
    except StoppedError as error:
        print(f"sokhan: {error}; run the same command again to go on", file=sys.stderr)
        return _SIGNALLED + error.signum
    except KeyboardInterrupt:
        print("sokhan: interrupted; run the same command again to go on", file=sys.stderr)
        return _SIGNALLED + signal.SIGINT
    except OSError as error:
        raise SokhanError(f"{error.filename or args.out}: {error.strerror or error}") from error
    print(f"{done.documents} documents, {done.errors} of them error rows, in {len(done.parts)} parts in {args.out}")
    return EXIT_ERROR_ROWS if done.errors else 0


class _Choosy:
    """An annotator that leaves out what has a score below `min_score`."""

    def __init__(self, annotator: Annotator, min_score: float) -> None:
        self._annotator, self._min_score = annotator, min_score
        self.model_hashes = annotator.model_hashes

    def annotate_many(self, texts: Sequence[str]) -> list[Annotation]:
        return self._annotator.annotate_many(texts, self._min_score)


def _probability(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"'{value}' is not a number from 0 to 1")
    return number


def _count(value: str) -> int:
    if not value.isdecimal():
        raise argparse.ArgumentTypeError(f"'{value}' is not a whole number")
    return int(value)


def _positive(value: str) -> int:
    number = _count(value)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1 is needed")
    return number
