"""The articles of a configuration, with labels checked before anything is trained."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inference.errors import SokhanError, nearest
from training.articles import Article
from training.augmentation import augmented
from training.config import DataConfig, DataSource, FineTuningConfig, TrainSource
from training.formats import read_articles
from training.meanings import AllowedTags


@dataclass(frozen=True, slots=True)
class Sourced:
    """Articles to learn from, and what the configuration says of them."""

    source: TrainSource
    articles: Sequence[Article]


def load_articles(sources: Iterable[DataSource]) -> list[Article]:
    """All articles of some sources, in order."""
    return [article for source in sources for article in read_articles(source.path, source.split)]


def load_training(data: DataConfig, seed: int) -> list[Sourced]:
    """The articles to learn from by source, some of them dirty if the configuration says so."""
    loaded = []
    for source in data.train:
        articles = load_articles([source])
        if data.dirt:
            articles = list(augmented(articles, data.dirt.share, data.dirt.kinds, seed))
        loaded.append(Sourced(source, articles))
    return loaded


def allowed_tags(config: FineTuningConfig, source: TrainSource) -> AllowedTags:
    """What the labels of a source allow a token classifier to say.

    Raises:
        SokhanError: If the configuration gives them a meaning that is no label; names it and the source.
    """
    try:
        return AllowedTags(config.labels, source.means, source.leading, source.around)
    except SokhanError as error:
        raise SokhanError(f"data.train, {source.path}: {error}") from error


def require_labels(config: FineTuningConfig, train: Iterable[Sourced], dev: Iterable[Article]) -> None:
    """Check that the data have no labels besides those of the configuration and those to which it gives a meaning.

    Raises:
        SokhanError: Names file, line and the nearest valid label.
    """
    themes = config.task == "themes"
    for sourced in train:
        known = config.labels if themes else allowed_tags(config, sourced.source).known
        _require(sourced.articles, known, themes)
    _require(dev, config.labels, themes)


def _require(articles: Iterable[Article], labels: Sequence[str], themes: bool) -> None:
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
