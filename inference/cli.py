"""`sokhan`: the command line. What takes long to load is loaded by the command that needs it."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from inference import __version__
from inference.annotation import Annotation
from inference.errors import EXIT_USAGE, SokhanError, SokhanWarning
from inference.exports import EXPORTS
from inference.exports.output import check_output, write_folder
from inference.textfile import STANDARD_INPUT, check_writable, read_text, write_whole
from inference.visible import visible

_SIGNALLED = 128
"""Shells report a process that signal N ended as 128 + N."""
_SIGPIPE = 13  # not in `signal` on Windows

# JSON escapes C0 by itself; C1, DEL and bidi controls would reach a terminal as they are.
_CONTROLS = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are told as all others are."""

    def error(self, message: str) -> NoReturn:
        raise SokhanError(f"{message}; see `{self.prog} --help`")

    def _print_message(self, message: str, file: object = None) -> None:
        # argparse itself says nothing where help can't be written.
        _show(message)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (by default the process's own); returns the exit code."""
    try:
        with _plain_warnings():
            code = _run(argv)
        with _writing_output():
            sys.stdout.flush()
    except SokhanError as error:
        print(f"sokhan: {visible(str(error))}", file=sys.stderr)
        return EXIT_USAGE
    except BrokenPipeError:  # the reader has gone, as `head` does
        _drop_output()
        return _SIGNALLED + _SIGPIPE
    except KeyboardInterrupt:
        return _SIGNALLED + signal.SIGINT
    return code


@contextmanager
def _plain_warnings() -> Iterator[None]:
    """Our own warnings are told as our errors are, without a place in the code."""
    usual = warnings.formatwarning

    def plain(
        message: Warning | str, category: type[Warning], filename: str, lineno: int, line: str | None = None
    ) -> str:
        if issubclass(category, SokhanWarning):
            return f"sokhan: {visible(str(message))}\n"
        return usual(message, category, filename, lineno, line)

    warnings.formatwarning = plain
    try:
        yield
    finally:
        warnings.formatwarning = usual


def _run(argv: Sequence[str] | None) -> int:
    try:
        args = _parser().parse_args(argv)
    except SystemExit as done:  # --help and --version
        return int(done.code or 0)
    code: int = args.run(args)
    return code


def _parser() -> argparse.ArgumentParser:
    from inference.batch.command import add_parser as add_batch
    from inference.report.command import add_parser as add_report

    parser = _Parser(
        prog="sokhan",
        description="Read Persian news: who spoke, what they said, and whether it carries cooperation or threat.",
    )
    parser.add_argument("--version", action="version", version=f"sokhan {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_annotate(commands)
    add_batch(commands)
    add_report(commands)
    return parser


def _add_annotate(commands: argparse._SubParsersAction[_Parser]) -> None:
    from inference.batch.command import add_min_score
    from inference.engine_options import add_engine_options

    parser = commands.add_parser(
        "annotate",
        help="annotate one article",
        description="Annotate one article: a UTF-8 text file, or standard input where FILE is `-`.",
        epilog="Exit code: 0 done, 2 can't be done, 130 interrupted, 141 the reader of the output has gone.",
    )
    parser.add_argument("file", metavar="FILE", help="text file; - for standard input")
    parser.add_argument(
        "--format",
        choices=("text", "json", "html", *EXPORTS),
        default="text",
        help="of the output; spacy and parquet need --output; plover is experimental (text)",
    )
    parser.add_argument(
        "--output", metavar="FILE", help="write to FILE (parquet: a folder), whole or not at all, rather than show"
    )
    parser.add_argument("--json", metavar="FILE", help="write the JSON to FILE as well, whole or not at all")
    parser.add_argument(
        "--bidi",
        choices=("auto", "visual", "logical"),
        default="auto",
        help="text: visual wraps, reorders and joins letters for a terminal that does not; logical leaves that "
        "to the terminal; auto is logical off a terminal and in GNOME Terminal and other VTEs, Konsole, mlterm, "
        "Apple Terminal, mintty and Emacs, else visual (auto)",
    )
    parser.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="text: auto heeds NO_COLOR (auto)"
    )
    add_min_score(parser)
    add_engine_options(parser)
    parser.set_defaults(run=_annotate)


def _annotate(args: argparse.Namespace) -> int:
    """Read, annotate, show or write; returns the exit code."""
    _check_outputs(args)
    text = read_text(args.file)
    annotation = _annotation(text, args)
    view = _view(annotation, args)
    if args.json is not None:
        write_whole(args.json, _json(annotation).encode("utf-8"))
    if isinstance(view, dict):
        write_folder(args.output, view)
    elif args.output is not None:
        write_whole(args.output, view)
    else:
        _show(view.decode("utf-8"))
    return 0


def _check_outputs(args: argparse.Namespace) -> None:
    if args.format in EXPORTS:
        check_output(args.format, args.output)
    elif args.output is not None:
        check_writable(args.output)
    if args.json is not None:
        check_writable(args.json)
    for path in (args.output, args.json):
        if path is not None and args.file != STANDARD_INPUT and _same_file(args.file, path):
            raise SokhanError(f"{path} is the article itself; name another file to write")


def _same_file(one: str, other: str) -> bool:
    return Path(one).is_file() and Path(other).is_file() and Path(one).samefile(other)


def _annotation(text: str, args: argparse.Namespace) -> Annotation:
    from rich.console import Console

    # Seconds pass before the first word is read; on a terminal a line says so until it is done.
    with Console(stderr=True).status("loading the models") as status, _dying_of_ctrl_c(status.stop):
        from inference.engine_options import make_annotator

        annotator = make_annotator(args)
        status.update("annotating")
        return annotator.annotate(text, args.min_score)


@contextmanager
def _dying_of_ctrl_c(clean_up: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C ends the process at once: numpy and torch, while they load, swallow a `KeyboardInterrupt`."""

    def die(_signum: int, _frame: object) -> None:
        clean_up()
        os._exit(_SIGNALLED + signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    # Where the signal is ignored (nohup), or a caller minds it or runs us in a thread, it stays so.
    if before is not signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, die)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _view(annotation: Annotation, args: argparse.Namespace) -> bytes | dict[str, bytes]:
    """The output in UTF-8 or its binary format; of a format in several files, these by their names."""
    name = "stdin" if args.file == STANDARD_INPUT else Path(args.file).name
    if args.format in EXPORTS:
        return EXPORTS[args.format].load()({name: annotation})
    if args.format == "json":
        return _json(annotation).encode("utf-8")
    if args.format == "html":
        from inference import html

        return html.render(annotation, name).encode("utf-8", "backslashreplace")
    from inference import terminal

    shown = args.output is None and sys.stdout.isatty()
    look = terminal.Look(
        width=shutil.get_terminal_size().columns,
        visual=args.bidi == "visual" or (args.bidi == "auto" and shown and not terminal.does_bidi(os.environ)),
        color=args.color == "always" or (args.color == "auto" and shown and terminal.wants_color(os.environ)),
    )
    return terminal.render(annotation, name, look).encode("utf-8", "backslashreplace")


def _json(annotation: Annotation) -> str:
    written = annotation.to_json(indent=2) + "\n"
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def _show(view: str) -> None:
    """To standard output: in UTF-8, or what the terminal says that it understands."""
    encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
    with _writing_output():
        sys.stdout.buffer.write(view.encode(encoding, "backslashreplace"))
        sys.stdout.buffer.flush()


@contextmanager
def _writing_output() -> Iterator[None]:
    """Tell in a sentence why standard output can't be written."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        _drop_output()
        raise SokhanError(f"standard output can't be written: {error.strerror}") from error


def _drop_output() -> None:
    """What Python still flushes at its end goes nowhere, as it would fail again and be told."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
