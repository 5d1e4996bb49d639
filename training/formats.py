"""Reads corpora: the project's own JSONL, `tokens`/`ner_tags` JSONL, CoNLL columns; files or folders of JSONL.

>>> [article.id for article in read_articles(Path("seeds"), split="dev")][:1]
['attacks-002']
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, TypeVar

from inference.errors import SokhanError, nearest
from training.articles import Article, GoldSentence, GoldSpan
from training.json_values import as_list, kind_of, required
from training.lines import read_lines
from training.speech_formats import read_actors, read_speech
from training.token_formats import from_tokens, read_columns

__all__ = ["Article", "GoldSentence", "GoldSpan", "Split", "corpus_files", "dev_ids", "each_article", "read_articles"]

Split = Literal["train", "dev"]

SPLIT_FILE = "split.json"
"""Beside the corpus files of a folder: `{"dev": [ids]}`; all other articles are for training."""

_Spot = TypeVar("_Spot", GoldSpan, GoldSentence)


def read_articles(path: Path, split: Split | None = None) -> list[Article]:
    """All articles of a corpus.

    Args:
        path: A file in one of the three formats, or a folder, of which every `*.jsonl` is read in name order.
        split: Only the articles of this part, as the `split.json` of the folder (or beside the file) says.

    Raises:
        SokhanError: If something can't be read; names file, line and reason.
    """
    articles = [article for file in corpus_files(path) for article in _read_file(file)]
    if split is None:
        return articles
    held_out = dev_ids(path)
    if held_out is None:
        place = path if path.is_dir() else path.parent
        raise SokhanError(f"{path} can't be read as split '{split}': there is no {place / SPLIT_FILE}")
    return [article for article in articles if (article.id in held_out) == (split == "dev")]


def dev_ids(path: Path) -> frozenset[str] | None:
    """Ids that a corpus keeps out of training; None if it has no `split.json`.

    Raises:
        SokhanError: If `split.json` is not `{"dev": [ids]}`.
    """
    file = (path if path.is_dir() else path.parent) / SPLIT_FILE
    if not file.is_file():
        return None
    try:
        written = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SokhanError(f"{file} is not readable: {error}") from error
    ids = written.get("dev") if isinstance(written, dict) and set(written) == {"dev"} else None
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise SokhanError(f'{file} must be {{"dev": [ids]}}')
    return frozenset(ids)


def corpus_files(path: Path) -> list[Path]:
    """The file, or the `*.jsonl` of the folder in name order.

    Raises:
        SokhanError: If there is nothing.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        beside = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
        raise SokhanError(f"there is no file or folder {path}{nearest(path.name, beside) if beside else ''}")
    files = sorted(path.glob("*.jsonl"))
    if not files:
        raise SokhanError(f"folder {path} holds no *.jsonl file")
    return files


def each_article(file: Path) -> Iterator[Article | SokhanError]:
    """Articles of one file, and in place of each that can't be read the error, so that one can list them all."""
    try:
        _, first = next(read_lines(file), (1, ""))
        if file.suffix not in (".jsonl", ".json") and not first.lstrip().startswith("{"):
            yield from read_columns(file)
            return
        for number, line in read_lines(file):
            try:
                yield _from_line(file, number, line)
            except SokhanError as error:
                yield error
    except SokhanError as error:
        # Beyond a line that isn't text, or columns out of order, nothing can be read.
        yield error


def _read_file(file: Path) -> list[Article]:
    articles = []
    for found in each_article(file):
        if isinstance(found, SokhanError):
            raise found
        articles.append(found)
    if not articles:
        raise SokhanError(f"{file} holds no articles")
    return articles


def _from_line(file: Path, number: int, line: str) -> Article:
    source = f"{file}:{number}"
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SokhanError(f"{source}: broken JSON: {error}") from error
    if not isinstance(record, dict):
        raise SokhanError(f"{source}: an article must be a JSON object, not {kind_of(record)}")
    if "tokens" in record:
        return _from_token_record(record, source, f"{file.stem}:{number}")
    if "text" not in record:
        raise SokhanError(f"{source}: unknown format: neither 'text' nor 'tokens'{nearest('text', record)}")
    return _from_record(record, source)


