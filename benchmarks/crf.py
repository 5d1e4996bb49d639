"""A CRF tagger on words: what a careful engineer had before neural encoders, as the peer in `accuracy.py`.

Features of a word and its two neighbours on each side: the word, its shape, prefixes and suffixes of up to four
letters; trained by L-BFGS with elastic-net regularisation (python-crfsuite).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pycrfsuite
from tqdm import tqdm

from inference.annotation import Entity
from inference.document import Document
from inference.labels import tags_to_spans
from training.articles import Article
from training.examples import word_tags
from training.token_formats import read_tag

_AROUND = (-2, -1, 0, 1, 2)
_ITERATIONS = 100


def crf_predictions(train: Sequence[Article], test: Sequence[Article]) -> list[list[Entity]]:
    """Train on articles and find the entities of others."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for article in tqdm(train, "CRF features", disable=None):
        document = Document(article.text)
        if document.words:
            trainer.append(
                features([word.text for word in document.words]), word_tags(document, article.entities or ())
            )
    trainer.set_params({"c1": 0.1, "c2": 0.05, "max_iterations": _ITERATIONS, "feature.possible_transitions": True})
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "crf")
        trainer.train(file)
        tagger = pycrfsuite.Tagger()
        tagger.open(file)
        return [list(_entities(tagger, article)) for article in test]


def features(words: Sequence[str]) -> list[list[str]]:
    """Features of each word in its sentence."""
    single = [list(_of_word(word)) for word in words]
    rows = []
    for place in range(len(words)):
        row = ["bias"]
        for step in _AROUND:
            if 0 <= place + step < len(words):
                row += [f"{step}:{name}" for name in single[place + step]]
            else:
                row.append(f"{step}:edge")
        rows.append(row)
    return rows


def _of_word(word: str) -> Iterator[str]:
    yield f"w={word}"
    yield "shape=" + "".join("9" if c.isdigit() else "a" if c.isascii() and c.isalpha() else "پ" if c.isalpha() else c
                             for c in word)[:8]  # fmt: skip
    for length in range(1, min(4, len(word)) + 1):
        yield f"pre={word[:length]}"
        yield f"suf={word[-length:]}"


def _entities(tagger: pycrfsuite.Tagger, article: Article) -> Iterator[Entity]:
    words = Document(article.text).words
    tags: list[str] = []
    for tag in tagger.tag(features([word.text for word in words])) if words else ():
        # A CRF may have learned no ban on stray I- tags.
        tags.append(read_tag(tag, tags[-1] if tags else "O", article.source))
    for first, last, label in tags_to_spans(tags):
        start, end = words[first].start, words[last - 1].end
        yield Entity(start, end, label, article.text[start:end], 1.0)
