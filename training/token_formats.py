"""Corpora that come in tokens with IOB2 tags: lists in JSON, or CoNLL columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from inference.errors import SokhanError
from inference.labels import OUTSIDE
from training.articles import Article, GoldSentence, GoldSpan
from training.lines import read_lines

_DOCUMENT_START = "-DOCSTART-"
_TAG = re.compile(r"O|[BI]-\S+")


def from_tokens(name: str, tokens: Sequence[str], tags: Sequence[str], source: str) -> Article:
    """An article of one sentence: the tokens joined by a space.

    Args:
        name: Id of the article.
        tokens: The tokens; one of blanks only adds nothing to an entity.
        tags: An IOB2 tag for each token; an `I-X` that continues no `X` is read as `B-X`.
        source: `file:line` for error messages.

    Raises:
        SokhanError: If there are not as many tags as tokens or the tags are not IOB2.
    """
    if len(tokens) != len(tags):
        raise SokhanError(f"{source}: {len(tokens)} tokens but {len(tags)} tags")
    places: list[tuple[int, int]] = []
    start = 0
    for token in tokens:
        places.append((start, start + len(token)))
        start += len(token) + 1
    spans: list[GoldSpan] = []
    before = OUTSIDE
    for number, written in enumerate(tags):
        before = tag = read_tag(written, before, f"{source}: token {number + 1} '{tokens[number]}'")
        first, last = _visible(tokens[number], places[number])
        if tag[0] == "B" and first == last:
            raise SokhanError(f"{source}: token {number + 1} is tagged '{tag}' but holds only blanks")
        if tag[0] == "B":
            spans.append(GoldSpan(first, last, tag[2:]))
        elif tag[0] == "I" and first < last:
            spans[-1] = GoldSpan(spans[-1].start, last, tag[2:])
    text = " ".join(tokens)
    sentences = (GoldSentence(0, len(text), None, None),) if text else ()
    return Article(name, text, tuple(spans), sentences, source, tuple(places))


def read_tag(tag: str, before: str, place: str) -> str:
    """A tag as IOB2 has it after the tag `before`.

    Public corpora hold some `I-X` that continue no `X`; like the CoNLL scorer we read them as `B-X`.

    Raises:
        SokhanError: If it is no IOB2 tag at all; names `place` and the tag.
    """
    prefix, _, label = tag.partition("-")
    if tag != OUTSIDE and (prefix not in ("B", "I") or not label):
        raise SokhanError(f"{place}: tag '{tag}' is not IOB2 (O, B-X or I-X)")
    return f"B-{label}" if prefix == "I" and before not in (f"B-{label}", tag) else tag


def read_columns(file: Path) -> Iterator[Article]:
    """Articles of a CoNLL file: token in the first column, tag in the last, a blank line between sentences.

    Columns are parted by tabs if the line has one, else by blanks. `-DOCSTART-` lines and comments (`# …`, with
    no tag at the end) are passed over.

    Raises:
        SokhanError: If a line is not of this form; names file and line.
    """
    tokens: list[str] = []
    tags: list[str] = []
    first = last = 0
    for number, line in read_lines(file):
        columns = line.split("\t") if "\t" in line else line.split()
        if columns[0] == "#" and not _TAG.fullmatch(columns[-1]):
            continue  # a comment, as CoNLL-U has them
        begins = number != last + 1 or columns[0] == _DOCUMENT_START
        last = number
        if tokens and begins:
            yield from_tokens(f"{file.stem}:{first}", tokens, tags, f"{file}:{first}")
            tokens, tags = [], []
        if columns[0] == _DOCUMENT_START:
            continue
        if len(columns) < 2:
            raise SokhanError(f"{file}:{number}: unknown format: neither JSON nor columns of token and tag")
        first = first if tokens else number
        tokens.append(columns[0])
        tags.append(read_tag(columns[-1].strip(), tags[-1] if tags else OUTSIDE, f"{file}:{number}"))
    if tokens:
        yield from_tokens(f"{file.stem}:{first}", tokens, tags, f"{file}:{first}")


def _visible(token: str, place: tuple[int, int]) -> tuple[int, int]:
    """Place of a token without blanks at its edges."""
    start = place[0] + len(token) - len(token.lstrip())
    return (start, start + len(token.strip())) if token.strip() else (start, start)
