"""The articles of a configuration, with labels checked before anything is trained."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from inference.errors import SokhanError, nearest
from training.augmentation import augmented
from training.config import DataConfig, DataSource
from training.formats import Article, read_articles


def load_articles(sources: Iterable[DataSource]) -> list[Article]:
    """All articles of some sources, in order."""
    return [article for source in sources for article in read_articles(source.path, source.split)]


def training_articles(data: DataConfig, seed: int) -> list[Article]:
    """The articles to learn from, some of them dirty if the configuration says so."""
    articles = load_articles(data.train)
    return list(augmented(articles, data.dirt.share, data.dirt.kinds, seed)) if data.dirt else articles


def require_labels(articles: Iterable[Article], labels: Sequence[str], themes: bool) -> None:
    """Check that entities (or themes) have no label besides `labels`.

    Raises:
        SokhanError: Names file, line and the nearest valid label.
    """
    for article in articles:
        if themes:
            found = [name for s in article.sentences or () for name in s.themes or ()]
        else:
            found = [span.label for span in article.entities or ()]
        for name in found:
            if name not in labels:
                kind = "theme" if themes else "label"
                raise SokhanError(f"{article.source}: unknown {kind} '{name}'{nearest(name, labels)}")


def data_hash(articles: Iterable[Article]) -> str:
    """SHA-256 over texts and annotation, so that a run says exactly what it learned from."""
    digest = hashlib.sha256()
    for article in articles:
        digest.update(
            repr((article.id, article.text, article.entities, article.sentences)).encode("utf-8", "replace")
        )
    return digest.hexdigest()
