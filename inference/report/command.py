"""`sokhan report`: the command line of a report on an archive."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from inference.errors import SokhanError
from inference.textfile import check_writable, write_whole
from inference.visible import visible

_DESCRIPTION = """\
Who says what in an annotated archive: speakers by theme and month, who threatens or courts whom, and the passages.
Reads what `sokhan batch` wrote and makes one page that needs no network."""


def add_parser(subparsers: Any) -> None:
    """Add `report` to the subcommands of `sokhan`; the parsed arguments carry `run`."""
    parser = subparsers.add_parser(
        "report",
        help="report on an annotated archive",
        description=_DESCRIPTION,
        epilog="Exit code: 0 done, 2 can't be done.",
    )
    parser.add_argument("parts", nargs="+", type=Path, metavar="PART", help="part of `sokhan batch`, or their folder")
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="the page, written whole or not at all")
    parser.add_argument("--date-field", metavar="NAME", help="field of the documents with their date (published)")
    parser.add_argument("--csv", type=Path, metavar="FOLDER", help="write all counts as CSV tables as well")
    parser.add_argument("--top", type=_positive, default=20, metavar="N", help="speakers on the page (20)")
    parser.add_argument("--passages", type=_positive, default=3, metavar="N", help="passages for each count (3)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the report that the arguments describe; returns the exit code.

    Raises:
        SokhanError: If it can't be done.
    """
    # pyarrow is loaded here, not for `sokhan --help`.
    from inference.report.findings import DATE_FIELD, find
    from inference.report.page import render
    from inference.report.reading import find_parts, unfinished
    from inference.report.tables import write_tables

    check_writable(args.output)
    parts = find_parts(args.parts)
    if Path(args.output).resolve() in {part.resolve() for part in parts}:
        raise SokhanError(f"{args.output} is one of the parts; name another file to write")
    for folder in unfinished(args.parts):
        print(visible(f"sokhan: the job in {folder} is not finished; its parts so far are read"), file=sys.stderr)
    findings = find(parts, args.date_field, args.top, args.passages)
    page = render(findings, [str(part) for part in args.parts], args.date_field or DATE_FIELD)
    if args.csv is not None:
        write_tables(findings, args.csv)
    write_whole(args.output, page.encode("utf-8"))
    counts = findings.counts
    done = f"{counts.documents} documents, {counts.failed} of them error rows, {len(counts.actors)} speakers"
    print(visible(f"{done}: {args.output}"))
    return 0


def _positive(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"'{value}' is not a whole number of at least 1")
    return int(value)
