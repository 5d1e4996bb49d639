"""Articles as model inputs with targets, cut into the same windows as in serving."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import PreTrainedTokenizerFast

from inference.batching import pad
from inference.document import Document
from inference.labels import spans_to_tags
from inference.themes import ThemeEncoder
from inference.windows import DROPPED, Windower, WindowSize
from training.config import NerConfig, ThemesConfig
from training.formats import Article, GoldSpan
from training.meanings import AllowedTags

Row = dict[str, Any]
"""One input of a model with its targets."""

IGNORED = -100
"""Target of a token that is not learned from, as `transformers` has it."""


def word_spans(document: Document, entities: Iterable[GoldSpan]) -> Iterator[tuple[int, int, str]]:
    """Gold spans in words, `(first, last + 1, label)`: all words that a span touches.

    Of two spans that touch one word the first has it.
    """
    words = document.words
    first = 0
    for entity in sorted(entities, key=lambda span: span.start):
        while first < len(words) and words[first].end <= entity.start:
            first += 1
        last = first
        while last < len(words) and words[last].start < entity.end:
            last += 1
        if last > first:
            yield first, last, entity.label
            first = last


def word_tags(document: Document, entities: Iterable[GoldSpan]) -> list[str]:
    """IOB2 tags of the document's words."""
    return spans_to_tags(len(document.words), word_spans(document, entities))


def ner_examples(
    articles: Sequence[Article], tokenizer: PreTrainedTokenizerFast, config: NerConfig, allowed: AllowedTags
) -> list[Row]:
    """`input_ids` and `labels` of every window; what a word may be stands as bits at its first token, in the window
    that decides it. Articles whose entities are not annotated are left out."""
    windows = Windower(tokenizer, WindowSize(config.windows.max_length, config.windows.overlap))
    rows: list[Row] = []
    for article in articles:
        if article.entities is None:
            continue
        document = Document(article.text)
        targets = allowed(len(document.words), word_spans(document, article.entities))
        for window in windows(document):
            labels = [IGNORED] * len(window.input_ids)
            for word, place in zip(window.words, window.places, strict=True):
                if place != DROPPED:
                    labels[place] = targets[word]
            rows.append({"input_ids": window.input_ids, "labels": labels})
    return rows


def theme_examples(
    articles: Sequence[Article], tokenizer: PreTrainedTokenizerFast, config: ThemesConfig
) -> list[Row]:
    """`input_ids`, `token_type_ids` and multi-hot `labels` of every annotated sentence.

    A gold sentence is matched to ours by its place; one that our splitter cuts differently is left out.
    """
    encode = ThemeEncoder(tokenizer, config.windows.max_length, config.windows.context)
    rows: list[Row] = []
    for article in articles:
        gold = {(s.start, s.end): s for s in article.sentences or () if s.themes is not None}
        document = Document(article.text)
        for made in encode(document) if gold else ():
            sentence = document.sentences[made.sentence]
            annotated = gold.get((sentence.start, sentence.end))
            if annotated is None:
                continue
            labels = [float(name in (annotated.themes or ())) for name in config.labels]
            if config.speech:
                labels.append(float(annotated.speaker is not None))
            rows.append({"input_ids": made.input_ids, "token_type_ids": made.type_ids, "labels": labels})
    return rows


@dataclass(frozen=True)
class Collator:
    """Pads rows of `ner_examples` or `theme_examples` to a batch.

    Attributes:
        pad_id: Token that fills up.
        typed: Whether the model takes `token_type_ids`.
        per_token: Whether targets stand at tokens (`(batch, tokens)`) or at the row (`(batch, labels)`).
    """

    pad_id: int
    typed: bool
    per_token: bool

    def __call__(self, rows: Sequence[dict[str, Any]]) -> dict[str, torch.Tensor]:
        """A batch of tensors, `(batch, longest)`."""
        batch = {
            "input_ids": _stacked([row["input_ids"] for row in rows], self.pad_id),
            "attention_mask": _stacked([[1] * len(row["input_ids"]) for row in rows], 0),
        }
        if self.typed and "token_type_ids" in rows[0]:
            batch["token_type_ids"] = _stacked([row["token_type_ids"] for row in rows], 0)
        labels = [row["labels"] for row in rows]
        batch["labels"] = _stacked(labels, IGNORED) if self.per_token else torch.tensor(labels, dtype=torch.float32)
        return batch


def _stacked(rows: Sequence[Sequence[int]], value: int) -> torch.Tensor:
    return torch.from_numpy(pad(rows, value))
