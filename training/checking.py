"""What can be wrong with a corpus that reads well: each problem with file, line and reason."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from inference.document import Document, SentenceSpan
from inference.errors import SokhanError, nearest
from inference.labels import ENTITY_LABELS, THEMES
from inference.normalize import ZWNJ, fold
from training.articles import Article, GoldSpan
from training.formats import SPLIT_FILE, corpus_files, dev_ids, each_article
from training.near_duplicates import SHINGLE, near_duplicates
from training.speech_checking import actor_reasons, speech_reasons

SEED_LINES = frozenset(
    {
        "fcbed7df568312e6",
        "209c59535b5974e8",
        "4ba0bbaf83366779",
        "8335c295ab135180",
        "c2648dcc076c4398",
        "d58c2ec5e066c07d",
        "f7bf122de19a295f",
    }
)
"""Hashes of the seed article's long lines, by which it is known wherever it turns up; see `holds_seed`."""

_SEED_LINE_LETTERS = 100
_SHOWN = 50  # characters
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend.

    Attributes:
        source: `file:line` of the article, or the file.
        reason: What is wrong, in one sentence.
    """

    source: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


def check_corpus(paths: Sequence[Path], any_labels: bool = False) -> Iterator[Problem]:
    """Problems of corpora in any format that `training.formats` reads, in the order of their files.

    Args:
        paths: Files or folders. Their articles are seen as one corpus: ids and texts must differ.
        any_labels: Whether labels and themes may be other than those of the scheme.

    Raises:
        SokhanError: If there is no such file or folder, or a `split.json` can't be read.
    """
    held_out: dict[str, bool] = {}
    articles: list[Article] = []
    for path in paths:
        ids = dev_ids(path)
        found: set[str] = set()
        for file in corpus_files(path):
            for article in each_article(file):
                if isinstance(article, SokhanError):
                    source, _, reason = str(article).partition(": ")
                    yield Problem(source, reason)
                    continue
                found.add(article.id)
                held_out[article.source] = ids is not None and article.id in ids
                articles.append(article)
                yield from check_article(article, any_labels)
        if path.is_dir() and ids is not None:
            for one in sorted(ids - found):
                yield Problem(str(path / SPLIT_FILE), f"there is no article '{one}'{nearest(one, found)}")
    yield from _check_doubles(articles, held_out)
    for article in articles:
        if holds_seed(article.text) and not held_out[article.source]:
            yield Problem(article.source, f"article '{article.id}' holds the seed article, which must stay in dev")


def check_article(article: Article, any_labels: bool = False) -> Iterator[Problem]:
    """Problems of one article; offsets and overlaps were seen to when it was read."""
    document = Document(article.text)
    reasons = [*_entity_reasons(article, document, any_labels)]
    # Corpora that come in tokens have one sentence a record, whatever stands in it.
    reasons += [] if article.tokens is not None else _sentence_reasons(article, document.sentences, any_labels)
    reasons += [*speech_reasons(article, document), *actor_reasons(article)]
    for reason in reasons:
        yield Problem(article.source, f"article '{article.id}': {reason}")


def holds_seed(text: str) -> bool:
    """Whether a text holds a paragraph of the seed article, however it is spaced."""
    lines = (letters(line) for line in text.splitlines())
    return any(
        hashlib.sha256(line.encode("utf-8", "replace")).hexdigest()[:16] in SEED_LINES
        for line in lines
        if len(line) >= _SEED_LINE_LETTERS
    )


def letters(text: str) -> str:
    """Letters and digits of a text in one form, without spacing: what two spellings of it share."""
    return "".join(character for character in fold(text).text if character.isalnum())


def shown(text: str) -> str:
    """A mention or the beginning of a sentence for a message of one line."""
    return _CONTROL.sub(" ", text)[:_SHOWN]


def inexpressible(document: Document, spans: Iterable[GoldSpan]) -> list[GoldSpan]:
    """Spans that begin or end inside a word of ours, cross our sentences or hold no word: no model can find them."""
    starts = {word.start: number for number, s in enumerate(document.sentences) for word in s.words}
    ends = {word.end: number for number, s in enumerate(document.sentences) for word in s.words}
    return [span for span in spans if starts.get(span.start, -1) != ends.get(span.end, -2)]


def _entity_reasons(article: Article, document: Document, any_labels: bool) -> Iterator[str]:
    entities = article.entities or ()
    beyond_words = set(inexpressible(document, entities))
    for span in entities:
        mention = article.text[span.start : span.end]
        name = f"{span.label} '{shown(mention)}' ({span.start}-{span.end})"
        if not any_labels and article.tokens is None and span.label not in ENTITY_LABELS:
            yield f"{name}: unknown label '{span.label}'{nearest(span.label, ENTITY_LABELS)}"
        edges = [kind for kind in map(_edge_kind, (mention[0], mention[-1])) if kind]
        if edges:
            yield f"{name}: {edges[0]} at its edge"
        elif any(s.start < span.end and span.start < s.end < span.end for s in document.sentences):
            yield f"{name}: reaches across sentences"
        elif span in beyond_words:
            yield f"{name}: begins or ends inside a word"


def _edge_kind(character: str) -> str | None:
    if character == ZWNJ:
        return "ZWNJ"
    category = unicodedata.category(character)
    if character.isspace() or category == "Cf":
        return "blank"
    return "punctuation" if category[0] == "P" else None


def _sentence_reasons(article: Article, ours: Sequence[SentenceSpan], any_labels: bool) -> list[str]:
    if article.sentences is None:
        return []
    reasons = []
    places = {(sentence.start, sentence.end) for sentence in ours}
    annotated = {(sentence.start, sentence.end) for sentence in article.sentences}
    for start, end in sorted(annotated - places):
        reasons.append(f"sentence {start}-{end} '{shown(article.text[start:end])}' is none of ours")
    for start, end in sorted(places - annotated):
        reasons.append(f"our sentence {start}-{end} '{shown(article.text[start:end])}' is not annotated")
    known = letters(article.text)
    for sentence in article.sentences:
        for theme in sentence.themes or ():
            if not any_labels and theme not in THEMES:
                reasons.append(f"sentence {sentence.start}: unknown theme '{theme}'{nearest(theme, THEMES)}")
        if len(set(sentence.themes or ())) < len(sentence.themes or ()):
            reasons.append(f"sentence {sentence.start}: a theme stands twice")
        if sentence.speaker is not None and not _is_named(sentence.speaker, known):
            reasons.append(f"sentence {sentence.start}: speaker '{sentence.speaker}' stands nowhere in the text")
    return reasons


def _is_named(speaker: str, known: str) -> bool:
    """Whether a speaker, or each of joint speakers (`X و Y`), stands in the text, however it is spaced."""
    if not letters(speaker):
        return False
    return letters(speaker) in known or all(letters(part) in known for part in speaker.split(" و "))


def _check_doubles(articles: Sequence[Article], held_out: dict[str, bool]) -> Iterator[Problem]:
    by_id: dict[str, Article] = {}
    by_text: dict[str, Article] = {}
    unlike: list[Article] = []
    for article in articles:
        first = by_id.setdefault(article.id, article)
        if first is not article:
            yield Problem(article.source, f"id '{article.id}' stands at {first.source} already")
        # Short records of token corpora repeat by nature.
        if article.tokens is not None:
            continue
        same = by_text.setdefault(letters(article.text), article)
        if same is article:
            unlike.append(article)
        else:
            yield Problem(article.source, _alike(article, same, held_out, "has the same text"))
    for pair in near_duplicates([article.text for article in unlike]):
        first, second = unlike[pair.first], unlike[pair.second]
        if held_out[first.source] != held_out[second.source]:
            told = f"shares {pair.containment:.0%} of its {SHINGLE}-word sequences"
            yield Problem(second.source, _alike(second, first, held_out, told))


def _alike(article: Article, other: Article, held_out: dict[str, bool], how: str) -> str:
    parted = held_out[article.source] != held_out[other.source]
    where = ", one in train and one in dev" if parted else ""
    return f"article '{article.id}' and '{other.id}' at {other.source}: {how}{where}"
