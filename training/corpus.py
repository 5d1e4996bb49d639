"""Tools for annotated corpora.

    python -m training.corpus check seeds/                  every mistake with file, line and reason
    python -m training.corpus stats seeds/                  the tables of the data card
    python -m training.corpus agreement FIRST SECOND        how far two annotators agree
    python -m training.corpus compile drafts/*.txt --out seeds/      markup to JSONL
    python -m training.corpus render seeds/border.jsonl     JSONL back to markup

The markup is explained in `training.markup`, the JSONL in `docs/format.md`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tqdm import tqdm

from inference.document import sentence_offsets
from inference.errors import EXIT_USAGE, SokhanError
from inference.textfile import write_whole
from training.agreement import agreement
from training.articles import Article
from training.checking import check_corpus
from training.corpus_stats import agreement_table, counts_table, parts_of, print_table, variety_table
from training.formats import read_articles
from training.markup import parse, render


def compile_drafts(drafts: Sequence[Path], out: Path) -> list[Path]:
    """Turn markup files into JSONL, one file a draft, under the same name.

    Raises:
        SokhanError: If a draft is wrong, or our sentences differ from its lines.
    """
    compiled: dict[str, list[Article]] = {}
    for draft in drafts:
        if draft.stem in compiled:
            raise SokhanError(f"{draft}: another draft is named '{draft.stem}' too; one file a topic")
        compiled[draft.stem] = list(parse(draft))
        for article in compiled[draft.stem]:
            _require_our_sentences(article)
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, articles in compiled.items():
        written.append(out / f"{name}.jsonl")
        lines = (json.dumps(article.to_dict(), ensure_ascii=False) + "\n" for article in articles)
        write_whole(written[-1], "".join(lines).encode())
    return written


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 2 where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m training.corpus", description="Tools for annotated corpora.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="name every mistake with file, line and reason")
    check.add_argument("--any-labels", action="store_true", help="labels and themes may differ from the scheme's")
    stats = commands.add_parser("stats", help="the tables of a data card, and how varied the language is")
    stats.add_argument(
        "--beside",
        type=Path,
        action="append",
        default=[],
        metavar="PATH",
        help="a corpus of the real thing: its figures beside, and how well a classifier tells the two apart",
    )
    stats.add_argument("--draw", type=Path, metavar="PNG", help="also draw the figures")
    agreeing = commands.add_parser("agreement", help="how far two annotations of the same articles agree")
    agreeing.add_argument("paths", nargs=2, type=Path, metavar="PATH", help="a first and a second annotation")
    rendering = commands.add_parser("render", help="print articles as markup")
    for command in (check, stats, rendering):
        command.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a corpus file or folder")
    compiling = commands.add_parser("compile", help="turn markup into JSONL, one file a topic")
    compiling.add_argument("paths", nargs="+", type=Path, metavar="DRAFT", help="a markup file")
    compiling.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the JSONL")
    options = parser.parse_args(arguments)
    commands_by_name = {
        "check": _check,
        "stats": _stats,
        "agreement": _agreement,
        "render": _render,
        "compile": _compile,
    }
    try:
        return commands_by_name[options.command](options)
    except SokhanError as error:
        print(f"sokhan: {error}", file=sys.stderr)
        return EXIT_USAGE


def _check(options: argparse.Namespace) -> int:
    problems = list(tqdm(check_corpus(options.paths, options.any_labels), "problems", unit="", disable=None))
    for problem in problems:
        print(problem)
    if problems:
        print(f"sokhan: {len(problems)} problem{'s' if len(problems) > 1 else ''}", file=sys.stderr)
    return EXIT_USAGE if problems else 0


def _stats(options: argparse.Namespace) -> int:
    parts = parts_of(options.paths)
    beside = {f"{path.parent.name}/{path.stem}": read_articles(path) for path in options.beside}
    print_table(counts_table(parts))
    print_table(variety_table(parts, beside))
    if options.draw:
        from training.corpus_pictures import draw_corpus  # matplotlib takes a second

        draw_corpus(parts, beside, options.draw)
        print(f"drawn: {options.draw}")
    return 0


def _agreement(options: argparse.Namespace) -> int:
    print_table(agreement_table(agreement(*(read_articles(path) for path in options.paths))))
    return 0


def _render(options: argparse.Namespace) -> int:
    print("\n".join(render(article) for path in options.paths for article in read_articles(path)), end="")
    return 0


def _compile(options: argparse.Namespace) -> int:
    for file in compile_drafts(options.paths, options.out):
        print(file)
    return 0


def _require_our_sentences(article: Article) -> None:
    ours: Iterator[tuple[int, int]] = ((start, end) for start, end, _ in sentence_offsets(article.text))
    for sentence, place in zip(article.sentences or (), ours, strict=False):
        if (sentence.start, sentence.end) != place:
            line = article.text[sentence.start : sentence.end]
            raise SokhanError(
                f"{article.source}: article '{article.id}': the line '{line[:60]}' is not one sentence of ours; "
                "a sentence ends at '.', '!', '?' or '؟' before a blank, and at the end of a line"
            )


if __name__ == "__main__":
    sys.exit(main())