def _from_token_record(record: dict[str, Any], source: str, default_id: str) -> Article:
    tokens, tags = as_list(record["tokens"], source, "tokens"), required(record, "ner_tags", source)
    tags = as_list(tags, source, "ner_tags")
    for name, values in (("tokens", tokens), ("ner_tags", tags)):
        for value in values:
            if not isinstance(value, str):
                raise SokhanError(f"{source}: '{name}' must hold strings, not {kind_of(value)}")
    name = record.get("id", default_id)
    if not isinstance(name, str):
        raise SokhanError(f"{source}: 'id' must be a string, not {kind_of(name)}")
    return from_tokens(name, tokens, tags, source)


def _from_record(record: dict[str, Any], source: str) -> Article:
    name, text = required(record, "id", source), record["text"]
    for key, value in (("id", name), ("text", text)):
        if not isinstance(value, str):
            raise SokhanError(f"{source}: '{key}' must be a string, not {kind_of(value)}")
    entities = required(record, "entities", source)
    sentences = record.get("sentences")
    return Article(
        name,
        text,
        None if entities is None else _spans(entities, text, source),
        None if sentences is None else _sentences(sentences, text, source),
        source,
        actors=read_actors(record.get("actors"), source),
    )


def _spans(written: Any, text: str, source: str) -> tuple[GoldSpan, ...]:
    spans = []
    for number, entry in enumerate(as_list(written, source, "entities"), start=1):
        place = f"{source}: entity {number}"
        start, end = _offsets(entry, text, place)
        label = required(entry, "label", place)
        if not isinstance(label, str) or not label or any(c.isspace() for c in label):
            raise SokhanError(f"{place}: 'label' must be a word, not {label!r}")
        spans.append(GoldSpan(start, end, label))
    return _in_order(spans, text, source, "entities")


def _sentences(written: Any, text: str, source: str) -> tuple[GoldSentence, ...]:
    sentences = []
    for number, entry in enumerate(as_list(written, source, "sentences"), start=1):
        place = f"{source}: sentence {number}"
        start, end = _offsets(entry, text, place)
        themes = required(entry, "themes", place)
        if themes is not None:
            themes = as_list(themes, place, "themes")
            if not all(isinstance(theme, str) and theme for theme in themes):
                raise SokhanError(f"{place}: 'themes' must hold names of themes")
        speaker = entry.get("speaker")
        if speaker is not None and not isinstance(speaker, str):
            raise SokhanError(f"{place}: 'speaker' must be a string or null, not {kind_of(speaker)}")
        speech = read_speech(entry, start, end, place)
        if speech and speaker is None:
            raise SokhanError(f"{place}: 'kind' needs a 'speaker'")
        sentences.append(GoldSentence(start, end, themes if themes is None else tuple(themes), speaker, speech))
    return _in_order(sentences, text, source, "sentences")


def _in_order(spots: Sequence[_Spot], text: str, source: str, what: str) -> tuple[_Spot, ...]:
    ordered = tuple(sorted(spots, key=lambda spot: (spot.start, spot.end)))
    for before, after in pairwise(ordered):
        if after.start < before.end:
            first, second = (f"'{text[s.start : s.end][:40]}' ({s.start}-{s.end})" for s in (before, after))
            raise SokhanError(f"{source}: {what} overlap: {first} and {second}")
    return ordered


def _offsets(entry: Any, text: str, place: str) -> tuple[int, int]:
    if not isinstance(entry, dict):
        raise SokhanError(f"{place}: must be an object with 'start' and 'end', not {kind_of(entry)}")
    start, end = required(entry, "start", place), required(entry, "end", place)
    for key, value in (("start", start), ("end", end)):
        if type(value) is not int:  # True and False are ints to isinstance
            raise SokhanError(f"{place}: '{key}' must be a whole number, not {kind_of(value)}")
    if not 0 <= start < end <= len(text):
        raise SokhanError(f"{place}: offsets {start}-{end} are not inside the text of {len(text)} characters")
    return start, end
