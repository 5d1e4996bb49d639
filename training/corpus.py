"""Tools for annotated corpora.

    python -m training.corpus check seeds/                  every mistake with file, line and reason
    python -m training.corpus stats seeds/                  how much of what there is
    python -m training.corpus compile drafts/*.txt --out seeds/      markup to JSONL
    python -m training.corpus render seeds/border.jsonl     JSONL back to markup

The markup is explained in `training.markup`, the JSONL in `docs/format.md`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text
from tqdm import tqdm

from inference.document import sentence_offsets
from inference.errors import EXIT_USAGE, SokhanError
from inference.labels import SIDES, side, stance
from inference.textfile import write_whole
from training.articles import Article
from training.checking import check_corpus
from training.formats import dev_ids, read_articles
from training.markup import parse, render
from training.scoring import in_scheme_order


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


def count(articles: Iterable[Article]) -> dict[str, Counter[str]]:
    """Counts of `all` (articles, sentences, words), `entities`, `themes`, `sides` and `stances`."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("all", "entities", "themes", "sides", "stances")}
    for article in articles:
        sentences = article.sentences or ()
        counts["all"].update(articles=1, sentences=len(sentences), words=len(article.text.split()))
        counts["entities"].update(span.label for span in article.entities or ())
        for themes in (sentence.themes for sentence in sentences):
            if themes is not None:
                counts["themes"].update(themes)
                counts["sides"].update({side(theme) for theme in themes} & set(SIDES))
                counts["stances"][stance(themes)] += 1
    return counts


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 2 where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m training.corpus", description="Tools for annotated corpora.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="name every mistake with file, line and reason")
    check.add_argument("--any-labels", action="store_true", help="labels and themes may differ from the scheme's")
    stats = commands.add_parser("stats", help="count articles, labels, themes")
    rendering = commands.add_parser("render", help="print articles as markup")
    for command in (check, stats, rendering):
        command.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a corpus file or folder")
    compiling = commands.add_parser("compile", help="turn markup into JSONL, one file a topic")
    compiling.add_argument("paths", nargs="+", type=Path, metavar="DRAFT", help="a markup file")
    compiling.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the JSONL")
    options = parser.parse_args(arguments)
    try:
        return {"check": _check, "stats": _stats, "render": _render, "compile": _compile}[options.command](options)
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
    columns: dict[str, dict[str, Counter[str]]] = {}
    for path in options.paths:
        name = str(path)
        if dev_ids(path) is None:
            columns[name] = count(read_articles(path))
        else:
            columns[f"{name} train"] = count(read_articles(path, "train"))
            columns[f"{name} dev"] = count(read_articles(path, "dev"))
    table = Table()
    table.add_column("")
    for name in columns:
        table.add_column(Text(name), justify="right")
    for part in ("all", "entities", "themes", "sides", "stances"):
        table.add_section()
        for row in in_scheme_order({key for counts in columns.values() for key in counts[part]}):
            table.add_row(Text(row), *(f"{counts[part][row]:,}" for counts in columns.values()))
    Console().print(table)
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
