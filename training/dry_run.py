"""`--dry-run`: what a configuration would learn from, and what is doubtful about it, without training."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from inference.errors import SokhanError
from training.checking import check_article, holds_seed, letters
from training.config import EncoderConfig, FineTuningConfig
from training.corpus_stats import count
from training.data import load_articles, load_training, require_labels
from training.encoders import find_encoder
from training.formats import Article


def check_run(config: FineTuningConfig | EncoderConfig) -> int:
    """Print label counts and doubtful places (each with file and line); returns the exit code.

    Mistakes that training would stop at are raised as `SokhanError`; the doubtful places are those that it
    would live with: spans that no model can find, edge blanks, sentences cut differently, articles of dev
    in train.
    """
    if isinstance(config, EncoderConfig):
        if not config.data.text.is_file():
            raise SokhanError(f"there is no text {config.data.text}")
        print(f"config is valid; text {config.data.text}, {config.train.tokens:,} tokens to see")
        return 0
    sources, dev = load_training(config.data, config.seed), load_articles(config.data.dev)
    require_labels(config, sources, dev)
    train = [article for sourced in sources for article in sourced.articles]
    encoder = find_encoder(config.model)
    problems = [
        *(str(problem) for article in (*train, *dev) for problem in check_article(article, any_labels=True)),
        *_overlap(train, dev),
        *(f"{article.source}: the seed article is for dev, never for training" for article in _seeds(train)),
    ]
    for problem in problems:
        print(problem)
    _print_counts(config, train, dev)
    print(f"encoder: {encoder.name} ({encoder.origin})")
    if encoder.reason:
        print(f"WARNING: this is the fallback: {encoder.reason}")
    print(f"config and data can be trained on; {len(problems)} doubtful places")
    return 0


def _overlap(train: Sequence[Article], dev: Sequence[Article]) -> list[str]:
    known = {letters(article.text): article for article in train}
    return [
        f"{article.source}: article '{article.id}' of dev is also in train, at {known[letters(article.text)].source}"
        for article in dev
        if letters(article.text) in known
    ]


def _seeds(articles: Sequence[Article]) -> list[Article]:
    return [article for article in articles if holds_seed(article.text)]


def _print_counts(config: FineTuningConfig, train: Sequence[Article], dev: Sequence[Article]) -> None:
    kind = "themes" if config.task == "themes" else "entities"
    table = Table("", "train", "dev")
    for column in table.columns[1:]:
        column.justify = "right"
    of_train, of_dev = count(train), count(dev)
    for part, names in (("all", ("articles", "sentences", "words")), (kind, config.labels)):
        table.add_section()
        for name in names:
            table.add_row(Text(name), f"{of_train[part][name]:,}", f"{of_dev[part][name]:,}")
    Console().print(table)
